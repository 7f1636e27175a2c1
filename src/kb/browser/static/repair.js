/**
 * What a query meant: slips of an input method put right, pinyin read, synonyms added.
 *
 * The browser's twin of `kb/search/repair.py`, which gives the reasons;
 * `tests/fixtures/queries.json` holds both to the same results.
 */
globalThis.KB = globalThis.KB || {};

(function (KB) {
  "use strict";

  const LONGEST_WORD = 6;
  const LATIN = /[a-z]+(?:[ ']+[a-z]+)*/g;
  const FUZZY = [["zh", "z"], ["ch", "c"], ["sh", "s"], ["ang", "an"], ["eng", "en"], ["ing", "in"]];

  /** A syllable without the differences that many people do not make. */
  function fuzzy(said) {
    let out = said;
    for (const [more, less] of FUZZY) {
      if (out.startsWith(more) || out.endsWith(more)) out = out.replace(more, less);
    }
    return out;
  }

  const put = (map, key, word) => {
    const list = map.get(key);
    if (list) list.push(word);
    else map.set(key, [word]);
  };

  /** Words and how they are said, from the datum `words`. */
  class Words {
    constructor(data) {
      this.weight = new Map();
      this.bySound = new Map();
      this.byFuzzy = new Map();
      this.byLetters = new Map();
      this.byInitials = new Map();
      this.said = new Map();
      for (const [syllable, chars] of Object.entries(data.syllables)) {
        for (const char of chars) this.said.set(char, syllable);
      }
      for (const [word, weight, pinyin] of data.vocabulary) {
        this.weight.set(word, weight);
        const chars = KB.text.chars(word);
        const said = pinyin ? pinyin.split(" ") : chars.map((c) => this.said.get(c) ?? "?");
        if (said.length !== chars.length) continue;
        put(this.bySound, said.join(" "), word);
        put(this.byFuzzy, said.map(fuzzy).join(" "), word);
        put(this.byLetters, said.join(""), word);
        put(this.byInitials, said.map((s) => s[0]).join(""), word);
      }
      this.letters = Array.from(this.byLetters.keys()).sort();
      this.alike = new Map();
      for (const group of data.shapes) {
        for (const char of group) {
          this.alike.set(char, (this.alike.get(char) ?? "") + group.replaceAll(char, ""));
        }
      }
    }
  }

  /**
   * Reads queries. `docs(gram)` says how many documents hold a gram, 0 for none; it must know all
   * grams of the query (`search.js` loads them first).
   */
  class Repairer {
    constructor({ rules, synonyms, documents }, docs) {
      this._rules = rules;
      this._groups = synonyms.groups;
      this._documents = documents;
      this._docs = docs;
      this.words = null;
    }

    /** Whether a query can only be read with the words at hand. */
    needsWords(normal) {
      if (this._unknownLetters(normal.chars.join("")).length) return true;
      return Array.from(KB.text.runs(normal)).some((run) => run.han && this._strange(KB.text.chars(run.text)));
    }

    /**
     * @returns {{pieces: [string, number][], notes: {kind: string, typed: string, meant: string[]}[]}}
     */
    read(normal) {
      const notes = [];
      const text = normal.chars.join("");
      const pieces = this.words ? this._pinyin(text, notes) : [[text, this._rules.full]];
      const chars = KB.text.chars(pieces[0][0]);
      const right = chars.slice();
      if (this.words) {
        for (const { start, typed, meant } of this._mend(chars, notes)) {
          pieces.push([meant, this._rules.mended]);
          right.splice(start, typed, ...KB.text.chars(meant));
        }
      }
      pieces.push(...this._synonyms(right.join(""), notes));
      return { pieces, notes };
    }

    // slips

    _strange(chars) {
      for (let i = 0; i + 1 < chars.length; i++) {
        if (this._docs(chars[i] + chars[i + 1]) < this._rules.rare) return true;
      }
      return false;
    }

    _mend(chars, notes) {
      const found = [];
      for (const run of KB.text.runs({ chars })) {
        const text = chars.slice(run.start, run.end);
        if (!run.han || !this._strange(text)) continue;
        for (const { at, typed, meant } of this._slips(text)) {
          found.push({ start: run.start + at, typed: typed.length, meant });
          notes.push({ kind: "slip", typed: typed.join(""), meant: [meant] });
        }
      }
      return found;
    }

    _slips(text) {
      const edges = this._edges(text);
      const found = [];
      let at = 0;
      while (at < text.length - 1) {
        let meant = "";
        for (let size = Math.min(4, text.length - at); size > 1; size--) {
          if (edges[at] && edges[at + size]) meant = this._meant(text.slice(at, at + size));
          if (meant) {
            found.push({ at, typed: text.slice(at, at + size), meant });
            break;
          }
        }
        at += Math.max(1, KB.text.chars(meant).length);
      }
      return found;
    }

    _edges(text) {
      const edges = Array(text.length + 1).fill(true);
      let at = 0;
      while (at < text.length) {
        let size = Math.min(LONGEST_WORD, text.length - at);
        while (size > 1 && !this.words.weight.has(text.slice(at, at + size).join(""))) size--;
        for (let i = at + 1; i < at + size; i++) edges[i] = false;
        at += Math.max(1, size);
      }
      return edges;
    }

    _meant(typed) {
      const { weight, said, bySound, byFuzzy } = this.words;
      const word = typed.join("");
      if (weight.has(word)) return "";
      const pairs = typed.slice(1).map((char, i) => typed[i] + char);
      const strange = pairs.filter((pair) => !weight.has(pair));
      if (!strange.length) return "";
      const sounds = typed.map((char) => said.get(char) ?? "?");
      const options = [
        ...(bySound.get(sounds.join(" ")) ?? []).map((w) => [w, this._rules.least]),
        ...this._changed(typed).map((w) => [w, this._rules.leastNear]),
        ...(byFuzzy.get(sounds.map(fuzzy).join(" ")) ?? []).map((w) => [w, this._rules.leastNear]),
      ];
      const seen = Math.max(...strange.map((pair) => this._docs(pair)));
      for (const [option, least] of options) {
        // Nobody hits every key wrong: at least one character stands.
        const stands = KB.text.chars(option).some((char, i) => char === typed[i]);
        if (stands && weight.get(option) >= Math.max(least, 10 * seen)) return option;
      }
      return "";
    }

    _changed(typed) {
      const found = [];
      typed.forEach((char, i) => {
        for (const other of this.words.alike.get(char) ?? "") {
          const word = [...typed.slice(0, i), other, ...typed.slice(i + 1)].join("");
          if (this.words.weight.has(word)) found.push(word);
        }
      });
      return found.sort((a, b) => this.words.weight.get(b) - this.words.weight.get(a));
    }

    // pinyin

    _unknownLetters(text) {
      return Array.from(text.matchAll(LATIN), (m) => m[0])
        .filter((typed) => !typed.split(/\s+/).filter(Boolean).every((word) => this._docs(word)));
    }

    _pinyin(text, notes) {
      let readings = [[text, this._rules.full]];
      for (const typed of this._unknownLetters(text)) {
        const meant = this._readLetters(typed);
        if (!meant.length) continue;
        notes.push({ kind: "pinyin", typed, meant });
        const before = readings[0][0];
        const [first, ...others] = meant.map((m) => before.replace(typed, () => m));
        readings = [[first, this._rules.full], ...others.map((m) => [m, this._rules.second])];
      }
      return readings;
    }

    _readLetters(typed) {
      const { byLetters, byInitials, letters: all, weight } = this.words;
      const { readings } = this._rules;
      const letters = typed.replace(/[ ']/g, "");
      if (byLetters.has(letters)) return byLetters.get(letters).slice(0, readings);
      const whole = this._segmented(letters);
      if (whole) return [whole];
      if (letters.length >= 2 && letters.length <= 4 && byInitials.has(letters)) {
        return byInitials.get(letters).slice(0, readings);
      }
      if (letters.length < 3) return [];
      const begun = all.filter((w) => w.startsWith(letters)).slice(0, 200);
      const words = Array.from(new Set(begun.flatMap((b) => byLetters.get(b))));
      words.sort((a, b) => weight.get(b) - weight.get(a) || KB.text.compare(a, b));
      return words.slice(0, readings);
    }

    _segmented(letters) {
      const { byLetters, weight } = this.words;
      const best = [[0, 0, ""], ...Array(letters.length).fill(null)];
      const less = (a, b) => a[0] - b[0] || a[1] - b[1] || KB.text.compare(a[2], b[2]);
      for (let end = 1; end <= letters.length; end++) {
        for (let start = Math.max(0, end - 24); start < end; start++) {
          const words = byLetters.get(letters.slice(start, end));
          if (!best[start] || !words) continue;
          const [count, known, text] = best[start];
          const option = [count + 1, known - Math.min(weight.get(words[0]), 1000), text + words[0]];
          if (!best[end] || less(option, best[end]) < 0) best[end] = option;
        }
      }
      const last = best[letters.length];
      return last ? last[2] : null;
    }

    // synonyms

    _synonyms(text, notes) {
      const found = [];
      for (const group of this._groups) {
        const held = group.filter((word) => text.includes(word));
        if (!held.length || held.some((word) => this._often(word))) continue;
        const others = group.filter((word) => !text.includes(word)).slice(0, this._rules.synonyms);
        if (!others.length) continue;
        const typed = held.reduce((a, b) => (KB.text.chars(b).length > KB.text.chars(a).length ? b : a));
        notes.push({ kind: "synonym", typed, meant: others });
        found.push(...others.map((word) => [word, this._rules.synonym]));
      }
      return found;
    }

    _often(word) {
      const chars = KB.text.chars(word);
      const most = this._rules.often * this._documents;
      const pairs = chars.slice(1).map((char, i) => chars[i] + char);
      return (pairs.length ? pairs : [word]).every((pair) => this._docs(pair) > most);
    }
  }

  KB.repair = { Words, Repairer };
})(globalThis.KB);
