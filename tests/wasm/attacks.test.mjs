// The attack folders of tests/attacks, put to the shipped module: it asks what the native updater
// asks, and says what it says. The native suite plays the scripts, holds them against what they
// expect, and writes down every question, answer and refusal; these are replayed here.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Updater, root } from './shipped.mjs';

const folder = mkdtempSync(join(tmpdir(), 'bon-guichet-attacks-'));
after(() => rmSync(folder, { recursive: true }));

const suite = ['test', '--quiet', '--locked', '--package', 'publish', '--test', 'attacks'];
const play = spawnSync('cargo', [...suite, '--', '--exact', 'every_attack_ends_as_its_script_says'], {
  cwd: root,
  env: { ...process.env, TRANSCRIPTS: folder },
  encoding: 'utf8',
});
if (play.status !== 0) throw new Error(`the native suite failed: ${play.error ?? play.stdout + play.stderr}`);

const scripts = readdirSync(`${root}tests/attacks`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
for (const { name } of scripts) {
  test(name, () => {
    const runs = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
    assert.ok(runs.length > 0, 'nothing was played');
    for (const [number, run] of runs.entries()) replay(run, `refresh ${number + 1}`);
  });
}

function replay({ root, now, floor, roots, roles, events }, where) {
  let updater;
  let found = attempt(() => {
    updater = new Updater(bytes(root), now, floor, roots, roles);
    return updater.start();
  });
  for (const [number, { ask, answer, find, said }] of events.entries()) {
    const here = `${where}, event ${number + 1}`;
    if (said !== undefined) {
      assert.equal(found.refusal ?? { done: 'ok' }[found.ask] ?? JSON.stringify(found), said, here);
    } else if (find !== undefined) {
      found = attempt(() => updater.find(find));
    } else {
      assert.deepEqual(found, 'bytes' in ask ? { ...ask, bytes: bytes(ask.bytes) } : ask, here);
      found = attempt(() => updater.answer(answer === null ? undefined : bytes(answer)));
    }
  }
  updater?.free();
}

/** What is asked, or why it was refused. */
function attempt(work) {
  try {
    return work();
  } catch (error) {
    // Anything else than a refusal is a fault of the module.
    if (error.constructor !== Error) throw error;
    return { refusal: error.message };
  }
}

function bytes({ text, spaces }) {
  const whole = new Uint8Array(text.length + spaces).fill(0x20);
  whole.set(Buffer.from(text, 'latin1'));
  return whole;
}
