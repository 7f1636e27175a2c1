// The page 看结果: receipts in, who passed, which steps are weak, which questions are hard; nothing leaves the machine.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { el, ui, exporting } = KB;
  const host = document.querySelector('[data-kb-train="results"]');
  if (!host) return;
  const KEPT = "kb-results";
  const { STATES } = exporting;
  /** What a question asked, in a word. */
  const KINDS = { step: "问哪一步", words: "问哪一句", swap: "问换成哪一句", rule: "问行不行" };

  /** Receipts as `[{ file, text }]`; in memory where the browser keeps nothing. */
  const kept = {
    memory: null,
    get() {
      if (this.memory) return this.memory;
      try {
        const found = JSON.parse(KB.store.get(KEPT));
        return Array.isArray(found) ? found.filter((r) => r && typeof r.file === "string" && typeof r.text === "string") : [];
      } catch (e) {
        return [];
      }
    },
    set(receipts) {
      const text = JSON.stringify(receipts);
      KB.store.set(KEPT, text);
      this.memory = KB.store.get(KEPT) === text ? null : receipts;
    },
  };

  KB.openTraining().then((training) => {
    const status = el("p", { role: "status", "aria-live": "polite" });
    const trouble = el("p", { class: "kb-card kb-trouble", role: "alert", hidden: true });
    const out = el("div");
    const box = el("textarea", { rows: "3", "aria-label": "回执码", placeholder: "贴上回执码，可以一次贴很多份", spellcheck: "false" });

    /** A name that no other receipt has: two people may both send 回执.json, and one may be taken out. */
    function ownName(file, taken) {
      let name = file;
      for (let n = 2; taken.has(name); n += 1) name = `${file}（${n}）`;
      taken.add(name);
      return name;
    }

    /** Add receipts; those that are there already are not added twice. */
    function add(given) {
      const before = kept.get();
      const known = new Set(before.map(({ text }) => text.trim()));
      const taken = new Set(before.map(({ file }) => file));
      const fresh = given.filter(({ text }) => !known.has(text.trim()) && known.add(text.trim()))
        .map(({ file, text }) => ({ file: ownName(file, taken), text }));
      kept.set([...before, ...fresh]);
      const twice = given.length - fresh.length;
      draw();
      status.textContent = `收进 ${fresh.length} 份${twice ? `，另有 ${twice} 份已经在这里` : ""}。`;
    }

    /** Files as the command line reads them: one with several codes is several receipts. */
    const addFiles = (files) => add(files.flatMap(({ file, text }) => {
      const parts = KB.receipt.split(text);
      if (parts.length < 2) return [{ file, text: parts[0] || "" }];
      return parts.map((part, i) => ({ file: `${file}（第 ${i + 1} 份）`, text: part }));
    }));

    function paste() {
      const parts = KB.receipt.split(box.value);
      if (!parts.length) {
        status.textContent = "还没有贴上回执码。";
        box.focus();
        return;
      }
      const from = Math.max(0, ...kept.get().map(({ file }) => Number((/^粘贴 (\d{1,9})$/.exec(file) || [0, 0])[1])));
      add(parts.map((text, i) => ({ file: `粘贴 ${from + i + 1}`, text })));
      box.value = "";
    }

    function clear() {
      const before = kept.get();
      kept.set([]);
      draw();
      ui.notice(`已清除 ${before.length} 份回执。离开这一页之前可以撤销。`, () => { kept.set(before); draw(); });
    }

    function removeOne(file) {
      const before = kept.get();
      kept.set(before.filter((receipt) => receipt.file !== file));
      draw();
      ui.notice(`已拿掉“${file}”。`, () => { kept.set(before); draw(); });
    }

    function personRow(person) {
      const words = [STATES[person.state], person.late && "迟交"].filter(Boolean).join("，");
      return el("tr", { class: `is-${person.state}` },
        el("th", { scope: "row" }, person.person, person.otherBook && el("small", {}, "书的版本不同")),
        el("td", {}, el("span", { class: "kb-state" }, words)),
        el("td", { class: "kb-number" }, person.score === null ? "—" : `${person.score} %`),
        el("td", { class: "kb-number" }, `${person.done} / ${person.items}`),
        el("td", { class: "kb-number" }, person.state === "missing" ? "—" : `${person.minutes} 分钟`),
        el("td", {}, person.finished ? ui.timeWords(person.finished) : "—"));
    }

    /** Steps by people; every cell says in figures what its shade shows. */
    function heat(list) {
      const asked = training.steps.filter((s) => list.steps[s.id]);
      const people = list.people.map((p) => p.person).filter((name) => asked.some((s) => list.steps[s.id][name]));
      if (!asked.length) return el("p", { class: "kb-soft" }, "还没有人答过题。");
      const sum = (cells) => cells.reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
      const cell = (pair) => {
        if (!pair || !pair[1]) return el("td", { class: "kb-number" }, el("span", { class: "kb-visually-hidden" }, "没有答过"));
        const percent = Math.round((100 * pair[0]) / pair[1]);
        const shade = percent < 50 ? "weak" : percent < 80 ? "fair" : "good";
        return el("td", { class: `kb-number kb-heat-${shade}` }, `${percent} %`, el("small", {}, `${pair[0]} / ${pair[1]}`));
      };
      return el("div", { class: "kb-scroll", tabindex: "0", role: "region", "aria-label": "各步骤的答对率" }, el("table", { class: "kb-heat" },
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "步骤"), people.map((name) => el("th", { scope: "col" }, name)), el("th", { scope: "col" }, "合计"))),
        el("tbody", {}, asked.map((s) => el("tr", { class: `stage-${s.stage}` },
          el("th", { scope: "row" }, el("a", { href: `${KB.root}book/ladder.html#${s.id}` }, s.name)),
          people.map((name) => cell(list.steps[s.id][name])), cell(sum(Object.values(list.steps[s.id]))))))));
    }

    const asked = new Map();
    const textOf = (q) => (asked.has(q) ? asked.get(q).ask : q);
    const kindOf = (q) => (asked.has(q) ? `${KINDS[asked.get(q).kind]} · ` : "");

    function hardest(list) {
      if (!list.hard.length) return el("p", { class: "kb-soft" }, "没有答错的题。");
      return el("ol", { class: "kb-hard" }, list.hard.map(({ q, right, asked: often }) => {
        const ref = q.split("#")[0];
        const item = training.item(ref);
        return el("li", {}, el("span", { "data-asked": q }, textOf(q)), el("span", { class: "kb-soft" }, el("span", { "data-kind": q }, kindOf(q)), `${often} 人次答，${right} 次答对 · `,
          item ? el("a", { href: KB.root + item.url }, item.title) : training.titleOf(ref)));
      }));
    }

    /** The words of the hard questions, put in where they belong: nothing else moves, and focus stays where it is. */
    function fillAsked() {
      for (const place of out.querySelectorAll("[data-asked]")) place.textContent = textOf(place.dataset.asked);
      for (const place of out.querySelectorAll("[data-kind]")) place.textContent = kindOf(place.dataset.kind);
    }

    function drawList(list, _, all) {
      const edition = all.some((other) => other !== list && other.title === list.title);
      const count = (state) => list.people.filter((p) => p.state === state).length;
      const late = list.people.filter((p) => p.late).length;
      return el("section", { class: "kb-result" },
        el("h2", {}, list.title),
        el("p", { class: "kb-soft" }, [list.due && `${ui.dayWords(list.due)}前`, `第一次答对 ${list.pass} % 及格`, edition && `同名的读单有几版，这一版的记号是 ${list.key}`].filter(Boolean).join(" · ")),
        el("p", { class: "kb-chips" }, Object.entries(STATES).map(([state, word]) => el("span", { class: "kb-chip" }, word, " ", el("b", {}, String(count(state))))),
          el("span", { class: "kb-chip" }, "迟交 ", el("b", {}, String(late)))),
        el("div", { class: "kb-scroll", tabindex: "0", role: "region", "aria-label": `${list.title}：各人的结果` }, el("table", { class: "kb-people-table" },
          el("thead", {}, el("tr", {}, ["姓名", "结果", "得分", "完成", "用时", "完成时间"].map((word) => el("th", { scope: "col" }, word)))),
          el("tbody", {}, list.people.map(personRow)))),
        el("h3", {}, "哪一步弱"), heat(list),
        el("h3", {}, "最难的题"), hardest(list));
    }

    function drawProblems(problems) {
      return el("section", { class: "kb-result" }, el("h2", {}, "没有算进去的"), el("ul", { class: "kb-list" }, problems.map(({ file, what }) =>
        el("li", {}, el("b", {}, file), el("span", { class: "kb-soft" }, what), ui.button("拿掉", () => removeOne(file), "kb-ghost", { "aria-label": `拿掉${file}` })))));
    }

    function exports(report) {
      const save = async (button) => {
        try {
          ui.download("训练结果.xlsx", await exporting.xlsx(report, training.steps));
        } catch (e) {
          button.after(el("span", { class: "kb-problem", role: "alert" }, "表格没有做成：缺少文件。请确认整个文件夹都在，再刷新这一页。"));
        }
      };
      const excel = ui.button("导出 Excel", () => save(excel));
      return el("p", { class: "kb-actions kb-exports" },
        ui.button("导出 CSV", () => ui.download("训练结果.csv", exporting.csv(report, training.steps), "text/csv")), excel,
        ui.button("打印", () => window.print()), ui.button("全部清除", clear));
    }

    async function draw() {
      trouble.hidden = !kept.memory;
      trouble.textContent = kept.memory ? "浏览器存不下这些回执（没有权限，或者存满了）：这一页开着就还在，关掉要重新放。" : "";
      const receipts = kept.get();
      const report = KB.report.report(receipts, training.book);
      const hard = report.lists.flatMap((list) => list.hard.map(({ q }) => q));
      out.replaceChildren(...[
        receipts.length === 0 && el("p", { class: "kb-empty" }, "还没有回执。把收到的文件拖进来，或贴上回执码；可以一次放很多份。"),
        report.lists.length > 0 && exports(report),
        ...report.lists.map(drawList),
        report.problems.length > 0 && drawProblems(report.problems),
        report.lists.length === 0 && receipts.length > 0 && el("p", { class: "kb-actions" }, ui.button("全部清除", clear)),
      ].filter(Boolean));
      const missing = hard.filter((q) => !asked.has(q));
      if (!missing.length) return;
      // The words of the questions come in parts; the figures are shown without waiting for them.
      for (const question of await training.asked(missing)) asked.set(question.id, question);
      fillAsked();
    }

    host.replaceChildren(
      el("p", {}, "把收到的回执放在这里。全部在这台电脑上算，哪里也不发；清除以前一直存在这个浏览器里。"),
      trouble,
      el("div", { class: "kb-take-in" },
        ui.drop({ words: "选回执文件，或拖到这里（可多选）", accept: ".json,.txt,application/json,text/plain", multiple: true, onFiles: addFiles }),
        el("div", {}, box, el("p", { class: "kb-actions" }, ui.button("收进来", paste), status))),
      out);
    window.addEventListener("storage", (event) => { if (event.key === KEPT || !event.key) draw(); });
    draw();
  }).catch(() => {
    host.replaceChildren(el("p", { class: "kb-card", role: "alert" }, "看结果没有打开：缺少数据文件。请确认整个文件夹都在，再刷新这一页。"));
  });
})();
