// A reading list as a course on a learning platform: SCORM 1.2, one course, everything in this page.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { el } = KB;
  const course = JSON.parse(document.getElementById("course").textContent);
  /** What SCORM 1.2 promises to keep of our state, in characters. */
  const MOST = 4096;
  const began = Date.now();

  /** The platform's API: in a window around this one, or in the one that opened it. */
  function findApi() {
    for (const start of [window, window.opener]) {
      try {
        for (let at = start, up = 0; at && up < 12; at = at.parent, up += 1) {
          if (at.API) return at.API;
          if (at.parent === at) break;
        }
      } catch (e) { /* a window of another host: there is none for us */ }
    }
    return null;
  }

  const api = findApi();
  const linked = Boolean(api) && String(api.LMSInitialize("")) === "true";
  const get = (name) => (linked ? String(api.LMSGetValue(`cmi.${name}`)) : "");
  const set = (name, value) => { if (linked) api.LMSSetValue(`cmi.${name}`, String(value)); };
  /** Looking at a course that is over must not write over its result. */
  const looking = ["browse", "review"].includes(get("core.lesson_mode"));
  let interactions = Number(get("interactions._count")) || 0;

  /** Hours, minutes and seconds as SCORM 1.2 writes a span of time. */
  function span(seconds) {
    const two = (n) => String(n).padStart(2, "0");
    return `${String(Math.floor(seconds / 3600)).padStart(4, "0")}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }

  const fresh = () => ({ items: course.items.map(() => ({ read: false, done: false, log: "" })), quiz: "", status: "" });

  /** The state in a few characters: `1|key|an item each|the quiz`; an item is two digits and its choices. */
  function written(state) {
    const logs = state.items.map((item) => (item.done ? "" : item.log)).concat(state.quiz);
    const flags = state.items.map((item) => `${Number(item.read)}${Number(item.done)}`);
    const text = () => `1|${course.key}|${flags.map((flag, i) => flag + logs[i]).join(",")}|${logs[flags.length]}`;
    // The beginning of a log is a place one was at: the last choices are asked again.
    while (text().length > MOST) {
      const longest = logs.reduce((best, log, i) => (log.length > logs[best].length ? i : best), 0);
      if (!logs[longest]) break;
      logs[longest] = logs[longest].slice(0, Math.max(0, logs[longest].length - (text().length - MOST)));
    }
    return text();
  }

  function read(text) {
    const state = fresh();
    const [version, key, items, quiz] = text.split("|");
    if (version !== "1" || key !== course.key || items === undefined) return state;
    items.split(",").slice(0, state.items.length).forEach((part, i) => {
      state.items[i] = { read: part[0] === "1", done: part[1] === "1", log: part.slice(2) };
    });
    state.quiz = quiz || "";
    return state;
  }

  const state = read(get("suspend_data"));
  state.status = get("core.lesson_status");
  let at = Math.max(0, Math.min(Math.floor(Number(get("core.lesson_location"))) || 0, course.items.length));

  function save() {
    if (looking) return;
    set("suspend_data", written(state));
    set("core.lesson_location", at);
    set("core.session_time", span(Math.round((Date.now() - began) / 1000)));
    set("core.exit", "suspend");
    if (linked) api.LMSCommit("");
  }

  /** A pass is never taken back: who tries again after it cannot lose it. */
  function status(value) {
    if (looking || state.status === value || state.status === "passed") return;
    state.status = value;
    set("core.lesson_status", value);
  }

  /** One answer, for the platform's own statistics. */
  function tell(questions, { question: id, choice, right }) {
    if (looking) return;
    const question = questions.find((q) => q.id === id);
    const letter = (wanted) => "abcdefgh"[question.choices.findIndex(wanted)];
    const name = `interactions.${interactions}.`;
    interactions += 1;
    set(`${name}id`, id);
    set(`${name}type`, "choice");
    set(`${name}time`, new Date().toTimeString().slice(0, 8));
    set(`${name}student_response`, letter((c) => c.id === choice));
    set(`${name}correct_responses.0.pattern`, letter((c) => c.right));
    set(`${name}result`, right ? "correct" : "wrong");
  }

  const done = () => state.items.filter((item) => item.done).length;
  const ready = () => done() === course.items.length;
  const heard = el("p", { class: "kb-visually-hidden", role: "status", "aria-live": "polite" });
  const place = el("p", {});
  const list = el("ol", {});
  const main = el("main", {});
  const readings = course.items.map((_, i) => {
    const found = document.getElementById(`reading-${i + 1}`);
    found.remove();
    found.hidden = false;
    return found;
  });

  function drawList() {
    place.textContent = `完成 ${done()} / ${course.items.length} 项`;
    const entry = (i, title, words, mark) => el("li", {}, el("button", {
      type: "button", "aria-current": i === at && "page", onclick: () => open(i),
    }, el("span", { class: "mark" }, mark ? "✓" : ""), el("span", {}, title, mark && el("span", { class: "kb-visually-hidden" }, "（完成）")), el("small", {}, words)));
    list.replaceChildren(
      ...course.items.map((item, i) => entry(i, item.title, `${item.minutes} 分钟`, state.items[i].done)),
      ...(course.quiz.length ? [entry(course.items.length, "测验", `${course.quiz.length} 题，${course.pass} 分及格`, state.status === "passed")] : []));
  }

  /** An item is proved; when it was the last one and nothing is asked, the course is over. */
  function prove(i) {
    if (!state.items[i].done) heard.textContent = `“${course.items[i].title}”完成了。`;
    state.items[i].done = true;
    if (ready() && !course.quiz.length) status("completed");
    save();
    drawList();
  }

  const next = (i) => {
    const later = [...state.items.keys()].map((n) => (i + 1 + n) % state.items.length);
    const left = later.find((n) => !state.items[n].done);
    if (left !== undefined) return el("button", { type: "button", class: "kb-button", onclick: () => open(left) }, `下一项：${course.items[left].title}`);
    if (course.quiz.length) return el("button", { type: "button", class: "kb-button", onclick: () => open(state.items.length) }, "全部读完，做测验");
    return el("p", {}, "全部完成，可以关上这一页了。");
  };

  /** What proves item `i`, drawn into `box` below the reading. */
  function drawTask(box, i, asking) {
    const [item, kept] = [course.items[i], state.items[i]];
    const ended = () => {
      prove(i);
      return el("p", { class: "kb-actions" }, next(i));
    };
    if (kept.done && !asking) return box.replaceChildren(el("p", {}, "✓ 这一项完成了。"), el("p", { class: "kb-actions" }, next(i)));
    if (!asking) {
      const words = { read: "读完了", question: "读完了，答检查题", drill: "读完了，演一遍" }[item.proof];
      return box.replaceChildren(el("p", { class: "kb-actions" }, el("button", { type: "button", class: "kb-button", onclick: () => {
        kept.read = true;
        if (item.proof === "read") prove(i);
        else save();
        drawTask(box, i, item.proof !== "read");
        const focus = box.querySelector(".kb-quiz-ask, button");
        if (focus) focus.focus();
      } }, words)));
    }
    const host = el("div");
    box.replaceChildren(host);
    if (item.proof === "drill") {
      KB.drill.render(host, {
        drill: item.drill, log: kept.log, insist: course.insist, names: course.names,
        onAnswer(log) { kept.log = log; save(); },
        onEnd: ({ over }) => (over === "end" ? ended() : null),
      });
    } else {
      KB.quiz.render(host, {
        questions: item.questions, log: kept.log, enough: 1, names: course.names,
        onAnswer(answer) { kept.log = answer.log; tell(item.questions, answer); save(); },
        onEnd: () => box.append(ended()),
      });
    }
  }

  function drawQuiz() {
    const box = el("section", { class: "task" });
    main.replaceChildren(el("h2", { tabindex: "-1" }, "测验"), box);
    if (!ready()) {
      box.append(el("p", {}, `还有 ${course.items.length - done()} 项没有完成，完成以后再来做测验。`), el("p", { class: "kb-actions" }, next(-1)));
      return;
    }
    const host = el("div");
    box.append(el("p", { class: "kb-soft" }, `${course.quiz.length} 题，按第一次答的算分，${course.pass} 分及格。`), host);
    KB.quiz.render(host, {
      questions: course.quiz, log: state.quiz, names: course.names,
      onAnswer(answer) { state.quiz = answer.log; tell(course.quiz, answer); save(); },
      onEnd({ right, asked }) {
        const score = Math.floor((200 * right + asked) / (2 * asked));
        const passed = score >= course.pass;
        const before = get("core.score.raw");
        const better = before === "" || score > Number(before);
        const safe = state.status === "passed" && !passed;
        if (!looking && better) {
          set("core.score.min", 0);
          set("core.score.max", 100);
          set("core.score.raw", score);
        }
        status(passed ? "passed" : "failed");
        save();
        drawList();
        heard.textContent = passed ? "通过了。" : safe ? "这一次没有及格，以前通过的仍然算。" : "没有及格。";
        box.append(el("p", { class: "result" }, `${score} 分`),
          el("p", {}, passed ? "通过了，可以关上这一页了。" : safe ? "这一次没有及格；您已经通过，原来的成绩不变。" : `及格要 ${course.pass} 分。看看上面的讲解，再考一次。`),
          el("p", { class: "kb-actions" }, el("button", { type: "button", class: passed ? "kb-ghost" : "kb-button", onclick: () => {
            state.quiz = "";
            save();
            drawQuiz();
          } }, "再考一次")));
      },
    });
  }

  function draw() {
    drawList();
    if (at === course.items.length && course.quiz.length) drawQuiz();
    else {
      at = Math.min(at, course.items.length - 1);
      const task = el("section", { class: "task", "aria-label": "完成这一项" });
      main.replaceChildren(readings[at], task);
      drawTask(task, at, state.items[at].log !== "" && !state.items[at].done);
    }
  }

  function open(i) {
    at = i;
    save();
    draw();
    window.scrollTo(0, 0);
    const heading = main.querySelector("h2");
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
  }

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const colour = () => { document.documentElement.dataset.theme = dark.matches ? "dark" : "light"; };
  dark.addEventListener("change", colour);
  colour();

  let over = false;
  window.addEventListener("pagehide", () => {
    if (over || !linked) return;
    over = true;
    save();
    api.LMSFinish("");
  });
  // A page that comes back from the browser's memory has said goodbye to the platform.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  if (["", "not attempted"].includes(state.status)) status("incomplete");
  document.body.replaceChildren(
    el("header", {}, el("h1", {}, course.title), place),
    el("div", { class: "frame" }, el("nav", { "aria-label": "读单" }, list), el("div", {},
      linked ? "" : el("p", { class: "note", role: "alert" }, "没有连上学习平台：可以照常学，但进度和成绩不会保存。请从平台的课程页打开。"), main)),
    heard);
  draw();
  save();
})();
