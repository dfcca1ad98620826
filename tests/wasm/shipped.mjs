// The module and the list that Chrome is given, as a browser would load them.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const listFolder = `${root}dist/chrome/list/`;
export const scriptFile = `${root}dist/chrome/wasm/core.js`;
export const wasmFile = `${root}dist/chrome/wasm/core_bg.wasm`;

if (!existsSync(wasmFile)) throw new Error(`${wasmFile} is missing: run \`cargo xtask dist\``);

const { initSync, Core, Updater } = await import(scriptFile);
initSync({ module: readFileSync(wasmFile) });
export { Core, Updater };

/** `State::ALL` (src/verdict.rs): a state's number is its place. */
export const STATES = ['not_judged', 'official', 'official_unprotected', 'list_expired', 'resembles', 'unlisted'];

/** A moment at which the list is current, for programs and for people. */
export const NOW_TEXT = '2026-12-01T00:00:00Z';
export const NOW = Date.parse(NOW_TEXT);

/** A fresh copy of the list's files, by name. */
export function files() {
  const names = readdirSync(listFolder).sort();
  return Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(listFolder + name))]));
}

/** What runs `cargo xtask`. */
export const xtask = process.env.XTASK
  ? [process.env.XTASK]
  : ['cargo', 'run', '--quiet', '--locked', '--package', 'xtask', '--'];

/** What `cargo xtask judge` says of each URL; none may be empty or hold a line feed. */
export function judge(urls) {
  const [program, ...before] = xtask;
  const run = spawnSync(program, [...before, 'judge', '--list', listFolder, '--now', NOW_TEXT], {
    cwd: root,
    input: urls.map((url) => `${url}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (run.status !== 0) throw new Error(`${program} judge failed: ${run.error ?? run.stderr}`);
  const lines = run.stdout.split('\n').filter((line) => line !== '');
  if (lines.length !== urls.length) throw new Error(`${lines.length} lines for ${urls.length} URLs`);
  return lines.map((line) => JSON.parse(line));
}
