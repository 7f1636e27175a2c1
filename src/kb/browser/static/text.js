/**
 * Text as the engines see it: one normal form, its grams, and the way back to the original.
 *
 * The browser's twin of `kb/text`; `tests/fixtures/text.json` holds both to the same answers.
 * Python counts code points where JavaScript counts UTF-16 units, so everything here works on
 * arrays of characters (one code point each, a lone surrogate counts as one) and all offsets
 * count code points.
 */
globalThis.KB = globalThis.KB || {};

(function (KB) {
  "use strict";

  /**
   * A normalised text. `origin[i]` is the original offset of `chars[i]`; one entry more holds the
   * original's length.
   * @typedef {{text: string, chars: string[], origin: number[]}} Normal
   *
   * A gram at `[start, end)` of the normalised text.
   * @typedef {{text: string, start: number, end: number}} Gram
   *
   * A stretch of characters of one kind; `han` tells which.
   * @typedef {{text: string, start: number, end: number, han: boolean}} Run
   */

  // The ranges of `kb/text/grams.py`, spelled out there and here, because \p{L} means something
  // else in every Unicode version. The commonest come first: most characters stop at once.
  const HAN = [
    [0x4e00, 0x9fff],
    [0x3007, 0x3007], // 〇
    [0x3040, 0x30ff], // kana
    [0x3400, 0x4dbf],
    [0xac00, 0xd7a3], // Hangul
    [0xf900, 0xfaff],
    [0x20000, 0x3ffff],
  ];
  const WORD = [
    [0x30, 0x39], // 0-9
    [0x61, 0x7a], // a-z
    [0xdf, 0xf6],
    [0xf8, 0x24f],
    [0x370, 0x3ff], // Greek
    [0x400, 0x4ff], // Cyrillic
  ];

  // What Python's str.strip() takes for space; trim() disagrees on \x1c-\x1f, \x85 and \ufeff.
  const SPACE = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

  const SENTENCE_END = new Set("。!?;\n");

  /** @type {Map<string, string>} traditional to simplified */
  const simplified = new Map();
  /** @type {Map<string, string[]>} the normal form of every character met so far */
  let forms = new Map();

  /**
   * Add traditional characters with their simplified ones, in the same places of two strings.
   * @param {[string, string]} table
   */
  function addTable([traditional, simple]) {
    const to = chars(simple);
    chars(traditional).forEach((char, i) => simplified.set(char, to[i]));
    forms = new Map();
  }

  /** @type {?Set<string>} the everyday characters, those of GB 2312 */
  let everyday = null;

  /**
   * Whether a text holds characters that may be traditional ones of the datum `traditional`: no
   * table tells, but every browser can decode GB 2312, which leaves out nearly all of them.
   */
  function maybeTraditional(text) {
    if (!everyday) {
      const bytes = [];
      for (let row = 0xb0; row <= 0xf7; row++) for (let cell = 0xa1; cell <= 0xfe; cell++) bytes.push(row, cell);
      everyday = new Set(new TextDecoder("gb2312").decode(Uint8Array.from(bytes)));
    }
    return chars(text).some((char) => formOf(char).some((part) => isHan(part) && !everyday.has(part)));
  }

  /**
   * The code points of a text, one string each.
   * @param {string} text
   * @returns {string[]}
   */
  function chars(text) {
    return Array.from(text);
  }

  const isHan = (char) => char >= "\u4e00" && char <= "\u9fff";

  /** @param {string} char @returns {string[]} */
  function formOf(char) {
    let form = forms.get(char);
    if (form === undefined) {
      // The basic Han block has neither compatibility forms nor cases, and most text is of it.
      const parts = isHan(char) ? [char] : Array.from(char.normalize("NFKC").toLowerCase());
      form = parts.map((part) => simplified.get(part) ?? part);
      forms.set(char, form);
    }
    return form;
  }

  /**
   * Bring `text` into the normal form (NFKC, lower case, simplified), one code point at a time.
   *
   * Going code point by code point keeps the offsets exact; marks that would combine with the
   * character before them stay apart, alike in both engines.
   * @param {string} text
   * @param {number} [most] keep only so many characters of the end; `origin` leads to the whole
   * @returns {Normal}
   */
  function normalise(text, most = Infinity) {
    const original = chars(text);
    const out = [];
    const origin = [];
    // No normal form is empty: what lies further back cannot be among the last `most`.
    for (let at = Math.max(0, original.length - most); at < original.length; at++) {
      const form = formOf(original[at]);
      for (let i = 0; i < form.length; i++) {
        out.push(form[i]);
        origin.push(at);
      }
    }
    origin.push(original.length);
    const cut = Math.max(0, out.length - most);
    out.splice(0, cut);
    origin.splice(0, cut);
    return { text: out.join(""), chars: out, origin };
  }

  /**
   * The original half-open span behind `[start, end)` of a normalised text (`end` > `start`).
   * @param {Normal} n
   * @param {number} start
   * @param {number} end
   * @returns {[number, number]}
   */
  function span(n, start, end) {
    return [n.origin[start], n.origin[end - 1] + 1];
  }

  const NONE = 0;
  const HAN_KIND = 1;
  const WORD_KIND = 2;

  function kindOf(char) {
    const code = char.codePointAt(0);
    for (const [first, last] of HAN) if (first <= code && code <= last) return HAN_KIND;
    for (const [first, last] of WORD) if (first <= code && code <= last) return WORD_KIND;
    return NONE;
  }

  /**
   * The stretches of `[start, end)` that carry meaning; everything else separates. A stretch that
   * crosses a border of the window is cut there; offsets count from the beginning of `n`.
   * @param {Normal} n
   * @param {number} [start]
   * @param {number} [end]
   * @returns {Run[]}
   */
  function runs(n, start = 0, end = n.chars.length) {
    const found = [];
    let kind = NONE;
    let from = start;
    for (let at = start; at <= end; at++) {
      const here = at < end ? kindOf(n.chars[at]) : NONE;
      if (here === kind) continue;
      if (kind !== NONE) {
        const text = n.chars.slice(from, at).join("");
        found.push({ text, start: from, end: at, han: kind === HAN_KIND });
      }
      kind = here;
      from = at;
    }
    return found;
  }

  /**
   * All grams of a normalised text, in order of their start, singles before pairs: single
   * characters and pairs of a Chinese run, whole words of a Latin run.
   * @param {Normal} n
   * @returns {Generator<Gram>}
   */
  function* grams(n) {
    for (const run of runs(n)) {
      if (!run.han) {
        yield { text: run.text, start: run.start, end: run.end };
        continue;
      }
      for (let at = run.start; at < run.end; at++) {
        yield { text: n.chars[at], start: at, end: at + 1 };
        if (at + 1 < run.end) {
          yield { text: n.chars[at] + n.chars[at + 1], start: at, end: at + 2 };
        }
      }
    }
  }

  /**
   * A normalised text without anything that separates.
   * @param {Normal} n
   * @returns {string}
   */
  function squeeze(n) {
    return runs(n)
      .map((run) => run.text)
      .join("");
  }

  /**
   * Whether a character is white space, as Python's `str.strip()` sees it.
   * @param {string} char
   * @returns {boolean}
   */
  function isSpace(char) {
    return SPACE.test(char);
  }

  /**
   * Four decimals, halves up: scores must come out alike, and Python's `round` and JavaScript's
   * `Math.round` treat halves differently.
   * @param {number} x
   * @returns {number}
   */
  function round4(x) {
    return Math.floor(x * 10000 + 0.5) / 10000;
  }

  /**
   * The last sentence of `[start, end)` that says anything; all of it, if none does.
   * @param {Normal} n
   * @param {number} start
   * @param {number} end
   * @returns {{start: number, end: number}}
   */
  function lastSentence(n, start, end) {
    let last = { start, end };
    let from = start;
    let says = false;
    for (let at = start; at <= end; at++) {
      if (at === end || SENTENCE_END.has(n.chars[at])) {
        if (says) last = { start: from, end: at };
        from = at + 1;
        says = false;
      } else if (!isSpace(n.chars[at])) {
        says = true;
      }
    }
    return last;
  }

  /**
   * Words in a tree of characters: a text is searched in one pass, however many words there are.
   * A node holds the meanings of the word that ends there.
   */
  class Words {
    constructor() {
      this._root = { next: new Map(), means: [] };
    }

    /** @param {string} word @param {*} meaning */
    add(word, meaning) {
      let node = this._root;
      for (const char of chars(word)) {
        if (!node.next.has(char)) node.next.set(char, { next: new Map(), means: [] });
        node = node.next.get(char);
      }
      node.means.push(meaning);
    }

    /**
     * Every word at every place of a text's characters, longer before shorter.
     * @param {string[]} text
     * @returns {{start: number, end: number, meaning: *}[]}
     */
    scan(text) {
      const found = [];
      for (let start = 0; start < text.length; start++) {
        const here = [];
        let node = this._root;
        for (let end = start; end < text.length; ) {
          node = node.next.get(text[end]);
          if (!node) break;
          end++;
          if (node.means.length) here.push({ end, means: node.means });
        }
        for (const { end, means } of here.reverse()) {
          for (const meaning of means) found.push({ start, end, meaning });
        }
      }
      return found;
    }
  }

  /** Order by code point, as Python sorts. */
  function compare(a, b) {
    const [x, y] = [chars(a), chars(b)];
    for (let i = 0; i < Math.min(x.length, y.length); i++) {
      if (x[i] !== y[i]) return x[i].codePointAt(0) - y[i].codePointAt(0);
    }
    return x.length - y.length;
  }

  /** A normalised text without quotation marks: they part no words, 说“不”的话 is 说不的话. */
  function unquoted(normal) {
    return normal.replace(/[“”‘’"'「」『』]/g, "");
  }

  KB.text = {
    compare,
    unquoted,
    addTable,
    maybeTraditional,
    chars,
    normalise,
    span,
    runs,
    grams,
    squeeze,
    lastSentence,
    isSpace,
    round4,
    Words,
  };
})(globalThis.KB);
