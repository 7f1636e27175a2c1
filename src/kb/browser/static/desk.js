// The desk: what the customer said → the next step, the words, the cases; a contact, turn by turn.
//
// One view, two bodies: in a notebook anywidget hands it a model whose advice comes from Python; in
// the built book desk-open.js hands it a small local model whose advice comes from suggest.js.
(function () {
  "use strict";
  const KB = (globalThis.KB = globalThis.KB || {});
  const { el } = KB;
  const NARROW = 760;
  /** A note stands so long (ms), and a screen reader hears the step when typing rests so long. */
  const [NOTE, REST] = [8000, 800];

  /**
   * Draw the desk into `el`. The model holds `text` (what the advisor reads), `query` (what is being
   * typed), `done`, `whatif`, `channel`, `industry`, `contact`, and the answers `advice`, `found`,
   * `problem`; `names`, `words`, `root` and `examples` stay. `keep` keeps contacts, if given; `keys`
   * is where keys are listened for.
   */
  function render({ model, el: host, keep = null, keys = host, note: firstNote = "" }) {
    const parts = KB.deskParts;
    const desk = parts.state(model, keep, { draw, note, warn, drawDraft: () => draft.draw(), focus: () => input.focus() });
    desk.narrow = host.clientWidth > 0 && host.clientWidth < NARROW;
    desk.mini = document.documentElement.classList.contains("kb-mini");
    const { names, label, words } = desk;

    const marks = el("div", { class: "kb-marks", "aria-hidden": "true" });
    const input = el("textarea", {
      class: "kb-input", rows: "3", spellcheck: "false", "aria-label": "客户说了什么，或者要找什么",
    });
    const select = (field, first) => el("select", { "aria-label": first, onchange: (event) => desk.choose(field, event.target.value) },
      el("option", { value: "" }, first), Object.entries(names.labels[field])
        .filter(([key]) => key !== "any" && key !== "general").map(([key, name]) => el("option", { value: key }, name)));
    const [channel, industry] = [select("channel", "渠道"), select("industry", "行业")];
    const tool = (word, hint, onclick, extra) => el("button", { type: "button", class: "kb-ghost", title: hint, onclick, ...extra }, word);
    const undo = tool("撤销", "Ctrl Z", desk.undo);
    const whatif = tool("假如", "Alt W：勾上几步看看，不会记下来", desk.toggleWhatif, { "aria-pressed": "false" });
    const said = el("span", { class: "kb-note", role: "status", "aria-live": "polite" });
    const hint = el("span", { class: "kb-soft kb-keys", "aria-hidden": "true" }, el("kbd", {}, "Ctrl"), " ", el("kbd", {}, "⏎"), " 做完这一步　", el("kbd", {}, "?"), " 全部按键");
    const unsaved = el("p", { class: "kb-unsaved", role: "alert", hidden: true });
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
        log.node, el("div", { class: "kb-said-box" }, marks, input), unsaved,
        el("p", { class: "kb-under" }, said, hint), chips, card.node),
      el("div", { class: "kb-desk-beside" }, draft.node, record.node, side.node)), help.node, spoken, record.print);

    let fading = 0;
    function note(text) {
      said.textContent = text;
      hint.hidden = Boolean(text);
      clearTimeout(fading);
      fading = setTimeout(() => { said.textContent = ""; hint.hidden = false; }, NOTE);
    }

    /** A line that stays as long as it is true. */
    function warn(text) {
      unsaved.hidden = !text;
      KB.write(unsaved, text);
    }

    let speaking = 0;
    function speak(text) {
      clearTimeout(speaking);
      speaking = setTimeout(() => KB.write(spoken, text), REST);
    }

    /** The agent's lines of a pasted chat are shaded: they are ours, not the customer's. */
    function withSpeakers(text, spans) {
      const n = KB.text.normalise(text);
      const chars = KB.text.chars(text);
      const nodes = [];
      let at = 0;
      const theirs = (from, to) => KB.marked(chars.slice(from, to).join(""),
        spans.filter(([s, e]) => from <= s && e <= to).map(([s, e, name]) => [s - from, e - from, name]));
      for (const turn of KB.turns(n, words.speakers).filter((t) => t.agent && t.end > t.start)) {
        const [from, to] = KB.text.span(n, turn.start, turn.end);
        nodes.push(...theirs(at, from), el("span", { class: "kb-agent" }, chars.slice(from, to).join("")));
        at = to;
      }
      return [...nodes, ...theirs(at, chars.length)];
    }

    const meaning = (head, name) => (head === "step" ? `推向：${desk.nameOf(name)}` : label(head, name));

    function drawInput(advice) {
      const { turns } = desk.contact;
      const { said: text } = KB.contact.open(desk.contact);
      if (!composing() && input.value !== text) {
        input.value = text;
        edited = false;
      }
      channel.value = desk.contact.channel;
      industry.value = desk.contact.industry;
      input.placeholder = turns.length > 1
        ? "客户接着说了什么？还没说，就看下面的下一步。"
        : "客户说了什么？照原话打进来，也可以贴整段聊天记录；要找资料也在这里打。";
      // While the answer to another text is on its way, no word is marked.
      const spans = (advice && desk.answered === desk.sent ? advice.signals : [])
        .map(({ start, end, means }) => [start, end, meaning(...means.split(":"))])
        .sort((a, b) => a[0] - b[0] || b[1] - a[1]);
      const marksOf = turns.map((t, i) => {
        const from = desk.starts[i];
        const to = from + KB.text.chars(t.said).length;
        return from < 0 ? [] : spans.filter(([s, e]) => from <= s && e <= to).map(([s, e, name]) => [s - from, e - from, name]);
      });
      if (!composing()) marks.replaceChildren(...withSpeakers(text, marksOf[turns.length - 1]), "\n");
      marks.scrollTop = input.scrollTop;
      log.draw(desk.contact, marksOf);
    }

    function drawChips(advice) {
      const list = (field, keys) => keys.map((k) => label(field, k)).join(" · ");
      const items = advice ? [
        ...advice.risk.map((r) => ["风险", label("risk", r), "kb-risk"]),
        ["类型", label("type", advice.type)], ["情绪", label("emotion", advice.emotion)],
        ...(advice.demand[0] === "none" ? [] : [["诉求", list("demand", advice.demand)]]),
        ...(desk.counted(advice).length ? [["聊天里做过", desk.counted(advice).map(desk.nameOf).join("、")]] : []),
        ["把握", advice.confidence.toFixed(2)],
      ] : [];
      KB.rows(chips, items, (item) => item.join("|"), ([name, value, extra]) =>
        el("span", { class: `kb-chip ${extra || ""}` }, name, " ", el("b", {}, value)));
    }

    function draw() {
      const held = document.activeElement;
      const advice = desk.advice();
      const step = desk.shownStep();
      drawInput(advice);
      drawChips(advice);
      ladder.draw(advice, step);
      card.draw(advice, desk.problem());
      side.draw(advice, desk.sent.trim() ? desk.found() : []);
      draft.draw();
      record.draw();
      undo.setAttribute("aria-disabled", String(!desk.undoable()));
      whatif.setAttribute("aria-pressed", String(Boolean(desk.whatif)));
      host.classList.toggle("kb-has-turns", desk.contact.turns.length > 1);
      speak(step ? `${desk.whatif ? "假如之后" : "下一步"}：${desk.nameOf(step)}` : "");
      // Whatever held the focus may be gone or hidden now; typing must go on.
      const lost = held && held !== document.body && (host.contains(held) ? !held.getClientRects().length : !held.isConnected);
      if (lost) input.focus();
    }

    /** Whether the box's own undo may have something to take back. */
    let edited = false;
    const composing = KB.typing(input, (text) => {
      const kept = KB.contact.tail(text);
      edited = kept === text;
      if (!edited) input.value = kept;
      desk.typed(kept);
      if (!edited) note(`太长了，只留下最后 ${KB.text.chars(kept).length} 字`);
    });
    input.addEventListener("scroll", () => { marks.scrollTop = input.scrollTop; });

    /** Ctrl+Z in the empty box: first what was typed there, then the steps. */
    function undoInBox(event) {
      if (!edited) {
        event.preventDefault();
        return desk.undo();
      }
      const written = () => Array.from(host.querySelectorAll("textarea"), (box) => box.value).join("\0");
      const before = written();
      setTimeout(() => { if (written() === before) desk.undo(); });
    }

    const ALT = {
      KeyR: () => draft.show(), KeyW: desk.toggleWhatif, KeyN: desk.renew, KeyL: () => record.show(),
      KeyB: () => card.blank(), Digit0: () => input.focus(), ArrowDown: () => desk.browse(1), ArrowUp: () => desk.browse(-1),
      Digit1: () => card.copy(0), Digit2: () => card.copy(1), Digit3: () => card.copy(2),
    };
    keys.addEventListener("keydown", (event) => {
      const { target } = event;
      const elsewhere = target.closest && target.closest(".kb-find");
      if (event.isComposing || help.node.open || event.defaultPrevented || elsewhere) return;
      // Alt with an arrow opens a list of choices that has the focus.
      if (target.tagName === "SELECT" && /^Arrow/.test(event.code)) return;
      const field = /^(TEXTAREA|INPUT|SELECT)$/.test(target.tagName);
      const control = event.ctrlKey || event.metaKey;
      const back = control && !event.shiftKey && event.key.toLowerCase() === "z";
      if (event.key === "Enter" && control) desk.finish();
      else if (event.altKey && !control && !event.shiftKey && ALT[event.code]) ALT[event.code]();
      else if (back && !field) desk.undo();
      else if (back && target === input && !input.value) return undoInBox(event);
      else if (event.key === "?" && !field) help.show();
      else if (event.key === "Escape" && desk.whatif) desk.toggleWhatif();
      else if (event.key === "Escape" && field && target !== input) input.focus();
      else return;
      event.preventDefault();
    });
    if (keep) {
      window.addEventListener("beforeprint", () => record.ready());
      window.addEventListener("pageshow", (event) => { if (event.persisted) desk.reopen(); });
    }
    const answered = () => {
      desk.answered = model.get("text");
      draw();
    };
    for (const key of ["advice", "found", "problem"]) model.on(`change:${key}`, answered);
    for (const key of ["text", "done"]) model.on(`change:${key}`, () => { desk.hear(); draw(); });
    desk.adopt(model.get("contact"));
    answered();
    if (firstNote) note(firstNote);
    return { input };
  }

  KB.desk = { render };
})();
