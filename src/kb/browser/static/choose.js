/**
 * From what the network sees to labels, step, plan and certainty; and what the contact needs beside.
 *
 * The browser's twin of `kb/suggest/choose.py` and `kb/suggest/care.py`.
 */
globalThis.KB = globalThis.KB || {};

(function (KB) {
  "use strict";

  const CONDITIONS = ["risk", "emotion", "type"]; // what a rule may ask for

  /** The labels read from a text, by head. @typedef {Object<string, string[]>} Labels */

  const meet = (some, others) => some.some((one) => others.includes(one));

  /** Whether `rule` asks, in each of its `fields`, for nothing or for something that was read. */
  const fits = (rule, fields, read) => fields.every((f) => !rule[f].length || meet(rule[f], read[f]));

  /** Where words of the rule stand in `last`, outside its `unless`; the first goes first. */
  function saidOf(rule, last) {
    const hidden = (longer) => "\n".repeat(KB.text.chars(longer).length);
    const left = rule.unless.reduce((text, longer) => text.replaceAll(longer, hidden), last);
    const at = (place) => KB.text.chars(left.slice(0, place)).length;
    return rule.words
      .filter((word) => left.includes(word))
      .map((word) => [at(left.indexOf(word)), at(left.indexOf(word) + word.length)])
      .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  }

  function holds(rule, labels, done, last) {
    const after = rule.done.every((s) => done.includes(s)) && !meet(rule.not_done, done)
      && (!rule.any_done.length || meet(rule.any_done, done));
    const said = !rule.words.length || saidOf(rule, last).length > 0;
    return after && said && fits(rule, CONDITIONS, labels);
  }

  class Chooser {
    constructor(data, heads) {
      this._rules = data.rules;
      this._limits = data.limits; // of choose.py and care.py, which give the reasons
      this._least = data.models.least;
      [this._slope, this._base] = data.models.sure;
      this._heads = heads;
      this._order = data.steps.map((s) => s.id);
      this._when = new Map(data.steps.map((s) => [s.id, `${s.name}：${s.when}`]));
    }

    /** Type and emotion, one each; demands and risks, any number. @returns {Labels} */
    labels(seen, signals, spoken) {
      const found = {};
      for (const head of ["type", "emotion"]) {
        const scores = seen.logits[head];
        found[head] = [this._heads[head][scores.indexOf(Math.max(...scores))]];
      }
      for (const [head, [alone, withWords]] of Object.entries(this._least)) {
        const shown = signals.filter((s) => s.head === head).map((s) => s.label);
        found[head] = this._heads[head].filter((label, i) =>
          KB.net.probability(seen.logits[head][i]) >= (shown.includes(label) ? withWords : alone)
          || (head === "risk" && spoken.includes(label)));
      }
      return found;
    }

    /** The risks of which a word was said that is enough by itself (不想活). @returns {string[]} */
    spoken(n, signals) {
      const said = (label) => signals
        .filter((s) => s.head === "risk" && s.label === label)
        .map((s) => n.chars.slice(s.start, s.end).join(""));
      return this._rules.danger.filter((d) => d.sure).flatMap((d) => d.risk.filter((label) =>
        said(label).some((text) => d.words.some((word) => text.includes(word)))));
    }

    /** The steps that the agent took in a pasted transcript, in the order of the ladder. */
    doneIn(agent) {
      const { said, not_said: longer } = this._rules;
      const left = longer.reduce((text, words) => text.replaceAll(words, "\n"), agent);
      return this._order.filter((s) => (said[s] ?? []).some((word) => left.includes(word)));
    }

    /** The next step, how sure it is, the rule that decided, and the likeliest other step. */
    step(seen, labels, signals, done, spoken, last, silent) {
      const { first, among, repeatable } = this._rules;
      if (silent) {
        const step = this._order.find((s) => !done.includes(s)) ?? this._order[0];
        return { step, confidence: 0, rule: null, other: null };
      }
      const names = this._heads.step;
      const scores = seen.logits.step;
      const shown = signals.filter((s) => s.head === "risk").map((s) => s.label);
      const likely = labels.risk.filter((risk) =>
        shown.includes(risk) || this._risk(seen, risk) >= this._limits.certain);
      const sure = { ...labels, risk: likely };
      const all = names.map((_, i) => i);
      let open = all.filter((i) => !done.includes(names[i]) || repeatable.includes(names[i]));
      if (!open.length) open = all; // all that it knows is done
      for (const narrowing of among) {
        if (fits(narrowing, CONDITIONS, sure) && !(narrowing.fresh && done.length)) {
          const left = open.filter((i) => narrowing.steps.includes(names[i]));
          if (left.length) open = left;
        }
      }
      const left = open.map((i) => scores[i]);
      const ranked = left.map((_, i) => i).sort((a, b) => left[b] - left[a] || a - b);
      const rule = first.find((r) => holds(r, sure, done, last));
      if (rule) {
        const own = open.findIndex((i) => names[i] === rule.then);
        const chances = own < 0 ? [] : [KB.net.share(left, own)];
        chances.push(...rule.risk.map((label) => this._risk(seen, label)));
        const measured = this._sure(Math.max(0, ...chances));
        const worded = rule.words.length ? this._limits.worded : 0;
        const least = meet(rule.risk, spoken) ? this._limits.spoken : worded;
        return { step: rule.then, confidence: Math.max(measured, least), rule, other: null };
      }
      return {
        step: names[open[ranked[0]]],
        confidence: this._sure(KB.net.share(left, ranked[0])),
        rule: null,
        other: ranked.length > 1 ? names[open[ranked[1]]] : null,
      };
    }

    /** Where the choice is unsure: the two likeliest steps and what decides between them. */
    either({ step, confidence, rule, other }) {
      if (other === null || rule !== null || confidence >= this._limits.sure) return null;
      const pair = [step, other];
      const asked = this._rules.between.find((b) => pair.every((s) => b.steps.includes(s)));
      return { steps: pair, question: asked ? asked.ask : pair.map((s) => this._when.get(s)).join("\u3000") };
    }

    /**
     * The step, then those that such a contact still needs, in the ladder's order.
     *
     * Where `facts` are missing they are asked for, as there is nothing to confirm yet.
     */
    plan(step, labels, done, facts) {
      const needs = this._rules.needs.filter((need) =>
        !need.not_after.includes(step) && fits(need, KB.reading.HEADS, labels));
      const needed = new Set(needs.map((need) => need.step));
      if (facts) {
        needed.delete("confirm");
        needed.add("ask");
      }
      const after = this._order.slice(this._order.indexOf(step) + 1);
      return [step, ...after.filter((s) => needed.has(s) && !done.includes(s))];
    }

    _risk(seen, label) {
      const place = this._heads.risk.indexOf(label);
      return place < 0 ? 0 : KB.net.probability(seen.logits.risk[place]);
    }

    /** How often an answer with this share has been right. */
    _sure(chance) {
      if (chance <= 0) return 0;
      return KB.text.round4(KB.net.probability(this._slope * KB.net.logOdds(chance) + this._base));
    }
  }

  /**
   * The facts that such a complaint needs and that were not told.
   *
   * None once all was confirmed; and none while somebody may be hurt: what to secure comes first.
   */
  function missing({ rules, limits }, said, step, labels, industry, done) {
    if (!limits.before.includes(step) || done.includes("confirm") || labels.risk.includes("safety")) return [];
    const normal = KB.text.normalise(said);
    let longest = 0;
    for (const run of KB.text.runs(normal)) {
      if (!run.han) longest = Math.max(longest, run.end - run.start);
    }
    return rules.facts
      .filter((fact) => {
        const where = !fact.industry.length || fact.industry.includes(industry);
        const told = fact.words.some((word) => said.includes(word)) || (fact.digits > 0 && fact.digits <= longest);
        return where && meet(fact.type, labels.type) && !told;
      })
      .slice(0, limits.facts)
      .map(({ name, ask }) => ({ name, ask }));
  }

  /** The danger of the rules that the contact is in, or null; one that names words goes first. */
  function danger(rules, said, labels, step) {
    const found = rules.danger.filter((d) =>
      fits(d, ["risk", "type", "step"], { ...labels, step: [step] }) &&
      (!d.words.length || d.words.some((word) => said.includes(word))));
    return found.find((d) => d.words.length) ?? found[0] ?? null;
  }

  KB.choose = { Chooser, danger, fits, missing, saidOf };
})(globalThis.KB);
