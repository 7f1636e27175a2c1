// The thin bar at the foot of a page that is read for a list: how far, the check question, what comes next.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { el, progress, lists } = KB;
  /** Seconds without any sign of a reader after which time is no longer counted. */
  const IDLE = 120;
  /** Seconds after which counted time is written down. */
  const SAVE = 10;

  /** Which item of the list this page is read for: by the address, else by what stands here. */
  function placeIn(list) {
    const here = (ref) => Boolean(document.querySelector(`[data-kb-item="${CSS.escape(ref)}"]`));
    const at = Number(new URL(location.href).searchParams.get("at")) - 1;
    if (list.items[at] && here(list.items[at].ref)) return at;
    return list.items.findIndex(({ ref }) => here(ref));
  }

  /** Where reading an item starts and ends on this page. */
  function stretch(ref) {
    const place = document.querySelector(`[data-kb-item="${CSS.escape(ref)}"]`);
    const card = ref.startsWith("method:") && place.closest(".kb-method");
    const article = document.querySelector(".bd-article");
    const end = el("span", { class: "kb-end", "aria-hidden": "true" });
    const foot = article.querySelector(".kb-foot");
    if (card) card.append(end);
    else if (foot) foot.before(end);
    else article.append(end);
    return { start: card || article, end };
  }

  /** Call `onSeconds(n)` with the time that somebody was really here. */
  function countTime(onSeconds) {
    let [seconds, quiet] = [0, 0];
    const save = () => {
      if (seconds) onSeconds(seconds);
      seconds = 0;
    };
    for (const sign of ["scroll", "keydown", "pointerdown", "pointermove"]) {
      window.addEventListener(sign, () => { quiet = 0; }, { passive: true });
    }
    setInterval(() => {
      if (document.visibilityState !== "visible" || ++quiet > IDLE) return;
      seconds += 1;
      if (seconds >= SAVE) save();
    }, 1000);
    document.addEventListener("visibilitychange", save);
    window.addEventListener("pagehide", save);
  }

  KB.readingBar = async (key) => {
    KB.loadStyle("quiz.css");
    const record = () => progress.listRecord(key);
    if (!record()) {
      // A list of somebody else is nobody's trouble; a record that cannot be kept is.
      if (!progress.storable()) {
        document.body.append(el("aside", { class: "kb-read-bar", role: "alert" },
          el("span", {}, "浏览器不让存东西，或者存满了：这一页照常读，读过了、答过了都记不到读单上。请换一个能存的浏览器打开读单。")));
        document.body.classList.add("kb-has-bar");
      }
      return;
    }
    const { list } = record();
    const at = placeIn(list);
    if (at < 0) return;
    const { ref, proof } = list.items[at];
    const training = await KB.openTraining();
    const asks = training.item(ref).asks.length > 0;
    const home = `${KB.root}book/training/index.html`;
    const { start, end } = stretch(ref);
    progress.record(key, ref, () => {});

    const percent = el("span", { class: "kb-read-percent" });
    const state = el("span", { role: "status", "aria-live": "polite" });
    const act = el("span", { class: "kb-read-act" });
    const bar = el("aside", { class: "kb-read-bar", "aria-label": "读单" },
      el("span", { class: "kb-read-line", "aria-hidden": "true" }, el("i")),
      el("a", { class: "kb-read-title", href: `${home}#read=${key}` }, "读单：", el("b", {}, list.title)),
      el("span", {}, `${at + 1} / ${list.items.length}`), percent, state, act);
    const trouble = el("span", { role: "alert" });
    bar.append(trouble);
    document.body.append(bar);
    document.body.classList.add("kb-has-bar");

    const item = () => (record() && record().items[ref]) || { end: "", answers: [] };
    const proved = () => KB.report.proved(proof, item());

    function drawPercent() {
      const top = start.getBoundingClientRect().top;
      const all = end.getBoundingClientRect().top - top;
      const read = item().end ? 100 : Math.max(0, Math.min(99, Math.round((100 * (window.innerHeight - top)) / Math.max(all, 1))));
      percent.textContent = item().end ? "" : `已读到 ${read} %`;
      bar.querySelector("i").style.width = `${read}%`;
    }

    /** The next thing to do in the list. */
    function next() {
      const order = [...list.items.slice(at + 1), ...list.items.slice(0, at)];
      const items = record().items;
      const open = order.find((other) => training.item(other.ref) && !KB.report.proved(other.proof, items[other.ref]));
      if (!open) return el("a", { class: "kb-button", href: `${home}#hand=${key}` }, "全部完成，交回执");
      return el("a", { class: "kb-button", href: KB.readingUrl(training.item(open.ref).url, key, list.items.indexOf(open) + 1), title: training.titleOf(open.ref) }, "下一项");
    }

    function draw() {
      if (!record()) return bar.remove();
      drawPercent();
      if (trouble.textContent !== progress.trouble()) trouble.textContent = progress.trouble();
      const done = proved();
      const words = done ? "✓ 这一项完成了" : item().answers.some((a) => a.right) && proof === "question" ? "检查题答对了，读到底就完成" : item().end && proof === "question" ? (asks ? "读完了，还差检查题" : "读完了；这一页现在没有检查题，请告诉布置的人") : item().end ? "读完了" : "";
      if (state.textContent !== words) state.textContent = words;
      act.replaceChildren(...[
        !done && proof === "question" && asks && !item().answers.some((a) => a.right) && el("button", { type: "button", class: "kb-ghost", onclick: check }, "答检查题"),
        !done && proof === "drill" && el("a", { class: "kb-button", href: `${home}#drill=${ref}&list=${key}` }, "演一遍"),
        done && next()].filter(Boolean));
    }

    /** The check question in a box over the page. */
    async function check() {
      const questions = await training.questions(ref);
      const often = (q) => item().answers.filter((a) => a.q === q.id).length;
      const box = el("div");
      const dialog = el("dialog", { class: "kb-dialog", "aria-label": "检查题" },
        el("button", { type: "button", class: "kb-ghost kb-dialog-close", onclick: () => dialog.close() }, "关上"), box);
      dialog.addEventListener("close", () => {
        dialog.remove();
        draw();
        const on = act.querySelector("a, button");
        if (on) on.focus();
      });
      document.body.append(dialog);
      dialog.showModal();
      KB.quiz.render(box, {
        questions: [...questions].sort((a, b) => often(a) - often(b)), enough: 1, names: training.names,
        onAnswer({ question: id, choice, right }) {
          progress.answerFor(key, questions.find((q) => q.id === id), choice, right);
          progress.box(id, right);
        },
        onEnd: () => dialog.close(),
      });
    }

    new IntersectionObserver((seen) => {
      if (seen.some((entry) => entry.isIntersecting) && !item().end) {
        progress.record(key, ref, (now, time) => { now.end = now.end || time; });
      }
    }).observe(end);
    countTime((seconds) => progress.record(key, ref, (now) => { now.seconds += seconds; }));
    window.addEventListener("scroll", drawPercent, { passive: true });
    progress.onChange(draw);
    draw();
  };
})();
