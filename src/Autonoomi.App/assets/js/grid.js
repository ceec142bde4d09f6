// A server-rendered table of any length: tells the server which rows come into view, and moves by keyboard without asking it.
export function attach(id, page) {
  const box = document.getElementById(id);
  if (!box) return null;
  const card = box.closest('.grid-card'), body = box.querySelector('tbody'), head = box.querySelector('thead');
  const life = new AbortController(), on = { signal: life.signal };
  const rowHeight = () => body.querySelector('tr[aria-rowindex]')?.getBoundingClientRect().height || 34;
  const rowCount = () => Number(box.querySelector('table').getAttribute('aria-rowcount')) - 1;
  const frozen = () => body.querySelector('tr[aria-rowindex] td')?.offsetWidth ?? 0;
  const at = { row: 0, column: 0 };
  let asked = -1, pending = 0;

  const ask = () => {
    pending = 0;
    const top = Math.floor(box.scrollTop / rowHeight());
    if (Math.abs(top - asked) < 8 && asked >= 0) return;
    asked = top;
    page.invokeMethodAsync('Show', top, Math.round(rowHeight())).catch(() => { });
  };
  box.addEventListener('scroll', () => { pending ||= requestAnimationFrame(ask); }, { passive: true, ...on });

  // One cell is in the tab order; it is found again after the server has drawn new rows.
  let cell = null;
  const settle = focus => {
    const row = body.querySelector(`tr[aria-rowindex="${at.row + 2}"]`);
    const next = row?.cells[at.column] ?? null;
    if (cell && cell !== next) { cell.removeAttribute('tabindex'); cell.classList.remove('at'); }
    cell = next;
    if (!cell) return false;
    cell.tabIndex = 0;
    if (focus) { cell.classList.add('at'); cell.focus({ preventScroll: true }); }
    return true;
  };
  let wanted = false;
  const drawn = new MutationObserver(() => {
    const lost = !cell?.isConnected;
    if (lost && rowCount() <= at.row) at.row = 0;
    if (lost || wanted) { if (settle(wanted) && wanted) wanted = false; }
  });
  drawn.observe(body, { childList: true });

  const move = (row, column) => {
    at.row = Math.max(0, Math.min(rowCount() - 1, row));
    at.column = Math.max(0, Math.min(head.rows[0].cells.length - 1, column));
    const height = rowHeight(), top = at.row * height, view = box.clientHeight - head.offsetHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + height > box.scrollTop + view) box.scrollTop = top + height - view;
    wanted = !settle(true);
    if (wanted) { asked = -1; ask(); }
    else if (at.column > 0) {
      const left = cell.offsetLeft, right = left + cell.offsetWidth;
      if (left < box.scrollLeft + frozen()) box.scrollLeft = left - frozen();
      else if (right > box.scrollLeft + box.clientWidth) box.scrollLeft = right - box.clientWidth;
    }
  };

  const copy = async () => {
    const text = await page.invokeMethodAsync('Copied', at.row).catch(() => '');
    if (text) await navigator.clipboard?.writeText(text).catch(() => { });
  };
  card.addEventListener('click', event => { if (event.target.closest('[data-copy-rows]')) copy(); }, on);

  // Typing over a value: the field floats above the cell, so that the server may draw the row anew beneath it.
  let field = null;
  const close = () => { const open = field; field = null; open?.remove(); };
  const edit = (td, text) => {
    close();
    const row = Number(td.parentElement.dataset.row), column = td.dataset.edit, place = td.getBoundingClientRect(), edges = card.getBoundingClientRect();
    field = document.createElement('input');
    field.className = 'type-over';
    field.setAttribute('aria-label', `New value of ${head.rows[0].cells[td.cellIndex].textContent.trim()} for ${td.parentElement.querySelector('.name')?.textContent.trim()}`);
    field.maxLength = 40;
    field.autocomplete = 'off';
    field.value = text;
    field.style.left = `${Math.max(0, place.right - edges.left - 130)}px`;
    field.style.top = `${place.top - edges.top}px`;
    field.addEventListener('keydown', event => {
      event.stopPropagation();
      if (event.key === 'Escape') { close(); settle(true); }
      if (event.key !== 'Enter') return;
      const typed = field.value;
      close();
      settle(true);
      page.invokeMethodAsync('Edit', row, column, typed).catch(() => { });
    });
    field.addEventListener('blur', close);
    card.append(field);
    field.focus();
    if (!text) return;
    field.setSelectionRange(text.length, text.length);
  };
  body.addEventListener('dblclick', event => { const td = event.target.closest('td[data-edit]'); if (td) edit(td, ''); }, on);

  // A row leads on by its own link, or opens beside the sheet.
  const open = row => {
    const link = row?.querySelector('a[data-open]');
    if (link) { link.click(); return; }
    if (row?.dataset.row) page.invokeMethodAsync('Open', Number(row.dataset.row)).then(() => document.getElementById('panel-title')?.focus()).catch(() => { });
  };
  body.addEventListener('click', event => {
    const clicked = event.target.closest('td');
    if (!clicked?.parentElement.dataset.row || (getSelection()?.toString() && !event.target.closest('.tick'))) return;
    at.row = Number(clicked.parentElement.getAttribute('aria-rowindex')) - 2;
    at.column = clicked.cellIndex;
    if (event.target.closest('.tick')) { page.invokeMethodAsync('Tick', at.row, event.shiftKey).catch(() => { }); settle(true); return; }
    if (event.target.closest('a, input, button')) return;
    if (event.shiftKey) { settle(true); page.invokeMethodAsync('Tick', at.row, true).catch(() => { }); return; }
    settle(true);
    if (!clicked.parentElement.querySelector('a[data-open]')) open(clicked.parentElement);
  }, on);
  box.addEventListener('keydown', event => {
    if (!event.target.closest('td')) return;
    const page1 = Math.max(1, Math.floor((box.clientHeight - head.offsetHeight) / rowHeight()) - 1);
    if (cell?.dataset.edit && !event.ctrlKey && !event.metaKey && !event.altKey && (event.key === 'F2' || /^[0-9.+=-]$/.test(event.key))) {
      event.preventDefault();
      edit(cell, event.key === 'F2' ? '' : event.key);
      return;
    }
    const steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1], PageDown: [page1, 0], PageUp: [-page1, 0] }[event.key];
    if (steps) {
      const from = at.row;
      move(at.row + steps[0], at.column + steps[1]);
      if (event.shiftKey && steps[0]) page.invokeMethodAsync('Extend', from, at.row).catch(() => { });
    }
    else if (event.key === 'Home') move(event.ctrlKey ? 0 : at.row, event.ctrlKey ? at.column : 0);
    else if (event.key === 'End') move(event.ctrlKey ? rowCount() - 1 : at.row, event.ctrlKey ? at.column : head.rows[0].cells.length - 1);
    else if (event.key === 'Enter') open(cell?.parentElement);
    else if (event.key === ' ') page.invokeMethodAsync('Tick', at.row, event.shiftKey).catch(() => { });
    else if ((event.ctrlKey || event.metaKey) && event.key === 'a') page.invokeMethodAsync('TickAll').catch(() => { });
    else if ((event.ctrlKey || event.metaKey) && event.key === 'c' && !getSelection()?.toString()) copy();
    else return;
    event.preventDefault();
  }, on);
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && (box.contains(event.target) || event.target.closest?.('.board .panel'))) document.querySelector('.board .panel .icon-btn')?.click();
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('input, textarea, select, [contenteditable], dialog')) return;
    if (event.key === '/') { event.preventDefault(); card.querySelector('.find input')?.focus(); }
    if (event.key === 'f') { event.preventDefault(); card.querySelector('[data-key="f"]')?.click(); }
  }, on);

  settle(false);
  ask();
  return {
    focus: () => settle(true),
    preview() { const dialog = document.getElementById('grid-preview'); if (dialog && !dialog.open) dialog.showModal(); },
    dispose() { close(); life.abort(); drawn.disconnect(); cancelAnimationFrame(pending); },
  };
}
