// Questions one after another, each choice with its reason; a wrong one comes back after three others.
//
// Needs dom.js and nothing else of the book: the same view runs inside a SCORM package.
(function () {
  "use strict";
  const KB = (globalThis.KB = globalThis.KB || {});
  const { el, withBlanks } = KB;
  const ASKS = { step: "现在该做哪一步？", words: "哪一句更好？", swap: "换成哪一句？", rule: "这样做，行不行？" };
  const BACK_AFTER = 3;

  /**
   * Where a quiz stands after the choices of `log`, one digit an answer.
   *
   * `queue` holds the places of the questions still to be asked, `right` counts first tries that
   * were right, `missed` names the others, `last` is the last answer. A digit that fits no choice (the questions are not those of the log) ends the reading: `log` of the
   * result is the part that holds. After `enough` right answers nothing more is asked.
   */
  function at(questions, log, enough = Infinity) {
    const tries = new Map();
    let queue = questions.map((_, place) => place);
    const missed = [];
    let [right, done, last, read] = [0, 0, null, ""];
    for (const digit of log) {
      const place = queue[0];
      const choice = place === undefined ? undefined : questions[place].choices[Number(digit)];
      if (!choice) break;
      queue.shift();
      const nth = (tries.get(place) || 0) + 1;
      tries.set(place, nth);
      if (!choice.right) {
        queue.splice(Math.min(BACK_AFTER, queue.length), 0, place);
        if (nth === 1) missed.push(questions[place].id);
      } else {
        done += 1;
        if (nth === 1) right += 1;
        if (done >= enough) queue = [];
      }
      last = { question: questions[place], choice, try: nth };
      read += digit;
    }
    return { queue, right, missed, last, log: read };
  }

  /** Numbers and Enter work wherever the reader is, but not while something is typed; a key held down counts once. */
  function onKeys(host, act) {
    function pressed(event) {
      if (!host.isConnected) return document.removeEventListener("keydown", pressed);
      const busy = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
      const dialog = document.querySelector("dialog[open]");
      if (busy || (dialog && !dialog.contains(host)) || event.isComposing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (act(event.key, event.target)) event.preventDefault();
    }
    document.addEventListener("keydown", pressed);
  }

  /** What is asked: the situation, what was done before, the question. */
  function asked(question, names) {
    return [
      el("p", { class: "kb-quiz-said" }, withBlanks(question.ask)),
      question.done.length > 0 && el("p", { class: "kb-soft" }, "已经做过：", question.done.map((id) => names[id] || id).join("、")),
      el("h3", { class: "kb-quiz-ask", tabindex: "-1" }, ASKS[question.kind] || ASKS.step),
    ];
  }

  /** Draw a quiz into `host`; see docs/design/training.md for the options. */
  function render(host, { questions, log = "", names = {}, enough, onAnswer, onEnd }) {
    let state = at(questions, log, enough);
    let answered = null;
    host.classList.add("kb-quiz");
    const place = el("p", { class: "kb-quiz-place kb-soft" });
    const body = el("div", { class: "kb-quiz-body" });
    host.replaceChildren(place, body);

    function answer(index) {
      const question = questions[state.queue[0]];
      if (answered || !question || !question.choices[index]) return false;
      state = at(questions, state.log + index, enough);
      answered = state.last;
      if (onAnswer) {
        onAnswer({
          question: question.id, choice: answered.choice.id, right: answered.choice.right,
          try: answered.try, log: state.log,
        });
      }
      drawAnswer();
      return true;
    }

    function next() {
      if (!answered) return false;
      answered = null;
      draw();
      return true;
    }

    function drawPlace() {
      const done = questions.length - state.queue.length;
      place.textContent = questions.length > 1 && !enough ? `答对 ${done} / ${questions.length} 题` : "";
    }

    function draw() {
      drawPlace();
      if (!state.queue.length) return drawEnd();
      const question = questions[state.queue[0]];
      body.replaceChildren(...asked(question, names).filter(Boolean),
        el("ol", { class: "kb-choices" }, question.choices.map((choice, i) =>
          el("li", {}, el("button", { type: "button", "aria-keyshortcuts": String(i + 1), onclick: () => answer(i) },
            el("kbd", { "aria-hidden": "true" }, String(i + 1)),
            el("span", {}, withBlanks(choice.text)))))));
      body.querySelector(".kb-quiz-ask").focus({ preventScroll: true });
      if (host.getBoundingClientRect().top < 0) host.scrollIntoView({ block: "start" });
    }

    function drawAnswer() {
      drawPlace();
      const { question, choice } = answered;
      const verdict = choice.right ? "对。" : state.queue.length > 1 ? "不对，过几题再来一次。" : "不对，再来一次。";
      // Where all choices rest on one reason, it is said once.
      const single = new Set(question.choices.map((c) => c.why)).size === 1;
      const said = el("p", { class: `kb-verdict ${choice.right ? "is-right" : "is-wrong"}`, id: "kb-verdict" }, el("b", {}, verdict), single && question.choices[0].why);
      const on = el("button", { type: "button", class: "kb-button", "aria-describedby": "kb-verdict", onclick: next },
        state.queue.length ? "下一题" : enough ? "好了" : "看结果", " ", el("kbd", { "aria-hidden": "true" }, "⏎"));
      body.replaceChildren(...asked(question, names).filter(Boolean),
        el("ul", { class: "kb-choices kb-answered" }, question.choices.map((c) =>
          el("li", { class: c.right ? "is-right" : c === choice ? "is-wrong" : "" },
            el("span", { class: "kb-mark" }, c.right ? "✓" : c === choice ? "✗" : ""),
            el("span", { class: "kb-visually-hidden" }, [c === choice && "您选的，", c.right ? "对的：" : "不对："].filter(Boolean).join("")),
            el("span", {}, withBlanks(c.text), !single && c.why && el("small", {}, c.why))))),
        el("div", { role: "status", "aria-live": "polite" }, said), el("p", { class: "kb-quiz-on" }, on));
      on.focus({ preventScroll: true });
      on.scrollIntoView({ block: "nearest" });
    }

    function drawEnd() {
      const end = { right: state.right, asked: questions.length, missed: state.missed, log: state.log };
      const nodes = [
        el("h3", { class: "kb-quiz-ask", tabindex: "-1" }, !questions.length ? "这里没有题" : enough ? "答对了" : "答完了"),
        questions.length > 0 && !enough && el("p", { role: "status" },
          `${end.asked} 题，第一次就答对 ${end.right} 题${end.right < end.asked ? "；没答对的都已经重答到对为止。" : "。"}`),
      ];
      body.replaceChildren(...nodes.filter(Boolean));
      body.querySelector(".kb-quiz-ask").focus({ preventScroll: true });
      if (onEnd) onEnd(end);
    }

    onKeys(host, (key, target) => {
      if (/^[1-9]$/.test(key)) return answer(Number(key) - 1);
      // On a button or a link Enter does what it does there.
      return key === "Enter" && !target.closest("button, a, summary") && next();
    });
    draw();
  }

  KB.quiz = { at, render, onKeys };
})();
