/**
 * Blanks of a sentence filled from what the customer told, after text.js; never by guessing.
 *
 * The browser's twin of `kb/suggest/fill.py`; `tests/fixtures/fills.json` holds both to the same
 * words.
 */
(function (KB) {
  "use strict";

  const BLANK = /\{([^{}]*)\}/gu;

  /**
   * What the customer told for the blank of one entry of `book/fill.yml`.
   * @typedef {{entry: number, slot: string, text: string}} Fact
   *
   * A piece of a sentence: plain (no slot), filled, or, with an empty text, still blank.
   * @typedef {{text: string, slot: ?string}} Part
   */

  const length = (text) => KB.text.chars(text).length;

  class Filler {
    constructor(data) {
      this._entries = data.map(({ slot, told, fits }) => ({
        slot,
        told: told.map((expression) => new RegExp(expression, "gu")),
        fits: fits ? new RegExp(fits, "gu") : null,
      }));
    }

    /** What is clear in the customer's words: of an entry that found two values, nothing. @returns {Fact[]} */
    facts(told) {
      const n = KB.text.normalise(told);
      const original = KB.text.chars(told);
      const found = [];
      this._entries.forEach(({ slot, told: expressions }, entry) => {
        const values = new Map();
        for (const expression of expressions) {
          for (const match of n.text.matchAll(expression)) {
            const at = length(n.text.slice(0, match.index) + match[1]);
            const [start, end] = KB.text.span(n, at, at + length(match[2]));
            if (!values.has(match[2])) values.set(match[2], original.slice(start, end).join(""));
          }
        }
        if (values.size === 1) found.push({ entry, slot, text: [...values.values()][0] });
      });
      return found;
    }

    /** The pieces of `sentence`; a blank takes the first fact that fits there. @returns {Part[]} */
    fill(sentence, facts) {
      const parts = [];
      let at = 0;
      for (const blank of sentence.matchAll(BLANK)) {
        if (blank.index > at) parts.push({ text: sentence.slice(at, blank.index), slot: null });
        at = blank.index + blank[0].length;
        const slot = blank[1];
        const fact = facts.find((f) => f.slot === slot && this._fits(f.entry, sentence, blank));
        parts.push({ text: fact ? fact.text : "", slot });
      }
      if (at < sentence.length) parts.push({ text: sentence.slice(at), slot: null });
      return parts;
    }

    _fits(entry, sentence, blank) {
      const { fits } = this._entries[entry];
      if (!fits) return true;
      const n = KB.text.normalise(sentence);
      const from = length(sentence.slice(0, blank.index));
      const to = from + length(blank[0]);
      return Array.from(n.text.matchAll(fits)).some((match) => {
        const at = length(n.text.slice(0, match.index));
        const [start, end] = KB.text.span(n, at, at + length(match[0]));
        return start <= from && to <= end;
      });
    }
  }

  /** A filler on the part `fill` of `kb.suggest.wording_data`. */
  KB.fill = { create: (data) => new Filler(data) };
})(globalThis.KB);
