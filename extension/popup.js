// Loads the core and lets it fill the page (src/browser/popup.rs).
import init, { Core } from './wasm/core.js';

const api = globalThis.browser ?? globalThis.chrome;

await init({ module_or_path: api.runtime.getURL('wasm/core_bg.wasm') });
const core = await Core.load(api.runtime.getURL('list/'));
await core.fillPopup();

document.getElementById('copy').addEventListener('click', () => core.copyRequest());

document.getElementById('open-options').addEventListener('click', async () => {
  await api.runtime.openOptionsPage();
  window.close();
});
