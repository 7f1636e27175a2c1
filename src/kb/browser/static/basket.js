// On every page: a quiet button that puts it on the draft of a reading list, the count in the header, and,
// for a reader who came from a list, the bar of that list (loaded only then).
(function () {
  "use strict";
  const KB = globalThis.KB;
  const DRAFT = "kb-draft";
  const count = document.querySelector(".kb-basket");

  // Where nothing can be stored the draft lives as long as the page.
  let memory = null;

  /** The draft: what is on it, and what the page 布置 added. */
  function draft() {
    if (memory) return JSON.parse(memory);
    try {
      const kept = JSON.parse(KB.store.get(DRAFT));
      if (kept && Array.isArray(kept.items)) return kept;
    } catch (e) { /* a fresh start */ }
    return { items: [] };
  }

  const listeners = new Set();
  const changed = () => listeners.forEach((listener) => listener());
  KB.basket = {
    draft,
    /** Change the draft as it is stored now, so that two tabs do not overwrite each other; whether it is kept. */
    change(change) {
      const now = draft();
      change(now);
      const text = JSON.stringify(now);
      KB.store.set(DRAFT, text);
      memory = KB.store.get(DRAFT) === text ? null : text;
      changed();
      return memory === null;
    },
    onChange: (listener) => listeners.add(listener),
  };
  window.addEventListener("storage", (event) => { if (event.key === DRAFT || !event.key) changed(); });

  function drawCount() {
    const { items } = draft();
    count.hidden = items.length === 0;
    count.querySelector("b").textContent = String(items.length);
  }
  listeners.add(drawCount);
  drawCount();

  for (const place of document.querySelectorAll("[data-kb-item]")) {
    const ref = place.dataset.kbItem;
    const on = () => draft().items.some((item) => item.ref === ref);
    const button = KB.el("button", { type: "button", class: "kb-copy kb-to-list" });
    const draw = () => {
      button.textContent = on() ? "✓ 已在读单" : "加入读单";
      button.setAttribute("aria-pressed", String(on()));
    };
    button.addEventListener("click", () => {
      const had = on();
      const kept = KB.basket.change((now) => {
        now.items = had ? now.items.filter((item) => item.ref !== ref) : [...now.items, { ref }];
      });
      if (!kept) button.textContent = "浏览器存不下，换页就没了";
    });
    listeners.add(draw);
    draw();
    place.append(button);
  }

  // The list that a reader is in: given in the address, remembered while the tab is open.
  const asked = new URL(location.href).searchParams.get("list");
  const reading = asked || KB.visit.get("kb-reading");
  const here = document.querySelector("[data-kb-item]");
  if (reading && here && /^[0-9a-f]{8}$/.test(reading)) {
    KB.visit.set("kb-reading", reading);
    ["train-codes.js", "train-lists.js", "receipt.js", "report.js", "train-progress.js", "train-data.js", "quiz.js", "train-bar.js"]
      .reduce((before, file) => before.then(() => KB.load(file)), Promise.resolve())
      .then(() => KB.readingBar(reading))
      .catch(() => { /* the page can be read without it */ });
  }
})();
