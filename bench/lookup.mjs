// node bench/lookup.mjs MODULE PACKED AUTOMATON INPUT: nanoseconds a look-up and milliseconds to be
// ready, as JSON. INPUT is `{hosts, asked}`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, nanoseconds } from './rounds.mjs';

const [folder, packedFile, automatonFile, inputFile] = process.argv.slice(2);
const { initSync, List } = await import(pathToFileURL(resolve(folder, 'lookup.js')));
const { memory } = initSync({ module: readFileSync(resolve(folder, 'lookup_bg.wasm')) });
const [packedBytes, automatonBytes] = [packedFile, automatonFile].map((file) => new Uint8Array(readFileSync(file)));
const { hosts, asked } = JSON.parse(readFileSync(inputFile, 'utf8'));

// uBlock Origin's container of hosts, in WebAssembly.
const ubo = dirname(createRequire(import.meta.url).resolve('@gorhill/ubo-core/package.json'));
const { default: HNTrieContainer } = await import(pathToFileURL(resolve(ubo, 'js/hntrie.js')));
const fetcher = async (path) => WebAssembly.compile(readFileSync(`${path}.wasm`));

/** A list behind one buffer in the module's memory, filled as HNTrie fills its own. */
function wasm(list) {
  const needle = list.needle();
  let buffer = new Uint8Array(memory.buffer, needle, 253);
  return (host) => {
    if (buffer.byteLength === 0) buffer = new Uint8Array(memory.buffer, needle, 253);
    const length = host.length;
    if (length > 253) return 0;
    for (let at = 0; at < length; at += 1) buffer[at] = host.charCodeAt(at);
    return list.look_up(length);
  };
}

async function trie(selfie) {
  const container = new HNTrieContainer();
  if (!(await container.enableWASM(fetcher, resolve(ubo, 'js/wasm/')  + '/'))) throw new Error('HNTrie has no WebAssembly');
  if (selfie) {
    if (!container.fromSelfie(selfie)) throw new Error('HNTrie does not open its own snapshot');
  }
  return container;
}

/** The whole way of a Set: the host, then each parent of it. */
const walk = (known) => (host) => {
  for (let rest = host; ; ) {
    if (known.has(rest)) return rest.length;
    const dot = rest.indexOf('.');
    if (dot < 0) return 0;
    rest = rest.slice(dot + 1);
  }
};

const made = await trie();
const root = made.createTrieFromIterable(hosts);
made.optimize();
const { buf32, checksum } = made.toSelfie();
const selfie = { buf32: buf32.slice(), checksum };
const json = JSON.stringify(hosts);

const time = async (work) => {
  const start = performance.now();
  const kept = await work();
  const taken = performance.now() - start;
  if (!kept) throw new Error('nothing was opened');
  return taken;
};
const opened = { packed: [], automaton: [], trie: [], set: [] };
for (let round = 0; round < 31; round += 1) {
  opened.packed.push(await time(() => List.packed(packedBytes)));
  opened.automaton.push(await time(() => List.automaton(automatonBytes)));
  const fresh = await trie();
  opened.trie.push(await time(() => fresh.fromSelfie(selfie)));
  if (round < 5) opened.set.push(await time(() => new Set(JSON.parse(json))));
}

const contenders = {
  packed: wasm(List.packed(packedBytes)),
  automaton: wasm(List.automaton(automatonBytes)),
  trie: (host) => made.setNeedle(host).matches(root),
  set: walk(new Set(hosts)),
};
const known = new Set(hosts);
for (const host of asked) {
  const wanted = walk(known)(host);
  for (const name of ['packed', 'automaton']) {
    if (contenders[name](host) !== wanted) throw new Error(`${name} says another thing of ${host}`);
  }
  if (contenders.trie(host) >= 0 !== wanted > 0) throw new Error(`HNTrie says another thing of ${host}`);
}
const byName = (work) => Object.fromEntries(Object.entries(contenders).map(([name, ask]) => [name, work(ask)]));
const over = (part) => nanoseconds(byName((ask) => (index) => ask(part[index]) + 1), part.length, { rounds: 201 });
const listed = asked.filter((host) => walk(known)(host) > 0);
const others = asked.filter((host) => walk(known)(host) === 0);
console.log(
  JSON.stringify({
    mix: over(asked),
    listed: over(listed),
    others: over(others),
    ready: Object.fromEntries(Object.entries(opened).map(([name, times]) => [name, median(times)])),
    trie_bytes: selfie.buf32.byteLength,
  }),
);
