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

document.addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    keepOpen(null);
    if (root.dataset.nav) { closeNav(); document.querySelector('[data-act="nav"]')?.focus(); }
    for (const open of document.querySelectorAll('details.menu[open], details.switcher[open]')) { open.open = false; open.querySelector('summary').focus(); }
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') { event.preventDefault(); openJump(); }
});

// Jump box: the links of the sidebar and the account menu, filtered by what is typed.
function openJump() {
  const dialog = document.getElementById('jump');
  if (!dialog || dialog.open) return;
  const input = dialog.querySelector('input'), list = dialog.querySelector('.jump-list');
  const seen = new Set();
  const links = [...document.querySelectorAll('.nav a, .drop a[href]')].filter(link => !seen.has(link.href) && seen.add(link.href));
  const show = () => {
    const wanted = input.value.trim().toLowerCase();
    list.replaceChildren(...links.filter(link => link.textContent.toLowerCase().includes(wanted)).map(link => {
      const row = document.createElement('a');
      row.href = link.href;
      const icon = link.querySelector('svg')?.cloneNode(true);
      const label = document.createElement('span');
      label.textContent = [...link.childNodes].filter(node => !(node instanceof Element && node.classList.contains('count'))).map(node => node.textContent).join('').trim();
      row.append(...(icon ? [icon] : []), label);
      const item = document.createElement('li');
      item.append(row);
      return item;
    }));
    if (!list.children.length) { const none = document.createElement('li'); none.className = 'hint'; none.textContent = 'No page has that name.'; list.append(none); }
    mark(0);
  };
  let at = 0;
  const mark = index => {
    const rows = list.querySelectorAll('a');
    at = rows.length ? (index + rows.length) % rows.length : 0;
    rows.forEach((row, i) => row.classList.toggle('at', i === at));
    rows[at]?.scrollIntoView({ block: 'nearest' });
  };
  input.value = '';
  input.oninput = show;
  input.onkeydown = event => {
    if (event.key === 'ArrowDown') { event.preventDefault(); mark(at + 1); }
    else if (event.key === 'ArrowUp') { event.preventDefault(); mark(at - 1); }
    else if (event.key === 'Enter') { event.preventDefault(); list.querySelectorAll('a')[at]?.click(); }
  };
  list.onclick = event => { if (event.target.closest('a')) dialog.close(); };
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
