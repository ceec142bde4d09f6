// What the frame around every page does by itself, without the server: theme, sidebar, menus, dialogs, jump box, reconnecting.
const root = document.documentElement;
// Over HTTPS under a name that pins the cookie to this very host; browsers take no such name over HTTP.
const pinned = location.protocol === 'https:';
const keep = (name, value) => { document.cookie = `${pinned ? '__Host-' : ''}${name}=${value};path=/;max-age=31536000;samesite=lax${pinned ? ';secure' : ''}`; };
const isDark = () => root.dataset.theme === 'dark' || (root.dataset.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
const closeNav = () => { delete root.dataset.nav; };

const acts = {
  theme() { root.dataset.theme = isDark() ? 'light' : 'dark'; keep('theme', root.dataset.theme); },
  side() {
    if (root.dataset.side === 'narrow') { delete root.dataset.side; keep('side', 'wide'); }
    else { root.dataset.side = 'narrow'; keep('side', 'narrow'); }
  },
  nav() { root.dataset.nav = 'open'; document.querySelector('.side a')?.focus(); },
  'nav-close': closeNav,
  jump() { openJump(); },
  keys(box) { keep('keys', box.checked ? 'on' : 'off'); },
  stop() { document.querySelector('#jump form[action="/palette/stop"]')?.requestSubmit(); },
  print() { window.print(); },
  copy(button) { navigator.clipboard?.writeText(document.getElementById(button.dataset.copy)?.textContent?.trim() ?? ''); },
};

document.addEventListener('click', event => {
  const target = event.target instanceof Element ? event.target : null;
  const button = target?.closest('[data-act]');
  if (button) acts[button.dataset.act]?.(button);
  if (target?.closest('.side a')) closeNav();
  for (const open of document.querySelectorAll('details.menu[open], details.switcher[open]'))
    if (!open.contains(target) || target.closest('.drop a')) { open.open = false; keepOpen(null); }
  const menu = target?.closest('summary')?.parentElement;
  if (menu?.matches('details.menu, details.switcher')) keepOpen(menu.open ? null : menu);

  // <button data-opens="id"> and data-closes: invoker commands for browsers that lack them.
  const opens = target?.closest('[data-opens]');
  if (opens) document.getElementById(opens.dataset.opens)?.showModal();
  if (target?.closest('[data-closes]')) target.closest('dialog')?.close();
  if (target instanceof HTMLDialogElement && target.hasAttribute('data-light')) target.close();
});

// A page is drawn twice, on the server and then live: a menu that was opened in between is opened again in the markup that takes its place.
let kept = null;
function keepOpen(menu) {
  kept?.disconnect();
  kept = menu && new MutationObserver(() => {
    if (menu.isConnected) return;
    keepOpen(null);
    const fresh = document.querySelector(menu.matches('.switcher') ? 'details.switcher' : 'details.menu');
    if (fresh) fresh.open = true;
  });
  kept?.observe(document.body, { childList: true, subtree: true });
}

// The search in the switcher hides what does not match all words; arrows walk through what is left, Enter opens the first.
const found = box => [...box.closest('.drop').querySelectorAll('a:not([hidden])')];
document.addEventListener('input', event => {
  if (!(event.target instanceof HTMLInputElement) || !event.target.matches('[data-filters="switcher"]')) return;
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const link of event.target.closest('.drop').querySelectorAll('a')) { const text = link.textContent.toLowerCase(); link.hidden = !words.every(word => text.includes(word)); }
});
document.addEventListener('keydown', event => {
  const drop = event.target instanceof Element ? event.target.closest('.switcher .drop') : null;
  if (!drop || !['ArrowDown', 'ArrowUp', 'Enter'].includes(event.key)) return;
  const box = drop.querySelector('input'), links = [...drop.querySelectorAll('a:not([hidden])')];
  if (event.key === 'Enter') { if (event.target === box) { event.preventDefault(); found(box)[0]?.click(); } return; }
  event.preventDefault();
  const next = links.indexOf(event.target) + (event.key === 'ArrowDown' ? 1 : -1);
  (next < 0 ? box ?? links[0] : links[Math.min(next, links.length - 1)])?.focus();
});
document.addEventListener('toggle', event => {
  if (event.target instanceof HTMLDetailsElement && event.target.matches('.switcher') && event.target.open) event.target.querySelector('input')?.focus();
}, true);

document.addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    keepOpen(null);
    if (root.dataset.nav) { closeNav(); document.querySelector('[data-act="nav"]')?.focus(); }
    for (const open of document.querySelectorAll('details.menu[open], details.switcher[open]')) { open.open = false; open.querySelector('summary').focus(); }
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') { event.preventDefault(); openJump(); }
});

// Single letters: "g" and a letter goes to a page, "?" lists them. Never while something is typed or a dialog is open.
const lettersOn = () => !new RegExp(`(^|; )(__Host-)?keys=off`).test(document.cookie);
let wentG = -Infinity;
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key === ' ') return;
  if (event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]')) return;
  if (document.querySelector('dialog[open]') || !document.getElementById('keys')) return;

  // One switch for the letters of every page: where they are off, no page hears them.
  if (!lettersOn()) { event.stopImmediatePropagation(); return; }
  // A page with keys of its own lists them itself.
  if (event.key === '?' && !document.getElementById('keys-dialog')) { event.preventDefault(); openKeys(); return; }
  if (event.key === 'g') { wentG = performance.now(); return; }
  if (performance.now() - wentG < 1500) {
    wentG = -Infinity;
    const link = [...document.querySelectorAll('#keys a[data-key]')].find(link => link.dataset.key === event.key);
    if (link) { event.preventDefault(); event.stopImmediatePropagation(); link.click(); }
  }
}, true);
function openKeys() {
  const dialog = document.getElementById('keys');
  dialog.querySelector('[data-act="keys"]').checked = lettersOn();
  dialog.showModal();
}

// Search and go: pages by their links in the sidebar and the account menu, actions by their forms, and things of the storefront as the server finds them.
function openJump() {
  const dialog = document.getElementById('jump');
  if (!dialog || dialog.open) return;
  const input = dialog.querySelector('input'), list = dialog.querySelector('.jump-list'), says = document.getElementById('jump-says');
  const seen = new Set();
  const pages = [...document.querySelectorAll('.nav a, .drop a[href], #keys a[href]')].filter(link => !seen.has(link.href) && seen.add(link.href)).map(link => ({
    kind: 'Page', name: [...link.childNodes].filter(node => !(node instanceof Element && node.classList.contains('count'))).map(node => node.textContent).join('').trim(), beside: '', icon: link.querySelector('svg'), go: () => { location.href = link.href; },
  }));
  const actions = [...dialog.querySelectorAll('form[data-action]')].map(form => ({
    kind: 'Action', name: form.dataset.action, beside: '', go: () => { if (form.dataset.asks) document.getElementById(form.dataset.asks)?.showModal(); else form.requestSubmit(); },
  }));
  if (document.getElementById('keys')) actions.push({ kind: 'Action', name: 'List the keys', beside: '?', go: openKeys });
  let at = 0, things = [], rows = [], asked = 0, timer = 0;
  const mark = index => {
    const items = list.querySelectorAll('[role=option]');
    at = items.length ? (index + items.length) % items.length : 0;
    items.forEach((item, i) => { item.classList.toggle('at', i === at); item.setAttribute('aria-selected', i === at); });
    if (items[at]) { items[at].scrollIntoView({ block: 'nearest' }); input.setAttribute('aria-activedescendant', items[at].id); } else input.removeAttribute('aria-activedescendant');
  };
  const show = () => {
    const wanted = input.value.trim().toLowerCase();
    rows = [...pages, ...actions].filter(row => row.name.toLowerCase().includes(wanted)).concat(wanted.length > 1 ? things : []);
    list.replaceChildren(...rows.map((row, i) => {
      const item = document.createElement('li');
      item.id = `jump-${i}`; item.setAttribute('role', 'option');
      if (row.icon) item.append(row.icon.cloneNode(true));
      const label = document.createElement('span'), kind = document.createElement('small');
      label.textContent = row.name;
      kind.textContent = row.beside ? `${row.kind} \u00b7 ${row.beside}` : row.kind;
      item.append(label, kind);
      return item;
    }));
    if (!rows.length) { const none = document.createElement('li'); none.className = 'hint'; none.setAttribute('role', 'option'); none.setAttribute('aria-disabled', 'true'); none.textContent = 'Nothing has that name.'; list.append(none); }
    says.textContent = rows.length === 1 ? '1 found' : `${rows.length} found`;
    mark(0);
  };
  const find = async () => {
    const wanted = input.value.trim(), mine = ++asked;
    if (!dialog.dataset.finds || wanted.length < 2) { things = []; return; }
    try {
      const answer = await fetch(`/palette?q=${encodeURIComponent(wanted)}`, { headers: { accept: 'application/json' } });
      if (mine !== asked || !answer.ok) return;
      things = (await answer.json()).map(thing => ({ kind: thing.kind, name: thing.name, beside: thing.beside, go: () => { location.href = thing.address; } }));
      show();
    } catch { /* Without an answer the pages stay. */ }
  };
  const choose = () => { const row = rows[at]; if (!row) return; dialog.close(); row.go(); };
  input.value = '';
  input.oninput = () => { show(); clearTimeout(timer); timer = setTimeout(find, 150); };
  input.onkeydown = event => {
    if (event.key === 'ArrowDown') { event.preventDefault(); mark(at + 1); }
    else if (event.key === 'ArrowUp') { event.preventDefault(); mark(at - 1); }
    else if (event.key === 'Enter') { event.preventDefault(); choose(); }
  };
  list.onclick = event => { const item = event.target.closest('[role=option]:not([aria-disabled])'); if (item) { at = [...list.children].indexOf(item); choose(); } };
  show();
  dialog.showModal();
}

// After a lost connection that cannot be resumed the page is loaded again; nothing is kept only in the circuit.
document.getElementById('components-reconnect-modal')?.addEventListener('components-reconnect-state-changed', event => {
  if (event.detail?.state === 'rejected' || event.detail?.state === 'resume-failed') location.reload();
});

// A component asks for a dialog by calling this; the dialog itself is plain markup.
export const openDialog = id => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); };
export const closeDialog = id => document.getElementById(id)?.close();
