/**
 * What does not belong into a reply, after text.js and private.js.
 *
 * The browser's twin of `kb/suggest/lint.py`; `tests/fixtures/replies.json` holds both to the same
 * remarks.
 */
(function (KB) {
  "use strict";

  // What stands in quotation marks is somebody else's.
  const QUOTED = /“[^”]*”/gu;
  const MARKS = ",。!?;:、~ ";
  // A shop gives its own landline and address; only these are the customer's.
  const NOT_IN_REPLIES = ["手机号", "身份证号", "银行卡号"];

  /** All places of an expression in a text, as code point spans. */
  function spans(expression, text) {
    return Array.from(text.matchAll(expression), (match) => {
      const start = KB.text.chars(text.slice(0, match.index)).length;
      return [start, start + KB.text.chars(match[0]).length];
    });
  }

  /** The span without the marks around it; they only say where a sentence goes on or ends. */
  function trimmed(chars, start, end) {
    while (end - start > 1 && MARKS.includes(chars[end - 1])) end--;
    while (end - start > 1 && MARKS.includes(chars[start])) start++;
    return [start, end];
  }

  class Linter {
    constructor(data) {
      this._private = data.private;
      this._entries = data.entries.map((entry) => ({
        ...entry,
        find: new RegExp(entry.find, "gu"),
        unless: entry.unless ? new RegExp(entry.unless, "gu") : null,
      }));
    }

    /**
     * All remarks on a draft, in order; of those that overlap the first, then the longest.
     * @param {string} draft
     * @returns {{start: number, end: number, text: string, kind: string, instead: string, clause: boolean, why: string}[]}
     */
    find(draft) {
      const n = KB.text.normalise(draft);
      const chars = KB.text.chars(draft);
      // A draft need not end with a full stop, and a line is as good as a sentence.
      const text = `${n.text.replaceAll("\n", "。")}。`;
      const normal = KB.text.chars(text);
      const quoted = spans(QUOTED, text);
      const found = [];
      const add = (start, end, rest) => {
        found.push({ start, end, text: chars.slice(start, end).join(""), ...rest });
      };
      for (const { find, unless, ...rest } of this._entries) {
        const places = spans(find, text);
        if (!places.length) continue;
        const shields = unless ? [...quoted, ...spans(unless, text)] : quoted;
        for (const [start, end] of places) {
          if (shields.some(([s, e]) => s < end && start < e)) continue;
          add(...KB.text.span(n, ...trimmed(normal, start, end)), rest);
        }
      }
      for (const { start, end, kind } of KB.private.find(draft)) {
        if (!NOT_IN_REPLIES.includes(kind)) continue;
        const own = chars.slice(start, end).join("");
        const instead = KB.private.masked(own, kind);
        add(start, end, { kind: "private", instead, clause: false, why: this._private });
      }
      found.sort((a, b) => a.start - b.start || b.end - a.end);
      let reached = 0;
      return found.filter((f) => f.start >= reached && (reached = f.end));
    }
  }

  /** A linter on the part `reply` of `kb.suggest.wording_data`. */
  KB.lint = { create: (data) => new Linter(data) };
})(globalThis.KB);
