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
      const area = document.createElement("textarea");
      area.value = text;
      area.style.position = "fixed";
      area.style.opacity = "0";
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };

  /** Copy and say so on the button for a moment. */
  KB.copyFrom = async (button, text) => {
    const word = button.dataset.word || (button.dataset.word = button.textContent);
    button.textContent = (await KB.copy(text)) ? "已复制" : "请手动复制";
    clearTimeout(button.kbTimer);
    button.kbTimer = setTimeout(() => { button.textContent = word; }, 1500);
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
})();
