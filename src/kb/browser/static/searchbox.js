// The search box in every page's header: results while typing, all by keyboard, all in the address.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const box = document.getElementById("kb-find");
  if (!box) return;
  const whole = box.closest(".kb-find");
  const panel = document.getElementById("kb-found");
  const aloud = whole.querySelector("[aria-live]");
  const FIRST = 10;
  const MORE = 20;
  const FACETS = ["kind", "industry", "channel", "type", "step", "outcome"];
  const view = KB.foundPanel(panel, { filter, more, forget, desk });
  const { list } = view;

  let filters = {};
  let limit = FIRST;
  let chosen = null; // the node of an option
  let asked = 0;
  let shown = null; // the query that the hits answer
  let running = Promise.resolve();

  // The panel

  function open(yes) {
    panel.hidden = !yes;
    box.setAttribute("aria-expanded", String(yes));
    if (!yes) choose(null);
  }

  /** The reader closes the panel: coming back, it stays closed. */
  function dismiss() {
    asked += 1; // what is being looked up would open it again
    list.removeAttribute("aria-busy");
    if (panel.hidden) return;
    open(false);
    keep({ open: false });
  }

  function choose(item) {
    if (chosen && chosen !== item) chosen.setAttribute("aria-selected", "false");
    chosen = item;
    if (!item) {
      box.removeAttribute("aria-activedescendant");
      return;
    }
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", item.id);
  }

  let telling;
  /** For screen readers, when typing has paused. */
  function tell(line) {
    clearTimeout(telling);
    telling = setTimeout(() => { aloud.textContent = line; }, 600);
  }

  // The address and what the browser keeps with it

  // A page with filters of its own has taken some of the names.
  const taken = new Set(Array.from(document.querySelectorAll("[data-kb-filter] select"), (s) => s.name));
  const nameOf = (field) => (taken.has(field) ? `q-${field}` : field);

  /** Write query and filters into the address, and `more` beside it. */
  function keep(more) {
    const url = new URL(location.href);
    const put = (name, value) => (value ? url.searchParams.set(name, value) : url.searchParams.delete(name));
    put("q", box.value.trim());
    for (const field of FACETS) put(nameOf(field), box.value.trim() && filters[field]);
    const state = { ...history.state, kbFind: { limit, ...more } };
    // Chromium refuses more than some hundred changes a minute; the address is a convenience.
    try { history.replaceState(state, "", url); } catch (e) { /* next key */ }
  }

  /** The box as the address says: a shared link, or the way back. */
  async function restore() {
    const given = new URL(location.href).searchParams;
    const was = (history.state && history.state.kbFind) || {};
    const query = given.get("q") || "";
    if (!query && !box.value) return;
    box.value = query;
    filters = {};
    for (const field of FACETS) {
      const label = query && given.get(nameOf(field));
      if (label) filters[field] = label;
    }
    limit = Number.isInteger(was.limit) ? Math.min(Math.max(was.limit, FIRST), 1000) : FIRST;
    if (!query || was.open === false) {
      shown = null;
      open(false);
      return;
    }
    await run();
    box.focus({ preventScroll: true });
    const again = view.options().find((item) => item.dataset.key === was.chosen);
    if (again) choose(again);
    if (was.top) list.scrollTop = was.top;
  }

  // Searches made before, on this machine only

  const RECENT = "kb-searches";
  const MOST = 8;

  function recent() {
    try {
      const kept = JSON.parse(KB.store.get(RECENT));
      return kept.filter((q) => typeof q === "string" && q.trim() && q.length <= 200).slice(0, MOST);
    } catch (e) { // nothing kept, or something else
      return [];
    }
  }

  function record(query) {
    if (query) KB.store.set(RECENT, JSON.stringify([query, ...recent().filter((q) => q !== query)].slice(0, MOST)));
  }

  function forget() {
    KB.store.set(RECENT, "[]");
    open(false);
    box.focus();
  }

  function offerRecent() {
    const queries = recent();
    shown = null;
    choose(null);
    if (queries.length) view.earlier(queries);
    else view.say("", false);
    open(queries.length > 0 && document.activeElement === box);
  }

  // Asking

  function run() {
    running = answer();
    return running;
  }

  async function answer() {
    const query = box.value;
    const mine = ++asked;
    if (!query.trim()) {
      filters = {};
      keep();
      offerRecent();
      return;
    }
    keep({ open: true });
    list.setAttribute("aria-busy", "true");
    const slow = setTimeout(() => {
      if (mine !== asked) return;
      view.say("正在查 …", true);
      open(true);
    }, 200);
    try {
      const engine = await KB.openSearch();
      // An address can name anything.
      for (const field of Object.keys(filters)) if (!engine.labelNames(field).has(filters[field])) delete filters[field];
      const found = await engine.search(query, { limit, filters });
      if (mine !== asked) return; // more was typed meanwhile
      draw(query, found, (field) => engine.labelNames(field));
    } catch (error) {
      if (mine !== asked) return;
      shown = null;
      choose(null);
      view.say("索引没有打开。请确认整个文件夹都在，再刷新这一页。", false);
      tell("索引没有打开。");
    } finally {
      clearTimeout(slow);
    }
    list.removeAttribute("aria-busy");
    open(true);
  }

  function draw(query, found, names) {
    const fresh = shown !== query;
    shown = query;
    tell(view.answer(found, filters, names));
    if (chosen && chosen.parentNode !== list) choose(null);
    if (fresh && !chosen) list.scrollTop = 0;
  }

  function typed() {
    limit = FIRST;
    run();
  }

  function filter(field, label) {
    if (field) filters = { ...filters, [field]: label };
    for (const name of Object.keys(filters)) if (!field || !filters[name]) delete filters[name];
    limit = FIRST;
    if (!field) box.focus(); // the button goes
    run();
  }

  /** More hits; the first of them is chosen. */
  async function more() {
    const before = view.options().length;
    limit += MORE;
    const focused = document.activeElement !== box;
    await run();
    const options = view.options();
    // The button moves on or goes: the first new hit is where reading goes on.
    if (focused) box.focus({ preventScroll: true });
    if (options.length > before) choose(options[before]);
  }

  function desk() {
    // Not in the address: it may be what a customer said.
    KB.visit.set("kb-said", box.value.trim());
  }

  // Opening

  /** What has to be remembered before a hit is opened. */
  function leave(item) {
    if (shown === null) return;
    record(shown.trim());
    keep({ open: true, chosen: item.dataset.key, top: list.scrollTop });
  }

  function pick(item, elsewhere) {
    const link = item.querySelector("a");
    if (shown === null) { // a search made before
      box.value = link.textContent;
      choose(null);
      typed();
    } else if (elsewhere) {
      leave(item);
      window.open(link.href, "_blank", "noopener");
    } else link.click();
  }

  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (!item) return;
    if (shown === null) {
      event.preventDefault();
      pick(item);
      box.focus();
      return;
    }
    leave(item);
    // A deep link leads to this page too: close what would cover it.
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) open(false);
  });
  list.addEventListener("auxclick", (event) => {
    const item = event.button === 1 && event.target.closest("li");
    if (item) leave(item);
  });

  // Keys

  /** Open what is chosen, or the first hit, of the query as it stands in the box. */
  async function enter(elsewhere) {
    if (panel.hidden && !list.hasAttribute("aria-busy")) {
      if (shown === box.value) open(true);
      else run();
      return;
    }
    const item = chosen;
    await running; // the hits may still answer what was typed before
    if (shown !== box.value) return;
    const options = view.options();
    const target = item && options.includes(item) ? item : !item && options[0];
    if (target) pick(target, elsewhere);
  }

  function move(by) {
    const options = view.options();
    const at = options.indexOf(chosen);
    if (panel.hidden) open(true);
    if (by === 1 && at >= 0 && at === options.length - 1 && panel.querySelector(".kb-more")) more();
    else if (Math.abs(by) === 1) choose(options[(at + by + options.length + (at < 0 && by < 0 ? 1 : 0)) % options.length]);
    else choose(options[Math.min(Math.max(at + by, 0), options.length - 1)]);
  }

  const MOVES = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 };

  box.addEventListener("keydown", (event) => {
    // Safari ends the composition before the key that ended it; 229 says that it was one.
    if (event.isComposing || event.keyCode === 229) return;
    if (MOVES[event.key] && list.children.length) move(MOVES[event.key]);
    else if (event.key === "Enter" && box.value.trim()) enter(event.ctrlKey || event.metaKey);
    else if (event.key === "Enter" && chosen) pick(chosen);
    else if (event.key === "Escape" && !panel.hidden) dismiss();
    else if (event.key === "Escape" && box.value) {
      box.value = "";
      typed();
    } else if (event.key === "Escape") box.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    box.focus();
    dismiss();
  });

  document.addEventListener("keydown", (event) => {
    const busy = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !busy && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });

  // While an input method is composing, the letters are not yet the reader's words.
  let composing = false;
  box.addEventListener("compositionstart", () => { composing = true; });
  box.addEventListener("compositionend", () => { composing = false; typed(); });
  box.addEventListener("input", () => { if (!composing) typed(); });

  box.addEventListener("focus", () => {
    KB.openSearch().catch(() => {});
    if (!box.value.trim()) offerRecent();
    else if (shown === box.value) open(true);
    else run();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest(".kb-find")) dismiss();
  });
  whole.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !whole.contains(event.relatedTarget)) dismiss();
  });

  window.addEventListener("popstate", restore);
  // Pages that the browser had only put aside come back as they were left: with the panel closed.
  window.addEventListener("pageshow", (event) => { if (event.persisted) restore(); });
  restore();
})();
