// The shipped WebAssembly module, with the shipped list: it says what the native core says, and
// nothing that is wrong with its files, its clock or its URL makes it say more.
//
// `cargo xtask dist`, then `node --test tests/wasm/`.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { rows, shown, tables } from './cases.mjs';
import { Core, NOW, STATES, files, judge, scriptFile, wasmFile } from './shipped.mjs';

const core = Core.open(files());

/** The one URL by which a core shows whether it would call anything official. */
const OFFICIAL = 'https://www.impots.gouv.fr/';
const HTTP = 'http://www.impots.gouv.fr/';

/** Rows that this Node's URL parser reads by an older revision of the standard than browsers do. */
const readByOlderRules = (url) => url === 'https://xn--ameli-.fr/' && URL.canParse(url);

const cases = tables()
  .flatMap((table) => rows(table).map(({ place, cells }) => ({ place, table, cells })))
  .filter(({ cells: [url] }) => !readByOlderRules(url));

test('the shipped list calls a site official', () => {
  assert.equal(core.explain(OFFICIAL, NOW).state, 'official');
  assert.equal(core.explain(HTTP, NOW).state, 'official_unprotected');
  assert.equal(core.explain('https://impots.gouv.fr.evil.example/', NOW).state, 'resembles');
});

test('it says what the native core says', () => {
  // A line of `judge` holds no line feed, and none of its own at the end.
  const asked = cases.filter(({ cells: [url] }) => url !== '' && !/\n|\r$/.test(url));
  assert.ok(asked.length > 400, `only ${asked.length} URLs`);
  const native = judge(asked.map(({ cells: [url] }) => url));
  const wrong = [];
  for (const [index, { place, table, cells }] of asked.entries()) {
    const found = core.explain(cells[0], NOW);
    const agrees = JSON.stringify(found) === JSON.stringify(native[index]);
    // The table names where the crate `url`, and with it the native core, leaves the standard.
    const deviates = table === 'addresses.txt' && cells.length === 7;
    if (agrees === deviates) wrong.push(`${place}: ${brief(found)}\n  native ${brief(native[index])}`);
  }
  assert.deepEqual(wrong, []);
});

test('it reads addresses as the table of the standard says', () => {
  const table = cases.filter(({ table }) => table === 'addresses.txt');
  assert.ok(table.length > 300, `only ${table.length} URLs`);
  const wrong = [];
  for (const { place, cells } of table) {
    const [url, host, , domain] = cells;
    const found = core.explain(url, NOW);
    const wanted =
      domain === undefined ? { state: 'not_judged', reasons: [host] }
      : { host, registrable_domain: { '=': host, '-': null }[domain] ?? (domain === '-' ? null : domain) };
    for (const [member, value] of Object.entries(wanted)) {
      if (JSON.stringify(found[member]) !== JSON.stringify(value)) {
        wrong.push(`${place}: ${member} is ${shown(JSON.stringify(found[member]))}, not ${shown(JSON.stringify(value))}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test('the number of a state is that of its explanation', () => {
  const expired = Date.parse('2100-01-01T00:00:00Z');
  const met = new Set();
  for (const { place, cells: [url] } of cases) {
    for (const now of [NOW, expired]) {
      const { state } = core.explain(url, now);
      assert.equal(STATES[core.state(url, now)], state, place);
      met.add(state);
    }
  }
  for (const [url, now] of [[OFFICIAL, NOW], [HTTP, NOW], [OFFICIAL, expired]]) {
    const { state } = core.explain(url, now);
    assert.equal(STATES[core.state(url, now)], state);
    met.add(state);
  }
  assert.deepEqual([...met].sort(), [...STATES].sort(), 'some state was never met');
});

for (const [name, bytes] of Object.entries(files())) {
  test(`${name}, damaged`, () => {
    for (let step = 0; step < 64; step += 1) {
      const at = Math.floor((step * (bytes.length - 1)) / 63);
      for (const mask of [0x01, 0x20, 0x80]) {
        const damaged = { ...files(), [name]: bytes.slice() };
        damaged[name][at] ^= mask;
        refuses(damaged, `byte ${at} of ${bytes.length} by ${mask}`);
      }
    }
  });

  test(`${name}, cut, lengthened or missing`, () => {
    const lengths = [0, 1, 3, 4, 15, 16, bytes.length >> 1, bytes.length - 2, bytes.length - 1];
    for (const length of lengths) refuses({ ...files(), [name]: bytes.slice(0, length) }, `${length} bytes`);
    for (const byte of [0x00, 0x41]) {
      refuses({ ...files(), [name]: Uint8Array.of(byte) }, `only ${byte}`);
      const longer = new Uint8Array(bytes.length + 1);
      longer.set(bytes);
      longer[bytes.length] = byte;
      refuses({ ...files(), [name]: longer }, `and ${byte}`);
    }
    const { [name]: _, ...others } = files();
    refuses(others, 'missing');
  });

  test(`${name}, of another kind`, () => {
    const text = Buffer.from(bytes).toString('latin1');
    const kinds = [text, '', 1, NaN, 7n, true, null, undefined, Symbol('a'), () => bytes, {}, [], [...bytes.slice(0, 9)]];
    kinds.push(bytes.buffer, new DataView(bytes.buffer), new Uint16Array(8), Promise.resolve(bytes));
    kinds.push(new Uint8Array(0), new Uint8Array(bytes.buffer, 1));
    for (const kind of kinds) {
      refuses({ ...files(), [name]: kind }, Object.prototype.toString.call(kind));
    }
    const throwing = { ...files() };
    Object.defineProperty(throwing, name, { get: () => { throw new Error('a trap'); } });
    refuses(throwing, 'a member that throws');
  });

  test(`${name}, in the place of another`, () => {
    for (const other of Object.keys(files()).filter((other) => other !== name)) {
      refuses({ ...files(), [other]: bytes }, `as ${other}`);
    }
  });
}

test('no files at all', () => {
  for (const nothing of [{}, [], new Map(), Object.create(null), () => {}, new Uint8Array(9)]) {
    refuses(nothing, Object.prototype.toString.call(nothing));
  }
  // No object: JavaScript's own code never does this, and it must fail safely all the same.
  for (const nothing of [null, undefined, 1, 'root.json', true]) refuses(nothing, String(nothing));
});

test('the list is used to its last millisecond and no longer', () => {
  const expires = Date.parse(JSON.parse(Buffer.from(files()['targets.json']).toString()).signed.expires);
  assert.equal(core.explain(OFFICIAL, expires - 1).state, 'official');
  for (const now of [expires, expires + 1, Date.parse('2100-01-01T00:00:00Z'), 8.64e15]) neverOfficial(core, now, 'list_expired');
});

test('a clock that makes no sense', () => {
  for (const now of [NaN, -1, -1e-9, -1e300, Infinity, -Infinity, Number.MAX_VALUE, 1e15, undefined, 'now', {}]) {
    neverOfficial(core, now, 'list_expired');
  }
});

test('hostile URLs', () => {
  const long = 2_000_000;
  const hostile = [
    '\ud800', '\udc00', 'https://\ud800.fr/', 'https://ameli\udc00.fr/', 'https://\ud83d\ude00\ud83d.fr/', '\udfff\ud800'.repeat(1000),
    `https://${'\ud800'.repeat(10_000)}.fr/`, `https://evil.example/${'\ud800'.repeat(long)}`,
    'a'.repeat(long), '\u0000'.repeat(long), ' '.repeat(long), '\u{1f600}'.repeat(long / 2), ':'.repeat(long), '/'.repeat(long),
    `https://${'a'.repeat(long)}.fr/`, `https://${'a'.repeat(long)}@evil.example/`, `https://evil.example/${'a'.repeat(long)}`,
    `https://evil.example/?${'\u00e9'.repeat(long)}`, `https://evil.example/#${'%'.repeat(long)}`, `https://${'%61'.repeat(long / 4)}.fr/`,
    `https://evil.example/${'../'.repeat(long / 3)}`, `https://evil.example:${'9'.repeat(long)}/`, `https://[${':'.repeat(long)}]/`,
    `http://${'1.'.repeat(long / 2)}/`, `${'x'.repeat(long)}://evil.example/`,
    '\u0000https://evil.example/', 'https://evil\u0000.example/', 'https://ameli.fr\u0000.evil.example/', 'https://evil.example/\u0000',
    'https://evil.example\u0000', 'https://\u0000/', `https://evil.example/${'\u0000'.repeat(long)}`,
    `https://${'a.'.repeat(10_000)}example/`, `https://${'a.'.repeat(10_000)}impots.gouv.fr/`, `https://${'.'.repeat(10_000)}/`,
    `https://impots.gouv.fr${'.a'.repeat(10_000)}/`, `https://${'xn--a.'.repeat(10_000)}example/`, `https://${'\u00e9.'.repeat(10_000)}example/`,
    `https://impots.gouv.fr.${'a.'.repeat(10_000)}example/`, `https://${'www.'.repeat(10_000)}impots.gouv.fr/`,
    'https://xn--.impots.gouv.fr/', 'https://impots.gouv.fr@evil.example/', 'https://impots\u2024gouv\u2024fr/', '', '\n', 'https://',
  ];
  for (const url of hostile) {
    for (const now of [NOW, NaN]) {
      const found = core.explain(url, now);
      assert.equal(STATES[core.state(url, now)], found.state, shown(url));
      assert.notEqual(found.state, 'official', shown(url));
      assert.ok(found.reasons.length > 0, shown(url));
      assert.equal(found.url, Buffer.from(url).toString(), shown(url));
    }
  }
  // And the core is none the worse for it.
  assert.equal(core.explain(OFFICIAL, NOW).state, 'official');
});

test('text of other kinds than text', () => {
  for (const url of [undefined, null, 1, {}, [], Symbol('a'), 7n, new String('https://evil.example/')]) {
    let state;
    try {
      state = STATES[core.state(url, NOW)];
    } catch {
      state = 'refused';
    }
    assert.ok(['refused', 'not_judged', 'unlisted'].includes(state), state);
  }
  assert.equal(core.explain(OFFICIAL, NOW).state, 'official');
});

test('two hundred cores', () => {
  const list = files();
  for (let round = 0; round < 200; round += 1) {
    const core = Core.open(round % 2 ? list : {});
    assert.equal(STATES[core.state(OFFICIAL, NOW)], round % 2 ? 'official' : 'list_expired');
    core.free();
  }
});

test('the WebAssembly file', () => {
  const bytes = readFileSync(wasmFile);
  assert.ok(bytes.length <= 420_000, `${bytes.length} bytes`);
  assert.deepEqual([...bytes.subarray(0, 8)], [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  holdsNone(bytes, [...PLACES, 'eval', 'new Function']);
  const module = new WebAssembly.Module(bytes);
  for (const section of ['name', 'producers', 'sourceMappingURL', '.debug_info']) {
    assert.equal(WebAssembly.Module.customSections(module, section).length, 0, `a section "${section}"`);
  }
});

test('its JavaScript side', () => {
  const bytes = readFileSync(scriptFile);
  assert.ok(bytes.length <= 60_000, `${bytes.length} bytes`);
  holdsNone(bytes, [...PLACES, 'eval', 'new Function', 'Function(', 'importScripts', 'innerHTML', 'document.write', 'XMLHttpRequest']);
  holdsNone(bytes, ['http://', 'https://', 'WebSocket', 'sendBeacon', 'import.meta', 'import(']);
});

/** What would tell on whose machine it was built. */
const PLACES = ['/root/', '/home/', '/work/', '/Users/', '/tmp/', '.cargo/registry', 'C:\\', process.env.HOME ?? '/root'];

/** Whether `search` finds what it should is itself checked first. */
function holdsNone(bytes, words) {
  for (const word of words) {
    assert.ok(Buffer.concat([bytes, Buffer.from(word)]).includes(word));
    const at = bytes.indexOf(word);
    const around = at < 0 ? '' : bytes.subarray(Math.max(0, at - 40), at + 60).toString('latin1');
    assert.equal(at, -1, `${word} in: ${around}`);
  }
}

/** These files make no list. */
function refuses(list, what) {
  let broken;
  try {
    broken = Core.open(list);
  } catch (error) {
    assert.fail(`${what}: threw ${error}`);
  }
  try {
    const found = broken.explain(OFFICIAL, NOW);
    assert.equal(found.state, 'list_expired', what);
    assert.deepEqual(found.reasons, ['list_refused'], what);
    assert.equal(found.entry, undefined, what);
    neverOfficial(broken, NOW, 'list_expired', what);
  } finally {
    broken.free();
  }
}

/** At that moment the core calls nothing official, over https or http. */
function neverOfficial(core, now, state, what = String(now)) {
  for (const url of [OFFICIAL, HTTP, 'https://www.ameli.fr/', 'https://europa.eu/']) {
    const found = core.explain(url, now);
    const number = core.state(url, now);
    assert.ok(!found.state.startsWith('official'), `${what}: ${url}`);
    assert.equal(STATES[number], found.state, what);
    if (state) assert.equal(found.state, state, `${what}: ${url}`);
  }
}

function brief({ state, reasons, host, registrable_domain, entry }) {
  return shown(JSON.stringify({ state, reasons, host, registrable_domain, entry }));
}
