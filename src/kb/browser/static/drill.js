// A case played turn by turn: which step, which words; the customer's mood answers.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { el, withBlanks } = KB;
  const MOODS = ["平静", "有点急", "不满", "愤怒", "暴怒"];
  const WORST = MOODS.length - 1;

  /** Which of a turn's two sentences stands first: the same in every copy. */
  function sentences(turn) {
    const good = { id: "say", text: turn.say };
    const bad = { id: "not", text: turn.not };
    const sum = Array.from(turn.say + turn.not, (c) => c.codePointAt(0)).reduce((a, b) => a + b, 0);
    return sum % 2 ? [good, bad] : [bad, good];
  }

  /**
   * A drill after the choices of `log`, one digit each: steps and words in turn.
   *
   * `lines` is the talk so far, `choices` what can be chosen now, `picked` everything chosen, for
   * the explanations; `over` is "", "end" (played through) or "manager" (the mood went too far).
   * A digit that fits nothing ends the reading; `log` of the result is the part that holds.
   */
  function play(drill, log, insist) {
    const now = {
      turn: 0, phase: "step", again: false, mood: drill.mood, moods: [drill.mood], best: 0,
      lines: [], picked: [], choices: [], over: "", log: "",
    };
    const say = (who, text, step) => now.lines.push({ who, text, step });
    const feel = (by) => {
      now.mood = Math.max(0, now.mood + by);
      now.moods.push(Math.min(now.mood, WORST));
      if (now.mood > WORST) now.over = "manager";
    };
    const open = () => {
      const turn = drill.turns[now.turn];
      now.choices = now.phase === "step" ? turn.choices : sentences(turn);
    };

    function step(turn, choice) {
      const grade = choice.id === turn.step ? "best" : turn.also.includes(choice.id) ? "also" : "wrong";
      now.picked.push({ turn: now.turn, phase: "step", id: choice.id, grade });
      if (grade === "best" && !now.again) now.best += 1;
      say("me", "", choice.id);
      if (grade !== "also") feel(grade === "best" ? -1 : 1);
      if (grade === "wrong" && !now.over) {
        const lines = insist[Math.min(now.mood, WORST)] || [];
        if (lines.length) say("customer", lines[(now.turn + now.picked.length) % lines.length]);
      }
      if (grade === "wrong" && !now.again) now.again = true;
      else {
        if (grade === "wrong") say("coach", "", turn.step);
        [now.phase, now.again] = ["words", false];
      }
    }

    function words(turn, choice) {
      now.picked.push({ turn: now.turn, phase: "words", id: choice.id, grade: choice.id === "say" ? "best" : "wrong" });
      say("me", choice.text);
      feel(choice.id === "say" ? -1 : 1);
      now.phase = "step";
      now.turn += 1;
      if (now.over) return;
      if (now.turn === drill.turns.length) now.over = "end";
      else say("customer", drill.turns[now.turn].said);
    }

    say("customer", drill.turns[0].said);
    open();
    for (const digit of log) {
      const choice = now.over ? undefined : now.choices[Number(digit)];
      if (!choice) break;
      (now.phase === "step" ? step : words)(drill.turns[now.turn], choice);
      now.log += digit;
      if (!now.over) open();
    }
    now.mood = Math.min(now.mood, WORST);
    return now;
  }

  function scale(mood) {
    return el("span", { class: "kb-mood", "data-mood": mood },
      el("span", { class: "kb-mood-scale", "aria-hidden": "true" }, MOODS.map((_, i) => el("i", { class: i <= mood ? "on" : "" }))),
      `客户：${MOODS[mood]}`);
  }

  /** Everything that was chosen, turn by turn, with the reasons. */
  function explained(drill, now, names) {
    const played = drill.turns.slice(0, Math.max(...now.picked.map((p) => p.turn)) + 1);
    return el("ol", { class: "kb-drill-turns" }, played.map((turn, place) => {
      const steps = now.picked.filter((p) => p.turn === place && p.phase === "step").map((p) => p.id);
      const said = now.picked.find((p) => p.turn === place && p.phase === "words");
      const grade = (id) => (id === turn.step ? "最该做" : turn.also.includes(id) ? "也可以" : "不是时候");
      return el("li", {},
        el("p", { class: "kb-quiz-said" }, turn.said),
        el("ul", { class: "kb-choices kb-answered" }, turn.choices.map((c) =>
          el("li", { class: c.id === turn.step ? "is-right" : steps.includes(c.id) && !turn.also.includes(c.id) ? "is-wrong" : "" },
            el("span", { class: "kb-mark" }, c.id === turn.step ? "✓" : steps.includes(c.id) ? "•" : ""),
            el("span", {}, el("b", {}, names[c.id] || c.text), `（${grade(c.id)}${steps.includes(c.id) ? "，您选过" : ""}）`,
              c.why && el("small", {}, c.why))))),
        el("p", { class: "kb-drill-words" }, el("span", { class: "kb-good" }, "这样说："), withBlanks(turn.say)),
        el("p", { class: "kb-drill-words" }, el("span", { class: "kb-bad" }, "别这样说："), el("s", {}, turn.not),
          said && said.id === "not" && "（您选了这句）"));
    }));
  }

  /**
   * Draw a drill into `host`. `onAnswer(log)` is called after every choice, `onEnd(result)` at the
   * end with `{ best, turns, mood, over, log }`; `onEnd` may return nodes to put below.
   */
  function render(host, { drill, log = "", insist, names, onAnswer, onEnd }) {
    let now = play(drill, log, insist);
    host.classList.add("kb-drill");
    const head = el("p", { class: "kb-drill-head" });
    const talk = el("ol", { class: "kb-talk", role: "log", "aria-label": "对话" });
    const ask = el("div", { class: "kb-drill-ask" });
    const heard = el("p", { class: "kb-visually-hidden", role: "status", "aria-live": "polite" });
    host.replaceChildren(head, talk, ask, heard);

    function choose(index) {
      if (now.over || !now.choices[index]) return false;
      const before = now.mood;
      now = play(drill, now.log + index, insist);
      if (onAnswer) onAnswer(now.log);
      draw(true);
      const moved = now.mood < before ? "，缓和了" : now.mood > before ? "，更激动了" : "";
      heard.textContent = `客户${MOODS[now.mood]}${moved}。`;
      return true;
    }

    function line({ who, text, step }) {
      if (who === "customer") return el("li", { class: "kb-talk-customer" }, el("span", { class: "kb-visually-hidden" }, "客户："), text);
      if (who === "coach") return el("li", { class: "kb-talk-coach" }, `这时该做的是“${names[step] || step}”。`);
      if (step) return el("li", { class: "kb-talk-step" }, el("span", { class: "kb-visually-hidden" }, "您选了："), names[step] || step);
      return el("li", { class: "kb-talk-me" }, el("span", { class: "kb-visually-hidden" }, "您说："), withBlanks(text));
    }

    function drawAsk(follow) {
      const question = now.phase === "step"
        ? (now.again ? "客户没有被接住。再选一次：现在该做哪一步？" : "现在该做哪一步？")
        : "用哪一句说出来？";
      ask.replaceChildren(
        el("h3", { class: "kb-quiz-ask", tabindex: "-1" }, question),
        el("ol", { class: "kb-choices" }, now.choices.map((choice, i) =>
          el("li", {}, el("button", { type: "button", "aria-keyshortcuts": String(i + 1), onclick: () => choose(i) },
            el("kbd", { "aria-hidden": "true" }, String(i + 1)), el("span", {}, withBlanks(choice.text)))))));
      ask.querySelector("h3").focus({ preventScroll: true });
      if (follow) ask.scrollIntoView({ block: "nearest" });
    }

    function drawEnd() {
      const result = { best: now.best, turns: drill.turns.length, mood: now.mood, over: now.over, log: now.log };
      const path = now.moods.filter((mood, i) => i === 0 || mood !== now.moods[i - 1]).map((mood) => MOODS[mood]).join(" → ");
      ask.replaceChildren(...[
        el("h3", { class: "kb-quiz-ask", tabindex: "-1" }, now.over === "end" ? "演完了" : "客户不再跟您说，要见经理"),
        el("p", { role: "status" }, now.over === "end"
          ? `${result.turns} 步里第一次就选对 ${result.best} 步。客户：${path}。`
          : `这一遍到这里为止，不算演完。客户：${path}。看看下面的讲解，再演一遍。`),
        now.over === "end" && el("p", { class: "kb-card kb-lesson" }, el("span", { class: "kb-eyebrow" }, "带走一句"), drill.lesson),
        el("p", { class: "kb-actions" },
          el("button", { type: "button", class: "kb-button", onclick: again }, "再演一遍")),
        ...[(onEnd && onEnd(result)) || []].flat(),
        el("h3", {}, "每一步为什么"),
        explained(drill, now, names),
      ].filter(Boolean));
      ask.querySelector("h3").focus({ preventScroll: true });
      ask.scrollIntoView({ block: "start" });
    }

    function again() {
      now = play(drill, "", insist);
      if (onAnswer) onAnswer("");
      draw(true);
    }

    function draw(follow) {
      const place = Math.min(now.turn + 1, drill.turns.length);
      head.replaceChildren(el("span", { class: "kb-soft" }, `第 ${place} 步，共 ${drill.turns.length} 步`), scale(now.mood));
      talk.replaceChildren(...now.lines.map(line));
      if (now.over) drawEnd();
      else drawAsk(follow);
    }

    KB.quiz.onKeys(host, (key) => /^[1-9]$/.test(key) && choose(Number(key) - 1));
    draw(false);
  }

  KB.drill = { play, render };
})();
