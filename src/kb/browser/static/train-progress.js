// What a learner did, under a named profile, in localStorage: read again before every write, so that two tabs
// do not overwrite each other. Where nothing can be stored it stays in memory, and `trouble` says so.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const INDEX = "kb-train";
  const HERE = "kb-train-here";
  const own = (id) => `kb-train-${id}`;
  /** Days until a question that was once answered wrong is asked again, by box. */
  const BOXES = [1, 2, 4, 8];

  const memory = new Map();
  const listeners = new Set();
  let trouble = "";

  function load(name) {
    if (memory.has(name)) return memory.get(name);
    try { return localStorage.getItem(name); } catch (e) { return null; }
  }

  function save(name, text) {
    try {
      if (text === null) localStorage.removeItem(name);
      else localStorage.setItem(name, text);
      memory.delete(name);
    } catch (e) {
      memory.set(name, text);
      trouble = "浏览器存不下进度（没有权限，或者存满了）。这一页开着就还在，换页或关掉就没了：请先导出，或交了回执再走。";
    }
  }

  /** The stored JSON under a name; text that is no JSON is put aside, not lost. */
  function read(name, empty) {
    const text = load(name);
    if (text === null) return empty;
    try {
      const value = JSON.parse(text);
      if (value && typeof value === "object") return { ...empty, ...value };
    } catch (e) { /* put aside below */ }
    save(`${name}-broken`, text);
    save(name, null);
    trouble = "存着的进度读不出来，已原样收在一边，从头记起。";
    return empty;
  }

  /** Whether this browser lets anything be stored here. */
  function storable() {
    try {
      localStorage.setItem(`${INDEX}-try`, "1");
      localStorage.removeItem(`${INDEX}-try`);
      return true;
    } catch (e) {
      return false;
    }
  }

  const index = () => read(INDEX, { version: 1, profiles: [], current: "" });
  const emptyState = () => ({ version: 1, lists: {}, boxes: {}, going: {} });
  const announce = () => listeners.forEach((listener) => listener());

  function changeIndex(change) {
    const now = index();
    change(now);
    save(INDEX, JSON.stringify(now));
    announce();
  }

  // Who learns in this tab stays so until somebody is chosen in it: a choice made in another tab must not
  // give that person the answers of this one. The last choice anywhere is where a new tab begins.
  let here = KB.visit.get(HERE) || "";

  function stay(id) {
    here = id;
    KB.visit.set(HERE, id);
  }

  const current = () => {
    const { profiles, current: last } = index();
    const find = (id) => profiles.find((p) => p.id === id) || null;
    const found = find(here) || find(last);
    if (found && found.id !== here) stay(found.id);
    return found;
  };
  const currentId = () => (current() || { id: "" }).id;
  const state = (id = currentId()) => (id ? read(own(id), emptyState()) : emptyState());

  /** Change the present profile's state; everything goes through here. */
  function update(change) {
    const id = currentId();
    if (!id) return;
    const now = state(id);
    change(now);
    save(own(id), JSON.stringify(now));
    announce();
  }

  const newId = (taken) => {
    let id;
    do id = Math.random().toString(36).slice(2, 8).padEnd(6, "0"); while (taken.some((p) => p.id === id));
    return id;
  };

  /** A new profile, or the one that already has this name; it becomes the present one. */
  function create(name, given) {
    changeIndex((now) => {
      let profile = given ? null : now.profiles.find((p) => p.name === name);
      if (!profile) {
        profile = { id: newId(now.profiles), name, made: KB.codes.stamp() };
        now.profiles.push(profile);
        save(own(profile.id), JSON.stringify(given || emptyState()));
      }
      now.current = profile.id;
      stay(profile.id);
    });
  }

  function choose(id) {
    stay(id);
    changeIndex((now) => { now.current = id; });
  }

  /** Delete a profile with all it holds; the result brings it back. */
  function remove(id) {
    const before = { text: load(own(id)), profile: index().profiles.find((p) => p.id === id) };
    save(own(id), null);
    changeIndex((now) => {
      now.profiles = now.profiles.filter((p) => p.id !== id);
      if (now.current === id) now.current = now.profiles.length ? now.profiles[0].id : "";
    });
    return () => {
      if (before.text !== null) save(own(id), before.text);
      changeIndex((now) => {
        now.profiles.push(before.profile);
        now.current = id;
        stay(id);
      });
    };
  }

  /** All that is stored of a profile, as the text of a file. */
  function exported(id) {
    const { name, made } = index().profiles.find((p) => p.id === id);
    return JSON.stringify({ format: "kb-progress", version: 1, name, made, state: state(id) }, null, 2);
  }

  /** Take in an exported file; the empty string, or what is wrong. */
  function imported(text) {
    let value;
    try { value = JSON.parse(text); } catch (e) { value = null; }
    const whole = plain(value) && value.format === "kb-progress" && value.version === 1
      && typeof value.name === "string" && value.name.trim() && stateHolds(value.state);
    if (!whole) return "这不是从这里导出的进度文件，或者已经损坏。请选“导出”得到的那个文件。";
    create(value.name.trim(), value.state);
    return "";
  }

  const plain = (value) => Boolean(value) && typeof value === "object" && !Array.isArray(value);
  const boxHolds = (kept) => plain(kept) && Number.isInteger(kept.box) && kept.box >= 0 && kept.box < BOXES.length
    && typeof kept.due === "string" && /^\d{4}-\d\d-\d\d$/.test(kept.due);
  /** What was begun: the log of a drill, or the questions of a quiz and its log. */
  const goingHolds = (kept) => typeof kept === "string"
    || (plain(kept) && typeof kept.log === "string" && Array.isArray(kept.ids) && kept.ids.every((id) => typeof id === "string"));

  /** Whether every page of training can work on a state: once it is taken in, nobody could take it out. */
  function stateHolds(state) {
    return plain(state) && [state.lists, state.boxes, state.going].every(plain)
      && Object.values(state.boxes).every(boxHolds) && Object.values(state.going).every(goingHolds)
      && Object.entries(state.lists).every(([key, record]) => recordHolds(key, record));
  }

  /** A record is whole when a receipt made of it can be read again, and what its list does not name is whole too. */
  function recordHolds(key, record) {
    try {
      return plain(record.items) && Object.entries(record.items).every(([ref, item]) => plain(item) && KB.receipt.itemHolds({ ...item, ref }))
        && !KB.receipt.check(KB.receipt.make({ record, key, book: "", person: "-" })).problem;
    } catch (e) {
      return false;
    }
  }

  /** The record of a list in the present profile, or null; `key` may be any word of an address. */
  function listRecord(key) {
    const { lists } = state();
    return Object.hasOwn(lists, key) ? lists[key] : null;
  }

  /** Put a list into the present profile; false when it was there. */
  function addList(list) {
    const key = KB.lists.key(list);
    if (listRecord(key)) return false;
    update((now) => { now.lists[key] = { list, added: KB.codes.stamp(), started: "", finished: "", items: {} }; });
    return true;
  }

  /** Change the record of an item of a list and settle whether the list is finished. */
  function record(key, ref, change) {
    const at = KB.codes.stamp();
    update((now) => {
      const entry = now.lists[key];
      if (!entry) return;
      entry.started = entry.started || at;
      entry.items[ref] = entry.items[ref] || { opened: at, end: "", seconds: 0, answers: [] };
      change(entry.items[ref], at);
      const all = entry.list.items.every((item) => KB.report.proved(item.proof, entry.items[item.ref]));
      if (all && !entry.finished) entry.finished = at;
    });
  }

  /** An answer for a list: the nth try at its question there. */
  function answerFor(key, question, choice, right) {
    record(key, question.item, (item, at) => {
      const before = item.answers.filter((a) => a.q === question.id).length;
      item.answers.push({ q: question.id, step: question.step, choice, right: right ? 1 : 0, at, try: before + 1 });
    });
  }

  /** The calendar day, here, so many days from now. */
  function day(ahead = 0) {
    const date = new Date();
    date.setDate(date.getDate() + ahead);
    return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
  }

  /** A wrong answer puts a question into the first box; a right one, on its day, into the next. */
  function box(question, right) {
    update((now) => {
      const kept = now.boxes[question];
      if (!right) now.boxes[question] = { box: 0, due: day(BOXES[0]) };
      else if (kept && kept.due <= day()) {
        if (kept.box + 1 < BOXES.length) now.boxes[question] = { box: kept.box + 1, due: day(BOXES[kept.box + 1]) };
        else delete now.boxes[question];
      }
    });
  }

  /** The questions whose day has come. */
  const dueQuestions = () => Object.entries(state().boxes).filter(([, kept]) => kept.due <= day()).map(([id]) => id);

  /** How far a list is: items proved, minutes left, late or not. */
  function standing({ list, items, finished }) {
    const open = list.items.filter((item) => !KB.report.proved(item.proof, items[item.ref]));
    return {
      done: list.items.length - open.length, all: list.items.length, open,
      minutes: open.reduce((sum, item) => sum + item.minutes, 0),
      late: Boolean(list.due) && !finished && day() > list.due,
    };
  }

  window.addEventListener("storage", (event) => {
    if (!event.key || event.key.startsWith(INDEX)) announce();
  });

  KB.progress = {
    profiles: () => index().profiles, current, state, update, create, choose, remove, exported, imported,
    listRecord, addList, record, answerFor, box, dueQuestions, standing,
    trouble: () => trouble, storable,
    onChange: (listener) => { listeners.add(listener); return () => listeners.delete(listener); },
  };
})();
