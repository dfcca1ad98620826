// node bench/trust.mjs PACKAGE REPOSITORIES: what it takes to verify and to refresh, as JSON:
// nanoseconds of a signature, milliseconds of a refresh.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Metadata, MetadataKind } from '@tufjs/models';
import { BaseFetcher, Updater as Tufjs } from 'tuf-js';
import errors from 'tuf-js/dist/error.js';
import { median, nanoseconds } from './rounds.mjs';

const [folder, repositories] = process.argv.slice(2);
const { initSync, Updater } = await import(pathToFileURL(resolve(folder, 'wasm/core.js')));
initSync({ module: readFileSync(resolve(folder, 'wasm/core_bg.wasm')) });
const now = Date.now();
const work = mkdtempSync(join(tmpdir(), 'bon-guichet-bench-'));
try {
  console.log(JSON.stringify({ ...(await signatures()), ...(await refreshes()) }));
} finally {
  rmSync(work, { recursive: true });
}

/** Roots that one key and two keys must sign: the difference is a signature. */
async function signatures() {
  const roots = ['root-1.json', 'root-2.json'].map((name) => readFileSync(join(repositories, name)));
  const parsed = roots.map((root) => JSON.parse(root));
  const { signed, signatures: [{ keyid, sig }] } = parsed[1];
  const raw = Buffer.from(signed.keys[keyid].keyval.public, 'hex');
  const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
  // As the publisher writes it: sorted, without white space.
  const message = Buffer.from(JSON.stringify(signed));
  const signature = Buffer.from(sig, 'hex');
  if (!(await crypto.subtle.verify('Ed25519', key, signature, message))) throw new Error('WebCrypto refuses it');
  const open = (root) => {
    new Updater(root, now).free();
    return 1;
  };
  const theirs = (root) => {
    const metadata = Metadata.fromJSON(MetadataKind.Root, root);
    metadata.verifyDelegate(MetadataKind.Root, metadata);
    return 1;
  };
  const contenders = {
    open_1: () => open(roots[0]),
    open_2: () => open(roots[1]),
    tufjs_1: () => theirs(parsed[0]),
    tufjs_2: () => theirs(parsed[1]),
  };
  const found = nanoseconds(contenders, 10, { rounds: 101 });
  const times = [];
  for (let round = -300; round < 1001; round += 1) {
    const start = performance.now();
    await crypto.subtle.verify('Ed25519', key, signature, message);
    if (round >= 0) times.push((performance.now() - start) * 1e6);
  }
  return { ...found, webcrypto: median(times) };
}

/** From the state before, in a folder, with the network at hand. */
async function refreshes() {
  const times = { same: [], same_tufjs: [], fresh: [], fresh_tufjs: [] };
  for (let round = -10; round < 41; round += 1) {
    for (const [name, repository, wanted] of [['same', 'before', []], ['fresh', 'after', ['list.bin']]]) {
      for (const [kind, client] of [['', ours], ['_tufjs', tufjs]]) {
        const state = stored(kind);
        const start = performance.now();
        const taken = await client(state, join(repositories, repository), wanted);
        const time = performance.now() - start;
        if (wanted.length !== taken.length || taken.some((bytes) => bytes.length < 1000)) throw new Error('nothing was taken');
        if (round >= 0) times[name + kind].push(time);
      }
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
}

/** What a client has stored of the repository before; tuf-js keeps its root there too. */
function stored(kind) {
  const state = join(work, `state${kind}`);
  rmSync(state, { recursive: true, force: true });
  mkdirSync(state);
  const metadata = join(repositories, 'before/metadata');
  for (const role of ['1.root', 'timestamp', '1.snapshot', '1.targets']) {
    copyFileSync(join(metadata, `${role}.json`), join(state, `${role.replace('1.', '')}.json`));
  }
  return state;
}

function ours(state, repository, wanted) {
  const updater = new Updater(readFileSync(join(state, 'root.json')), now);
  const read = (file) => (existsSync(file) ? readFileSync(file) : undefined);
  const follow = (ask) => {
    for (;;) {
      const { name, bytes } = ask;
      let answer;
      if (ask.ask === 'load') answer = read(join(state, name));
      else if (ask.ask === 'fetch') answer = read(join(repository, 'metadata', name));
      else if (ask.ask === 'fetch target') answer = read(join(repository, 'targets', name));
      else if (ask.ask === 'store' || ask.ask === 'take') writeFileSync(join(state, name), bytes);
      if (ask.ask === 'done' || ask.ask === 'take') return bytes;
      ask = updater.answer(answer);
    }
  };
  follow(updater.start());
  const taken = wanted.map((name) => follow(updater.find(name)));
  updater.free();
  return taken;
}

async function tufjs(state, repository, wanted) {
  const at = (url) => join(repository, url.slice('file:///'.length));
  class Fetcher extends BaseFetcher {
    async downloadBytes(url, max) {
      const file = at(url);
      if (!existsSync(file)) throw new errors.DownloadHTTPError('no such file', 404);
      const bytes = readFileSync(file);
      if (bytes.length > max) throw new Error('too long');
      return bytes;
    }
    async downloadFile(url, max, take) {
      return take(at(url));
    }
  }
  const updater = new Tufjs({
    metadataDir: state,
    metadataBaseUrl: 'file:///metadata',
    targetDir: state,
    targetBaseUrl: 'file:///targets',
    fetcher: new Fetcher(),
  });
  await updater.refresh();
  const taken = [];
  for (const name of wanted) taken.push(readFileSync(await updater.downloadTarget(await updater.getTargetInfo(name))));
  return taken;
}
