const api = globalThis.browser ?? globalThis.chrome;

// Counts the starts of the background, to show that it can be stopped, and
// remembers browser starts, to show that a restart is one.
async function count(key) {
  const stored = await api.storage.local.get({ [key]: 0 });
  await api.storage.local.set({ [key]: stored[key] + 1 });
}

api.runtime.onInstalled.addListener(({ reason }) => count(reason));
api.runtime.onStartup.addListener(() => count('startup'));
count('boots');

api.tabs.onUpdated.addListener((tabId, change, tab) => {
  if (change.status !== 'complete' || !/^https?:/.test(tab.url ?? '')) return;
  const { protocol, hostname } = new URL(tab.url);
  api.action.setBadgeText({ tabId, text: protocol === 'https:' ? 'TLS' : 'WEB' });
  api.action.setTitle({ tabId, title: `Lab: ${hostname}` });
});

api.runtime.onMessage.addListener((message, _sender, reply) => {
  if (message === 'write') console.error('deliberate background line');
  if (message === 'throw') throw new Error('deliberate background error');
  reply({ pong: message });
});
