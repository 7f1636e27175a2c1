// What every page needs at once: loading on demand, copy buttons, colours.
(function () {
  "use strict";
  const KB = (globalThis.KB = globalThis.KB || {});
  const here = document.currentScript && document.currentScript.src;
  const base = here ? here.slice(0, here.lastIndexOf("/") + 1) : "";
  const data = new Map();
  const scripts = new Map();

  /** Called by every data script. */
  KB.put = (name, value) => data.set(name, value);

  /** The way from this page to the book's root, with a slash at the end. */
  KB.root = document.documentElement.dataset.content_root || "./";

  /** Load a script once; rejects when it is missing. */
  function load(file) {
    if (!scripts.has(file)) {
      scripts.set(file, new Promise((resolve, reject) => {
        const tag = document.createElement("script");
        tag.src = base + file;
        tag.onload = () => resolve();
        tag.onerror = () => {
          scripts.delete(file); // a later try may succeed
          reject(new Error(file));
        };
        document.head.append(tag);
      }));
    }
    return scripts.get(file);
  }

  let searching, advising;

  /** The search engine, loaded when it is first asked for. */
  KB.openSearch = () => {
    searching = searching || Promise.all(["text.js", "search.js", "data-text.js", "data-index.js"].map(load))
      .then(() => {
        KB.text.setTable(data.get("text"));
        return KB.search.create(data.get("index"));
      })
      .catch((error) => { searching = undefined; throw error; });
    return searching;
  };

  /** The advisor with its data, loaded when it is first asked for. */
  KB.openAdvisor = () => {
    advising = advising || Promise.all([KB.openSearch(), load("suggest.js"), load("data-advisor.js")])
      .then(([search]) => ({
        search,
        data: data.get("advisor"),
        advisor: KB.suggest.create(data.get("advisor"), search),
      }))
      .catch((error) => { advising = undefined; throw error; });
    return advising;
  };

  /** localStorage that never throws: a private window just forgets. */
  KB.store = {
    get(key) { try { return localStorage.getItem(key); } catch (e) { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch (e) { /* forgets */ } },
  };

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

  /** `text` as nodes, the code point spans in `marks` inside <mark>. */
  KB.marked = (text, marks) => {
    const chars = Array.from(text);
    const nodes = [];
    let at = 0;
    for (const [start, end] of marks) {
      if (start < at) continue;
      if (start > at) nodes.push(chars.slice(at, start).join(""));
      nodes.push(KB.el("mark", {}, chars.slice(start, end).join("")));
      at = end;
    }
    nodes.push(chars.slice(at).join(""));
    return nodes;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button[data-copy]");
    if (button) KB.copyFrom(button, button.dataset.copy);
  });

  // Colours: follow the system, or as chosen.
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const modes = { auto: "随系统", light: "浅色", dark: "深色" };
  const toggle = document.querySelector(".kb-mode");
  function colour(mode) {
    root.dataset.mode = mode;
    root.dataset.theme = mode === "dark" || (mode === "auto" && dark.matches) ? "dark" : "light";
    if (toggle) toggle.textContent = modes[mode];
  }
  colour(modes[root.dataset.mode] ? root.dataset.mode : "auto");
  dark.addEventListener("change", () => colour(root.dataset.mode));
  if (toggle) {
    toggle.addEventListener("click", () => {
      const order = Object.keys(modes);
      const next = order[(order.indexOf(root.dataset.mode) + 1) % order.length];
      KB.store.set("kb-mode", next);
      colour(next);
    });
  }

  // On a phone the list of pages starts closed: the page itself comes first.
  const nav = document.querySelector(".kb-nav");
  if (nav && matchMedia("(max-width: 900px)").matches) nav.open = false;
})();
