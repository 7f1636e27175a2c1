// The search box in every page's header: results while typing, all by keyboard, ?q= in the address.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const box = document.getElementById("kb-find");
  if (!box) return;
  const panel = document.getElementById("kb-found");
  const list = document.getElementById("kb-hits");
  const state = panel.querySelector(".kb-found-state");
  const LIMIT = 10;
  let chosen = -1;
  let asked = 0;

  function open(yes) {
    panel.hidden = !yes;
    box.setAttribute("aria-expanded", String(yes));
    if (!yes) choose(-1);
  }

  function choose(place) {
    chosen = place;
    Array.from(list.children).forEach((item, i) => {
      item.setAttribute("aria-selected", String(i === place));
      if (i === place) item.scrollIntoView({ block: "nearest" });
    });
    if (place < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", list.children[place].id);
  }

  function remember(query) {
    const url = new URL(location.href);
    if (query) url.searchParams.set("q", query);
    else url.searchParams.delete("q");
    // Chromium refuses more than some hundred changes a minute; the address is a convenience.
    try { history.replaceState(history.state, "", url); } catch (e) { /* next key */ }
  }

  /** What was done to the query, in words. */
  function said({ kind, typed, meant }) {
    const words = meant.slice(0, 3).map((word) => `“${word}”`).join("、");
    return kind === "slip" ? `“${typed}”也按${words}查。` : kind === "pinyin" ? `按${words}查。` : `也按${words}查。`;
  }

  function item(hit, i) {
    return KB.el("li", { id: `kb-hit-${i}`, role: "option", "aria-selected": "false" },
      KB.el("a", { href: KB.root + hit.url, tabindex: "-1" },
        KB.el("span", { class: "kb-badge" }, hit.badge),
        KB.el("b", {}, hit.title),
        KB.el("span", { class: "kb-excerpt" }, KB.marked(hit.excerpt, hit.marks)),
        hit.also.length > 0 && KB.el("span", { class: "kb-also" }, "同页：", hit.also.map((a) => a.title).join("、"))));
  }

  async function run() {
    const query = box.value;
    const mine = ++asked;
    remember(query.trim());
    if (!query.trim()) {
      list.replaceChildren();
      open(false);
      return;
    }
    const slow = setTimeout(() => {
      state.textContent = "正在打开索引 …";
      open(true);
    }, 200);
    try {
      const engine = await KB.openSearch();
      if (mine !== asked) return;
      const found = await engine.search(query, { limit: LIMIT });
      if (mine !== asked) return;
      list.replaceChildren(...found.results.map(item));
      state.textContent = [found.total
        ? `${found.total} 条结果${found.total > LIMIT ? `，先列 ${LIMIT} 条` : ""}`
        : "没有找到。换个说法，少打几个字，或到应答台直接描述客户的话。", ...found.notes.map(said)].join(" ");
    } catch (error) {
      list.replaceChildren();
      state.textContent = "索引没有打开。请确认整个文件夹都在，再刷新这一页。";
    } finally {
      clearTimeout(slow);
    }
    if (mine === asked) {
      choose(-1);
      open(true);
    }
  }

  // While an input method is composing, the letters are not yet the reader's words.
  let composing = false;
  box.addEventListener("compositionstart", () => { composing = true; });
  box.addEventListener("compositionend", () => { composing = false; run(); });
  box.addEventListener("input", () => { if (!composing) run(); });
  box.addEventListener("focus", () => {
    KB.openSearch().catch(() => {});
    if (list.children.length) open(true);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const count = list.children.length;
    if (event.key === "ArrowDown" && count) choose((chosen + 1) % count);
    else if (event.key === "ArrowUp" && count) choose((chosen - 1 + count) % count);
    else if (event.key === "Enter" && count) {
      list.children[Math.max(chosen, 0)].querySelector("a").click();
    } else if (event.key === "Escape") {
      if (panel.hidden) box.blur();
      open(false);
      return;
    } else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const busy = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !busy && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest(".kb-find")) open(false);
  });
  // A deep link leads to this page too: close what would cover it.
  list.addEventListener("click", () => open(false));

  const given = new URL(location.href).searchParams.get("q");
  if (given) {
    box.value = given;
    run();
  }
})();
