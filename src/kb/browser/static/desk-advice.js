// The desk's card: the step, why, what to say and what not; the nodes stay, only their text changes.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const parts = (KB.deskParts = KB.deskParts || {});
  const { el } = KB;
  /** Below it the advice is a guess, and the desk says so. */
  const UNSURE = 0.35;
  const SENTENCES = 3;

  /** The ladder's own sentences for a step that the advisor did not choose, the most fitting first. */
  function ofLadder(own, advice, channel) {
    const read = { type: [advice.type], emotion: [advice.emotion], risk: advice.risk, channel: channel ? [channel] : [] };
    const fields = Object.keys(read);
    return own.say
      .filter((line) => fields.every((f) => !line[f].length || line[f].some((v) => read[f].includes(v))))
      .map((line) => ({ line, asked: fields.filter((f) => line[f].length).length }))
      .sort((a, b) => b.asked - a.asked).slice(0, SENTENCES).map(({ line }) => line);
  }

  /** What the card shows: the advice, or the ladder's words where the person or a lost line picked. */
  parts.shown = (desk, advice) => {
    const advised = !desk.picked || desk.picked === advice.step;
    if (advised && !advice.partial) return advice;
    const own = desk.words.ladder[desk.picked || advice.step];
    const words = { avoid: own.avoid.slice(0, SENTENCES), phrases: ofLadder(own, advice, desk.contact.channel) };
    return advised ? { ...advice, ...words } : { step: desk.picked, why: own.why, rule: null, ...words };
  };

  function sentence(desk, i) {
    const text = el("span", { class: "kb-say-text" });
    const button = el("button", { type: "button", class: "kb-copy", "aria-keyshortcuts": `Alt+${i + 1}` }, "复制");
    const node = el("li", {}, text, el("kbd", { class: "kb-keys", "aria-hidden": "true" }, `Alt ${i + 1}`), button);
    let filled = { parts: [], text: "", blanks: [] };
    button.addEventListener("click", () => desk.copy(button, filled));
    return {
      node, button,
      draw(phrase) {
        node.hidden = !phrase;
        if (!phrase) return;
        filled = desk.filled(phrase.text);
        const key = JSON.stringify(filled.parts);
        if (node.kbKey === key) return;
        node.kbKey = key;
        KB.uncopied(button);
        text.replaceChildren(...parts.pieces(filled.parts));
      },
    };
  }

  /** The pieces of a sentence: what was filled in stands out a little, what is blank a little more. */
  parts.pieces = (pieces) => pieces.map(({ text, slot, own }) => {
    if (!slot) return text;
    const title = `${slot}：${own ? "您填的" : "从客户的话里填的"}`;
    return text ? el("b", { class: "kb-filled", title }, text) : el("span", { class: "kb-blank" }, slot);
  });

  /** Boxes for what is still blank in the sentences shown: written once, it stands in all of them. */
  function blanks(desk) {
    const boxes = el("span", {});
    const node = el("p", { class: "kb-need kb-blanks", hidden: true }, el("b", {}, "填空"), " ", boxes);
    return {
      node,
      focus() { (Array.from(boxes.querySelectorAll("input")).find((b) => !b.value) || boxes.querySelector("input") || desk).focus(); },
      draw(sentences) {
        const slots = [...new Set(sentences.flatMap((s) => desk.filled(s).parts.filter((p) => p.slot && (p.own || !p.text)).map((p) => p.slot)))];
        node.hidden = !slots.length;
        KB.rows(boxes, slots, (slot) => slot, (slot) => {
          const box = el("input", { type: "text", maxlength: "60", autocomplete: "off", "aria-label": `填空：${slot}`, placeholder: slot });
          box.value = desk.blanks[slot] || "";
          box.addEventListener("input", () => desk.blankTyped(slot, box.value));
          return box;
        });
        for (const box of boxes.children) {
          const value = desk.blanks[box.kbKey] || "";
          if (box.value.trim() !== value) box.value = value;
        }
      },
    };
  }

  /** A line with a name before its words, which may hold commas; hidden while there are none. */
  function line(name, extra) {
    const words = el("span", {});
    const node = el("p", { class: `kb-need ${extra || ""}`, hidden: true }, el("b", {}, name), " ", words);
    return { node, words, draw(items) { node.hidden = !items.length; KB.write(words, items.join("；")); } };
  }

  parts.advice = (desk, ladder) => {
    const { names, label, root } = desk;
    const steps = new Map(names.steps.map((s, i) => [s.id, { ...s, place: i + 1 }]));
    const lead = el("span", {});
    const link = el("a", {});
    const place = el("small", {});
    const finish = el("button", { type: "button", class: "kb-button", "aria-keyshortcuts": "Control+Enter", onclick: desk.finish }, "做完了");
    const why = el("p", { class: "kb-why" });
    const rule = el("a", { hidden: true }, "照规则");
    const reason = el("span", {});
    why.append(reason, " ", rule);
    const doubt = el("p", { class: "kb-why kb-doubt", hidden: true }, "把握不大：再补一句客户的原话，或勾上已经做过的步骤。");
    const back = el("button", { type: "button", class: "kb-ghost kb-back", hidden: true, onclick: () => desk.pick(null) });
    const question = el("p", {});
    const ways = [0, 1].map((i) => el("button", {
      type: "button", class: "kb-way", "aria-pressed": "false", onclick: () => desk.pick(ways[i].dataset.step),
    }));
    const either = el("div", { class: "kb-either", role: "group", "aria-label": "两步里选一步", hidden: true }, question, ways);
    const secure = line("先保住", "kb-secure");
    const never = line("别做", "kb-never");
    const asks = el("span", { class: "kb-asks" });
    const missing = el("p", { class: "kb-need", hidden: true }, el("b", {}, "还缺"), " ", asks);
    const says = Array.from({ length: SENTENCES }, (_, i) => sentence(desk, i));
    const fillIn = blanks(desk);
    const avoid = el("ul", { class: "kb-lines kb-avoid" });
    const notes = [el("h3", {}, "可以这样说"), el("h3", {}, "别这样说")];
    const whatif = el("p", { class: "kb-whatif-note", hidden: true }, el("b", {}, "假如"), " ", el("span", {}), " ",
      el("button", { type: "button", class: "kb-ghost", onclick: desk.toggleWhatif }, "回到现在 ", el("kbd", {}, "Esc")));
    // The advisor always names a step; after the last one it would begin again at the bottom.
    const ended = el("p", { class: "kb-ended", hidden: true },
      "这一通收尾了。没有新话，就开下一通；他又说了什么，接着打。", " ",
      el("button", { type: "button", class: "kb-ghost", onclick: desk.renew }, "新的一通 ", el("kbd", {}, "Alt N")));
    const body = el("div", { class: "kb-advice" }, ended,
      el("div", { class: "kb-now" }, el("div", { class: "kb-now-head" }, el("h2", {}, lead, link, place), finish), why, doubt, back),
      either, secure.node, never.node, missing,
      notes[0], el("ul", { class: "kb-lines kb-says" }, says.map((s) => s.node)), fillIn.node, notes[1], avoid);
    const examples = el("ul", { class: "kb-examples" });
    const tries = el("h3", {}, "试一试");
    const start = el("div", { class: "kb-start" },
      el("p", { class: "kb-soft" }, "打下客户的话，这里给出该做的一步、能说的话和不该说的话。不用打完整，边打边出。"),
      tries, examples, el("h3", {}, "已经做过的步骤"));
    const problem = el("p", { role: "alert", hidden: true });
    const node = el("div", { class: "kb-card kb-now-card" }, whatif, problem, start, body, ladder.node);

    function drawNeeds(advice) {
      const two = advice.either && advice.either.steps.length === 2 ? advice.either : null;
      either.hidden = !two;
      if (two) {
        KB.write(question, two.question);
        ways.forEach((button, i) => {
          button.dataset.step = two.steps[i];
          KB.write(button, steps.get(two.steps[i]).name);
          button.setAttribute("aria-pressed", String((desk.picked || advice.step) === two.steps[i]));
        });
      }
      secure.draw(advice.secure || []);
      never.draw(advice.never || []);
      const lacks = advice.missing || [];
      missing.hidden = !lacks.length;
      KB.rows(asks, lacks, (m) => `${m.name}|${m.ask}`, (m) => {
        const button = el("button", { type: "button", class: "kb-ask", title: `复制：${m.ask}` }, m.name);
        button.addEventListener("click", () => desk.copy(button, desk.filled(m.ask), true));
        return button;
      });
    }

    function drawStep(advice) {
      const view = parts.shown(desk, advice);
      const step = steps.get(view.step);
      const own = view.step !== advice.step;
      const unsure = !own && advice.confidence < UNSURE;
      node.className = `kb-card kb-now-card stage-${step.stage}${desk.whatif ? " kb-whatif" : ""}`;
      KB.write(lead, own ? "您选的：" : unsure ? "也许该" : desk.whatif ? "那就：" : "现在：");
      KB.write(link, step.name);
      link.href = `${root}book/ladder.html#${step.id}`;
      KB.write(place, `${label("stage", step.stage)} · 第 ${step.place} 步`);
      KB.write(reason, view.why);
      rule.hidden = !view.rule;
      rule.href = link.href;
      link.target = rule.target = desk.mini ? "_blank" : "";
      doubt.hidden = !unsure || Boolean(advice.either);
      back.hidden = !own;
      KB.write(back, `回到建议：${steps.get(advice.step).name}`);
      // Still focusable when there is nothing to do: a disabled button would drop the focus.
      finish.setAttribute("aria-disabled", String(desk.over(view.step)));
      says.forEach((s, i) => s.draw(view.phrases[i]));
      fillIn.draw(view.phrases.map((p) => p.text));
      notes[1].hidden = !view.avoid.length;
      KB.rows(avoid, view.avoid, (a) => JSON.stringify([a.text, desk.filled(a.instead).parts]), (a) => el("li", {}, el("s", {}, a.text),
        el("span", { class: "kb-instead" }, el("span", {}, parts.pieces(desk.filled(a.instead).parts)))));
    }

    return {
      node, finish,
      blank: fillIn.focus,
      copy(i) { if (!says[i].node.hidden && !body.hidden) says[i].button.click(); },
      draw(advice, trouble) {
        problem.hidden = !trouble;
        KB.write(problem, trouble);
        whatif.hidden = !desk.whatif;
        if (desk.whatif) {
          const ticked = desk.whatif.map((s) => steps.get(s).name).join("、");
          KB.write(whatif.children[1], ticked ? `已经做了：${ticked}。这些没有记下来。` : "点下面的步骤，看看接下来会是哪一步。不会记下来。");
        }
        body.hidden = !advice;
        start.hidden = Boolean(advice) || Boolean(trouble);
        ladder.node.hidden = Boolean(trouble) && !advice;
        if (body.hidden) {
          node.className = `kb-card kb-now-card${desk.whatif ? " kb-whatif" : ""}`;
          tries.hidden = !desk.examples.length;
          KB.rows(examples, desk.examples, (text) => text, (text) =>
            el("li", {}, el("button", { type: "button", onclick: () => desk.type(text) }, text)));
          return;
        }
        ended.hidden = Boolean(desk.whatif) || !KB.contact.ended(desk.contact);
        drawNeeds(advice);
        drawStep(advice);
      },
    };
  };
})();
