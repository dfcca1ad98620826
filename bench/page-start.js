// The body of a function in a fresh page of the extension: milliseconds of its start.
const start = performance.now();
const { default: init, Core } = await import('/wasm/core.js');
const scripted = performance.now();
await init({ module_or_path: '/wasm/core_bg.wasm' });
const ready = performance.now();
const core = await Core.load(`${location.origin}/list/`);
const loaded = performance.now();
const state = core.state('https://www.impots.gouv.fr/', Date.now());
const judged = performance.now();
if (state !== 1) throw new Error(`the first verdict is ${state}`);
return { script: scripted - start, wasm: ready - scripted, list: loaded - ready, all: judged - start };
