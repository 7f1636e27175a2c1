// What the search box shows below itself: hits, what they can be narrowed by, searches made before.
// It draws and forgets nothing that stays: a hit that is still there keeps its node.
(function () {
  "use strict";
  const KB = (globalThis.KB = globalThis.KB || {});
  const { el } = KB;
  const FACETS = {
    kind: "类别", industry: "行业", channel: "渠道", type: "问题类型", step: "步骤", outcome: "结果",
  };

  /** What was done to the query, in words. */
  function said({ kind, typed, meant }) {
    const words = meant.slice(0, 3).map((word) => `“${word}”`).join("、");
    return kind === "slip" ? `“${typed}”也按${words}查。` : kind === "pinyin" ? `按${words}查。` : `也按${words}查。`;
  }

  /** The link of a hit, which tells its page what to mark. */
  function address(url, words) {
    const [page, anchor] = url.split("#");
    let mark = "";
    for (const word of words) if (mark.length + word.length < 100) mark += `${mark && " "}${word}`;
    return KB.root + page + (mark && `?mark=${encodeURIComponent(mark)}`) + (anchor ? `#${anchor}` : "");
  }

  /** Put `nodes` into `parent` in this order, moving as few as can be. */
  function arrange(parent, nodes) {
    nodes.forEach((node, i) => {
      if (parent.children[i] !== node) parent.insertBefore(node, parent.children[i] || null);
    });
    while (parent.children.length > nodes.length) parent.lastElementChild.remove();
  }

  /**
   * The panel below the box. `on.filter(field, label)` is called when something is chosen to narrow
   * the hits (an empty label: no longer), `on.more()` for more hits, `on.forget()` to forget the
   * searches made before, `on.desk()` before the desk is opened with the query.
   */
  KB.foundPanel = (panel, on) => {
    const state = panel.querySelector(".kb-found-state");
    const list = panel.querySelector("#kb-hits");
    const toggle = el("button", { type: "button", class: "kb-ghost kb-facet-toggle", "aria-expanded": "false", "aria-controls": "kb-facets", onclick: () => {
      toggle.setAttribute("aria-expanded", String(toggle.getAttribute("aria-expanded") !== "true"));
    } }, "筛选");
    const clear = el("button", { type: "button", class: "kb-ghost", onclick: () => on.filter(null, "") }, "清除筛选");
    const chips = el("span", { class: "kb-facet-chips", role: "group", "aria-label": FACETS.kind });
    const selects = new Map(Object.entries(FACETS).filter(([field]) => field !== "kind").map(([field, name]) =>
      [field, el("select", { "aria-label": name, onchange: (event) => on.filter(field, event.target.value) })]));
    const facets = el("div", { class: "kb-facets", id: "kb-facets" }, chips, ...selects.values(), clear);
    const more = el("button", { type: "button", class: "kb-ghost kb-more", onclick: () => on.more() });
    const forget = el("button", { type: "button", class: "kb-ghost", onclick: () => on.forget() }, "清除");
    const desk = el("a", { class: "kb-to-desk", href: `${KB.root}book/index.html`, onclick: () => on.desk() }, "把这句话交给应答台 →");
    const foot = el("p", { class: "kb-found-foot" });
    state.after(toggle, facets);
    list.after(foot);

    const items = new Map(); // key → {li, drawn}
    const made = new Map(); // kind → its button
    let numbered = 0;

    /** The node of a hit or an earlier search: the one that stands there already, or a new one. */
    function item(key, href, drawn, children) {
      if (!items.has(key)) {
        const id = `kb-hit-${numbered++}`;
        const li = el("li", { id, role: "option", "aria-selected": "false", "data-key": key }, el("a", { tabindex: "-1" }));
        items.set(key, { li, drawn: null });
      }
      const known = items.get(key);
      const link = known.li.firstElementChild;
      link.setAttribute("href", href);
      if (known.drawn !== drawn) link.replaceChildren(...children().filter(Boolean));
      known.drawn = drawn;
      return known.li;
    }

    function show(nodes) {
      arrange(list, nodes);
      for (const [key, { li }] of items) if (li.parentNode !== list) items.delete(key);
    }

    const badge = (word) => word && el("span", { class: "kb-badge" }, word);

    const hit = (h, words) => item(h.id, address(h.url, words), JSON.stringify([h.excerpt, h.marks, h.also]), () => [
      badge(h.badge),
      el("b", {}, h.title),
      el("span", { class: "kb-excerpt" }, KB.marked(h.excerpt, h.marks)),
      h.also.length > 0 && el("span", { class: "kb-also" }, "同页：", h.also.map((a) => a.title).join("、")),
    ]);

    const card = (doc) => item(doc.id, KB.root + doc.url, "card", () => [badge("方法"), el("b", {}, doc.title)]);

    function chip(label) {
      if (!made.has(label)) {
        made.set(label, el("button", { type: "button", class: "kb-chip", onclick: ({ currentTarget }) =>
          on.filter("kind", currentTarget.getAttribute("aria-pressed") === "true" ? "" : label) }));
      }
      return made.get(label);
    }

    /** Only what parts the hits is offered, and what was chosen, so that it can be taken back. */
    function drawFacets(found, filters, names) {
      let offered = 0;
      const values = (field) => {
        const counts = found.facets[field] || {};
        const all = Array.from(names(field)).filter(([label]) => counts[label] || filters[field] === label);
        const shown = all.length > 1 || filters[field] ? all : [];
        offered += shown.length > 0;
        return shown.map(([label, name]) => [label, name, counts[label] || 0]);
      };
      const kinds = values("kind").map(([label, name, count]) => {
        const button = chip(label);
        button.setAttribute("aria-pressed", String(filters.kind === label));
        button.replaceChildren(name, " ", el("b", {}, String(count)));
        return button;
      });
      arrange(chips, kinds);
      chips.hidden = !kinds.length;
      for (const [field, select] of selects) {
        const options = values(field).sort((a, b) => b[2] - a[2]);
        const first = el("option", { value: "" }, FACETS[field]);
        select.replaceChildren(first, ...options.map(([label, name, count]) => el("option", { value: label }, `${name}（${count}）`)));
        select.value = filters[field] || "";
        select.hidden = !options.length;
        select.classList.toggle("kb-chosen", Boolean(filters[field]));
      }
      const chosen = Object.keys(filters).length;
      clear.hidden = !chosen;
      toggle.textContent = chosen ? `筛选（${chosen}）` : "筛选";
      facets.hidden = toggle.hidden = !offered;
    }

    function noFacets() {
      facets.hidden = toggle.hidden = true;
    }

    return {
      list,
      /** All options that can be chosen. */
      options: () => Array.from(list.children),
      /** One line instead of hits; `keep` leaves the hits of before. */
      say(line, keep) {
        state.textContent = line;
        if (keep) return;
        show([]);
        noFacets();
        foot.replaceChildren();
      },
      /** The answer to a query; returns what is said of it. */
      answer(found, filters, names) {
        drawFacets(found, filters, names);
        const left = found.total - found.results.length;
        const narrowed = Object.keys(filters).length > 0;
        const line = [
          found.total ? `${found.total} 条结果${left > 0 ? `，先列 ${found.results.length} 条` : ""}。`
            : narrowed ? "这样筛选没有结果。不筛选的话，下面的方法最近。" : "没有找到。换个说法，少打几个字；下面的方法也许用得上。",
          ...found.notes.map(said)].join(" ");
        state.textContent = line;
        show(found.total ? found.results.map((h) => hit(h, found.words)) : found.nearest.map(card));
        more.textContent = left > 0 ? `再列一些（还有 ${left} 条）` : "";
        foot.replaceChildren(...[left > 0 && more, !found.total && !narrowed && desk].filter(Boolean));
        return line;
      },
      /** Searches made before; each is an option that is typed again. */
      earlier(queries) {
        noFacets();
        state.textContent = "最近搜过，只记在这台电脑：";
        show(queries.map((query) => item(`earlier ${query}`, "#", query, () => [el("b", {}, query)])));
        foot.replaceChildren(forget);
      },
    };
  };
})();
