// The page 训练: who is learning, the reading lists, what is due; its views hang on the address (#read=…, #quiz=…).
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { el, ui, lists, progress } = KB;
  const host = document.querySelector('[data-kb-train="learn"]');
  if (!host) return;

  /** The views by the word before `=` in the address; each gets `(host, rest, training)`. */
  const views = { ...KB.trainViews, list: received, read: readList };

  /** A list's due day, in words. */
  function dueWords(list, standing) {
    if (!list.due) return "";
    return `${standing.late ? "已过期：" : ""}${ui.dayWords(list.due)}前`;
  }

  function facts(list, standing) {
    return [
      `${standing.done} / ${standing.all} 项`,
      standing.open.length ? `还要约 ${ui.minutesWords(standing.minutes)}` : "全部完成",
      dueWords(list, standing),
    ].filter(Boolean).join(" · ");
  }

  function listCard(key, record) {
    const standing = progress.standing(record);
    return el("li", { class: "kb-card kb-list-card" },
      el("h3", {}, el("a", { href: `#read=${key}` }, record.list.title)),
      el("p", { class: standing.late ? "kb-late" : "kb-soft" }, [record.list.for, facts(record.list, standing)].filter(Boolean).join(" · ")),
      ui.meter(standing.done, standing.all));
  }

  /** Accept a list and open it. */
  function accept(list) {
    const key = lists.key(list);
    ui.notice(progress.addList(list) ? `已收下“${list.title}”。` : `“${list.title}”已经在您的读单里。`);
    location.hash = `read=${key}`;
  }

  /** A text or file of a list: accepted, or the reason why not. */
  function receive(text, problem) {
    const { list, problem: wrong } = lists.read(text);
    problem.textContent = wrong || "";
    if (list) accept(list);
  }

  function receiveForm() {
    const problem = el("p", { class: "kb-problem", role: "alert" });
    const box = el("textarea", { rows: "2", "aria-label": "读单的链接", placeholder: "把收到的链接贴在这里", spellcheck: "false" });
    return el("section", {}, el("h2", {}, "收到了读单"),
      el("p", { class: "kb-soft" }, "点链接、扫二维码会直接打开。链接打不开时，把它整段贴进来，或选收到的 .kb-list.json 文件。"),
      box, el("p", { class: "kb-actions" }, ui.button("收下", () => receive(box.value, problem))),
      ui.drop({ words: "选文件，或拖到这里", accept: ".json,application/json", onFiles: ([given]) => receive(given.text, problem) }),
      problem);
  }

  function bookLists(training, mine) {
    if (!training.lists.length) return null;
    return el("section", {}, el("h2", {}, "书里的读单"), el("ul", { class: "kb-list" }, training.lists.map((list) => {
      const key = lists.key(list);
      const minutes = list.items.reduce((sum, item) => sum + item.minutes, 0);
      return el("li", { class: "kb-book-list" },
        el("span", {}, el("b", {}, list.title), el("span", { class: "kb-soft" },
          [list.for, `${list.items.length} 项`, `约 ${ui.minutesWords(minutes)}`, list.due && `${ui.dayWords(list.due)}前`].filter(Boolean).join(" · "))),
        mine[key] ? el("a", { href: `#read=${key}` }, "已收下，打开") : ui.button("收下", () => accept(list), "kb-ghost", { "aria-label": `收下${list.title}` }));
    })));
  }

  function home(view, _, training) {
    ui.title("训练");
    const mine = el("div");
    const side = el("div");
    const draw = () => {
      const { lists: records } = progress.state();
      const entries = Object.entries(records).sort((a, b) => (a[1].added < b[1].added ? 1 : -1));
      mine.replaceChildren(...[el("h2", {}, "我的读单"),
        entries.length
          ? el("ul", { class: "kb-list-cards" }, entries.map(([key, record]) => listCard(key, record)))
          : el("p", { class: "kb-empty" }, "还没有读单。从下面收一份，或先去“练一练”做几道题。"),
        bookLists(training, records)].filter(Boolean));
      side.replaceChildren(KB.practicePanel(training));
    };
    draw();
    view.append(KB.profileLine(), el("div", { class: "kb-train-grid" },
      el("div", {}, mine, receiveForm()), side));
    return draw;
  }

  /** A list that came in the address: shown before it is accepted. */
  function received(view, code, training) {
    ui.title("收到一份读单");
    const { list, problem } = lists.read(code);
    if (problem) {
      view.append(el("p", { class: "kb-card", role: "alert" }, problem), back());
      return;
    }
    view.append(
      el("h2", { tabindex: "-1" }, list.title),
      el("p", { class: "kb-soft" }, [list.for && `给：${list.for}`, list.due && `${ui.dayWords(list.due)}前`,
        `${list.items.length} 项，约 ${ui.minutesWords(list.items.reduce((sum, i) => sum + i.minutes, 0))}`, `答题对 ${list.pass} % 及格`].filter(Boolean).join(" · ")),
      el("ol", { class: "kb-preview" }, list.items.map((item) => el("li", {}, training.titleOf(item.ref),
        el("span", { class: "kb-soft" }, ` ${lists.PROOFS[item.proof]}`)))));
    if (progress.current()) {
      view.append(el("p", { class: "kb-soft" }, `收到“${progress.current().name}”名下。`),
        el("p", { class: "kb-actions" }, ui.button("收下", () => accept(list), "kb-button"), back()));
    } else {
      view.append(KB.nameForm({ people: list.people, word: "收下", onDone: () => accept(list) }));
    }
  }

  const back = (to = "", words = "回到训练") => el("a", { class: "kb-back", href: `#${to}` }, words);

  function itemLine(training, key, item, place, done) {
    const known = training.item(item.ref);
    const proved = KB.report.proved(item.proof, done);
    const [first, answers] = [done && done.end, done ? done.answers : []];
    const state = proved ? "完成" : [
      item.proof !== "drill" && (first ? "已读完" : done ? "读了一部分" : ""),
      item.proof === "question" && (answers.length ? "检查题还没答对" : first ? "差一道检查题" : ""),
    ].filter(Boolean).join("，");
    return el("li", { class: proved ? "is-done" : "" },
      el("span", { class: "kb-mark" }, proved ? "✓" : String(place)),
      el("span", { class: "kb-item-title" },
        known ? el("a", { href: KB.readingUrl(known.url, key, place) }, known.title) : training.titleOf(item.ref),
        el("span", { class: "kb-soft" }, [lists.kindOf(item.ref), `${item.minutes} 分钟`, lists.PROOFS[item.proof], state].filter(Boolean).join(" · "))),
      known && item.proof === "drill" && known.drill && el("a", { class: "kb-ghost", href: `#drill=${item.ref}&list=${key}` }, done && done.drill ? "再演一遍" : "演一遍"));
  }

  function readList(view, key, training) {
    const draw = () => {
      const record = progress.listRecord(key);
      if (!record) {
        ui.title("读单");
        view.replaceChildren(el("p", { class: "kb-card" }, "这份读单不在这里：可能是别人名下的，或者已经移除。"), back());
        return;
      }
      const { list, items } = record;
      const standing = progress.standing(record);
      ui.title(list.title);
      const next = standing.open.find(({ ref }) => training.item(ref));
      const nextPlace = next && list.items.indexOf(next) + 1;
      const quizzes = list.items.some(({ ref }) => training.item(ref) && training.item(ref).asks.length);
      view.replaceChildren(...[
        back(),
        el("p", { class: standing.late ? "kb-late" : "kb-soft" }, [list.for && `给：${list.for}`, facts(list, standing), `答题对 ${list.pass} % 及格`].filter(Boolean).join(" · ")),
        ui.meter(standing.done, standing.all),
        el("p", { class: "kb-actions" },
          next && el("a", { class: "kb-button", href: next.proof === "drill" && training.item(next.ref).drill
            ? `#drill=${next.ref}&list=${key}` : KB.readingUrl(training.item(next.ref).url, key, nextPlace) },
          standing.done || Object.keys(items).length ? "继续" : "开始"),
          quizzes && el("a", { class: "kb-ghost", href: `#quiz=list:${key}` }, "做测验"),
          el("a", { class: standing.open.length ? "kb-ghost" : "kb-button", href: `#hand=${key}` }, "交回执")),
        el("ol", { class: "kb-read-items" }, list.items.map((item, i) => itemLine(training, key, item, i + 1, items[item.ref]))),
        el("p", { class: "kb-actions" }, ui.button("移除这份读单", () => drop(key, record))),
      ].filter(Boolean));
    };
    draw();
    return draw;
  }

  function drop(key, record) {
    progress.update((now) => { delete now.lists[key]; });
    location.hash = "";
    ui.notice(`已移除“${record.list.title}”和它的进度。`, () => {
      progress.update((now) => { now.lists[key] = record; });
      location.hash = `read=${key}`;
    });
  }

  let redraw = null;

  let turn = 0;

  /** Show the view that the address asks for. */
  async function route() {
    const mine = ++turn;
    const [word, ...rest] = location.hash.slice(1).split("=");
    const view = el("div", { class: "kb-view" });
    const missing = (where) => where.replaceChildren(
      el("p", { class: "kb-card", role: "alert" }, "训练没有打开：缺少数据文件。请确认整个文件夹都在，再刷新这一页。"));
    const training = await KB.openTraining().catch(() => null);
    if (!training) return missing(host);
    if (mine !== turn) return; // the reader went on meanwhile
    redraw = null;
    const trouble = el("p", { class: "kb-card kb-trouble", role: "alert", hidden: true });
    host.replaceChildren(trouble, view);
    if (!progress.current() && word !== "list") {
      ui.title("训练");
      view.append(KB.welcome());
    } else {
      const show = Object.hasOwn(views, word) ? views[word] : home;
      let draw = null;
      // Questions and drills come in parts of their own.
      try {
        draw = await show(view, rest.join("="), training, back);
      } catch (error) {
        if (!(error instanceof KB.Missing)) throw error;
        missing(view);
      }
      if (mine !== turn) return;
      redraw = draw || null;
    }
    // One column reads better in the middle; only the start page has two.
    document.body.classList.toggle("kb-narrow", !view.querySelector(".kb-train-grid"));
    tell(trouble);
    window.scrollTo(0, 0);
    const focus = view.querySelector("[tabindex='-1']");
    if (focus) focus.focus({ preventScroll: true });
  }

  function tell(box = host.querySelector(".kb-trouble")) {
    if (!box) return;
    box.hidden = !progress.trouble();
    if (box.textContent !== progress.trouble()) box.textContent = progress.trouble();
  }

  progress.onChange(() => {
    tell();
    // A name that another tab, or the page before, wrote a moment too late for this page to see.
    if (host.querySelector(".kb-welcome") && progress.current()) route();
    else if (redraw) redraw();
  });
  KB.trainRoute = route;
  window.addEventListener("hashchange", route);
  route();
})();
