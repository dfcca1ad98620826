// node bench/start.mjs PACKAGE HOSTS FIRST: milliseconds, as JSON. FIRST is what this process does
// first: `ours` or `set`.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from './rounds.mjs';

const [folder, hostsFile, first] = process.argv.slice(2);
const { initSync, Core } = await import(pathToFileURL(resolve(folder, 'wasm/core.js')));
const module = readFileSync(resolve(folder, 'wasm/core_bg.wasm'));
const list = resolve(folder, 'list');
const files = Object.fromEntries(readdirSync(list).map((name) => [name, new Uint8Array(readFileSync(resolve(list, name)))]));
const hosts = readFileSync(hostsFile, 'utf8');

// The core fetches its files as in a browser; here they are at hand.
globalThis.fetch = async (url) => new Response(files[url.slice('list:'.length)]);
// Node loads these when they are first used; a browser has them.
await crypto.subtle.digest('SHA-256', await new Response(new Uint8Array(8)).arrayBuffer());

const time = async (work) => {
  const start = performance.now();
  const kept = await work();
  const taken = performance.now() - start;
  if (kept === undefined) throw new Error('nothing was done');
  return taken;
};
const open = () => Core.load('list:');
const set = () => new Set(JSON.parse(hosts));
const hash = () => Object.values(files).map((bytes) => createHash('sha256').update(bytes).digest());

const found = {};
const ours = async () => {
  found.init = await time(() => initSync({ module }));
  found.open_cold = await time(open);
};
const theirs = async () => {
  found.set_cold = await time(set);
};
for (const part of first === 'ours' ? [ours, theirs] : [theirs, ours]) await part();
const url = 'https://www.impots.gouv.fr/';
const published = Date.parse(JSON.parse(Buffer.from(files['targets.json']).toString()).signed['x-bon-guichet-published']);
if ((await open()).state(url, published) !== 1) throw new Error('the list was not accepted');

const again = { open_warm: open, set_warm: set, hash_warm: hash };
const times = Object.fromEntries(Object.keys(again).map((name) => [name, []]));
for (let round = 0; round < 30; round += 1) {
  for (const [name, work] of Object.entries(again)) {
    const taken = await time(work);
    // The first rounds are the compiler's.
    if (round >= 10) times[name].push(taken);
  }
}
for (const [name, values] of Object.entries(times)) found[name] = median(values);
console.log(JSON.stringify(found));
