// node bench/verdict.mjs PACKAGE MIX HOSTS: nanoseconds an address, as JSON.
import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getDomain } from 'tldts';
import { nanoseconds } from './rounds.mjs';

const [folder, mixFile, hostsFile] = process.argv.slice(2);
const { initSync, Core } = await import(pathToFileURL(resolve(folder, 'wasm/core.js')));
initSync({ module: readFileSync(resolve(folder, 'wasm/core_bg.wasm')) });
const list = resolve(folder, 'list');
const core = Core.open(Object.fromEntries(readdirSync(list).map((name) => [name, new Uint8Array(readFileSync(resolve(list, name)))])));

const { urls, now } = JSON.parse(readFileSync(mixFile, 'utf8'));
const known = new Set(JSON.parse(readFileSync(hostsFile, 'utf8')));
const hosts = urls.map((url) => new URL(url).hostname);
const counted = urls.filter((url) => core.state(url, now) === 1).length;
if (counted !== 40) throw new Error(`${counted} of the mix are official`);

function walk(host) {
  for (let rest = host; ; ) {
    if (known.has(rest)) return rest.length;
    const dot = rest.indexOf('.');
    if (dot < 0) return 0;
    rest = rest.slice(dot + 1);
  }
}

const found = nanoseconds(
  {
    core: (index) => core.state(urls[index], now),
    url: (index) => new URL(urls[index]).hostname.length,
    tldts: (index) => getDomain(urls[index]).length,
    set: (index) => walk(new URL(urls[index]).hostname),
    set_of_host: (index) => walk(hosts[index]),
  },
  urls.length,
);
console.log(JSON.stringify(found));
