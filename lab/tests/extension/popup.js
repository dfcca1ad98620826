const api = globalThis.browser ?? globalThis.chrome;
const log = document.getElementById('log');

document.getElementById('hello').textContent = api.i18n.getMessage('hello');
document.getElementById('first').addEventListener('click', (event) => {
  log.textContent = `first trusted=${event.isTrusted}`;
});
document.getElementById('grant').addEventListener('click', async () => {
  const granted = await api.permissions.request({ origins: ['*://*/*'] });
  log.textContent = `granted=${granted}`;
});
addEventListener('keydown', (event) => {
  if (event.key === 'Escape') log.textContent = 'escaped';
});
api.storage.local.set({ popupOpened: location.href });
document.documentElement.dataset.ready = 'true';
