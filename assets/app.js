// Checkride enhancement layer. Every feature here has a working form without JavaScript.
(() => {
  'use strict';
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // What has no other sign on the page is said to screen readers.
  const live = document.createElement('div');
  live.className = 'vh';
  live.setAttribute('role', 'status');
  document.body.append(live);
  const say = (words) => {
    live.textContent = '';
    requestAnimationFrame(() => { live.textContent = words; });
  };

  // 1. A form with data-swap="id": fetch the answer, replace that one element, keep URL and focus right.
  //    The server answers 200, or 409 or 422 for a form that came back, with HTML; or 204 with X-Location when the work goes on at another page.
  const here = () => location.pathname + location.search;
  let shown = here(), latest = 0;

  async function swap(url, init, id) {
    const turn = ++latest;
    const res = await fetch(url, { ...init, headers: { 'X-Fragment': id }, credentials: 'same-origin' });
    const onward = res.headers.get('x-location');
    if (onward) { location.assign(onward); return; }
    if (!res.headers.get('content-type')?.startsWith('text/html') || ![200, 409, 422].includes(res.status)) throw new Error(`status ${res.status}`);
    const doc = new DOMParser().parseFromString(await res.text(), 'text/html');
    if (turn !== latest) return;                      // a later request overtook this one
    const now = document.getElementById(id), next = doc.getElementById(id);
    if (res.status === 409 && !next?.querySelector('form[data-swap]')) throw new Error('the form is gone');
    if (!now || !next) { location.assign(res.url); return; }
    const focused = now.contains(document.activeElement) ? document.activeElement.id : '';
    now.replaceWith(next);
    if (doc.title) document.title = doc.title;
    if (res.status === 200 && res.url !== location.href) { history.pushState(null, '', res.url); shown = here(); }
    if (res.status !== 200) all('form[data-guard]', next).forEach((f) => { f.dataset.dirty = '1'; });
    ready(next);
    const first = next.querySelector('[autofocus]') || (focused && document.getElementById(focused));
    if (first) first.focus();
    else { if (next.tabIndex < 0) next.tabIndex = -1; next.focus({ preventScroll: true }); }
    const flash = next.querySelector('[role="status"]');
    if (flash) say(flash.innerText);
  }
  addEventListener('popstate', () => { if (here() !== shown) location.reload(); });   // not for #fragments

  // 2. No form is sent twice. The server's form key is the guarantee, this is the courtesy.
  document.addEventListener('submit', (e) => {
    const form = e.target, by = e.submitter;
    const get = (form.getAttribute('method') || 'get').toLowerCase() === 'get';
    if (e.defaultPrevented) return;
    if (form.dataset.busy) { e.preventDefault(); return; }
    if (!get) form.dataset.busy = '1';                // asking twice does no harm
    delete form.dataset.dirty;
    if (!form.dataset.swap) { setTimeout(() => delete form.dataset.busy, 4000); return; }
    e.preventDefault();
    const body = new URLSearchParams(new FormData(form, by));
    const url = new URL(by?.getAttribute('formaction') || form.getAttribute('action') || '', location.href);
    if (get) url.search = body;
    by?.setAttribute('aria-disabled', 'true');
    say(get ? 'Loading' : 'Saving');
    const done = () => { delete form.dataset.busy; by?.removeAttribute('aria-disabled'); };
    swap(url, get ? {} : { method: 'POST', body }, form.dataset.swap).then(done, () => {
      done();
      delete form.dataset.swap;                       // the browser takes over
      if (by) form.requestSubmit(by); else form.requestSubmit();
    });
  });
  addEventListener('pageshow', (e) => { if (e.persisted) all('form[data-busy]').forEach((f) => delete f.dataset.busy); });
  //    Back and Forward show a kept page as it was. It asks for itself again, unless something was typed that it would lose.
  const [opened] = performance.getEntriesByType('navigation');
  const isOld = (e) => e.persisted || (opened?.type === 'back_forward' && opened.transferSize === 0);
  addEventListener('pageshow', (e) => { if (isOld(e) && !document.querySelector('form[data-dirty]')) location.reload(); });

  // 3. Filters (data-autosubmit) apply themselves; the button stays for everyone else.
  //    Back shows what the address says, not what was chosen on the way out.
  addEventListener('pageshow', () => all('form[data-autosubmit]').forEach((f) => f.reset()));
  //    A form with data-guard warns before what was typed is lost.
  const touched = (e) => { const form = e.target.form; if (form?.matches('[data-guard]')) form.dataset.dirty = '1'; };
  document.addEventListener('input', touched);
  //    A sentence says until which day, as its field (data-until) holds it.
  const longDay = (day) => new Date(day).toUTCString().slice(5, 16).replace(/^0/, '');   // 29 Nov 2027
  document.addEventListener('input', (e) => {
    for (const told of all('[data-until]')) {
      if (told.dataset.until !== e.target.id) continue;
      const day = Date.parse(e.target.value);
      told.textContent = day ? `until ${longDay(day)}` : 'with no end date';
    }
  });
  document.addEventListener('change', (e) => {
    touched(e);
    if (e.target.form?.matches('[data-autosubmit]')) e.target.form.requestSubmit();
  });
  //    The bar that saves an assessment counts what is new in it.
  const isNew = ({ type, name, value, checked, defaultValue, defaultChecked }) => (type === 'radio' || type === 'checkbox' ? /^(level|again)-/.test(name) && checked !== defaultChecked : name.startsWith('note-') && value !== defaultValue);
  document.addEventListener('input', (e) => {
    const told = e.target.form?.querySelector('[data-changes]');
    if (!told) return;
    const n = all('fieldset.rub', e.target.form).filter((rub) => all('input', rub).some(isNew)).length;
    told.textContent = n === 0 ? '' : n === 1 ? '1 change' : `${n} changes`;
  });
  //    A file chosen in a field with data-into is read into the field of that id.
  document.addEventListener('change', async (e) => {
    const into = e.target.dataset?.into && document.getElementById(e.target.dataset.into), file = into && e.target.files[0];
    if (file) into.value = await file.text();
  });
  addEventListener('beforeunload', (e) => { if (document.querySelector('form[data-dirty]')) e.preventDefault(); });

  // 4. Keys. Ctrl+Enter (or Cmd+Enter) saves the form you are in.
  document.addEventListener('keydown', (e) => {
    if (!(e.ctrlKey || e.metaKey) || e.key !== 'Enter' || !e.target.form) return;
    e.preventDefault();
    e.target.form.requestSubmit(e.target.form.querySelector('button.pri'));
  });
  //    Arrow keys move between the cells of the board; the Tab order and the table stay as they are.
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  document.addEventListener('keydown', (e) => {
    const link = e.target.closest?.('.board a'), step = steps[e.key];
    if (!link || !step || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return;
    const cell = link.closest('td,th'), rows = cell.closest('table').rows;
    for (let r = cell.parentNode.rowIndex + step[0], c = cell.cellIndex + step[1]; rows[r]?.cells[c]; r += step[0], c += step[1]) {
      const next = rows[r].cells[c].querySelector('a');
      if (next) { e.preventDefault(); next.focus(); return; }
    }
  });

  // 5. Relative times. The server wrote them; a page left open into another day brings them up to date.
  const zone = document.documentElement.dataset.zone || 'UTC';
  const format = (options) => { try { return new Intl.DateTimeFormat('en-CA', { ...options, timeZone: zone }); } catch { return new Intl.DateTimeFormat('en-CA', options); } };
  const iso = format({ year: 'numeric', month: '2-digit', day: '2-digit' });
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'auto' });
  //    A time without a clock is a UTC day and counts from the UTC day; a moment counts from the day of the zone.
  const utcDay = (at) => at.toISOString().slice(0, 10), zoneDay = (at) => iso.format(at);
  const days = () => [utcDay, zoneDay].map((day) => day(new Date())).join();
  let today = days();
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || days() === today) return;
    today = days();
    for (const t of all('time[data-rel]')) {
      const day = t.dateTime.length === 10 ? utcDay : zoneDay, rel = t.nextElementSibling;
      const ahead = Math.round((Date.parse(day(new Date(t.dateTime))) - Date.parse(day(new Date()))) / 864e5);
      if (rel?.matches('.sub') && Math.abs(ahead) < 45) rel.textContent = words.format(ahead, 'day');
    }
  });

  // 6. What depends on the page as it is drawn: a table that fits needs no tab stop, and gets it back when it does not
  //    fit any more; print buttons and grips work with a script only; the time zone of somebody new is that of their
  //    machine until they say otherwise.
  const stops = new WeakMap();
  const fit = (box) => {
    const fits = box.scrollWidth <= box.clientWidth;
    if (fits && box === document.activeElement) return;   // the focus is not taken away
    for (const [name, value] of stops.get(box)) {
      if (fits) box.removeAttribute(name); else box.setAttribute(name, value);
    }
  };
  const sizes = new ResizeObserver((changes) => changes.forEach((change) => fit(change.target.closest('.scroll'))));
  function ready(root) {
    for (const box of all('.scroll[tabindex]', root)) {
      stops.set(box, ['tabindex', 'role', 'aria-labelledby'].filter((name) => box.hasAttribute(name)).map((name) => [name, box.getAttribute(name)]));
      fit(box);
      [box, ...box.children].forEach((part) => sizes.observe(part));
    }
    for (const thing of all('button[data-print], button[data-copy], [data-grip]', root)) thing.hidden = false;
    for (const field of all('input[data-zone-here]', root)) {
      if (field.value === 'UTC') field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
    }
    all('[data-limit]', root).forEach(count);
    // A page that the browser keeps is shown more than once, also in two tabs: each time its forms have keys of their own.
    const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    for (const field of all('input[name="form_key"]', root)) field.value = key + field.value.slice(key.length);
  }
  //    Nothing is cut: near its limit (data-limit, in characters) a field says how many it holds.
  function count(field) {
    const limit = Number(field.dataset.limit), held = [...field.value.trim().normalize()].length;
    let told = field.nextElementSibling?.matches('[data-count]') ? field.nextElementSibling : null;
    if (held * 5 < limit * 4) { told?.remove(); return; }
    if (!told) {
      told = document.createElement('span');
      told.dataset.count = '';
      field.after(told);
    }
    told.className = held > limit ? 'err' : 'hint';
    told.textContent = `${held.toLocaleString('en')} of ${limit.toLocaleString('en')} characters`;
    if (held > limit && field.dataset.over !== '1') say(`Too long: ${told.textContent}`);
    field.dataset.over = held > limit ? '1' : '';
  }
  document.addEventListener('input', (e) => { if (e.target.dataset?.limit) count(e.target); });
  document.addEventListener('click', (e) => { if (e.target.closest?.('button[data-print]')) print(); });

  //    What stands before a copy button is copied; where the browser keeps the clipboard from pages, it is marked.
  document.addEventListener('click', async (e) => {
    const button = e.target.closest?.('button[data-copy]'), from = button?.previousElementSibling;
    if (!from) return;
    const label = button.dataset.label ??= button.textContent;
    const tell = (words) => { button.textContent = words; say(words); setTimeout(() => { button.textContent = label; }, 2000); };
    try {
      await navigator.clipboard.writeText(from.textContent);
      tell('Copied');
    } catch {
      getSelection().selectAllChildren(from);
      tell('Marked: copy it');
    }
  });

  // 7. A line of a draft is dragged by its grip; where it is dropped is sent by the form of its buttons.
  document.addEventListener('pointerdown', (e) => {
    const grip = e.target.closest?.('[data-grip]'), row = grip?.closest('[data-line]');
    if (!row || e.button) return;
    e.preventDefault();
    grip.setPointerCapture(e.pointerId);
    row.dataset.dragged = '';
    let to = '', mark;
    const move = (e) => {
      delete mark?.dataset.drop;
      [to, mark] = ['', null];
      scrollBy(0, e.clientY < 48 ? -12 : e.clientY > innerHeight - 48 ? 12 : 0);
      const at = document.elementFromPoint(e.clientX, e.clientY), list = at?.closest('[data-group]');
      if (list?.dataset.kind !== row.parentNode.dataset.kind) return;
      const over = at.closest('[data-line]'), box = over?.getBoundingClientRect();
      const next = over && (e.clientY < box.top + box.height / 2 ? over : over.nextElementSibling);
      if (next === row || (list === row.parentNode && next === row.nextElementSibling)) return;   // where it is already
      to = next ? `before:${next.dataset.line}` : `end:${list.dataset.group}`;
      mark = next || list;
      mark.dataset.drop = next ? 'before' : 'end';
    };
    const drop = (e) => {
      grip.removeEventListener('pointermove', move);
      delete mark?.dataset.drop;
      delete row.dataset.dragged;
      if (e.type !== 'pointerup' || !to) return;
      const form = row.querySelector('form[data-order]'), field = document.createElement('input');
      Object.assign(field, { type: 'hidden', name: 'to', value: to });
      form.append(field);
      form.requestSubmit();
    };
    grip.addEventListener('pointermove', move);
    for (const end of ['pointerup', 'pointercancel']) grip.addEventListener(end, drop, { once: true });
  });

  //    A menu closes when something else is pressed, or by Escape.
  const menus = () => all('details[data-menu][open]');
  document.addEventListener('click', (e) => menus().forEach((menu) => { if (!menu.contains(e.target)) menu.open = false; }));
  document.addEventListener('keydown', (e) => {
    if (e.key === 'Escape') menus().forEach((menu) => { menu.open = false; menu.querySelector('summary').focus(); });
  });
  //    An old address looks here for what is now on a page of its own.
  const lost = location.hash.slice(1);
  const moved = lost && !document.getElementById(lost) && all('[data-holds]').find((a) => a.dataset.holds.split(' ').some((name) => lost.startsWith(name)));
  if (moved) location.replace(moved.href + location.hash);

  // 8. The bell. A page in sight asks every minute how many are unread; one that nobody looks at asks nothing.
  const bell = document.querySelector('[data-bell]');
  const listen = async () => {
    if (document.hidden) return;
    const res = await fetch(`${bell.href}/count`, { credentials: 'same-origin' }).catch(() => null);
    if (!res?.ok) return;
    const unread = await res.json(), count = bell.querySelector('.count'), words = unread < 100 ? String(unread) : '99+';
    if (count.textContent === (unread ? words : '')) return;
    count.textContent = unread ? words : '';
    count.classList.toggle('none', !unread);
    const [, error, rest] = document.title.match(/^(Error: )?(?:\(\d+\+?\) )?(.*)$/s);
    document.title = `${error || ''}${unread ? `(${words}) ` : ''}${rest}`;
  };
  if (bell) setInterval(listen, 60_000);

  //    A wallboard (data-refresh, in seconds) asks for itself again. While the server is away it stays, and says of when
  //    it is; when its address has ended it goes.
  const wall = document.querySelector('main[data-refresh]');
  const renew = async () => {
    const res = await fetch(location.href, { credentials: 'same-origin' }).catch(() => null);
    if (res?.redirected || res?.status === 404) { location.reload(); return; }
    if (!res?.ok) return;
    const doc = new DOMParser().parseFromString(await res.text(), 'text/html'), next = doc.querySelector('main[data-refresh]');
    if (next) wall.replaceChildren(...next.childNodes);
  };
  if (wall) setInterval(renew, wall.dataset.refresh * 1000);

  // 9. The search as a palette over every page: Ctrl+K (Cmd+K), or / outside fields. It shows the results of the page
  //    /search, so there is one search.
  function palette(link) {
    // A single key must be possible to switch off (WCAG 2.1.4): people who dictate say it by accident. This browser remembers.
    const SLASH = 'checkride-slash';
    const kept = () => { try { return localStorage.getItem(SLASH); } catch { return null; } };
    const slash = () => kept() !== 'off';
    for (const box of all('input[data-slash]')) {
      box.checked = slash();
      box.closest('[hidden]').hidden = false;
      box.addEventListener('change', () => {
        try { localStorage.setItem(SLASH, box.checked ? 'on' : 'off'); } catch { box.checked = slash(); }
      });
    }

    const dialog = document.createElement('dialog');
    dialog.className = 'palette';
    dialog.setAttribute('aria-label', 'Search');
    dialog.innerHTML = `<form role="search" autocomplete="off">
        <label class="vh" for="palette-q">Search</label>
        <input class="in" id="palette-q" name="q" type="text" enterkeyhint="search" maxlength="200" placeholder="Name, code or words" aria-describedby="palette-hint">
        <button class="btn" type="submit">All results</button>
      </form>
      <p class="sub" id="palette-hint"><kbd>↓</kbd> to the results, <kbd>Esc</kbd> to close</p>
      <p class="vh" role="status"></p>
      <div class="found"></div>`;
    const form = dialog.querySelector('form'), field = dialog.querySelector('input');
    const said = dialog.querySelector('[role="status"]'), found = dialog.querySelector('.found');
    form.action = link.href;
    document.body.append(dialog);

    let latest = 0, timer, asked = null;
    async function look() {
      const q = field.value.trim(), turn = ++latest;
      if (q === asked) { found.ariaBusy = 'false'; return; }
      const url = new URL(link.href);
      url.searchParams.set('q', q);
      try {
        const res = await fetch(url, { credentials: 'same-origin' });
        if (turn !== latest) return;                    // a later request overtook this one
        if (res.redirected) { location.assign(url); return; } // signed out: the page explains
        const doc = new DOMParser().parseFromString(await res.text(), 'text/html');
        if (turn !== latest) return;
        const results = doc.getElementById('results');
        if (!results) throw new Error('no results');
        asked = q;
        // The page behind may use the same names.
        for (const part of results.querySelectorAll('[id]')) part.id = `palette-${part.id}`;
        for (const part of results.querySelectorAll('[aria-labelledby]')) part.setAttribute('aria-labelledby', `palette-${part.getAttribute('aria-labelledby')}`);
        // Whoever is among the results already stays on theirs, or goes back to the field.
        const on = found.contains(document.activeElement) && document.activeElement.getAttribute('href');
        found.replaceChildren(...results.children);
        found.scrollTop = 0;
        if (on) ([...found.querySelectorAll('a')].find((a) => a.getAttribute('href') === on) || field).focus();
        said.textContent = found.querySelector('[data-said]')?.innerText || '';
      } catch {
        if (turn === latest) said.textContent = 'The search does not answer. Press Enter to try again.';
      }
      if (turn === latest) found.ariaBusy = 'false';
    }

    function open() {
      if (dialog.open) { field.select(); return; }
      dialog.showModal();
      field.value = '';
      asked = null;
      found.ariaBusy = 'true';
      look();
    }

    link.addEventListener('click', (e) => {
      if (e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || e.button) return;
      e.preventDefault();
      open();
    });
    document.addEventListener('keydown', (e) => {
      if (e.isComposing || e.altKey) return;
      const ctrl = (e.ctrlKey || e.metaKey) && !e.shiftKey && e.key.toLowerCase() === 'k';
      const typing = e.target.isContentEditable || e.target.closest?.('input, textarea, select, dialog');
      const single = e.key === '/' && !e.ctrlKey && !e.metaKey && !typing && slash();
      if (!ctrl && !single) return;
      e.preventDefault();
      open();
    });
    field.addEventListener('input', () => {
      clearTimeout(timer);
      found.ariaBusy = 'true';
      timer = setTimeout(look, 150);
    });
    // Arrows go through field and results; Enter follows the link that has the focus, or shows all results.
    dialog.addEventListener('keydown', (e) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
      if (!step || e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
      const stops = [field, ...found.querySelectorAll('a')];
      const next = stops[stops.indexOf(document.activeElement) + step];
      e.preventDefault();
      if (next) { next.focus(); next.scrollIntoView({ block: 'nearest' }); }
    });
    dialog.addEventListener('click', (e) => {
      if (e.target === dialog) { dialog.close(); return; }        // the ground around it
      if (e.target.closest('a')) dialog.close();                  // also to a place on the page below
    });
  }
  const search = document.querySelector('a[data-search]');
  if (search) palette(search);

  // 10. A form with data-mention="page" completes @names while one types, from the list of people on that page.
  const typedName = /(?:^|[\s([{"'“‘„«*_~,;:–—>])@([\p{L}\p{N}-]*)$/u;
  const people = new Map();
  const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const listed = (doc) => all('select[name="mention"] option:not([value=""])', doc).map((o) => ({ handle: o.value, label: o.textContent, key: plain(o.textContent) }));
  const peopleOf = (page) => {
    if (document.querySelector('select[name="mention"]')) return listed(document);
    if (!people.has(page)) {
      people.set(page, fetch(page, { credentials: 'same-origin' }).then((res) => res.text())
        .then((html) => listed(new DOMParser().parseFromString(html, 'text/html')))
        .catch(() => { people.delete(page); return []; }));
    }
    return people.get(page);
  };
  let names = null;                                    // the open list: its field, its lines, which one is chosen
  function closeNames() {
    if (!names) return;
    names.list.remove();
    for (const name of ['aria-controls', 'aria-activedescendant']) names.field.removeAttribute(name);
    names = null;
  }
  function chooseName(at) {
    names.at = (at + names.list.children.length) % names.list.children.length;
    [...names.list.children].forEach((line, n) => line.setAttribute('aria-selected', String(n === names.at)));
    names.field.setAttribute('aria-activedescendant', names.list.children[names.at].id);
  }
  function takeName() {
    const { field, list, at, start } = names;
    field.setRangeText(`@${list.children[at].dataset.handle} `, start, field.selectionEnd, 'end');
    closeNames();
    field.focus();
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  document.addEventListener('input', async (e) => {
    const field = e.target, page = field.matches('textarea') && field.form?.dataset.mention;
    if (!page) return;
    const find = () => typedName.exec(field.value.slice(0, field.selectionEnd))?.[1];
    const typed = find();
    if (typed === undefined) { closeNames(); return; }
    const readers = await peopleOf(page);
    if (find() !== typed) return;                      // more was typed meanwhile
    const key = plain(typed);
    const found = readers.filter((p) => p.handle.startsWith(key) || ` ${p.key}`.includes(` ${key}`)).slice(0, 6);
    closeNames();
    if (!found.length || found[0].handle === typed) return;
    const list = document.createElement('ul');
    Object.assign(list, { id: 'mention-names', className: 'mention' });
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', 'People who read this');
    for (const [n, person] of found.entries()) {
      const line = document.createElement('li');
      Object.assign(line, { id: `mention-${n}`, textContent: person.label });
      line.setAttribute('role', 'option');
      line.dataset.handle = person.handle;
      line.addEventListener('pointerdown', (e) => { e.preventDefault(); chooseName(n); takeName(); });
      list.append(line);
    }
    field.after(list);
    names = { field, list, at: 0, start: field.selectionEnd - typed.length - 1 };
    field.setAttribute('aria-controls', list.id);
    chooseName(0);
    say(`${found.length} ${found.length === 1 ? 'person' : 'people'}, ${found[0].label}`);
  });
  document.addEventListener('keydown', (e) => {
    if (!names || e.target !== names.field) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) chooseName(names.at + step);
    else if ((e.key === 'Enter' || e.key === 'Tab') && !e.ctrlKey && !e.metaKey && !e.shiftKey) takeName();
    else if (e.key === 'Escape') closeNames();
    else return;
    e.preventDefault();
  });
  document.addEventListener('focusout', (e) => { if (names?.field === e.target) closeNames(); });
  ready(document);
})();
