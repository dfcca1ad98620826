// The body of a function in a page of the extension, after `const { urls, now } = …`: nanoseconds
// an address, as bench/rounds.mjs measures them (a page cannot import it, and has a coarser clock).
const { default: init, Core } = await import('/wasm/core.js');
await init({ module_or_path: '/wasm/core_bg.wasm' });
const core = await Core.load(`${location.origin}/list/`);
const contenders = {
  core: (url) => core.state(url, now),
  url: (url) => new URL(url).hostname.length,
};
const times = { core: [], url: [] };
// The clock ticks each 0.1 ms in Chromium, each 1 ms in Firefox: a turn takes some ten.
const PASSES = 50;
const ROUNDS = 61;
let kept = 0;
for (let round = -10; round < ROUNDS; round += 1) {
  for (const [name, work] of Object.entries(contenders)) {
    const start = performance.now();
    for (let pass = 0; pass < PASSES; pass += 1) for (const url of urls) kept += work(url);
    if (round >= 0) times[name].push(((performance.now() - start) * 1e6) / (PASSES * urls.length));
  }
}
if (kept === 0) throw new Error('nothing was done');
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
return { core: median(times.core), url: median(times.url) };
