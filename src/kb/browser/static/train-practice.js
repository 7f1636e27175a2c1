// Quiz and drill of the page 训练: which questions, where one stopped, what is written down.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { el, ui, progress } = KB;
  const ROUND = 10;

  function shuffled(items) {
    const mixed = Array.from(items);
    for (let i = mixed.length - 1; i > 0; i -= 1) {
      const j = Math.floor(Math.random() * (i + 1));
      [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
    }
    return mixed;
  }

  /** What a question asks: a page asks what a card that it shows asks. */
  const askedBy = ({ ask, choices }) => [ask, ...choices.map((c) => c.text).sort()].join("\n");

  /** A round without the same question twice; more are drawn than asked, to make up for those. */
  function distinct(questions) {
    const known = new Set();
    return questions.filter((q) => !known.has(askedBy(q)) && known.add(askedBy(q))).slice(0, ROUND);
  }

  /** Questions for a list: every item in turn, what was answered least first. */
  function forList(record, training) {
    const piles = record.list.items.map(({ ref }) => {
      const answers = record.items[ref] ? record.items[ref].answers : [];
      const often = (id) => answers.filter((a) => a.q === id).length;
      return training.ids((other) => other === ref).sort((a, b) => often(a) - often(b));
    });
    const found = [];
    for (let row = 0; found.length < 2 * ROUND && piles.some((pile) => pile.length > row); row += 1) {
      found.push(...piles.filter((pile) => pile.length > row).map((pile) => pile[row]));
    }
    return found.slice(0, 2 * ROUND);
  }

  /** What `source` of `#quiz=source` asks for: its name, the list if any, and how to draw a round. */
  function sourceOf(source, training) {
    const [kind, ...more] = source.split(":");
    const rest = more.join(":");
    const round = (fits) => () => shuffled(training.ids(fits)).slice(0, 2 * ROUND);
    if (kind === "list") {
      const record = progress.listRecord(rest);
      return record && { name: `测验：${record.list.title}`, list: rest, back: `read=${rest}`, draw: () => forList(progress.listRecord(rest), training) };
    }
    if (kind === "step") {
      const name = Object.hasOwn(training.names, rest) && training.names[rest];
      return name && { name: `练一步：${name}`, draw: round((_, step) => step === rest) };
    }
    if (kind === "due") return { name: "今天该复习的题", draw: () => shuffled(progress.dueQuestions().filter(training.knows)).slice(0, 2 * ROUND) };
    if (kind === "all") return { name: "随便练练", draw: round(() => true) };
    const item = training.item(source);
    return item && { name: `练一页：${item.title}`, draw: round((ref) => ref === source) };
  }

  /** Pages to look at again after a round. */
  function again(missed, training) {
    const refs = [...new Set(missed.map((id) => id.split("#")[0]))].filter((ref) => training.item(ref));
    return refs.length > 0 && el("div", {}, el("h3", {}, "回去看看"), el("ul", {}, refs.map((ref) =>
      el("li", {}, el("a", { href: KB.root + training.item(ref).url }, training.item(ref).title)))),
    el("p", { class: "kb-soft" }, "答错的题明天会再问您一次，答对以后隔 2、4、8 天各问一次。"));
  }

  async function quiz(view, source, training, back) {
    const asked = sourceOf(source, training);
    if (!asked) {
      ui.title("测验");
      view.append(el("p", { class: "kb-card" }, "这里没有题：这份读单、这一步或这一页不在。"), back());
      return;
    }
    ui.title(asked.name);
    const name = `quiz:${source}`;
    const card = el("div", { class: "kb-card" });
    view.append(back(asked.back, asked.back ? "回到读单" : "回到训练"), card);

    async function begin(fresh) {
      const kept = progress.state().going[name];
      const going = !fresh && kept && Array.isArray(kept.ids) ? kept : { ids: asked.draw(), log: "" };
      const questions = distinct(await training.asked(going.ids));
      const box = el("div");
      card.replaceChildren(box);
      KB.quiz.render(box, {
        questions, log: String(going.log), names: training.names,
        onAnswer({ question: id, choice, right, log }) {
          const question = questions.find((q) => q.id === id);
          if (asked.list) progress.answerFor(asked.list, question, choice, right);
          progress.box(id, right);
          progress.update((now) => { now.going[name] = { ids: questions.map((q) => q.id), log }; });
        },
        onEnd({ missed }) {
          progress.update((now) => { delete now.going[name]; });
          card.append(...[
            el("p", { class: "kb-actions" },
              questions.length > 0 && source !== "due" && ui.button("再来一轮", () => begin(true), "kb-button"),
              back(asked.back, asked.back ? "回到读单" : "回到训练")),
            again(missed, training)].filter(Boolean));
        },
      });
    }
    await begin(false);
  }

  /** Write a drill that was played through for a list into that list; the best one stays. */
  function keepDrill(key, ref, { best, turns, mood }) {
    const better = (old) => !old || best > old.best || (best === old.best && mood <= old.mood);
    const kept = key && progress.listRecord(key);
    if (!kept || !kept.list.items.some((item) => item.ref === ref)) return;
    progress.record(key, ref, (item, at) => { if (better(item.drill)) item.drill = { best, turns, mood, at }; });
  }

  async function drill(view, rest, training, back) {
    const [ref, key] = rest.split("&list=");
    const item = training.item(ref);
    const played = await training.drill(ref);
    if (!played) {
      ui.title("演练");
      view.append(el("p", { class: "kb-card" }, "这里没有可以演的案例。"), back());
      return;
    }
    ui.title(`演一遍：${played.title}`);
    // Apart for each list: what was begun as practice does not end up in a receipt.
    const name = `drill:${rest}`;
    const kept = progress.state().going[name];
    const card = el("div", { class: "kb-card" });
    const ways = () => el("p", { class: "kb-actions" },
      key && back(`read=${key}`, "回到读单"),
      el("a", { class: "kb-back", href: KB.root + item.url }, "看这个案例"),
      !key && back());
    view.append(ways(), card);
    KB.drill.render(card, {
      drill: played, log: typeof kept === "string" ? kept : "", insist: training.insist, names: training.names,
      onAnswer: (log) => progress.update((now) => { now.going[name] = log; }),
      onEnd(result) {
        progress.update((now) => { delete now.going[name]; });
        if (result.over === "end") keepDrill(key, ref, result);
        return ways();
      },
    });
  }

  /** Free practice: what is due, by step, by case, anything; and a customer to play with. */
  KB.practicePanel = (training) => {
    const due = progress.dueQuestions().filter(training.knows).length;
    const cases = Object.entries(training.items).filter(([, { drill: playable }]) => playable);
    const pick = el("select", { "aria-label": "案例" }, cases.map(([ref, item]) => el("option", { value: ref }, item.title)));
    const go = (word) => { location.hash = `${word}=${pick.value}`; };
    const stages = Object.entries(training.stages);
    return el("div", { class: "kb-card kb-practice" },
      el("h2", {}, "练一练"),
      el("p", {}, due
        ? el("a", { class: "kb-button", href: "#quiz=due" }, `今天该复习 ${due} 题`)
        : el("span", { class: "kb-soft" }, "今天没有要复习的题。答错的题会自己回来。")),
      el("p", {}, el("a", { class: "kb-ghost", href: "#quiz=all" }, `随便来 ${ROUND} 题`)),
      el("h3", {}, "按步骤"),
      el("div", { class: "kb-practice-steps" }, stages.map(([stage, name]) => el("div", { class: `stage-${stage}` }, el("b", {}, name),
        training.steps.filter((s) => s.stage === stage).map((s) => el("a", { class: "kb-step", href: `#quiz=step:${s.id}` }, s.name))))),
      el("h3", {}, "按案例"),
      el("p", { class: "kb-actions" }, pick, ui.button("答题", () => go("quiz")), ui.button("和客户演一遍", () => go("drill"))));
  };

  KB.trainViews = { ...KB.trainViews, quiz, drill };
})();
