// “我打算这样回”: the person's own draft, looked through while it is written.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const parts = (KB.deskParts = KB.deskParts || {});
  const { el } = KB;
  const CLAUSE_END = "，。！？；：,!?;:\n";

  /** Where the clause around `[start, end)` begins and ends, its closing mark left out. */
  function clauseAround(chars, start, end) {
    let [from, to] = [start, end];
    while (from > 0 && !CLAUSE_END.includes(chars[from - 1])) from--;
    while (to < chars.length && !CLAUSE_END.includes(chars[to])) to++;
    return [from, to];
  }

  /** What takes the place of what: code point span and new words. */
  function replacement(draft, remark) {
    const chars = Array.from(draft);
    const [start, end] = remark.clause ? clauseAround(chars, remark.start, remark.end) : [remark.start, remark.end];
    return { start, end, text: remark.instead };
  }

  parts.draft = (desk) => {
    const marks = el("div", { class: "kb-marks", "aria-hidden": "true" });
    const input = el("textarea", {
      class: "kb-draft-input", rows: "3", spellcheck: "false", maxlength: "2000", "aria-label": "我打算这样回",
      placeholder: "把您打算说的话写在这里，标出来的地方有更好的说法。",
    });
    const state = el("p", { class: "kb-draft-state", role: "status", "aria-live": "polite" });
    const list = el("ul", { class: "kb-lines kb-remarks" });
    const copy = el("button", { type: "button", class: "kb-copy" }, "复制");
    const count = el("span", { class: "kb-soft" });
    const node = el("details", { class: "kb-card kb-draft" },
      el("summary", {}, "我打算这样回 ", el("kbd", { class: "kb-keys" }, "Alt R"), " ", count),
      el("div", { class: "kb-said-box" }, marks, input), el("div", { class: "kb-draft-bar" }, state, copy), list);
    let remarks = [];

    /** Put `text` over a span, so that the box's own undo can take it back. */
    function put(start, end, text) {
      const chars = Array.from(input.value);
      const units = (n) => chars.slice(0, n).join("").length;
      input.focus();
      input.setSelectionRange(units(start), units(end));
      if (!document.execCommand("insertText", false, text)) {
        input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }

    function replace(remark) {
      if (!remark) return;
      const { start, end, text } = replacement(input.value, remark);
      put(start, end, desk.filled(text).text);
    }

    /** What is still to be done about a draft, in a few words. */
    function left(text) {
      const { blanks } = desk.filled(text);
      return [
        remarks.length && `${remarks.length} 处可以换个说法`,
        blanks.length && `还有空：${blanks.join("、")}`,
      ].filter(Boolean).join("，");
    }

    function draw() {
      if (composing()) return;
      const text = desk.contact.draft;
      if (input.value !== text) input.value = text;
      remarks = text.trim() ? desk.linter.find(text) : [];
      const kindOf = (r) => desk.words.reply.kinds[r.kind] || r.kind;
      marks.replaceChildren(...KB.marked(text, remarks.map((r) => [r.start, r.end, kindOf(r)])), "\n");
      marks.scrollTop = input.scrollTop;
      const todo = left(text);
      KB.write(state, text.trim() ? todo || "没有问题" : "");
      state.classList.toggle("kb-good", !todo);
      KB.write(count, node.open ? "" : state.textContent);
      copy.hidden = !text.trim();
      KB.rows(list, remarks, (r) => JSON.stringify(r), (r, i) => el("li", {},
        el("span", { class: "kb-badge", title: r.why }, kindOf(r)),
        el("span", { class: "kb-remark" }, el("s", {}, r.text), el("span", { class: "kb-instead" }, el("span", {}, parts.pieces(desk.filled(r.instead).parts))),
          el("span", { class: "kb-soft" }, r.why)),
        i === 0 && el("kbd", { class: "kb-keys", "aria-hidden": "true" }, "Alt ⏎"),
        el("button", { type: "button", class: "kb-copy", onclick: () => replace(r) }, "换上")));
    }

    const composing = KB.typing(input, desk.draftTyped);
    input.addEventListener("scroll", () => { marks.scrollTop = input.scrollTop; });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.altKey || event.isComposing) return;
      event.preventDefault();
      replace(remarks[0]);
    });
    copy.addEventListener("click", () => {
      const filled = desk.filled(input.value);
      desk.copy(copy, filled);
    });
    node.addEventListener("toggle", draw);
    return {
      node, input, draw,
      show() {
        node.open = true;
        input.focus();
        node.scrollIntoView({ block: "nearest" });
      },
    };
  };
})();
