/**
 * Reading a description, after turns.js: which of the authors' words stand in it, and what of it the
 * network sees.
 *
 * The browser's twin of `kb/suggest/{signals,features}.py`. Windows `[start, end)` of the
 * normalised text stand where Python passes slices of it.
 */
globalThis.KB = globalThis.KB || {};

(function (KB) {
  "use strict";

  const HEADS = ["risk", "emotion", "type", "demand"]; // signals.py
  const MAX_DONE = 4; // features.py
  const [EDGE, MARKS] = ["^", 3]; // features.py

  /**
   * `[start, end)` of the normalised text shows `label` of `head`.
   * @typedef {{start: number, end: number, head: string, label: string}} Signal
   */

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
  function features(n, said, signals, done, channel, industry) {
    const last = said.filter((t) => !t.agent).pop() ?? { start: 0, end: 0 };
    const found = new Set();
    const state = new Set();

    const add = (prefix, { start, end }, longest, marked = false) => {
      const runs = KB.text.runs(n, start, end);
      runs.forEach((run, place) => {
        if (!run.han) found.add(prefix + run.text);
        const part = run.han ? n.chars.slice(run.start, run.end) : [];
        if (marked) {
          if (run.han) part.unshift(EDGE);
          const after = n.chars.slice(run.end, runs[place + 1]?.start ?? end);
          part.push(...after.filter((char) => !KB.text.isSpace(char)).slice(0, MARKS));
        }
        part.forEach((_, at) => {
          let gram = prefix;
          for (const char of part.slice(at, at + longest)) {
            gram += char;
            found.add(gram);
          }
        });
      });
    };

    for (const turn of said) {
      if (turn.agent) add("a", turn, 2);
      else add("c", turn, 3, true);
    }
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
    state.add("i" + industry);
    const words = n.chars.slice(last.start, last.end);
    if (words.findLast((char) => !KB.text.isSpace(char)) === "?") state.add("asks");
    if (words.includes("!")) state.add("shouts");
    return { grams: found, state };
  }

  KB.reading = { HEADS, Lexicon, features };
})(globalThis.KB);
