// Marks the words of a query on the page that a hit led to: ?mark=words in normal form, blanks between.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { el } = KB;
  const MOST = 500;
  const SKIPPED = "script, style, svg, button, select, textarea, .headerlink, [hidden], .kb-desk";
  const article = document.querySelector(".bd-article");
  const marks = [];
  let now = -1;

  /** The grams that count: pairs, whole Latin words, and characters that were typed alone. */
  function gramsOf(words) {
    const grams = new Set();
    for (const run of KB.text.runs(KB.text.normalise(words))) {
      const chars = KB.text.chars(run.text);
      if (!run.han || chars.length === 1) grams.add(run.text);
      else for (let at = 0; at + 1 < chars.length; at++) grams.add(chars[at] + chars[at + 1]);
    }
    return grams;
  }

  /** Where a text holds the grams; what touches is one. */
  function spansOf(text, wanted) {
    const normal = KB.text.normalise(text);
    const spans = [];
    for (const gram of KB.text.grams(normal)) {
      if (!wanted.has(gram.text)) continue;
      const [start, end] = KB.text.span(normal, gram.start, gram.end);
      const before = spans[spans.length - 1];
      if (before && start <= before[1]) before[1] = Math.max(end, before[1]);
      else spans.push([start, end]);
    }
    return spans;
  }

  function mark(wanted) {
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT, (node) =>
      (node.parentElement.closest(SKIPPED) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const node of texts) {
      const spans = spansOf(node.data, wanted);
      if (!spans.length || marks.length >= MOST) continue;
      // One element for one text, so that nothing around it is laid out anew.
      const marked = el("span", { class: "kb-marked" }, KB.marked(node.data, spans));
      node.replaceWith(marked);
      marks.push(...marked.querySelectorAll("mark"));
    }
  }

  function go(place, scroll) {
    if (marks[now]) marks[now].classList.remove("kb-mark-now");
    now = (place + marks.length) % marks.length;
    const mark = marks[now];
    mark.classList.add("kb-mark-now");
    for (let at = mark.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
    if (scroll) mark.scrollIntoView({ block: "center" });
    counter.textContent = `${now + 1}/${marks.length}`;
  }

  function stop() {
    for (const span of article.querySelectorAll(".kb-marked")) {
      const parent = span.parentNode;
      span.replaceWith(span.textContent);
      parent.normalize();
    }
    bar.remove();
    document.removeEventListener("keydown", escape);
    const url = new URL(location.href);
    url.searchParams.delete("mark");
    try { history.replaceState(history.state, "", url); } catch (e) { /* the address stays */ }
  }

  function escape(event) {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) stop();
  }

  /** The words as they stand on the page, the most frequent first. */
  function found() {
    const counts = new Map();
    for (const { textContent } of marks) counts.set(textContent, (counts.get(textContent) || 0) + 1);
    const words = Array.from(counts).sort((a, b) => b[1] - a[1]).map(([word]) => `“${word}”`);
    return words.slice(0, 3).join("") + (words.length > 3 ? "等" : "");
  }

  if (!article) return;
  mark(gramsOf(new URL(location.href).searchParams.get("mark").slice(0, 400)));
  if (!marks.length) return;
  const counter = el("span", { class: "kb-mark-place" });
  const button = (word, run) => el("button", { type: "button", class: "kb-ghost", onclick: run }, word);
  const bar = el("div", { class: "kb-mark-bar", role: "region", "aria-label": "标出的词" },
    el("span", { role: "status" }, `标出${found()}${marks.length} 处`), counter,
    button("上一处", () => go(now - 1, true)), button("下一处", () => go(now + 1, true)),
    button("不标了", stop), el("kbd", {}, "Esc"));
  document.body.append(bar);
  document.addEventListener("keydown", escape);
  // Where the link leads to a heading, reading goes on there; coming back, where it was.
  const place = location.hash.slice(1);
  const idOf = (hash) => { try { return decodeURIComponent(hash); } catch (e) { return hash; } };
  const target = place && document.getElementById(idOf(place));
  const [opened] = performance.getEntriesByType("navigation");
  const back = opened && opened.type !== "navigate";
  const after = target ? marks.findIndex((m) => target.compareDocumentPosition(m) & Node.DOCUMENT_POSITION_FOLLOWING) : 0;
  go(Math.max(after, 0), !target && !back);
})();
