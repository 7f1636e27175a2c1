/**
 * The advisor: reads a description, names the next step, and says why.
 *
 * The browser's twin of `kb/suggest/{advice,beside,marks}.py` over the data of `advisor_data`, after
 * `reading.js`, `net.js` and `choose.js`; `tests/fixtures/situations.json` holds both to the same
 * advice.
 */
globalThis.KB = globalThis.KB || {};

(function (KB) {
  "use strict";

  // The constants of the Python modules named beside them.
  const MAX_TEXT = 2000; // reading.py: of a longer text the end is read
  const LOOKUP = 240; // advice.py: so much of the end is looked up among the cases
  const MOST = { phrases: 3, avoid: 3, cases: 3, readings: 3 }; // beside.py
  const CASE_BONUS = { type: 0.35, step: 0.25, industry: 0.35, emotion: 0.1 }; // beside.py
  const READING_BONUS = { step: 0.5 }; // beside.py
  const GROUP_BONUS = 1.5; // beside.py
  const FILTERS = ["risk", "danger", "type", "emotion", "channel"]; // beside.py
  const [STRETCHES, SHARE, LENGTHS] = [2, 0.5, [2, 3]]; // marks.py

  /**
   * @typedef {{id: string, title: string, url: string, why: string[]}} Pointer
   *
   * What `kb suggest --json` prints; spans count code points of the text as given.
   * @typedef {{step: string, plan: string[], type: string, emotion: string, demand: string[],
   *   risk: string[], signals: {start: number, end: number, text: string, means: string}[],
   *   phrases: {id: string, text: string}[], avoid: {text: string, instead: string}[],
   *   cases: Pointer[], readings: Pointer[], confidence: number, why: string, rule: ?string,
   *   either: ?{steps: string[], question: string}, missing: {name: string, ask: string}[],
   *   secure: string[], never: string[], done: string[]}} Advice
   *
   * `partial: true` where what had to be fetched for sentences, cases and readings did not come.
   */

  /** Best first; sorting is stable, so the order of the authors' files settles ties. */
  const byRating = (a, b) => b.rating - a.rating;

  // ---- The words that led there -----------------------------------------------------------

  /** A span of the normalised text as one of the text as given. */
  function spanOf(original, n, start, end, means) {
    const [first, last] = KB.text.span(n, start, end);
    return { start: first, end: last, text: original.slice(first, last).join(""), means };
  }

  /** The stretches of the customer's words that pulled towards `step` and away from `other`. */
  function pulls(n, heard, net, seen, features, step, other) {
    const { step: steps } = net.heads;
    if (!steps.includes(step) || !steps.includes(other)) return [];
    const unit = net.pull(seen, "step", step, other);
    const weighed = [];
    for (const turn of heard) {
      for (const run of KB.text.runs(n, turn.start, turn.end)) {
        if (!run.han) continue;
        for (let start = run.start; start < run.end; start++) {
          for (const length of LENGTHS) {
            if (start + length > run.end) continue;
            const gram = n.chars.slice(start, start + length).join("");
            let pull = 0;
            for (const prefix of "ctl") {
              const row = features.grams.has(prefix + gram) ? net.row(prefix + gram) : null;
              if (row) for (let i = 0; i < row.length; i++) pull += unit[i] * row[i];
            }
            weighed.push({ pull, start, end: start + length });
          }
        }
      }
    }
    weighed.sort((a, b) => b.pull - a.pull || a.start - b.start || a.end - b.end);
    if (!weighed.length || weighed[0].pull <= 0) return [];
    const least = weighed[0].pull * SHARE;
    const taken = [];
    for (const { pull, start, end } of weighed) {
      if (pull < least) break;
      const near = taken.find((t) => start <= t.end && end >= t.start);
      if (near) {
        near.start = Math.min(start, near.start);
        near.end = Math.max(end, near.end);
      } else if (taken.length < STRETCHES) taken.push({ start, end });
    }
    return taken.sort((a, b) => a.start - b.start || a.end - b.end);
  }

  // ---- Advice -----------------------------------------------------------------------------

  class Advisor {
    constructor(data, search, load) {
      this._data = data;
      this._load = load;
      this._search = search;
      this._lexicon = new KB.reading.Lexicon(data.lexicon);
      this._net = new KB.net.Net(data.models.net);
      this._chooser = new KB.choose.Chooser(data, this._net.heads);
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
     *
     * Where nothing is said to be done, what the agent said in a pasted transcript counts.
     * @param {string} text
     * @param {{done?: string[], channel?: ?string, industry?: ?string}} [state]
     * @returns {Promise<Advice>}
     */
    async suggest(text, { done = [], channel = null, industry = null } = {}) {
      const { rules, limits } = this._data; // the limits of choose.py, care.py and beside.py
      const n = KB.text.normalise(text, MAX_TEXT);
      const turns = KB.turns(n, this._data.speakers);
      const heard = turns.filter((t) => !t.agent);
      const of = (some) => some.map((t) => n.chars.slice(t.start, t.end).join("")).join("\n");
      const recent = lastOf(turns);
      const [said, last, told] = [of(heard), of(recent), of(turns.filter((t) => t.agent))];
      // The agent's words give no signals.
      const signals = this._lexicon
        .find(n)
        .filter((s) => heard.some((t) => t.start <= s.start && s.end <= t.end));
      const taken = done.length ? [...done] : this._chooser.doneIn(told);
      const features = KB.reading.features(n, turns, signals, taken, channel || "any", industry || "general");
      const seen = this._net.see(features);
      const spoken = this._chooser.spoken(n, signals);
      const labels = this._chooser.labels(seen, signals, spoken);
      const silent = n.chars.every(KB.text.isSpace);
      const choice = this._chooser.step(seen, labels, signals, taken, spoken, last, silent);
      const { step, rule } = choice;
      // What must be fetched may be out of reach; the step, its reason and the risk need nothing.
      let partial = false;
      const without = (empty) => () => { partial = true; return empty; };
      const scores = await this._lookUp(said).catch(without(new Map()));
      const bySteps = (place) => (this._has(place, "step", step) ? ["step"] : []);
      const cases = this._nearestCases(scores, step, labels, industry);
      const readings = nearest(scores, this._readings, bySteps, READING_BONUS, MOST.readings);
      const { phrases, avoid } = await this._load(`say-${step}`).catch(without({ phrases: [], avoid: [] }));
      await this._search.loadCards([...cases, ...readings].map((found) => found.place)).catch(without());
      const danger = KB.choose.danger(rules, said, labels, step);
      const missing = KB.choose.missing(this._data, said, step, labels, industry, taken);
      const fits = fitting(
        { ...labels, channel: channel ? [channel] : [], danger: danger ? [danger.id] : [] },
        (line) => (limits.late.includes(line.step) && !line.danger.length ? last : said));
      const those = (lines) => alone(danger, this._best(lines.filter(fits), scores));
      return {
        step,
        plan: this._chooser.plan(step, labels, taken, missing.length > 0),
        type: labels.type[0],
        emotion: labels.emotion[0],
        demand: labels.demand.length ? labels.demand : ["none"],
        risk: labels.risk,
        signals: this._marks(text, n, { heard, recent }, signals, labels, seen, features, choice),
        phrases: unsaidFirst(those(phrases), told, limits.piece).slice(0, MOST.phrases)
          .map(({ id, text: words }) => ({ id, text: words })),
        avoid: those(avoid).slice(0, MOST.avoid)
          .map(({ text: words, instead }) => ({ text: words, instead })),
        cases: partial ? [] : cases.map((found) => this._card(found)),
        readings: partial ? [] : readings.map((found) => this._card(found)),
        confidence: choice.confidence,
        why: rule ? rule.why : this._whys.get(step),
        rule: rule ? rule.id : null,
        either: this._chooser.either(choice),
        missing,
        secure: danger ? danger.secure : [],
        never: danger ? danger.never : [],
        done: taken,
        ...(partial && { partial }),
      };
    }

    /** The spans that speak for what was chosen; others would only mislead. */
    _marks(text, n, { heard, recent }, signals, labels, seen, features, { step, rule, other }) {
      const original = KB.text.chars(text);
      const found = signals
        .filter((s) => labels[s.head].includes(s.label))
        .map((s) => spanOf(original, n, s.start, s.end, `${s.head}:${s.label}`));
      if (rule !== null) {
        const [by] = recent.flatMap((turn) =>
          KB.choose.saidOf(rule, n.chars.slice(turn.start, turn.end).join(""))
            .slice(0, 1)
            .map((place) => place.map((at) => turn.start + at)));
        if (by) found.push(spanOf(original, n, ...by, `step:${step}`));
      } else if (other !== null) {
        for (const { start, end } of pulls(n, heard, this._net, seen, features, step, other)) {
          found.push(spanOf(original, n, start, end, `step:${step}`));
        }
      }
      const late = (s) => Number(s.means.startsWith("step:"));
      return found.sort((a, b) => a.start - b.start || late(a) - late(b));
    }

    /** Sentences of the step: near in subject, and asking for most of what was read. */
    _best(lines, scores) {
      const near = this._nearness(scores);
      const rated = ({ group, rating }) =>
        group ? KB.text.round4((rating + GROUP_BONUS) * near(group)) : rating;
      return lines
        .map((line) => ({ ...line, rating: rated(line) }))
        .sort(byRating);
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
    async _lookUp(said) {
      const query = KB.text.chars(said).slice(-LOOKUP).join("");
      return new Map((await this._search.ranked(query)).map((r) => [r.place, r.score]));
    }
  }

  /** The customer's turns since the agent last spoke. */
  function lastOf(turns) {
    const end = turns.findLastIndex((t) => !t.agent) + 1;
    const start = turns.slice(0, end).findLastIndex((t) => t.agent) + 1;
    return turns.slice(start, end);
  }

  /** In a danger that is `sure` (somebody wants to die) the lines for it alone, if there are any. */
  function alone(danger, lines) {
    const own = danger && danger.sure ? lines.filter((line) => line.danger.length) : [];
    return own.length ? own : lines;
  }

  /** Sentences that the agent said already, whatever stood in their blanks, stand behind the others. */
  function unsaidFirst(lines, told, least) {
    const was = ({ text }) => {
      const pieces = text.split(/\{[^{}]*\}/u).map((p) => KB.text.normalise(p).chars.join("").trim());
      const long = pieces.filter((piece) => KB.text.chars(piece).length >= least);
      return long.length > 0 && long.every((piece) => told.includes(piece));
    };
    const said = new Set(told ? lines.filter(was) : []);
    return [...lines.filter((line) => !said.has(line)), ...said];
  }

  /** Whether a line is for what was read and about what was said; of a group's words, two. */
  const fitting = (read, heardFor) => (line) => {
    const said = heardFor(line);
    const most = line.group ? 2 : 1;
    const least = Math.min(most, Math.max(line.group ? 1 : 0, line.about.length));
    return KB.choose.fits(line, FILTERS, read)
      && line.about.filter((word) => said.includes(word)).length >= least;
  };

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
   * An advisor on the data of `kb.suggest.export_advisor`; `search` looks up the cases.
   * @param {Object} data
   * @param {Object} search the engine of `search.js`
   * @param {function(string): Promise<Object>} load gets what is said at a step, `say-STEP`
   * @returns {Advisor}
   */
  KB.suggest = { create: (data, search, load) => new Advisor(data, search, load) };
})(globalThis.KB);
