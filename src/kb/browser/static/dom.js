// Small helpers for drawing, shared by the pages and the notebook's desk; text never becomes HTML.
(function () {
  "use strict";
  const KB = (globalThis.KB = globalThis.KB || {});

  /** Put a text on the clipboard; resolves to whether it worked. */
  KB.copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (e) {
      // Older browsers, and pages opened from a folder in some of them.
      const before = document.activeElement;
      const area = document.createElement("textarea");
      area.value = text;
      area.style.position = "fixed";
      area.style.opacity = "0";
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      if (before && before.focus) before.focus({ preventScroll: true });
      return done;
    }
  };

  /** Copy and say so on the button for a moment; resolves to whether it worked. */
  KB.copyFrom = async (button, text) => {
    const word = button.dataset.word || (button.dataset.word = button.textContent);
    const done = await KB.copy(text);
    button.textContent = done ? "已复制" : "请手动复制";
    clearTimeout(button.kbTimer);
    button.kbTimer = setTimeout(() => { button.textContent = word; }, 1500);
    return done;
  };

  /** The button's own word again, at once: what stands beside it now was not copied. */
  KB.uncopied = (button) => {
    clearTimeout(button.kbTimer);
    if (button.dataset.word) KB.write(button, button.dataset.word);
  };

  /**
   * Call `typed` with the text of a box after every change, but never in the middle of a composition.
   *
   * Returns whether an input method is composing: whoever sets the box's value then breaks what is
   * being written, and the browser may never say that the composition ended.
   */
  KB.typing = (box, typed) => {
    let composing = false;
    const settled = () => { composing = false; typed(box.value); };
    box.addEventListener("compositionstart", () => { composing = true; });
    box.addEventListener("compositionend", settled);
    box.addEventListener("input", (event) => { if (event.isComposing) composing = true; else settled(); });
    box.addEventListener("blur", () => { if (composing) settled(); });
    return () => composing;
  };

  /** An element with attributes and children; text never becomes HTML. */
  KB.el = (tag, attributes, ...children) => {
    const el = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === false || value == null) continue;
      if (key.startsWith("on")) el.addEventListener(key.slice(2), value);
      else if (key === "class") el.className = value;
      else el.setAttribute(key, value === true ? "" : value);
    }
    el.append(...children.flat().filter((c) => c != null && c !== false));
    return el;
  };

  /** `text` as nodes; blanks such as {单号} stand out, so that nobody reads them aloud. */
  KB.withBlanks = (text) => text.split(/(\{[^{}]*\})/).map((part) =>
    /^\{.*\}$/.test(part) ? KB.el("span", { class: "kb-blank" }, part.slice(1, -1)) : part);

  /** `text` as nodes, the code point spans `[start, end, title?]` of `marks` inside <mark>. */
  KB.marked = (text, marks) => {
    const chars = Array.from(text);
    const nodes = [];
    let at = 0;
    for (const [start, end, title] of marks) {
      if (start < at) continue;
      if (start > at) nodes.push(chars.slice(at, start).join(""));
      nodes.push(KB.el("mark", { title }, chars.slice(start, end).join("")));
      at = end;
    }
    nodes.push(chars.slice(at).join(""));
    return nodes;
  };

  /** Set the text of a node if it is another one: what did not change is not drawn again. */
  KB.write = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  /** The children of a node, one for each item, made anew only where the item's key is another. */
  KB.rows = (parent, items, keyOf, make) => {
    items.forEach((item, i) => {
      const key = keyOf(item);
      const old = parent.children[i];
      if (old && old.kbKey === key) return;
      const node = make(item, i);
      node.kbKey = key;
      if (old) old.replaceWith(node);
      else parent.append(node);
    });
    while (parent.children.length > items.length) parent.lastElementChild.remove();
  };

  /** Give a text or a blob to the person as a file; the browser keeps it where it keeps downloads. */
  KB.download = (name, content, type = "application/json") => {
    const file = content instanceof Blob ? content : new Blob([content], { type: `${type};charset=utf-8` });
    const url = URL.createObjectURL(file);
    const link = KB.el("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };
})();
