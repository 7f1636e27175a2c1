// Who is learning at this machine: names, what is stored under them, out, in and away.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { el, ui, progress } = KB;
  const LONGEST = 40;

  /** A form that asks for a name, with those of a list to choose from; then `onDone()`. */
  KB.nameForm = ({ people = [], word, onDone }) => {
    const input = el("input", { type: "text", maxlength: LONGEST, autocomplete: "name", id: "kb-name" });
    const problem = el("p", { class: "kb-problem", role: "alert" });
    const use = (name) => {
      if (!name.trim()) {
        problem.textContent = "请先写上名字。";
        input.focus();
        return;
      }
      progress.create(name.trim());
      onDone();
    };
    return el("form", { class: "kb-card kb-name-form", onsubmit: (event) => { event.preventDefault(); use(input.value); } },
      el("label", { for: "kb-name" }, el("b", {}, "您叫什么？")),
      people.length > 0 && el("p", { class: "kb-actions" }, people.map((name) => ui.button(name, () => use(name)))),
      el("p", { class: "kb-actions" }, input, el("button", { type: "submit", class: "kb-button" }, word)),
      problem,
      el("p", { class: "kb-soft" }, "名字和进度只存在这台电脑的浏览器里；交回执时，名字写在回执上。"));
  };

  /** What somebody sees who has no name yet. */
  KB.welcome = () => el("div", { class: "kb-welcome" },
    el("p", {}, "在这里读布置的内容、做题、和客户演一遍，最后交一份回执。"),
    KB.nameForm({ word: "开始", onDone: () => KB.trainRoute() }));

  KB.profileLine = () => el("p", { class: "kb-profile" }, "正在学习：", el("b", {}, progress.current().name),
    el("a", { href: "#me" }, "换人，或看存了什么"));

  /** All that is stored, in plain words. */
  function stored({ lists, boxes, going }) {
    const records = Object.values(lists);
    const items = records.flatMap((record) => Object.values(record.items));
    const answers = items.reduce((sum, item) => sum + item.answers.length, 0);
    return el("ul", {},
      el("li", {}, records.length ? `${records.length} 份读单：${records.map((r) => r.list.title).join("、")}` : "没有读单"),
      el("li", {}, `${items.length} 页打开过，各记着第一次打开、读到底的时间，和停留的秒数`),
      el("li", {}, `${answers} 次答题，各记着题目、选了哪个、对错、时间；${items.filter((i) => i.drill).length} 次演练的结果`),
      el("li", {}, `${Object.keys(boxes).length} 道要复习的题`),
      el("li", {}, `${Object.keys(going).length} 份没做完的测验或演练`));
  }

  function remove(profile) {
    const undo = progress.remove(profile.id);
    ui.notice(`已删除${profile.name}的全部记录。离开这一页之前可以撤销。`, undo);
  }

  function me(view, _, training, back) {
    ui.title("谁在学习");
    const problem = el("p", { class: "kb-problem", role: "alert" });
    const box = el("div");
    const draw = () => {
      const now = progress.current();
      if (!now) {
        box.replaceChildren(el("p", { class: "kb-soft" }, "这里没有存着任何人的记录。"));
        return;
      }
      box.replaceChildren(
        el("ul", { class: "kb-list kb-people" }, progress.profiles().map((profile) =>
          el("li", {}, el("b", {}, profile.name),
            profile.id === now.id ? el("span", { class: "kb-soft" }, "正在学习")
              : ui.button("换成这个人", () => progress.choose(profile.id), "kb-ghost", { "aria-label": `换成${profile.name}` })))),
        el("h2", {}, `${now.name}：存着什么`),
        stored(progress.state()),
        el("details", {}, el("summary", {}, "看原文"), el("pre", { class: "kb-raw" }, progress.exported(now.id))),
        el("p", { class: "kb-actions" },
          ui.button("导出到文件", () => ui.download(`${KB.lists.fileName(`训练进度-${now.name}`)}.json`, progress.exported(now.id))),
          ui.button("全部删除", () => remove(now))));
    };
    draw();
    view.append(back(), box,
      el("h2", {}, "加一个人"),
      KB.nameForm({ word: "加上", onDone: () => { location.hash = ""; } }),
      el("h2", {}, "从文件收进来"),
      el("p", { class: "kb-soft" }, "换了电脑或浏览器，把原来导出的文件收进来接着学。"),
      ui.drop({ words: "选导出的文件，或拖到这里", accept: ".json,application/json", onFiles: ([given]) => {
        problem.textContent = progress.imported(given.text);
        if (!problem.textContent) location.hash = "";
      } }), problem);
    return draw;
  }

  KB.trainViews = { ...KB.trainViews, me };
})();
