// A banner in a closed shadow root, with one button.
const host = document.createElement('lab-banner');
const root = host.attachShadow({ mode: 'closed' });
const button = document.createElement('button');
button.className = 'accept';
button.textContent = 'Accept';
button.addEventListener('click', (event) => {
  button.textContent = event.isTrusted ? 'Accepted' : 'Not trusted';
  document.documentElement.dataset.clicked = String(event.isTrusted);
});
root.append(button);
document.documentElement.append(host);
