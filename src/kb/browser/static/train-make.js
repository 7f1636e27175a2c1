// The page 布置: put a reading list together; how it is given away stands in train-give.js.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { el, ui, lists, basket } = KB;
  const host = document.querySelector('[data-kb-train="make"]');
  if (!host) return;
  const PASS = 80;

  /** The lines of a box, without blank ones and repetitions. */
  const linesOf = (text) => [...new Set(text.split("\n").map((line) => line.trim()).filter(Boolean))];

  function freshId() {
    const now = KB.codes.stamp();
    return `list-${now.slice(0, 10)}-${now.slice(11, 16).replace(":", "")}`;
  }

  KB.openTraining().then((training) => {
    /** The draft as a list, minutes and proofs filled in. */
    function listOf(draft) {
      return {
        format: "kb-list", version: 1, id: draft.id || freshId(), title: (draft.title || "").trim(), for: (draft.for || "").trim(),
        people: draft.people || [], due: draft.due || "", pass: Number.isInteger(draft.pass) ? draft.pass : PASS,
        items: draft.items.map(({ ref, proof, minutes }) => ({
          ref, proof: proof || "read", minutes: minutes || (training.item(ref) ? training.item(ref).minutes : 1),
        })),
      };
    }

    const title = el("input", { type: "text", maxlength: 80, id: "kb-list-title", required: true, placeholder: "例如：新人第一周" });
    const forWhom = el("input", { type: "text", maxlength: 80, id: "kb-list-for", placeholder: "例如：夜班一组" });
    const people = el("textarea", { rows: "4", id: "kb-list-people", placeholder: "一行一个名字；不写名字，谁都能用", spellcheck: "false" });
    const due = el("input", { type: "date", id: "kb-list-due" });
    const pass = el("input", { type: "number", min: 0, max: 100, step: 1, id: "kb-list-pass" });
    const items = el("ol", { class: "kb-make-items" });
    const total = el("p", { class: "kb-soft", role: "status" });
    const said = el("p", { class: "kb-visually-hidden", role: "status", "aria-live": "polite" });
    const give = el("section", { class: "kb-give", "aria-label": "发出去" });
    const problem = el("p", { class: "kb-problem", role: "alert" });

    function change(run) {
      const kept = basket.change((draft) => {
        draft.id = draft.id || freshId();
        run(draft);
      });
      problem.textContent = kept ? "" : "浏览器存不下这份草稿（没有权限，或者存满了）。请先用下面的办法发出去或下载，再离开这一页。";
    }

    function proofs(item) {
      const known = training.item(item.ref);
      const fits = { read: true, question: !known || known.asks.length > 0, drill: Boolean(known && known.drill) };
      return Object.entries(lists.PROOFS).filter(([proof]) => fits[proof])
        .map(([proof, words]) => el("option", { value: proof }, words));
    }

    /** Put the item at `from` to `to` and say so; focus goes with it. */
    function move(from, to, button) {
      const { items: before } = basket.draft();
      if (to < 0 || to >= before.length || from === to) return;
      const { ref } = before[from];
      change((draft) => {
        const [moved] = draft.items.splice(from, 1);
        draft.items.splice(to, 0, moved);
      });
      said.textContent = `${training.titleOf(ref)}移到第 ${to + 1} 项。`;
      const again = button && items.children[to].querySelector(`[data-move="${button}"]`);
      if (again) (again.disabled ? items.children[to].querySelector("[data-move]:not(:disabled)") : again).focus();
    }

    function remove(place) {
      const removed = basket.draft().items[place];
      change((draft) => { draft.items.splice(place, 1); });
      ui.notice(`已移出“${training.titleOf(removed.ref)}”。`, () => change((draft) => { draft.items.splice(place, 0, removed); }));
      const next = items.children[Math.min(place, items.children.length - 1)];
      (next ? next.querySelector("[data-remove]") || title : title).focus();
    }

    let dragged = -1;
    function itemLine(item, place, all) {
      const known = training.item(item.ref);
      const name = training.titleOf(item.ref);
      const set = (field, value) => change((draft) => { draft.items[place][field] = value; });
      const mover = (word, by) => ui.button(by < 0 ? "↑" : "↓", () => move(place, place + by, word), "kb-ghost",
        { "aria-label": `${name}${by < 0 ? "上移" : "下移"}`, "data-move": word, disabled: place + by < 0 || place + by >= all });
      const line = el("li", { draggable: "true" },
        el("span", { class: "kb-grip", "aria-hidden": "true", title: "拖动换位置" }, "⠿"),
        el("span", { class: "kb-item-title" },
          known ? el("a", { href: KB.root + known.url }, name) : el("b", { class: "kb-late" }, name),
          el("span", { class: "kb-soft" }, lists.kindOf(item.ref))),
        el("label", { class: "kb-make-proof" }, el("span", { class: "kb-visually-hidden" }, `${name}怎样算完成`),
          el("select", { onchange: (event) => set("proof", event.target.value) }, proofs(item))),
        el("label", { class: "kb-make-minutes" },
          el("input", { type: "number", min: 1, max: 999, step: 1, "aria-label": `${name}几分钟`,
            onchange: (event) => set("minutes", Math.min(999, Math.max(1, Math.round(Number(event.target.value)) || 1))) }), " 分钟"),
        el("span", { class: "kb-make-moves" }, mover("up", -1), mover("down", 1),
          ui.button("移出", () => remove(place), "kb-ghost", { "aria-label": `移出${name}`, "data-remove": true })));
      line.addEventListener("dragstart", (event) => {
        dragged = place;
        event.dataTransfer.effectAllowed = "move";
        line.classList.add("is-dragged");
      });
      line.addEventListener("dragend", () => { dragged = -1; line.classList.remove("is-dragged"); });
      line.addEventListener("dragover", (event) => { if (dragged >= 0) event.preventDefault(); });
      line.addEventListener("drop", (event) => {
        event.preventDefault();
        if (dragged >= 0) move(dragged, place);
      });
      return line;
    }

    let drawn = "";
    function drawItems(draft) {
      // Only another order makes new lines: a line that is being edited keeps its focus.
      const order = draft.items.map(({ ref }) => ref).join(" ");
      if (order !== drawn) items.replaceChildren(...draft.items.map((item, i) => itemLine(item, i, draft.items.length)));
      drawn = order;
      const list = listOf(draft);
      list.items.forEach(({ proof, minutes }, i) => {
        items.children[i].querySelector("select").value = proof;
        items.children[i].querySelector("input").value = minutes;
      });
      total.textContent = draft.items.length
        ? `共 ${draft.items.length} 项，约 ${ui.minutesWords(list.items.reduce((sum, item) => sum + item.minutes, 0))}`
        : "还没有内容。翻到要布置的页、案例或方法，点“加入读单”；或者从下面添一项。";
    }

    function drawGive(draft) {
      const list = listOf(draft);
      const { problem: wrong } = lists.check(list);
      const short = !draft.items.length ? "先加入要读的内容。" : !list.title ? "先写上标题。" : wrong || "";
      give.replaceChildren(...KB.giveList(short ? null : list, short, training, (id) => change((now) => { now.id = id; })));
    }

    function drawFields(draft) {
      const put = (field, value) => { if (document.activeElement !== field) field.value = value; };
      put(title, draft.title || "");
      put(forWhom, draft.for || "");
      put(people, (draft.people || []).join("\n"));
      put(due, draft.due || "");
      put(pass, Number.isInteger(draft.pass) ? draft.pass : PASS);
    }

    function draw() {
      const draft = basket.draft();
      drawFields(draft);
      drawItems(draft);
      drawGive(draft);
    }

    /** Take a list to edit in place of the draft, which can be had back. */
    function take(list) {
      const before = basket.draft();
      change((draft) => {
        const { id, title: name, for: whom, people: who, due: day, pass: mark, items: own } = list;
        Object.assign(draft, { id, title: name, for: whom, people: who, due: day, pass: mark, items: own });
      });
      ui.notice(`正在改“${list.title}”。`, before.items.length ? () => change((draft) => Object.assign(draft, before)) : null);
    }

    function startOver() {
      const before = basket.draft();
      change((draft) => {
        for (const name of Object.keys(draft)) delete draft[name];
        Object.assign(draft, { items: [], id: freshId() });
      });
      ui.notice("已清空草稿。", () => change((draft) => Object.assign(draft, before)));
      title.focus();
    }

    function addForm() {
      const names = new Map(Object.entries(training.items).map(([ref, item]) => [`${item.title}（${lists.kindOf(ref)}）`, ref]));
      const wrong = el("span", { class: "kb-problem", role: "alert" });
      const box = el("input", { type: "text", list: "kb-all-items", "aria-label": "要添的页、案例或方法", placeholder: "打标题里的几个字来选" });
      const add = () => {
        const ref = names.get(box.value.trim());
        const twice = basket.draft().items.some((item) => item.ref === ref);
        wrong.textContent = !ref ? "没有这个标题，请从提示里选一个。" : twice ? "已经在读单里了。" : "";
        if (wrong.textContent) return;
        change((draft) => { draft.items.push({ ref }); });
        said.textContent = `已添上${box.value}。`;
        box.value = "";
      };
      return el("form", { class: "kb-actions", onsubmit: (event) => { event.preventDefault(); add(); } },
        box, el("datalist", { id: "kb-all-items" }, Array.from(names.keys(), (name) => el("option", { value: name }))),
        el("button", { type: "submit", class: "kb-ghost" }, "添一项"), wrong);
    }

    function takeForm() {
      const wrong = el("p", { class: "kb-problem", role: "alert" });
      const box = el("textarea", { rows: "2", "aria-label": "读单的链接", placeholder: "贴上读单的链接", spellcheck: "false" });
      const use = (text) => {
        const { list, problem: bad } = lists.read(text);
        wrong.textContent = bad || "";
        if (list) take(list);
      };
      return el("details", { class: "kb-make-take" }, el("summary", {}, "改一份已有的读单"),
        training.lists.length > 0 && el("p", { class: "kb-actions" }, "书里的：", training.lists.map((list) => ui.button(list.title, () => take(list)))),
        box, el("p", { class: "kb-actions" }, ui.button("打开来改", () => use(box.value))),
        ui.drop({ words: "选 .kb-list.json 文件，或拖到这里", accept: ".json,application/json", onFiles: ([given]) => use(given.text) }), wrong);
    }

    const typed = (field, read) => field.addEventListener("input", () => change(read));
    typed(title, (draft) => { draft.title = title.value; });
    typed(forWhom, (draft) => { draft.for = forWhom.value; });
    typed(people, (draft) => { draft.people = linesOf(people.value); });
    typed(due, (draft) => { draft.due = due.value; });
    typed(pass, (draft) => { draft.pass = Math.min(100, Math.max(0, Math.round(Number(pass.value)) || 0)); });

    const field = (id, words, input) => el("p", { class: "kb-field" }, el("label", { for: id }, words), input);
    host.replaceChildren(
      el("div", { class: "kb-train-grid kb-make" },
        el("div", {},
          el("section", { "aria-label": "读单" },
            field("kb-list-title", "标题", title),
            el("div", { class: "kb-fields" }, field("kb-list-for", "给谁（小组，可不写）", forWhom), field("kb-list-due", "截止（可不写）", due), field("kb-list-pass", "及格线（% 第一次答对）", pass)),
            field("kb-list-people", "名单（可不写）", people)),
          el("h2", {}, "读什么"), total, items, addForm(), said, problem,
          el("p", { class: "kb-actions" }, ui.button("清空，重新来", startOver)), takeForm()),
        give));
    basket.onChange(draw);
    draw();
  }).catch(() => {
    host.replaceChildren(el("p", { class: "kb-card", role: "alert" }, "布置没有打开：缺少数据文件。请确认整个文件夹都在，再刷新这一页。"));
  });
})();
