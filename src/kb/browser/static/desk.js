// The desk: what the customer said → the next step, the words, the cases.
//
// One view, after dom.js, two bodies: in a notebook anywidget hands it a model whose advice comes from Python; in
// the built book `mount` hands it a small local model whose advice comes from suggest.js.
(function () {
  "use strict";
  const KB = (globalThis.KB = globalThis.KB || {});
  const REASONS = { industry: "同行业", type: "同一类问题", step: "也走到这一步", emotion: "客户情绪相近" };

  const { el, marked, withBlanks } = KB;

  function render({ model, el: host }) {
    const names = model.get("names");
    const steps = new Map(names.steps.map((s, i) => [s.id, { ...s, place: i + 1 }]));
    const label = (field, key) => (names.labels[field] || {})[key] || key;
    const root = model.get("root") || "";

    const marks = el("div", { class: "kb-marks", "aria-hidden": "true" });
    const input = el("textarea", {
      class: "kb-input", rows: "3", spellcheck: "false", maxlength: "4000",
      "aria-label": "客户说了什么，或者要找什么",
      placeholder: "客户说了什么？照原话打进来，也可以贴整段聊天记录；要找资料也在这里打。",
    });
    const pick = (field, first) => el("select", { "aria-label": first, onchange: (event) => {
      model.set(field, event.target.value);
      model.save_changes();
    } }, el("option", { value: "" }, first),
    Object.entries(names.labels[field]).filter(([key]) => key !== "any" && key !== "general")
      .map(([key, name]) => el("option", { value: key }, name)));
    const channel = pick("channel", "渠道");
    const industry = pick("industry", "行业");
    const clear = el("button", { type: "button", class: "kb-ghost", onclick: reset }, "清空");
    const chips = el("p", { class: "kb-chips", role: "status", "aria-live": "polite" });
    const now = el("div", { class: "kb-now-card" });
    const ladder = el("ol", { class: "kb-ladder" });
    const side = el("aside", { class: "kb-side", "aria-label": "案例和资料" });
    host.classList.add("kb-desk");
    host.append(el("div", { class: "kb-desk-grid" },
      el("div", { class: "kb-desk-main" },
        el("div", { class: "kb-said-box" }, marks, input),
        el("div", { class: "kb-desk-bar" }, channel, industry, clear,
          el("span", { class: "kb-soft kb-keys" }, el("kbd", {}, "Ctrl"), " ", el("kbd", {}, "⏎"), " 做完这一步")),
        chips, now),
      side));

    function set(changes) {
      for (const [key, value] of Object.entries(changes)) model.set(key, value);
      model.save_changes();
    }

    function reset() {
      input.value = "";
      set({ text: "", done: [] });
      input.focus();
    }

    function toggle(step) {
      const done = model.get("done");
      set({ done: done.includes(step) ? done.filter((s) => s !== step) : [...done, step] });
    }

    function finish() {
      const advice = model.get("advice");
      if (advice && advice.step && model.get("text").trim() && !model.get("done").includes(advice.step)) {
        toggle(advice.step);
      }
    }

    function drawInput(advice) {
      const text = model.get("text");
      if (input.value !== text) input.value = text;
      channel.value = model.get("channel") || "";
      industry.value = model.get("industry") || "";
      const spans = advice && text ? advice.signals.map((s) => {
        const [head, name] = s.means.split(":");
        return [s.start, s.end, label(head, name)];
      }) : [];
      spans.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
      marks.replaceChildren(...marked(text, spans), "\n");
      marks.scrollTop = input.scrollTop;
    }

    function drawChips(advice) {
      const chip = (name, value, extra) =>
        el("span", { class: `kb-chip ${extra || ""}` }, name, " ", el("b", {}, value));
      const list = (field, keys) => keys.map((k) => label(field, k)).join(" · ");
      chips.replaceChildren(...[
        ...advice.risk.map((r) => chip("风险", label("risk", r), "kb-risk")),
        chip("类型", label("type", advice.type)),
        chip("情绪", label("emotion", advice.emotion)),
        advice.demand[0] !== "none" && chip("诉求", list("demand", advice.demand)),
        chip("把握", advice.confidence.toFixed(2)),
      ].filter(Boolean));
    }

    function sayItem(phrase, i) {
      const button = el("button", {
        type: "button", class: "kb-copy", "aria-keyshortcuts": `Alt+${i + 1}`,
        onclick: () => KB.copyFrom(button, phrase.text),
      }, "复制");
      return el("li", {}, el("span", { class: "kb-say-text" }, withBlanks(phrase.text)),
        el("kbd", { class: "kb-keys", "aria-hidden": "true" }, `Alt ${i + 1}`), button);
    }

    function drawNow(advice) {
      const step = steps.get(advice.step);
      const unsure = advice.confidence < 0.35;
      const done = model.get("done");
      const over = done.includes(advice.step);
      now.className = `kb-card kb-now-card stage-${step.stage}`;
      now.replaceChildren(
        el("div", { class: "kb-now" },
          el("h2", {}, unsure ? "也许该" : "现在：", el("a", { href: `${root}book/ladder.html#${step.id}` }, step.name),
            el("small", {}, `${label("stage", step.stage)} · 第 ${step.place} 步`)),
          el("p", { class: "kb-why" }, advice.why),
          unsure && el("p", { class: "kb-why" }, "把握不大：再补一句客户的原话，或勾上已经做过的步骤。")),
        el("h3", {}, "可以这样说"),
        el("ul", { class: "kb-lines" }, advice.phrases.map(sayItem)),
        el("h3", {}, "别这样说"),
        el("ul", { class: "kb-lines kb-avoid" }, advice.avoid.map((a) =>
          el("li", {}, el("s", {}, a.text), el("span", { class: "kb-instead" }, el("span", {}, withBlanks(a.instead)))))),
        el("div", { class: "kb-desk-done" },
          el("button", { type: "button", class: "kb-button", onclick: finish, disabled: over }, "做完了，下一步")),
        ladder);
    }

    function drawLadder(advice) {
      const done = model.get("done");
      const plan = advice ? advice.plan : [];
      ladder.replaceChildren(...Object.entries(names.labels.stage).map(([stage, name]) =>
        el("li", { class: `stage-${stage}${advice && steps.get(advice.step).stage === stage ? " on" : ""}` },
          el("b", {}, name),
          names.steps.filter((s) => s.stage === stage).map((s) =>
            el("button", {
              type: "button", "aria-pressed": String(done.includes(s.id)),
              title: done.includes(s.id) ? "做过了，再点取消" : "点一下，记为做过",
              class: [plan.includes(s.id) && "in-plan", advice && advice.step === s.id && "is-now"].filter(Boolean).join(" "),
              onclick: () => toggle(s.id),
            }, s.name)))));
    }

    function hit(item, soft, text) {
      return el("li", {}, el("a", { href: root + item.url },
        item.badge && el("span", { class: "kb-badge" }, item.badge), el("b", {}, item.title)),
      soft && el("span", { class: "kb-soft" }, soft), text && el("p", { class: "kb-excerpt" }, text));
    }

    function drawSide(advice, found) {
      const parts = [];
      const reasons = (item) => item.why.map((w) => REASONS[w]).join(" · ") || "说的事相近";
      if (found && found.length) {
        parts.push(el("h3", {}, "搜到的"), el("ul", { class: "kb-list" },
          found.map((h) => hit(h, null, marked(h.excerpt, h.marks)))));
      }
      if (advice) {
        parts.push(el("h3", {}, "像这样的案例"), el("ul", { class: "kb-list" },
          advice.cases.map((c) => hit(c, reasons(c)))));
        parts.push(el("h3", {}, "读一读"), el("ul", { class: "kb-list" },
          advice.readings.map((r) => hit(r, reasons(r)))));
      }
      side.className = parts.length ? "kb-side kb-card" : "kb-side";
      side.replaceChildren(...parts);
    }

    function drawEmpty() {
      chips.replaceChildren();
      now.className = "kb-card kb-now-card kb-start";
      const examples = model.get("examples") || [];
      now.replaceChildren(
        el("p", { class: "kb-soft" }, "打下客户的话，这里给出该做的一步、能说的话和不该说的话。不用打完整，边打边出。"),
        examples.length && el("h3", {}, "试一试"),
        examples.length && el("ul", { class: "kb-examples" }, examples.map((line) =>
          el("li", {}, el("button", { type: "button", onclick: () => set({ text: line, done: [] }) }, line)))),
        el("h3", {}, "已经做过的步骤"), ladder);
      drawLadder(null);
      drawSide(null, null);
    }

    function draw() {
      const problem = model.get("problem");
      const advice = model.get("text").trim() ? model.get("advice") : null;
      drawInput(advice);
      if (problem) {
        chips.replaceChildren();
        now.className = "kb-card kb-now-card";
        now.replaceChildren(el("p", { role: "alert" }, problem));
        return;
      }
      if (!advice || !advice.step) return drawEmpty();
      drawChips(advice);
      drawLadder(advice);
      drawNow(advice);
      drawSide(advice, model.get("found"));
    }

    let composing = false;
    const typed = () => { if (!composing) set({ text: input.value }); };
    input.addEventListener("compositionstart", () => { composing = true; });
    input.addEventListener("compositionend", () => { composing = false; typed(); });
    input.addEventListener("input", typed);
    input.addEventListener("scroll", () => { marks.scrollTop = input.scrollTop; });
    host.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) finish();
      else if (event.altKey && /^Digit[1-3]$/.test(event.code)) {
        const button = now.querySelectorAll(".kb-lines:not(.kb-avoid) .kb-copy")[Number(event.code.slice(5)) - 1];
        if (button) button.click();
      } else return;
      event.preventDefault();
    });
    for (const key of ["advice", "found", "problem", "text", "done"]) model.on(`change:${key}`, draw);
    draw();
  }

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
    try {
      opened = await KB.openAdvisor();
    } catch (error) {
      host.replaceChildren(el("p", { class: "kb-card", role: "alert" }, "应答台没有打开：缺少数据文件。请确认整个文件夹都在，再刷新这一页。"));
      return;
    }
    const { search, advisor, data } = opened;
    let kept = {};
    // This tab only: coming back from a case finds the contact as it was.
    try { kept = JSON.parse(sessionStorage.getItem("kb-desk")) || {}; } catch (e) { /* a fresh start */ }
    const said = KB.visit.get("kb-said"); // handed over by the search box
    if (said) {
      KB.visit.set("kb-said", "");
      kept = { ...kept, text: said, done: [] };
    }
    const values = {
      text: "", done: [], channel: "", industry: "", advice: null, found: [], problem: "",
      ...(host.dataset.text == null ? kept : { text: host.dataset.text }), names: { steps: data.steps, labels: data.labels }, root: KB.root, examples,
    };
    const model = localModel(values, answer);
    let turn = 0;
    async function answer() {
      const mine = ++turn;
      const { text, done, channel, industry } = values;
      try { sessionStorage.setItem("kb-desk", JSON.stringify({ text, done, channel, industry })); } catch (e) { /* not kept */ }
      const said = text.trim();
      // A few words look for something; a whole complaint is answered, and its hits are beside it.
      const short = said && Array.from(said).length <= 12;
      let [advice, found, problem] = [null, [], ""];
      try {
        if (said) advice = await advisor.suggest(text, { done, channel: channel || null, industry: industry || null });
        if (short) found = (await search.search(text, { limit: 5 })).results;
      } catch (error) {
        problem = "应答台缺少数据文件。请确认整个文件夹都在，再刷新这一页。";
      }
      if (mine !== turn) return; // more was typed meanwhile
      Object.assign(values, { advice, found, problem });
      model.changed();
    }
    await answer();
    host.replaceChildren();
    render({ model, el: host });
    if (matchMedia("(min-width: 760px)").matches && !new URL(location.href).searchParams.get("q")) {
      host.querySelector("textarea").focus({ preventScroll: true });
    }
  }

  KB.desk = { render, mount };
  if (typeof document !== "undefined") document.querySelectorAll("[data-kb-desk]").forEach(mount);
})();
