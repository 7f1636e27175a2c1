// What the desk knows and what may happen at it; the view shows it and hands over keys and clicks.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const parts = (KB.deskParts = KB.deskParts || {});

  /**
   * The state of one desk over a model. `keep` keeps contacts, or is null; `view` has `draw()`,
   * `drawDraft()`, `note(text)`, `warn(text)` for what stays true until it is called with nothing,
   * and `focus()`, which leads to the box of the customer's words.
   */
  parts.state = (model, keep, view) => {
    const names = model.get("names");
    const words = model.get("words");
    if (words.table) KB.text.addTable(words.table);
    const filler = KB.fill.create(words.fill);
    /** Each step that can be taken back, as the contacts before and after it. */
    const history = [];
    /** The last states that we told the model; an echo of one of them is no news. */
    const told = [];
    const stateOf = (text, done) => JSON.stringify([text, done]);

    const desk = {
      names, words, keep, root: model.get("root") || "", examples: model.get("examples") || [],
      linter: KB.lint.create(words.reply), contact: KB.contact.create(),
      /** What the advisor reads, where each turn begins in it, and which text the advice is for. */
      sent: "", starts: [], answered: "",
      /** The step looked at instead of the advised one; steps supposed to be done; hand-filled blanks. */
      picked: null, whatif: null, blanks: {},
      /** What is clear in the customer's words, for the blanks. */
      facts: [],
      label: (field, key) => (names.labels[field] || {})[key] || key,
      nameOf: (step) => (names.steps.find((s) => s.id === step) || { name: step }).name,
      undoable: () => Boolean(desk.whatif) || history.length > 0,
      problem: () => model.get("problem") || "",
      found: () => model.get("found") || [],
    };

    function read() {
      ({ text: desk.sent, starts: desk.starts } = KB.contact.transcript(desk.contact, words.speakers));
      desk.facts = filler.facts(KB.contact.told(desk.contact, words.speakers));
    }

    /** A contact that was kept, or a text that came from outside. */
    function adopt(contact) {
      if (KB.contact.isContact(contact)) desk.contact = contact;
      else {
        const fresh = { ...KB.contact.create(), channel: model.get("channel") || "", industry: model.get("industry") || "" };
        desk.contact = (model.get("done") || []).reduce((c, step) => KB.contact.toggled(c, step), KB.contact.typed(fresh, model.get("text") || ""));
      }
      read();
    }

    function save() {
      if (!keep) return;
      const { contact, note, trouble } = keep.save(desk.contact);
      desk.contact = contact;
      view.warn(trouble);
      if (note) view.note(note);
    }

    /** Tell the model, keep the contact; the answer comes back as a change of the model. */
    function send() {
      read();
      save();
      const { channel, industry } = desk.contact;
      const values = {
        text: desk.sent, query: KB.contact.open(desk.contact).said, done: KB.contact.done(desk.contact),
        whatif: desk.whatif || [], channel, industry, contact: desk.contact,
      };
      told.push(stateOf(values.text, values.done));
      told.splice(0, told.length - 20);
      for (const [key, value] of Object.entries(values)) model.set(key, value);
      model.save_changes();
    }

    function change(contact, { undoable = true, picked = null } = {}) {
      const before = desk.contact;
      desk.contact = contact;
      desk.picked = picked;
      // What was written into a blank was meant for these sentences, not for the next ones.
      if (undoable) desk.blanks = {};
      send();
      if (undoable) history.push({ before, after: desk.contact });
      view.draw();
    }

    /** The contact with what a pasted chat shows as done: once a person ticks, only ticks count. */
    function withCounted(but) {
      return desk.counted(desk.advice()).filter((s) => s !== but)
        .reduce((contact, step) => KB.contact.toggled(contact, step), desk.contact);
    }

    /** In a what-if only what was supposed is taken back; the contact is none of its business. */
    function unsuppose() {
      if (!desk.whatif.length) return actions.toggleWhatif();
      desk.picked = null;
      actions.toggle(desk.whatif[desk.whatif.length - 1]);
      view.note("撤销了一步假如");
    }

    const actions = {
      adopt,

      /** Python set the text or what is done. */
      hear() {
        const [text, done] = [model.get("text") || "", model.get("done") || []];
        if (told.includes(stateOf(text, done))) return;
        if (text !== desk.sent) return adopt(null);
        const ours = KB.contact.done(desk.contact);
        const other = [...ours.filter((s) => !done.includes(s)), ...done.filter((s) => !ours.includes(s))];
        desk.contact = other.reduce((c, step) => KB.contact.toggled(c, step), desk.contact);
        read();
      },

      /** The advice for what is typed; null while there is none. */
      advice() {
        const advice = desk.sent.trim() ? model.get("advice") : null;
        return advice && advice.step ? advice : null;
      },

      /** The step on the card. */
      shownStep() {
        const advice = desk.advice();
        return advice ? parts.shown(desk, advice).step : null;
      },

      /** Steps that the advisor counts as done because a pasted chat shows them. */
      counted(advice) {
        const known = [...KB.contact.done(desk.contact), ...(desk.whatif || [])];
        return advice ? (advice.done || []).filter((s) => !known.includes(s)) : [];
      },

      /** Whether there is nothing more to do at a step. */
      over: (step) => (desk.whatif ? desk.whatif.includes(step) : KB.contact.answeredWith(desk.contact, step)),

      /** A sentence with its blanks filled: pieces, text to copy, and the blanks that are left. */
      filled(sentence) {
        const pieces = filler.fill(sentence, desk.facts).map((p) =>
          (p.slot && !p.text && desk.blanks[p.slot] ? { ...p, text: desk.blanks[p.slot], own: true } : p));
        const left = pieces.filter((p) => p.slot && !p.text);
        return {
          parts: pieces, text: pieces.map((p) => (p.slot && !p.text ? `{${p.slot}}` : p.text)).join(""),
          blanks: [...new Set(left.map((p) => p.slot))],
        };
      },

      /** Copy words for the step on the card; `beside`: they are said with others, not instead. */
      async copy(button, { text, blanks }, beside = false) {
        const step = desk.shownStep();
        if (!(await KB.copyFrom(button, text))) return view.note("没能复制，请选中那句话手动复制。");
        view.note(blanks.length ? `已复制，还有空：${blanks.join("、")}` : "已复制");
        if (!step || desk.whatif) return;
        desk.contact = KB.contact.copied(desk.contact, step, text, beside);
        send();
      },

      /** The customer's words, letter by letter. */
      typed(text) {
        desk.contact = KB.contact.typed(desk.contact, text);
        send();
      },

      /** The customer's words, all at once. */
      type(text) {
        change(KB.contact.typed(desk.contact, text));
        view.focus();
      },

      draftTyped(text) {
        desk.contact = { ...desk.contact, draft: text };
        save();
        view.drawDraft();
      },

      blankTyped(slot, text) {
        desk.blanks = { ...desk.blanks, [slot]: text.trim() };
        view.draw();
      },

      /** Channel or industry. */
      choose: (field, value) => change({ ...desk.contact, [field]: value }, { undoable: false, picked: desk.picked }),

      toggle(step) {
        if (!desk.whatif) return change(KB.contact.toggled(withCounted(step), step));
        desk.whatif = desk.whatif.includes(step) ? desk.whatif.filter((s) => s !== step) : [...desk.whatif, step];
        send();
        view.draw();
      },

      /** Look at another step's words; null leads back to the advised one. */
      pick(step) {
        desk.picked = step;
        view.draw();
      },

      /** The other of two ways, or the next of the plan; upwards leads back. */
      browse(by) {
        const advice = desk.advice();
        if (!advice) return;
        const ways = [...new Set([advice.step, ...(advice.either ? advice.either.steps : []), ...advice.plan])];
        const at = ways.indexOf(desk.shownStep()) + by;
        if (at >= 0 && at < ways.length) desk.pick(ways[at] === advice.step ? null : ways[at]);
      },

      finish() {
        const step = desk.shownStep();
        if (!step || desk.over(step)) return;
        if (desk.whatif) {
          desk.picked = null;
          return desk.toggle(step);
        }
        const contact = withCounted(step);
        const draftSaid = contact.draft.trim()
          && contact.words.some((w) => w.step === step && w.text === desk.filled(contact.draft).text);
        change({ ...KB.contact.finished(contact, step, KB.contact.readOf(desk.advice())), ...(draftSaid && { draft: "" }) });
        view.note(`${desk.nameOf(step)}，记下了`);
      },

      toggleWhatif() {
        desk.whatif = desk.whatif ? null : [];
        desk.picked = null;
        send();
        view.draw();
        view.note(desk.whatif ? "假如：勾上的步骤不会记下来，Esc 回到现在" : "回到现在了");
        if (!desk.whatif) view.focus();
      },

      renew() {
        const now = new Date();
        if (desk.whatif) desk.toggleWhatif();
        if (KB.contact.isEmpty(desk.contact)) return view.focus();
        desk.contact = { ...desk.contact, ended: now.toISOString() };
        save();
        const { channel, industry } = desk.contact;
        change({ ...KB.contact.create(now), channel, industry });
        view.note("新的一通。要回到刚才那通，点“撤销”。");
        view.focus();
      },

      undo() {
        if (desk.whatif) return unsuppose();
        if (!history.length) return view.note("没有可以撤销的了");
        const { before, after } = history.pop();
        const other = before.began !== desk.contact.began && keep && !KB.contact.isEmpty(desk.contact);
        change({ ...KB.contact.undone(before, after, desk.contact), ended: "" }, { undoable: false });
        view.note(other ? "回到刚才那通。后来那通在“记录”里。" : "撤销了一步");
        view.focus();
      },

      /** Go on with a kept contact. */
      take(id) {
        const kept = keep.take(id);
        if (!kept) return view.note("这一通已经不在本机了");
        desk.whatif = null;
        change({ ...kept, ended: "" });
        view.note("接着这一通。要回到刚才那通，点“撤销”。");
        view.focus();
      },

      /** The page came back from the browser's memory; the store may have gone on without it. */
      reopen() {
        const { contact } = keep.open();
        if (contact) change(contact, { undoable: false });
      },

      clearKept() {
        keep.clear();
        history.length = 0;
        desk.whatif = null;
        change(KB.contact.create(), { undoable: false });
        view.note("本机的记录都清掉了");
        view.focus();
      },
    };
    return Object.assign(desk, actions, { note: view.note, focus: view.focus });
  };
})();
