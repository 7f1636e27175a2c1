// What every page needs at once, after dom.js: loading on demand, copy buttons, colours.
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

  /** A file of the book that is not there. */
  KB.Missing = class extends Error {};

  /** Load a script once; rejects when it is missing. */
  KB.load = function load(file) {
    if (!scripts.has(file)) {
      scripts.set(file, new Promise((resolve, reject) => {
        const tag = document.createElement("script");
        tag.src = base + file;
        tag.onload = () => resolve();
        tag.onerror = () => {
          scripts.delete(file); // a later try may succeed
          reject(new KB.Missing(file));
        };
        document.head.append(tag);
      }));
    }
    return scripts.get(file);
  };

  /** Load a style sheet once. */
  KB.loadStyle = (file) => {
    if (document.querySelector(`link[href$="/${file}"]`)) return;
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = base + file;
    document.head.append(link);
  };

  /** A datum by name, loaded when it is first asked for. */
  KB.datum = (name) => KB.load(`data-${name}.js`).then(() => {
    if (!data.has(name)) throw new KB.Missing(name);
    return data.get(name);
  });
  const { load, datum } = KB;

  let searching, advising, desking;

  /** Normal form and grams, for what reads text. */
  KB.openText = () => Promise.all(["text.js", "data-text.js"].map(load))
    .then(() => KB.text.addTable(data.get("text")));

  /** The search engine, loaded when it is first asked for. */
  KB.openSearch = () => {
    const scripts = ["parts.js", "words.js", "repair.js", "excerpt.js", "search.js", "data-search.js"];
    searching = searching || Promise.all([KB.openText(), ...scripts.map(load)])
      .then(() => KB.search.create(data.get("search"), datum))
      .catch((error) => { searching = undefined; throw error; });
    return searching;
  };

  /** The advisor with its data, loaded when it is first asked for. */
  KB.openAdvisor = () => {
    const scripts = ["turns.js", "reading.js", "net.js", "choose.js", "suggest.js"];
    const more = [...scripts, "data-advisor.js", "data-traditional.js"];
    advising = advising || Promise.all([KB.openSearch(), ...more.map(load)])
      .then(async ([search]) => {
        KB.text.addTable(data.get("traditional"));
        await search.loadIds();
        const advice = data.get("advisor");
        return { search, data: advice, advisor: KB.suggest.create(advice, search, datum) };
      })
      .catch((error) => { advising = undefined; throw error; });
    return advising;
  };

  const DESK = ["private", "fill", "lint", "contact", "keep", "record", "desk-state", "desk-advice", "desk-around", "desk-draft", "desk-record", "desk"];

  /** The advisor with everything that the desk needs besides, loaded when it is first asked for. */
  KB.openDesk = () => {
    desking = desking || Promise.all([KB.openAdvisor(), load("data-wording.js"), ...DESK.map((name) => load(`${name}.js`))])
      .then(([opened]) => ({ ...opened, words: data.get("wording") }))
      .catch((error) => { desking = undefined; throw error; });
    return desking;
  };

  /** Storage that never throws: a private window just forgets. */
  const kept = (name) => ({
    get(key) { try { return globalThis[name].getItem(key); } catch (e) { return null; } },
    set(key, value) { try { globalThis[name].setItem(key, value); } catch (e) { /* forgets */ } },
  });
  KB.store = kept("localStorage");
  /** The same for as long as the tab is open. */
  KB.visit = kept("sessionStorage");

  // A hit of the search brings the words that led to it.
  if (new URL(location.href).searchParams.get("mark")) {
    KB.openText().then(() => load("marks.js")).catch(() => { /* the page reads well without */ });
  }

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

  // The desk's little window: nothing but the desk.
  if (window.name === "kb-desk-mini" && document.querySelector("[data-kb-page]")) root.classList.add("kb-mini");

  // On a phone the list of pages starts closed: the page itself comes first.
  const nav = document.querySelector(".kb-nav");
  if (nav && matchMedia("(max-width: 900px)").matches) nav.open = false;
})();
