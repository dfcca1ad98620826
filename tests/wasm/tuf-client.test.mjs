// Both clients of the conformance suite, the native one and the shipped module under Node: the same
// command lines, against the same mirror, with the same ends.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root, xtask } from './shipped.mjs';

const [program, ...before] = xtask;
const clients = {
  native: execFileSync(program, [...before, 'tuf-client'], { cwd: root, encoding: 'utf8' }).trim(),
  wasm: `${root}tuf-client/client.mjs`,
};

const ALL = { root: 1, timestamp: 1, snapshot: 1, targets: 1 };

const scenarios = {
  'a refresh stores what it accepted': async ({ client }) => {
    assert.equal(await client.refresh(), 0);
    assert.deepEqual(client.stored(), ALL);
  },
  'a second refresh asks for a root and a timestamp': async ({ client, mirror }) => {
    await client.refresh();
    mirror.asked.length = 0;
    assert.equal(await client.refresh(), 0);
    assert.deepEqual(mirror.asked, ['metadata/2.root.json', 'metadata/timestamp.json']);
  },
  'a target is fetched once': async ({ client, mirror }) => {
    assert.equal(await client.download('dir/a.txt'), 0);
    assert.deepEqual(client.taken(), ['a']);
    mirror.asked.length = 0;
    assert.equal(await client.download('dir/a.txt'), 0);
    assert.ok(!mirror.asked.some((path) => path.startsWith('targets/')), String(mirror.asked));
  },
  'several targets, of which one is not there': async ({ client }) => {
    assert.equal(await client.download('dir/a.txt', 'no.txt', 'b.txt'), 1);
    assert.deepEqual(client.taken(), ['a']);
  },
  'a target that a mirror changed': async ({ client, mirror }) => {
    for (const path of mirror.paths('targets/')) mirror.files.set(path, 'x');
    assert.equal(await client.download('dir/a.txt'), 1);
    assert.deepEqual(client.taken(), []);
  },
  'a new root takes the place of the old': async ({ client, mirror }) => {
    await client.refresh();
    mirror.publish('root');
    assert.equal(await client.refresh(), 0);
    assert.deepEqual(client.stored(), { ...ALL, root: 2 });
  },
  'a rotation makes what was stored forgotten': async ({ client, mirror }) => {
    await client.refresh();
    mirror.rotate('timestamp');
    mirror.publish('root');
    assert.equal(await client.refresh(), 1, 'the timestamp is still signed by the old key');
    assert.deepEqual(client.stored(), { root: 2, targets: 1 });
    mirror.publish('timestamp');
    assert.equal(await client.refresh(), 0);
    assert.deepEqual(client.stored(), { ...ALL, root: 2, timestamp: 2 });
  },
  'another answer than 200, 403 or 404 is no answer': async ({ client, mirror }) => {
    for (const path of ['metadata/2.root.json', 'metadata/timestamp.json', 'metadata/1.snapshot.json']) {
      for (const status of [500, 301]) {
        mirror.files.set(path, { status });
        assert.equal(await client.refresh(), 1, `${path}: ${status}`);
      }
      mirror.files.delete(path);
      mirror.publishAgain();
    }
    assert.deepEqual(client.stored(), { root: 1, timestamp: 1 });
  },
  'a connection that breaks off is no short file': async ({ client, mirror }) => {
    mirror.files.set('metadata/2.root.json', { breaks: '{}' });
    assert.equal(await client.refresh(), 1);
    assert.deepEqual(client.stored(), { root: 1 });
  },
  'a page in place of a timestamp': async ({ client, mirror }) => {
    mirror.files.set('metadata/timestamp.json', '<!doctype html>');
    assert.equal(await client.refresh(), 1);
    assert.deepEqual(client.stored(), { root: 1 });
  },
  'a file without an end': async ({ client, mirror }) => {
    mirror.files.set('metadata/timestamp.json', ' '.repeat(50_000_000));
    assert.equal(await client.refresh(), 1);
  },
  'command lines that lack something': async ({ client }) => {
    assert.equal(await client.run(['refresh']), 1);
    assert.equal(await client.run(['--metadata-url', client.url, 'renew']), 1);
    assert.equal(await client.run(['--metadata-url', client.url, 'download']), 1);
    assert.equal(await client.run(['init']), 1);
  },
};

const folder = mkdtempSync(join(tmpdir(), 'bon-guichet-client-'));
after(() => rmSync(folder, { recursive: true }));

for (const [kind, program] of Object.entries(clients)) {
  for (const [about, play] of Object.entries(scenarios)) {
    test(`${kind}: ${about}`, async () => {
      const mirror = new Mirror();
      await mirror.open();
      const client = new Client(program, mirror);
      try {
        assert.equal(await client.run(['init', client.root]), 0);
        await play({ client, mirror });
      } finally {
        mirror.close();
      }
    });
  }
}

class Client {
  constructor(program, mirror) {
    const own = mkdtempSync(join(folder, 'client-'));
    this.program = program;
    this.url = mirror.url;
    for (const name of ['metadata', 'targets']) mkdirSync((this[name] = join(own, name)));
    this.root = join(own, 'first.json');
    writeFileSync(this.root, mirror.files.get('metadata/1.root.json'));
  }

  /** Its exit code. */
  run(words) {
    const child = spawn(this.program, ['--metadata-dir', this.metadata, ...words], { stdio: 'ignore' });
    return new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  }

  refresh() {
    return this.run(['--metadata-url', `${this.url}metadata/`, 'refresh']);
  }

  download(...names) {
    const targets = ['--target-base-url', `${this.url}targets/`, '--target-dir', this.targets];
    const wanted = names.flatMap((name) => ['--target-name', name]);
    return this.run(['--metadata-url', `${this.url}metadata/`, ...targets, ...wanted, 'download']);
  }

  /** The versions of what is stored. */
  stored() {
    const version = (name) => JSON.parse(readFileSync(join(this.metadata, name))).signed.version;
    return Object.fromEntries(readdirSync(this.metadata).map((name) => [name.replace('.json', ''), version(name)]));
  }

  /** The contents of what was downloaded. */
  taken() {
    return readdirSync(this.targets).map((name) => readFileSync(join(this.targets, name), 'utf8'));
  }
}

/** A repository with one key a role, and the server that it lies on. */
class Mirror {
  files = new Map();
  asked = [];
  versions = {};
  keys = Object.fromEntries(Object.keys(ALL).map((role) => [role, generateKeyPairSync('ed25519')]));

  constructor() {
    for (const role of ['root', 'targets', 'snapshot', 'timestamp']) this.publish(role);
  }

  async open() {
    this.server = createServer((request, response) => this.answer(request.url.slice(1), response));
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}/`;
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }

  answer(path, response) {
    this.asked.push(path);
    const file = this.files.get(path) ?? { status: 404 };
    if (typeof file === 'string') return response.end(file);
    if (file.breaks === undefined) return response.writeHead(file.status, { location: '/metadata/1.root.json' }).end();
    response.writeHead(200, { 'content-length': 1000 }).write(file.breaks, () => response.destroy());
  }

  paths(start) {
    return [...this.files.keys()].filter((path) => path.startsWith(start));
  }

  rotate(role) {
    this.keys[role] = generateKeyPairSync('ed25519');
  }

  /** The role's next version, signed by its key. */
  publish(role) {
    this.versions[role] = (this.versions[role] ?? 0) + 1;
    this.serve(role);
  }

  /** Every file as it was. */
  publishAgain() {
    for (const role of ['targets', 'snapshot', 'timestamp']) this.serve(role);
  }

  serve(role) {
    const version = this.versions[role];
    const common = { _type: role, expires: '2099-11-22T00:00:00Z', spec_version: '1.0.33', version };
    const signed = sorted({ ...common, ...this[role]() });
    const { id, key } = this.public(role);
    const sig = sign(null, Buffer.from(JSON.stringify(signed)), key.privateKey).toString('hex');
    const name = role === 'timestamp' ? role : `${version}.${role}`;
    this.files.set(`metadata/${name}.json`, JSON.stringify({ signatures: [{ keyid: id, sig }], signed }));
  }

  root() {
    const known = Object.keys(ALL).map((role) => [role, this.public(role)]);
    return {
      consistent_snapshot: true,
      keys: Object.fromEntries(known.map(([, { id, object }]) => [id, object])),
      roles: Object.fromEntries(known.map(([role, { id }]) => [role, { keyids: [id], threshold: 1 }])),
    };
  }

  targets() {
    const entries = Object.entries({ 'dir/a.txt': 'a', 'b.txt': 'b' }).map(([path, content]) => {
      const sha256 = createHash('sha256').update(content).digest('hex');
      this.files.set(`targets/${path.replace(/[^/]*$/, `${sha256}.$&`)}`, content);
      return [path, { hashes: { sha256 }, length: content.length }];
    });
    return { targets: Object.fromEntries(entries) };
  }

  snapshot() {
    return { meta: { 'targets.json': { version: this.versions.targets } } };
  }

  timestamp() {
    return { meta: { 'snapshot.json': { version: this.versions.snapshot } } };
  }

  public(role) {
    const key = this.keys[role];
    const raw = Buffer.from(key.publicKey.export({ format: 'jwk' }).x, 'base64url').toString('hex');
    return { id: `${role}-${raw.slice(0, 8)}`, key, object: { keytype: 'ed25519', keyval: { public: raw }, scheme: 'ed25519' } };
  }
}

/** Keys in order, which without white space is the canonical form of all that stands here. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
