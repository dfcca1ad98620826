// Registers listeners, synchronously and first: an event may be what started this worker. What an
// event means is decided in Rust (src/browser/background.rs).
import init, { Core } from './wasm/core.js';

const api = globalThis.browser ?? globalThis.chrome;

// One core a worker. A failed start is tried again at the next event.
let starting;
function core() {
  starting ??= init({ module_or_path: api.runtime.getURL('wasm/core_bg.wasm') })
    .then(() => Core.load(api.runtime.getURL('list/')))
    .catch((error) => {
      starting = undefined;
      throw error;
    });
  return starting;
}

function hand(ask) {
  core()
    .then(ask)
    .catch((error) => console.error('Bon Guichet:', error));
}

api.tabs.onUpdated.addListener((tabId, change) => {
  // Sound, pinning and pictures change nothing of the address.
  if ('url' in change || 'status' in change) hand((core) => core.onTab(tabId));
});
api.tabs.onActivated.addListener(({ tabId }) => hand((core) => core.onTab(tabId)));
api.tabs.onReplaced.addListener((tabId) => hand((core) => core.onTab(tabId)));
api.runtime.onMessage.addListener((message, { url }) => {
  hand((core) => core.onMessage(String(message?.ask), String(url)));
});
api.alarms.onAlarm.addListener(({ name }) => hand((core) => core.onAlarm(name)));

// These only have to wake the worker: each start ends with the line below.
api.runtime.onInstalled.addListener(() => {});
api.runtime.onStartup.addListener(() => {});

hand((core) => core.onStart());
