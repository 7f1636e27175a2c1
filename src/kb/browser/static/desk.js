// The desk: what the customer said → the next step, the words, the cases; a contact, turn by turn.
//
// One view, two bodies: in a notebook anywidget hands it a model whose advice comes from Python; in
// the built book desk-open.js hands it a small local model whose advice comes from suggest.js.
(function () {
  "use strict";
  const KB = (globalThis.KB = globalThis.KB || {});
  const { el } = KB;
  const NARROW = 760;

  /**
   * Draw the desk into `el`. The model holds `text` (what the advisor reads), `query` (what is being
   * typed), `done`, `whatif`, `channel`, `industry`, `contact`, and the answers `advice`, `found`,
   * `problem`; `names`, `words`, `root` and `examples` stay. `keep` keeps contacts, if given.
   */
  function render({ model, el: host, keep = null, keys = host, note: firstNote = "" }) {
    const parts = KB.deskParts;
    const names = model.get("names");
    const words = model.get("words");
    if (words.table) KB.text.setTable(words.table);
    const filler = KB.fill.create(words.fill);
    const label = (field, key) => (names.labels[field] || {})[key] || key;
    const history = [];
    /** The last states that we told the model; an echo of one of them is no news. */
    const told = [];
    let sent = "";
    let starts = [];
    /** The text that the present advice is for: while another one is on its way, no word is marked. */
    let answeredText = "";
    let facts = [];

    const desk = {
      model, names, words, label, keep, root: model.get("root") || "", examples: model.get("examples") || [],
      linter: KB.lint.create(words.reply), narrow: host.clientWidth > 0 && host.clientWidth < NARROW,
      mini: document.documentElement.classList.contains("kb-mini"),
      contact: KB.contact.create(), picked: null, whatif: null,
    };

    // ---- the state, and what may happen to it ----

    /** A contact that came from outside: kept, of another view, or a text that Python set. */
    function adopt(contact) {
      const text = model.get("text") || "";
      if (KB.contact.isContact(contact)) desk.contact = contact;
      else {
        desk.contact = { ...KB.contact.create(), channel: model.get("channel") || "", industry: model.get("industry") || "" };
        desk.contact = KB.contact.typed(desk.contact, text);
        for (const step of model.get("done") || []) desk.contact = KB.contact.toggled(desk.contact, step);
      }
      ({ text: sent, starts } = KB.contact.transcript(desk.contact, words.speakers));
    }

    const stateOf = (text, done) => JSON.stringify([text, done]);

    /** Python set the text or what is done. */
    function hear() {
      const [text, done] = [model.get("text") || "", model.get("done") || []];
      if (told.includes(stateOf(text, done))) return;
      if (text !== sent) return adopt(null);
      const ours = KB.contact.done(desk.contact);
      for (const step of [...ours.filter((s) => !done.includes(s)), ...done.filter((s) => !ours.includes(s))]) {
        desk.contact = KB.contact.toggled(desk.contact, step);
      }
    }

    /** Tell the model, keep the contact; the answer comes back as a change of the model. */
    function send() {
      ({ text: sent, starts } = KB.contact.transcript(desk.contact, words.speakers));
      let trouble = "";
      if (keep) ({ contact: desk.contact, note: trouble } = keep.save(desk.contact));
      if (trouble) note(trouble);
      const { channel, industry } = desk.contact;
      const values = {
        text: sent, query: KB.contact.open(desk.contact).said, done: KB.contact.done(desk.contact),
        whatif: desk.whatif || [], channel, industry, contact: desk.contact,
      };
      told.push(stateOf(sent, values.done));
      told.splice(0, told.length - 20);
      for (const [key, value] of Object.entries(values)) model.set(key, value);
      model.save_changes();
    }

    function change(contact, { undoable = true, picked = null } = {}) {
      if (undoable) history.push(desk.contact);
      desk.contact = contact;
      desk.picked = picked;
      send();
      draw();
    }

    const advice = () => (sent.trim() ? model.get("advice") : null);
    const shownStep = () => { const a = advice(); return a && a.step ? parts.shown(desk, a).step : null; };

    Object.assign(desk, {
      note, input: null,
      over: (step) => (desk.whatif ? desk.whatif.includes(step) : KB.contact.answeredWith(desk.contact, step)),
      filled(sentence) {
        const pieces = filler.fill(sentence, facts);
        return {
          parts: pieces, text: pieces.map((p) => (p.slot && !p.text ? `{${p.slot}}` : p.text)).join(""),
          blanks: [...new Set(pieces.filter((p) => p.slot && !p.text).map((p) => p.slot))],
        };
      },
      async copy(button, { text, blanks }) {
        if (!(await KB.copyFrom(button, text))) return note("没能复制，请选中那句话手动复制。");
        note(blanks.length ? `已复制，还有空：${blanks.join("、")}` : "已复制");
        desk.contact = KB.contact.copied(desk.contact, text);
        send();
      },
      type(text) {
        change(KB.contact.typed(desk.contact, text));
        input.focus();
      },
      draftTyped(text) {
        desk.contact = { ...desk.contact, draft: text };
        if (keep) keep.save(desk.contact);
        draft.draw();
      },
      toggle(step) {
        if (!desk.whatif) return change(KB.contact.toggled(desk.contact, step));
        desk.whatif = desk.whatif.includes(step) ? desk.whatif.filter((s) => s !== step) : [...desk.whatif, step];
        send();
        draw();
      },
      pick(step) {
        desk.picked = step;
        draw();
      },
      finish() {
        const step = shownStep();
        if (!step || desk.over(step)) return;
        if (desk.whatif) {
          desk.picked = null;
          return desk.toggle(step);
        }
        change(KB.contact.finished(desk.contact, step, KB.contact.readOf(advice())));
        note(`${names.steps.find((s) => s.id === step).name}，记下了`);
        if (!host.contains(document.activeElement) || document.activeElement === document.body) input.focus();
      },
      toggleWhatif() {
        desk.whatif = desk.whatif ? null : [];
        desk.picked = null;
        send();
        draw();
        note(desk.whatif ? "假如：勾上的步骤不会记下来，Esc 回到现在" : "回到现在了");
        if (!desk.whatif) input.focus();
      },
      renew() {
        const now = new Date();
        if (KB.contact.isEmpty(desk.contact)) return input.focus();
        desk.contact = { ...desk.contact, ended: now.toISOString() };
        if (keep) keep.save(desk.contact);
        const { channel, industry } = desk.contact;
        desk.whatif = null;
        change({ ...KB.contact.create(now), channel, industry });
        note("新的一通。要回到刚才那通，点“撤销”。");
        input.focus();
      },
      undo() {
        if (!history.length) return note("没有可以撤销的了");
        change({ ...history.pop(), ended: "" }, { undoable: false });
        note("撤销了一步");
        input.focus();
      },
      take(id) {
        const kept = keep.take(id);
        if (!kept) return note("这一通已经不在本机了");
        desk.whatif = null;
        change({ ...kept, ended: "" });
        note("接着这一通。要回到刚才那通，点“撤销”。");
        input.focus();
      },
      clearKept() {
        keep.clear();
        history.length = 0;
        desk.whatif = null;
        change(KB.contact.create(), { undoable: false });
        note("本机的记录都清掉了");
        input.focus();
      },
    });

    // ---- what stands on the page ----

    const marks = el("div", { class: "kb-marks", "aria-hidden": "true" });
    const input = el("textarea", {
      class: "kb-input", rows: "3", spellcheck: "false", maxlength: "4000", "aria-label": "客户说了什么，或者要找什么",
    });
    desk.input = input;
    const select = (field, first) => el("select", { "aria-label": first, onchange: (event) => {
      change({ ...desk.contact, [field]: event.target.value }, { undoable: false, picked: desk.picked });
    } }, el("option", { value: "" }, first), Object.entries(names.labels[field])
      .filter(([key]) => key !== "any" && key !== "general").map(([key, name]) => el("option", { value: key }, name)));
    const [channel, industry] = [select("channel", "渠道"), select("industry", "行业")];
    const tool = (word, hint, onclick, extra) => el("button", { type: "button", class: "kb-ghost", title: hint, onclick, ...extra }, word);
    const undo = tool("撤销", "Ctrl Z", desk.undo);
    const whatif = tool("假如", "Alt W：勾上几步看看，不会记下来", desk.toggleWhatif, { "aria-pressed": "false" });
    const said = el("span", { class: "kb-note", role: "status", "aria-live": "polite" });
    const hint = el("span", { class: "kb-soft kb-keys", "aria-hidden": "true" }, el("kbd", {}, "Ctrl"), " ", el("kbd", {}, "⏎"), " 做完这一步　", el("kbd", {}, "?"), " 全部按键");
    const spoken = el("span", { class: "kb-spoken", role: "status", "aria-live": "polite" });
    const chips = el("p", { class: "kb-chips" });
    const [ladder, log, side, help] = [parts.ladder(desk), parts.log(desk), parts.side(desk), parts.help(desk)];
    const card = parts.advice(desk, ladder);
    const [draft, record] = [parts.draft(desk), parts.record(desk)];
    const small = !desk.mini && keep && tool("小窗", "在一个窄窗口里打开，放在聊天窗口旁边", () => {
      const opened = window.open(location.href, "kb-desk-mini", "popup,width=400,height=680");
      note(opened ? "小窗接着记这一通" : "浏览器不让打开小窗，请允许这一页弹出窗口");
    });
    host.classList.add("kb-desk");
    host.append(el("div", { class: "kb-desk-grid" },
      el("div", { class: "kb-desk-main" },
        el("div", { class: "kb-desk-bar" },
          el("span", { class: "kb-desk-labels" }, channel, industry),
          el("span", { class: "kb-desk-tools" }, undo, whatif, tool("新的一通", "Alt N", desk.renew), tool("记录", "Alt L", () => record.show()), small,
            tool("?", "全部按键", () => help.show(), { "aria-label": "全部按键" }))),
        log.node, el("div", { class: "kb-said-box" }, marks, input),
        el("p", { class: "kb-under" }, said, hint), chips, card.node),
      el("div", { class: "kb-desk-beside" }, draft.node, record.node, side.node)), help.node, spoken, record.print);

    let fading = 0;
    function note(text) {
      said.textContent = text;
      hint.hidden = Boolean(text);
      clearTimeout(fading);
      fading = setTimeout(() => { said.textContent = ""; hint.hidden = false; }, 8000);
    }

    /** Say the step to a screen reader when typing has come to rest. */
    let speaking = 0;
    let lastSpoken = "";
    function speak(text) {
      clearTimeout(speaking);
      if (text === lastSpoken) return;
      speaking = setTimeout(() => { lastSpoken = text; spoken.textContent = text; }, 800);
    }

    function drawInput(current) {
      const { said: text } = KB.contact.open(desk.contact);
      if (input.value !== text) input.value = text;
      channel.value = desk.contact.channel;
      industry.value = desk.contact.industry;
      input.placeholder = desk.contact.turns.length > 1
        ? "客户接着说了什么？还没说，就看下面的下一步。"
        : "客户说了什么？照原话打进来，也可以贴整段聊天记录；要找资料也在这里打。";
      const spans = (current && answeredText === sent ? current.signals : []).map(({ start, end, means }) => [start, end, label(...means.split(":"))])
        .sort((a, b) => a[0] - b[0] || b[1] - a[1]);
      const marksOf = desk.contact.turns.map((t, i) => {
        const length = KB.text.chars(t.said).length;
        return starts[i] < 0 ? [] : spans.filter(([s, e]) => starts[i] <= s && e <= starts[i] + length)
          .map(([s, e, name]) => [s - starts[i], e - starts[i], name]);
      });
      marks.replaceChildren(...withSpeakers(text, marksOf[marksOf.length - 1]), "\n");
      marks.scrollTop = input.scrollTop;
      log.draw(desk.contact, marksOf);
    }

    /** The agent's lines of a pasted chat are shaded: they are ours, not the customer's. */
    function withSpeakers(text, spans) {
      const n = KB.text.normalise(text);
      const agents = KB.turns(n, words.speakers).filter((t) => t.agent && t.end > t.start).map((t) => KB.text.span(n, t.start, t.end));
      const chars = KB.text.chars(text);
      const nodes = [];
      let at = 0;
      const plain = (from, to) => KB.marked(chars.slice(from, to).join(""), spans.filter(([s, e]) => from <= s && e <= to).map(([s, e, name]) => [s - from, e - from, name]));
      for (const [from, to] of agents) {
        nodes.push(...plain(at, from), el("span", { class: "kb-agent" }, chars.slice(from, to).join("")));
        at = to;
      }
      return [...nodes, ...plain(at, chars.length)];
    }

    function drawChips(current) {
      const list = (field, keys) => keys.map((k) => label(field, k)).join(" · ");
      const items = current ? [
        ...current.risk.map((r) => ["风险", label("risk", r), "kb-risk"]),
        ["类型", label("type", current.type)], ["情绪", label("emotion", current.emotion)],
        ...(current.demand[0] === "none" ? [] : [["诉求", list("demand", current.demand)]]),
        ...((current.counted || []).length ? [["记录里做过", current.counted.map((s) => names.steps.find((x) => x.id === s).name).join("、")]] : []),
        ["把握", current.confidence.toFixed(2)],
      ] : [];
      KB.rows(chips, items, (item) => item.join("|"), ([name, value, extra]) =>
        el("span", { class: `kb-chip ${extra || ""}` }, name, " ", el("b", {}, value)));
    }

    function draw() {
      const held = document.activeElement;
      const problem = model.get("problem") || "";
      const current = problem ? null : advice();
      const ready = current && current.step ? current : null;
      facts = filler.facts(KB.contact.told(desk.contact, words.speakers));
      drawInput(ready);
      drawChips(ready);
      ladder.draw(ready, ready && parts.shown(desk, ready).step);
      card.draw(ready, problem);
      side.draw(ready, ready || sent.trim() ? model.get("found") : []);
      draft.draw();
      record.draw();
      undo.setAttribute("aria-disabled", String(!history.length));
      whatif.setAttribute("aria-pressed", String(Boolean(desk.whatif)));
      host.classList.toggle("kb-has-turns", desk.contact.turns.length > 1);
      const step = ready && names.steps.find((s) => s.id === parts.shown(desk, ready).step);
      speak(step ? `${desk.whatif ? "假如之后" : "下一步"}：${step.name}` : "");
      // Whatever held the focus may be gone or hidden now; typing must go on.
      if (held && held !== document.body && host.contains(held) && !held.getClientRects().length) input.focus();
    }

    // ---- hands ----

    let composing = false;
    const typed = () => {
      if (composing) return;
      desk.contact = KB.contact.typed(desk.contact, input.value);
      send();
    };
    input.addEventListener("compositionstart", () => { composing = true; });
    input.addEventListener("compositionend", () => { composing = false; typed(); });
    input.addEventListener("input", typed);
    input.addEventListener("scroll", () => { marks.scrollTop = input.scrollTop; });

    /** Another step's words: the other of two, or the next of the plan; upwards leads back. */
    function browse(by) {
      const current = advice();
      if (!current || !current.step) return;
      const ways = [...new Set([...current.plan.slice(0, 1), ...(current.either ? current.either.steps : []), ...current.plan])];
      const at = ways.indexOf(shownStep()) + by;
      if (at >= 0 && at < ways.length) desk.pick(ways[at] === current.step ? null : ways[at]);
    }

    const ALT = {
      KeyR: () => draft.show(), KeyW: desk.toggleWhatif, KeyN: desk.renew, KeyL: () => record.show(),
      Digit0: () => input.focus(), ArrowDown: () => browse(1), ArrowUp: () => browse(-1),
      Digit1: () => card.copy(0), Digit2: () => card.copy(1), Digit3: () => card.copy(2),
    };
    keys.addEventListener("keydown", (event) => {
      if (event.isComposing || help.node.open || event.defaultPrevented) return;
      const { target } = event;
      const elsewhere = target.closest && target.closest(".kb-find");
      if (elsewhere) return;
      const field = /^(TEXTAREA|INPUT|SELECT)$/.test(target.tagName);
      const control = event.ctrlKey || event.metaKey;
      if (event.key === "Enter" && control) desk.finish();
      else if (event.altKey && !control && !event.shiftKey && ALT[event.code]) ALT[event.code]();
      else if (control && !event.shiftKey && event.key.toLowerCase() === "z" && (!field || (target === input && !input.value))) desk.undo();
      else if (event.key === "?" && !field) help.show();
      else if (event.key === "Escape" && desk.whatif) desk.toggleWhatif();
      else if (event.key === "Escape" && target === draft.input) input.focus();
      else return;
      event.preventDefault();
    });
    if (keep) {
      window.addEventListener("beforeprint", () => record.ready());
      window.addEventListener("pageshow", (event) => {
        if (!event.persisted) return;
        const kept = keep.open();
        if (kept.contact) change(kept.contact, { undoable: false });
      });
    }
    const answered = () => {
      answeredText = model.get("text");
      draw();
    };
    for (const key of ["advice", "found", "problem"]) model.on(`change:${key}`, answered);
    for (const key of ["text", "done"]) model.on(`change:${key}`, () => { hear(); draw(); });
    adopt(model.get("contact"));
    answered();
    if (firstNote) note(firstNote);
    return { input };
  }

  KB.desk = { render };
})();
