// The desk in the static page: opened when the page has one, answered by suggest.js.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { el } = KB;
  const MISSING = "缺少数据文件。请确认整个文件夹都在，再刷新这一页。";
  /** What does not come from a folder is not there; what does not come from a server may come later. */
  const SERVED = location.protocol.startsWith("http");
  /** So often (ms) a server is asked again. */
  const AGAIN = 5000;
  const again = () => new Promise((resolve) => {
    const go = () => {
      clearTimeout(waited);
      window.removeEventListener("online", go);
      resolve();
    };
    const waited = setTimeout(go, AGAIN);
    window.addEventListener("online", go);
  });
  /** A text of at most so many characters looks for something; its hits are shown beside the advice. */
  const LOOKUP = 12;

  /** A model with anywidget's few methods; `answer` is called after every change of a person. */
  function localModel(values, answer) {
    const handlers = new Map();
    const model = {
      get: (key) => values[key],
      set(key, value) { values[key] = value; },
      on(event, handler) {
        if (!handlers.has(event)) handlers.set(event, []);
        handlers.get(event).push(handler);
      },
      off() {},
      save_changes() { answer(model); },
      changed() { for (const handler of handlers.get("change:advice") || []) handler(); },
    };
    return model;
  }

  /** Put the desk into the static page; nothing but this page's own files is asked. */
  async function mount(host) {
    const examples = Array.from(host.querySelectorAll(".kb-desk-examples li"), (li) => li.textContent);
    host.replaceChildren(el("p", { class: "kb-soft", role: "status" }, "正在打开应答台 …"));
    let opened;
    while (!opened) {
      try {
        opened = await KB.openDesk();
      } catch (error) {
        host.replaceChildren(el("p", { class: "kb-card", role: "alert" }, `应答台没有打开：${SERVED ? "连不上，正在重试。" : MISSING}`));
        if (!SERVED) return;
        await again();
      }
    }
    const { search, advisor, data, words } = opened;
    // A notebook's desk shows its own text; only the page of the desk keeps contacts.
    const own = host.dataset.text != null;
    const keep = own ? null : KB.keep.create();
    const said = own ? null : KB.visit.get("kb-said"); // handed over by the search box
    let kept = !keep || said ? { contact: null, note: "" } : keep.open();
    // Over file:// the little window may be there before what the desk beside it has stored.
    const mini = document.documentElement.classList.contains("kb-mini");
    for (let left = 30; mini && keep && !said && !kept.contact && !kept.note && left; left--) {
      await new Promise((done) => setTimeout(done, 20));
      kept = keep.open();
    }
    if (said) {
      KB.visit.set("kb-said", "");
      kept.contact = KB.contact.typed({ ...KB.contact.create(), ...keep.labels() }, said);
      const saved = keep.save(kept.contact);
      kept.note = saved.note || saved.trouble;
    }
    const values = {
      text: own ? host.dataset.text : "", query: "", done: [], whatif: [], channel: "", industry: "", contact: kept.contact,
      advice: null, found: [], problem: "", names: { steps: data.steps, labels: data.labels }, words, root: KB.root, examples,
    };
    if (keep) Object.assign(values, keep.labels());
    if (kept.contact) {
      values.text = KB.contact.transcript(kept.contact, words.speakers).text;
      values.query = KB.contact.open(kept.contact).said;
      values.done = KB.contact.done(kept.contact);
      ({ channel: values.channel, industry: values.industry } = kept.contact);
    }
    const model = localModel(values, answer);
    let turn = 0;
    async function answer() {
      const mine = ++turn;
      const { text, query, done, whatif, channel, industry } = values;
      const look = query.trim();
      let [advice, found, lost] = [null, [], false];
      try {
        if (text.trim()) {
          const state = { done: [...done, ...whatif.filter((s) => !done.includes(s))], channel: channel || null, industry: industry || null };
          advice = await advisor.suggest(text, state);
          lost = Boolean(advice.partial);
        }
        if (look && Array.from(look).length <= LOOKUP) found = (await search.search(look, { limit: 5 })).results;
      } catch (error) {
        lost = true;
      }
      if (mine !== turn) return; // more was typed meanwhile
      const problem = !lost ? "" : SERVED ? "连不上，正在重试。" : `应答台${MISSING}`;
      Object.assign(values, { advice, found, problem });
      model.changed();
      if (lost && SERVED) again().then(() => { if (mine === turn) answer(); });
    }
    await answer();
    host.replaceChildren();
    const { input } = KB.desk.render({ model, el: host, keep, keys: own ? host : document, note: kept.note });
    if (matchMedia("(min-width: 760px)").matches && !own && !new URL(location.href).searchParams.get("q")) {
      input.focus({ preventScroll: true });
    }
  }

  document.querySelectorAll("[data-kb-desk]").forEach(mount);
})();
