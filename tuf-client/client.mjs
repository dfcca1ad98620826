#!/usr/bin/env node
// The same command line as src/main.rs, in front of the shipped WebAssembly module: Node holds the
// files, the requests and the clock, and the module decides. `cargo xtask dist` builds it.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Updater } from '../tests/wasm/shipped.mjs';

/** The one root that is kept: the newest, trusted since it was stored. */
const ROOT = 'root.json';
const PATIENCE = 30_000;

async function run() {
  const text = { type: 'string' };
  const { values, positionals: [command, root] } = parseArgs({
    allowPositionals: true,
    options: {
      'metadata-dir': text,
      'metadata-url': text,
      'target-name': { ...text, multiple: true },
      'target-base-url': text,
      'target-dir': text,
    },
  });
  const option = (name) => {
    if (values[name] === undefined) throw new Error(`--${name} is missing`);
    return values[name];
  };
  const metadata = new Folder(option('metadata-dir'));
  if (command === 'init') {
    if (root === undefined) throw new Error('init needs a root');
    metadata.write(ROOT, readFileSync(root));
  } else if (command === 'refresh') {
    await new Client(metadata, option('metadata-url')).refresh();
  } else if (command === 'download') {
    const targets = { folder: new Folder(option('target-dir')), url: option('target-base-url') };
    const client = new Client(metadata, option('metadata-url'), targets);
    const names = option('target-name');
    await client.refresh();
    for (const name of names) await client.follow(client.updater.find(name));
  } else {
    throw new Error('init, refresh or download?');
  }
}

class Client {
  constructor(metadata, url, targets) {
    const root = metadata.read(ROOT);
    if (root === undefined) throw new Error('no root.json: run `init` first');
    Object.assign(this, { metadata, url, targets, updater: new Updater(root, Date.now()) });
  }

  async refresh() {
    await this.follow(this.updater.start());
  }

  /** Answers until the updater is done, or has a target. */
  async follow(first) {
    let fetched = false;
    for (let ask = first; ; ) {
      let answer;
      const { name, max, bytes } = ask;
      switch (ask.ask) {
        case 'load':
          if (!name.endsWith('.root.json')) answer = this.metadata.read(name);
          break;
        case 'fetch':
          answer = await get(this.url, name, max);
          break;
        case 'store':
          this.metadata.write(name.endsWith('.root.json') ? ROOT : name, bytes);
          break;
        case 'load target':
          answer = this.targets.folder.read(name);
          break;
        case 'fetch target':
          fetched = true;
          answer = await get(this.targets.url, name, max);
          break;
        case 'take':
          if (fetched) this.targets.folder.write(name, bytes);
          return;
        case 'done':
          return;
      }
      ask = this.updater.answer(answer);
    }
  }
}

/** A flat folder of files. */
class Folder {
  constructor(path) {
    this.path = path;
  }

  read(name) {
    const file = this.file(name);
    return existsSync(file) ? readFileSync(file) : undefined;
  }

  /** Whole or not at all; without bytes, the file goes. */
  write(name, bytes) {
    if (bytes.length === 0) return rmSync(this.file(name), { force: true });
    const fresh = join(this.path, '.new');
    writeFileSync(fresh, bytes, { flush: true });
    renameSync(fresh, this.file(name));
  }

  /** Target paths have slashes; here each is one name. */
  file(name) {
    return join(this.path, name.replaceAll('/', '%2F'));
  }
}

/** The file below `base`, or nothing if the server says that there is none; at most one byte more than `max`. */
async function get(base, name, max) {
  const url = `${base.replace(/\/+$/, '')}/${name}`;
  if (!['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname)) throw new Error(`${url} is not this machine`);
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE) });
  if ([403, 404].includes(response.status)) return undefined;
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
  const parts = [];
  let length = 0;
  // A connection that breaks throws here.
  for await (const part of response.body) {
    parts.push(part);
    length += part.length;
    if (length > max) break;
  }
  return Buffer.concat(parts).subarray(0, max + 1);
}

try {
  await run();
} catch (error) {
  console.error(`tuf-client: ${error.message}`);
  process.exitCode = 1;
}
