// The tables of tests/cases, as tests/cases/table.rs reads them.
import { readFileSync, readdirSync } from 'node:fs';
import { root } from './shipped.mjs';

const folder = `${root}tests/cases/`;

/** The names of the tables. */
export function tables() {
  return readdirSync(folder).filter((name) => name.endsWith('.txt')).sort();
}

/** The rows of a table: where each stands, and its cells with their escapes undone. */
export function rows(name) {
  return readFileSync(folder + name, 'utf8')
    .split('\n')
    .map((text, index) => ({ text, place: `${name}:${index + 1}` }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'))
    .map(({ text, place }) => ({ place, cells: text.split(' | ').map((cell) => unescape(cell.trim())) }));
}

/** `\t`, `\n`, `\r`, `\\`, `\u{HEX}`, and `\*{N:TEXT}` for TEXT, N times. */
function unescape(cell) {
  let plain = '';
  let at = 0;
  // Takes `{…}`, braces within it matched.
  const braced = () => {
    const start = at + 1;
    for (let depth = 0; at < cell.length; ) {
      depth += { '{': 1, '}': -1 }[cell[at++]] ?? 0;
      if (depth === 0) return cell.slice(start, at - 1);
    }
    throw new Error(`${cell}: a brace is not closed`);
  };
  while (at < cell.length) {
    const char = cell[at++];
    if (char !== '\\') {
      plain += char;
      continue;
    }
    const mark = cell[at++];
    if (mark in SIMPLE) {
      plain += SIMPLE[mark];
    } else if (mark === 'u') {
      plain += String.fromCodePoint(Number.parseInt(braced(), 16));
    } else if (mark === '*') {
      const [, count, text] = /^(\d+):(.*)$/s.exec(braced());
      plain += unescape(text).repeat(Number(count));
    } else {
      throw new Error(`${cell}: no such escape: \\${mark}`);
    }
  }
  return plain;
}

const SIMPLE = { t: '\t', n: '\n', r: '\r', '\\': '\\' };

/** Long text, cut so that a failure stays readable. */
export function shown(text) {
  return JSON.stringify(text.length <= 120 ? text : `${text.slice(0, 120)}… (${text.length} units)`);
}
