// The queue of recommendations by keyboard: moves a focus from row to row and presses the buttons that are there. What they do is the server's.
const cookie = `${location.protocol === 'https:' ? '__Host-' : ''}keys`;
const areOff = () => document.cookie.split('; ').includes(`${cookie}=off`);
const typed = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]:not([contenteditable="false"])';

export const openDialog = id => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); };
export const closeDialog = id => document.getElementById(id)?.close();

export function attach(id) {
  const box = document.getElementById(id);
  if (!box) return null;
  const life = new AbortController(), on = { signal: life.signal };
  const said = document.getElementById('queue-said'), choice = document.getElementById('keys-on');
  const rows = () => [...box.querySelectorAll('[data-proposal]')];
  const say = words => { if (said) said.textContent = words; };
  let at = 0, inside = false;

  // One row is in the tab order; the others are reached by arrows.
  const settle = focus => {
    const all = rows(), here = document.activeElement?.closest?.('[data-proposal]');
    if (!focus && here && box.contains(here)) at = all.indexOf(here);
    at = Math.max(0, Math.min(all.length - 1, at));
    all.forEach((row, index) => { row.tabIndex = index === at ? 0 : -1; });
    if (!focus) return;
    const next = all[at] ?? document.getElementById('queue-start');
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: 'nearest' });
  };
  const move = step => { at = inside ? at + step : Math.max(0, at); settle(true); };

  document.addEventListener('focusin', event => {
    const row = event.target.closest?.('[data-proposal]');
    if (row && box.contains(row)) { at = rows().indexOf(row); inside = true; settle(false); }
    else if (!event.target.closest?.('dialog') && event.target !== document.body) inside = box.contains(event.target);
  }, on);

  // What had the focus may be gone once it is decided: its place in the list keeps it.
  // A dialog that has just closed keeps the focus until the next frame: what is in it counts as gone.
  const isLost = () => !document.activeElement || document.activeElement === document.body || !!document.activeElement.closest('dialog:not([open])');
  const keep = () => settle(inside && !document.querySelector('dialog[open]') && isLost());
  const drawn = new MutationObserver(keep);
  drawn.observe(box, { childList: true, subtree: true });
  document.addEventListener('close', () => setTimeout(keep), { capture: true, ...on });

  const press = key => {
    const row = rows()[at], bar = 'ars'.includes(key) ? document.querySelector('.bulk') : null;
    const button = bar?.querySelector(`[data-key="${key}"]`) ?? (inside ? row?.querySelector(`[data-key="${key}"]`) : null);
    if (!button) { say(!inside ? 'Choose a proposal first: j moves down.' : key === 'e' ? 'This one has no value to set by itself.' : 'That is not possible here.'); return; }
    if (button.disabled) return;
    say('');
    button.click();
    // The next one at once: the answer to this one comes meanwhile.
    if (key === 'a' && !bar) move(1);
  };

  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest(typed)) return;
    const row = target.closest('[data-proposal]');
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!row) return;
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter') {
      if (target !== row) return;
      row.querySelector('[data-key="o"]')?.click();
    } else if (areOff() || event.repeat && !'jk'.includes(event.key)) return;
    else if (event.key === 'j') move(1);
    else if (event.key === 'k') move(-1);
    else if (event.key === '?') document.getElementById('keys-dialog')?.showModal();
    else if ('arseoxu'.includes(event.key) && event.key.length === 1) press(event.key);
    else return;
    event.preventDefault();
  }, on);

  if (choice) {
    choice.checked = !areOff();
    choice.addEventListener('change', () => {
      document.cookie = `${cookie}=${choice.checked ? 'on' : 'off'};path=/;max-age=31536000;samesite=lax${location.protocol === 'https:' ? ';secure' : ''}`;
      say(choice.checked ? 'Single keys are on.' : 'Single keys are off.');
    }, on);
  }

  settle(false);
  box.dataset.keys = 'ready';
  return { dispose() { life.abort(); drawn.disconnect(); } };
}
