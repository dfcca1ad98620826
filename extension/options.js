// Loads the core and lets it fill the page (src/browser/options.rs); buttons tell the worker.
import init, { Core } from './wasm/core.js';

const api = globalThis.browser ?? globalThis.chrome;

await init({ module_or_path: api.runtime.getURL('wasm/core_bg.wasm') });

async function fill() {
  const core = await Core.load(api.runtime.getURL('list/'));
  await core.fillOptions();
  return core;
}

// One filling after the other: each may show another list than the one before.
let filled = fill();

api.storage.onChanged.addListener((_, area) => {
  filled = area === 'session'
    ? filled.then(async (core) => { await core.showProgress(); return core; })
    : filled.then(fill);
});

const tell = (ask) => () => api.runtime.sendMessage({ ask });
document.getElementById('look').addEventListener('click', tell('update'));
document.getElementById('trust-clock').addEventListener('click', tell('trust-clock'));
