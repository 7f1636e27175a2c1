/**
 * The advisor: reads a description, names the next step, and says why.
 *
 * The browser's twin of `kb/suggest` over the data of `advisor_data`;
 * `tests/fixtures/situations.json` holds both to the same advice. Windows `[start, end)` of the
 * normalised text stand where Python passes slices of it.
 */
globalThis.KB = globalThis.KB || {};

(function (KB) {
  "use strict";

  // The constants of the Python modules named beside them.
  const MAX_TEXT = 2000; // reading.py: of a longer text the end is read
  const LOOKUP = 240; // advice.py: so much of the end is looked up among the cases
  const MOST = { phrases: 3, avoid: 3, cases: 3, readings: 3 }; // advice.py
  const CASE_BONUS = { type: 0.35, step: 0.25, industry: 0.35, emotion: 0.1 }; // advice.py
  const READING_BONUS = { step: 1 }; // advice.py
  const [GROUP_BONUS, LADDER_AVOID] = [1.5, 0.6]; // advice.py
  const LEAST = { demand: [0.6, 0.2], risk: [0.5, 0] }; // advice.py: alone, with words
  const HEADS = ["risk", "emotion", "type", "demand"]; // signals.py
  const CONDITIONS = ["risk", "emotion", "type"]; // advice.py: what a rule may ask for
  const MAX_DONE = 4; // features.py
  const SCALE = 100; // model.py: weights are logits times this
  const GRAMS = 12; // model.py: what the grams of a text weigh together

  /**
   * `[start, end)` of the normalised text, said by the agent or the customer.
   * @typedef {{start: number, end: number, agent: boolean}} Turn
   *
   * `[start, end)` of the normalised text shows `label` of `head`.
   * @typedef {{start: number, end: number, head: string, label: string}} Signal
   *
   * A label with its logit; and the labels read from a text, by head.
   * @typedef {{label: string, score: number}} Scored
   * @typedef {{type: string[], emotion: string[], demand: string[], risk: string[]}} Labels
   *
   * @typedef {{id: string, title: string, url: string, why: string[]}} Pointer
   *
   * What `kb suggest --json` prints; spans count code points of the text as given.
   * @typedef {{step: string, plan: string[], type: string, emotion: string, demand: string[],
   *   risk: string[], signals: {start: number, end: number, text: string, means: string}[],
   *   phrases: {id: string, text: string}[], avoid: {text: string, instead: string}[],
   *   cases: Pointer[], readings: Pointer[], confidence: number, why: string,
   *   rule: ?string}} Advice
   */

  /** Whether any of `some` is among `others`. */
  const meet = (some, others) => some.some((one) => others.includes(one));

  /** Whether `filter` asks, in each of its `fields`, for nothing or for something that was read. */
  const fits = (filter, fields, read) =>
    fields.every((f) => !filter[f].length || meet(filter[f], read[f]));

  /** Best first; sorting is stable, so the order of the authors' files settles ties. */
  const byRating = (a, b) => b.rating - a.rating;

  // ---- Turns: who is speaking -------------------------------------------------------------

  /** A speaker whose name and a colon open the line, or undefined. */
  function speakerOf(line, speakers) {
    for (const who of ["customer", "agent"]) {
      const name = speakers[who].find((n) => line.startsWith(n + ":"));
      if (name === undefined) continue;
      return { agent: who === "agent", opening: KB.text.chars(name).length + 1 };
    }
    return undefined;
  }

  /**
   * The turns of a text; a text without speakers' names is one turn of the customer.
   *
   * A line that begins with a speaker's name and a colon opens a turn, other lines go on with it.
   * @returns {Turn[]}
   */
  function turns(n, speakers) {
    const found = [];
    let named = false;
    let start = 0;
    for (const line of n.text.split("\n")) {
      const end = start + KB.text.chars(line).length;
      const speaker = speakerOf(line, speakers);
      if (speaker) {
        named = true;
        found.push({ start: start + speaker.opening, end, agent: speaker.agent });
      } else if (found.length) {
        found[found.length - 1].end = end;
      } else {
        found.push({ start, end, agent: false });
      }
      start = end + 1;
    }
    return named ? found : [{ start: 0, end: n.chars.length, agent: false }];
  }

  // ---- Signals: the words of the authors' lexicons, longest first -------------------------

  class Lexicon {
    constructor(lexicon) {
      this._words = new KB.text.Words();
      this._unless = new KB.text.Words();
      HEADS.forEach((head, rank) => {
        for (const [label, lists] of Object.entries(lexicon[head] ?? {})) {
          const meaning = { head, label, rank };
          for (const word of lists.words) this._words.add(word, meaning);
          for (const word of lists.unless) this._unless.add(word, meaning);
        }
      });
    }

    /** All signals by start, then `HEADS`; none inside an `unless`. @returns {Signal[]} */
    find(n) {
      const shields = this._unless.scan(n.chars);
      const found = [];
      const reached = new Map();
      for (const { start, end, meaning } of this._words.scan(n.chars)) {
        if (start < (reached.get(meaning) ?? 0)) continue;
        const covers = (s) => s.meaning === meaning && s.start <= start && end <= s.end;
        if (shields.some(covers)) continue;
        reached.set(meaning, end);
        found.push({ start, end, ...meaning });
      }
      const byLabel = (a, b) => (a.label < b.label ? -1 : Number(a.label > b.label));
      return found.sort(
        (a, b) => a.start - b.start || a.rank - b.rank || a.end - b.end || byLabel(a, b),
      );
    }
  }

  // ---- Features: what the models see ------------------------------------------------------

  /**
   * Distinct features of a read text in its state; `kb/suggest/features.py` explains the names.
   * @returns {{grams: Set<string>, state: Set<string>}}
   */
  function features(n, said, signals, done, channel) {
    const last = said.filter((t) => !t.agent).pop() ?? { start: 0, end: 0 };
    const found = new Set();
    const state = new Set();

    const add = (prefix, { start, end }, longest) => {
      for (const run of KB.text.runs(n, start, end)) {
        if (!run.han) {
          found.add(prefix + run.text);
          continue;
        }
        for (let at = run.start; at < run.end; at++) {
          let gram = prefix;
          for (let next = at; next < Math.min(at + longest, run.end); next++) {
            gram += n.chars[next];
            found.add(gram);
          }
        }
      }
    };

    for (const turn of said) add(turn.agent ? "a" : "c", turn, turn.agent ? 2 : 3);
    add("t", KB.text.lastSentence(n, last.start, last.end), 3);
    if (said.length > 1) {
      add("l", last, 3);
      state.add("chat");
    }
    for (const step of done) state.add("d" + step);
    if (done.length) state.add("e" + done[done.length - 1]);
    state.add("s" + [...done].sort().join("+"));
    state.add("n" + Math.min(done.length, MAX_DONE));
    for (const signal of signals) state.add(`x${signal.head}:${signal.label}`);
    state.add("h" + channel);
    const words = n.chars.slice(last.start, last.end);
    if (words.findLast((char) => !KB.text.isSpace(char)) === "?") state.add("asks");
    if (words.includes("!")) state.add("shouts");
    return { grams: found, state };
  }

  // ---- Models -----------------------------------------------------------------------------

  /** The sum of all rows of weights, `[label place, weight, label place, weight, …]`. */
  function sumOf(names, rows, labels) {
    const total = labels.map(() => 0);
    for (const name of names) {
      const row = rows.get(name) ?? [];
      for (let i = 0; i < row.length; i += 2) total[row[i]] += row[i + 1];
    }
    return total;
  }

  /**
   * The labels of a linear model with their logits, times `SCALE`.
   * @returns {Scored[]}
   */
  function logits({ labels, bias, rows }, { grams, state }) {
    const ofGrams = sumOf(grams, rows, labels);
    const ofState = sumOf(state, rows, labels);
    const size = GRAMS / Math.sqrt(Math.max(grams.size, 1));
    return labels.map((label, i) => ({ label, score: bias[i] + ofState[i] + ofGrams[i] * size }));
  }

  /** The label of the highest score, the first of equals. */
  const best = (scored) => scored.reduce((a, b) => (b.score > a.score ? b : a)).label;

  /** The softmax share of a label; none, if it is not among them. */
  function share(scored, label) {
    const top = Math.max(...scored.map((s) => s.score));
    const powers = scored.map((s) => Math.exp((s.score - top) / SCALE));
    const place = scored.findIndex((s) => s.label === label);
    return place < 0 ? 0 : powers[place] / powers.reduce((sum, power) => sum + power, 0);
  }

  /** The logistic probability of a yes-or-no score. */
  const probability = ({ score }) => 1 / (1 + Math.exp(-score / SCALE));

  // ---- Advice -----------------------------------------------------------------------------

  function ruleHolds(rule, labels, done) {
    const after = rule.done.every((s) => done.includes(s)) && !meet(rule.not_done, done);
    return after && fits(rule, CONDITIONS, labels);
  }

  class Advisor {
    constructor(data, search) {
      this._data = data;
      this._search = search;
      this._lexicon = new Lexicon(data.lexicon);
      this._models = {};
      for (const [head, model] of Object.entries(data.models)) {
        // A map, because `constructor` is a word that people type.
        this._models[head] = { ...model, rows: new Map(Object.entries(model.rows)) };
      }
      /** The ids of the ladder, in order. @type {string[]} */
      this.steps = data.steps.map((s) => s.id);
      this._whys = new Map(data.steps.map((s) => [s.id, s.why]));
      const of = (kind) => search.places((id, place) =>
        !id.startsWith("step:") && this._has(place, "kind", kind));
      this._cases = of("case");
      this._readings = ["section", "method"].flatMap(of);
    }

    /**
     * The next step for `text` when the steps in `done` were taken already.
     * @param {string} text
     * @param {{done?: string[], channel?: ?string, industry?: ?string}} [state]
     * @returns {Advice}
     */
    async suggest(text, { done = [], channel = null, industry = null } = {}) {
      const n = KB.text.normalise(text, MAX_TEXT);
      const said = turns(n, this._data.speakers);
      const heard = said.filter((t) => !t.agent);
      // The agent's words give no signals.
      const signals = this._lexicon
        .find(n)
        .filter((s) => heard.some((t) => t.start <= s.start && s.end <= t.end));
      const seen = features(n, said, signals, done, channel || "any");
      const labels = this._labels(seen, signals);
      const silent = n.chars.every(KB.text.isSpace);
      const { step, confidence, rule } = this._step(seen, labels, done, silent);
      const scores = await this._lookUp(n, heard);
      const bySteps = (place) => (this._has(place, "step", step) ? ["step"] : []);
      const cases = this._nearestCases(scores, step, labels, industry);
      const readings = nearest(scores, this._readings, bySteps, READING_BONUS, MOST.readings);
      await this._search.loadCards([...cases, ...readings].map((found) => found.place));
      return {
        step,
        plan: this._plan(step, labels, done),
        type: labels.type[0],
        emotion: labels.emotion[0],
        demand: labels.demand.length ? labels.demand : ["none"],
        risk: labels.risk,
        signals: this._shown(text, n, signals, labels),
        phrases: this._phrases(scores, step, labels, channel),
        avoid: this._avoid(scores, step),
        cases: cases.map((found) => this._card(found)),
        readings: readings.map((found) => this._card(found)),
        confidence,
        why: rule ? rule.why : this._whys.get(step),
        rule: rule ? rule.id : null,
      };
    }

    /** @returns {Labels} */
    _labels(seen, signals) {
      const oneOf = (head) => [best(logits(this._models[head], seen))];
      const anyOf = (head) => {
        const [alone, withWords] = LEAST[head];
        const shown = signals.filter((s) => s.head === head).map((s) => s.label);
        const least = (label) => (shown.includes(label) ? withWords : alone);
        const scored = logits(this._models[head], seen);
        return scored.filter((s) => probability(s) >= least(s.label)).map((s) => s.label);
      };
      const [type, emotion] = ["type", "emotion"].map(oneOf);
      const [demand, risk] = ["demand", "risk"].map(anyOf);
      return { type, emotion, demand, risk };
    }

    /** The step, how sure it is, and the rule that decided, if one did. */
    _step(seen, labels, done, silent) {
      const { first, among, repeatable } = this._data.rules;
      if (silent) {
        const step = this.steps.find((s) => !done.includes(s)) ?? this.steps[0];
        return { step, confidence: 0, rule: null };
      }
      let open = logits(this._models.step, seen).filter(
        ({ label }) => !done.includes(label) || repeatable.includes(label),
      );
      if (!open.length) open = logits(this._models.step, seen); // all that it knows is done
      for (const narrowing of among) {
        if (fits(narrowing, CONDITIONS, labels) && !(narrowing.fresh && done.length)) {
          const left = open.filter(({ label }) => narrowing.steps.includes(label));
          if (left.length) open = left;
        }
      }
      const rule = first.find((r) => ruleHolds(r, labels, done)) ?? null;
      const step = rule ? rule.then : best(open);
      // A rule that a risk called is as sure as the risk.
      const named = rule ? rule.risk : [];
      const risks = logits(this._models.risk, seen).filter((s) => named.includes(s.label));
      const sure = Math.max(share(open, step), ...risks.map(probability));
      return { step, confidence: KB.text.round4(sure), rule };
    }

    _plan(step, labels, done) {
      const needs = this._data.rules.needs.filter((need) => fits(need, HEADS, labels));
      const needed = new Set(needs.map((need) => need.step));
      const after = this.steps.slice(this.steps.indexOf(step) + 1);
      return [step, ...after.filter((s) => needed.has(s) && !done.includes(s))];
    }

    /** The signals that speak for the labels that were chosen; others would only mislead. */
    _shown(text, n, signals, labels) {
      const original = KB.text.chars(text);
      return signals
        .filter((s) => labels[s.head].includes(s.label))
        .map((s) => {
          const [start, end] = KB.text.span(n, s.start, s.end);
          const words = original.slice(start, end).join("");
          return { start, end, text: words, means: `${s.head}:${s.label}` };
        });
    }

    /** Sentences for the step: near in subject, and asking for most of what was read. */
    _phrases(scores, step, labels, channel) {
      const read = { ...labels, channel: channel ? [channel] : [] };
      const fields = ["risk", "type", "emotion", "channel"];
      const near = this._nearness(scores);
      const rated = ({ group, rating }) =>
        group ? KB.text.round4((rating + GROUP_BONUS) * near(group)) : rating;
      return this._data.phrases
        .filter((phrase) => phrase.step === step && fits(phrase, fields, read))
        .map((phrase) => ({ id: phrase.id, text: phrase.text, rating: rated(phrase) }))
        .sort(byRating)
        .slice(0, MOST.phrases)
        .map(({ id, text }) => ({ id, text }));
    }

    _avoid(scores, step) {
      const near = this._nearness(scores);
      return this._data.avoid
        .filter((a) => a.step === step)
        .map((a) => ({ ...a, rating: a.group ? KB.text.round4(near(a.group)) : LADDER_AVOID }))
        .sort(byRating)
        .slice(0, MOST.avoid)
        .map(({ text, instead }) => ({ text, instead }));
    }

    /** How near a phrase group's subject is to the text, against the nearest of all documents. */
    _nearness(scores) {
      let top = 0;
      for (const score of scores.values()) top = Math.max(top, score);
      return (group) => (scores.get(this._search.placeOf(`phrase:${group}`)) ?? 0) / (top || 1);
    }

    _has(place, field, label) {
      return this._search.labels(field, place).includes(label);
    }

    _card({ place, why }) {
      const { id, title, url } = this._search.card(place);
      return { id, title, url, why };
    }

    _nearestCases(scores, step, labels, industry) {
      const reasons = (place) => [
        ...(industry && this._has(place, "industry", industry) ? ["industry"] : []),
        ...(this._has(place, "type", labels.type[0]) ? ["type"] : []),
        ...(this._has(place, "step", step) ? ["step"] : []),
        ...(this._has(place, "emotion", labels.emotion[0]) ? ["emotion"] : []),
      ];
      return nearest(scores, this._cases, reasons, CASE_BONUS, MOST.cases);
    }

    /** The search scores of all documents for the customer's last words, by place. */
    async _lookUp(n, heard) {
      const said = heard.map((t) => n.chars.slice(t.start, t.end).join("")).join("\n");
      const query = KB.text.chars(said).slice(-LOOKUP).join("");
      return new Map((await this._search.ranked(query)).map((r) => [r.place, r.score]));
    }
  }

  /** The documents nearest to the text: its best match counts 1, each reason its bonus. */
  function nearest(scores, places, reasons, bonus, limit) {
    const scoreOf = (place) => scores.get(place) ?? 0;
    const top = places.reduce((best, place) => Math.max(best, scoreOf(place)), 0) || 1;
    const rated = places.map((place) => {
      const why = reasons(place);
      const rating = why.reduce((sum, reason) => sum + bonus[reason], scoreOf(place) / top);
      return { rating: KB.text.round4(rating), place, why };
    });
    return rated.sort(byRating).slice(0, limit);
  }

  /**
   * An advisor on the data of `kb.suggest.advisor_data`; `search` looks up the cases.
   * @param {Object} data
   * @param {Object} search the engine of `search.js`
   * @returns {Advisor}
   */
  KB.suggest = { create: (data, search) => new Advisor(data, search) };
})(globalThis.KB);
