/**
 * What a query meant: slips of an input method put right, pinyin read, synonyms added.
 *
 * The browser's twin of `kb/search/repair.py`, which gives the reasons;
 * `tests/fixtures/queries.json` holds both to the same results.
 */
globalThis.KB = globalThis.KB || {};

(function (KB) {
  "use strict";

  const LATIN = /[a-z]+(?:[ ']+[a-z]+)*/g;
  /** The lesser of two ways by cost, then by its parts; `null` is no way. */
  function lesser(a, b) {
    if (!a || !b) return a || b;
    for (let i = 0; i < a.cost.length; i++) {
      if (a.cost[i] !== b.cost[i]) return a.cost[i] < b.cost[i] ? a : b;
    }
    for (let i = 0; i < Math.min(a.parts.length, b.parts.length); i++) {
      if (a.parts[i] !== b.parts[i]) return a.parts[i] < b.parts[i] ? a : b;
    }
    return a.parts.length <= b.parts.length ? a : b;
  }

  /** Typed pinyin as the tables spell it: without blanks, and `lüe` typed as lue. */
  const lettersOf = (typed) => typed.replace(/[ ']/g, "").replaceAll("lue", "lve").replaceAll("nue", "nve");

  /**
   * Reads queries. `docs(gram)` says how many documents hold a gram, 0 for none; it must know all
   * grams of the query (`search.js` loads them first). `words` are those of `words.js`: as long as
   * a reading asked them for something that they had not loaded, it is not the last one.
   */
  class Repairer {
    constructor({ rules, synonyms, documents }, docs, words) {
      this._rules = rules;
      this._groups = synonyms.groups;
      this._documents = documents;
      this._docs = docs;
      this.words = words;
    }

    /**
     * @returns {{pieces: [string, number][], notes: {kind: string, typed: string, meant: string[]}[]}}
     */
    read(normal) {
      const notes = [];
      const text = normal.chars.join("");
      const pieces = this._pinyin(text, notes);
      const chars = KB.text.chars(pieces[0][0]);
      const right = chars.slice();
      for (const { start, typed, meant } of this._mend(chars, notes)) {
        pieces.push([chars.slice(start, start + typed).join(""), this._rules.typed]);
        right.splice(start, typed, ...KB.text.chars(meant));
      }
      pieces[0] = [right.join(""), this._rules.full];
      pieces.push(...this._synonyms(pieces[0][0], notes));
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
        let size = Math.min(this._rules.longest, text.length - at);
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
        ...(byFuzzy.get(sounds.map(KB.words.fuzzy).join(" ")) ?? []).map((w) => [w, this._rules.leastNear]),
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

    /** Letters that the index lacks, with their place. */
    _unknownLetters(text) {
      return Array.from(text.matchAll(LATIN), (m) => [m[0], m.index])
        .filter(([typed]) => !typed.split(/\s+/).filter(Boolean).every((word) => this._docs(word)));
    }

    _pinyin(text, notes) {
      const { full, readings } = this._rules;
      let [right, end] = ["", 0];
      const others = [];
      for (const [typed, at] of this._unknownLetters(text)) {
        const chunks = this._readLetters(lettersOf(typed));
        if (!chunks.length) continue;
        const meant = chunks.map(([first]) => first.text).join("");
        const also = chunks.flatMap(([first, ...rest]) =>
          rest.map((known) => [known.text, this._second(first, known)]));
        notes.push({ kind: "pinyin", typed, meant: [meant, ...also.slice(0, readings - 1).map(([w]) => w)] });
        right += text.slice(end, at) + meant;
        end = at + typed.length;
        others.push(...also);
      }
      return [[right + text.slice(end), full], ...others];
    }

    /** What a further reading counts: less, the less it is known beside the first. */
    _second(first, other) {
      return Math.floor((this._rules.second * other.weight) / Math.max(first.weight, other.weight, 1));
    }

    _known(words) {
      return words.slice(0, this._rules.readings).map((text) => ({ text, weight: this.words.weight.get(text) }));
    }

    /** What letters say, word by word, each with its readings, the best first. */
    _readLetters(letters) {
      const { byLetters, weight } = this.words;
      const { mostInitials } = this._rules;
      if (byLetters.has(letters)) return [this._known(byLetters.get(letters))];
      const { left, words } = this._isSaid(letters) ? this._segmented(letters) : { left: 0, words: [] };
      if (words.length && 3 * left <= 2 * letters.length) return words;
      if (letters.length >= 2 && letters.length <= mostInitials) {
        const initials = this._initials(letters);
        if (initials.length) return initials;
      }
      if (letters.length < 3) return words;
      const begun = this.words.begun(letters).slice(0, 200);
      const found = Array.from(new Set(begun.flatMap((b) => byLetters.get(b))));
      found.sort((a, b) => weight.get(b) - weight.get(a) || KB.text.compare(a, b));
      return found.length ? [this._known(found)] : words;
    }

    /** Whether letters are nothing but syllables. */
    _isSaid(letters) {
      const ends = new Set([0]);
      for (let end = 1; end <= letters.length; end++) {
        for (let start = Math.max(0, end - 6); start < end; start++) {
          if (ends.has(start) && this.words.syllables.has(letters.slice(start, end))) ends.add(end);
        }
      }
      return ends.has(letters.length);
    }

    /** Initials as one word, else as words of two to four characters, the fewest. */
    _initials(letters) {
      const { byInitials } = this.words;
      const { initials, vowels, leastInitials, leastConsonants } = this._rules;
      const asked = Array.from(letters).some((letter) => vowels.includes(letter)) ? leastInitials : leastConsonants;
      if (byInitials.has(letters)) return [byInitials.get(letters).slice(0, initials)];
      const best = [{ cost: [0, 0], parts: [] }, ...Array(letters.length).fill(null)];
      for (let end = 2; end <= letters.length; end++) {
        for (let start = Math.max(0, end - 4); start < end - 1; start++) {
          const part = letters.slice(start, end);
          if (!best[start] || !byInitials.has(part)) continue;
          const [count, known] = best[start].cost;
          const least = Math.min(byInitials.get(part)[0].weight, 1000);
          if (least < asked) continue;
          best[end] = lesser(best[end], { cost: [count + 1, known - least], parts: [...best[start].parts, part] });
        }
      }
      const last = best[letters.length];
      return last ? last.parts.map((part) => byInitials.get(part).slice(0, initials)) : [];
    }

    /** Letters as a row of words: as few letters left over as can be, then the fewest words. */
    _segmented(letters) {
      const { byLetters, weight } = this.words;
      const best = [{ cost: [0, 0, 0], parts: [] }];
      for (let end = 1; end <= letters.length; end++) {
        const [left, count, known] = best[end - 1].cost;
        let now = { cost: [left + 1, count, known], parts: best[end - 1].parts };
        for (let start = Math.max(0, end - 24); start < end - 1; start++) {
          const part = letters.slice(start, end);
          const words = byLetters.get(part);
          if (!words) continue;
          const before = best[start];
          const least = Math.min(weight.get(words[0]), 1000);
          const cost = [before.cost[0], before.cost[1] + 1, before.cost[2] - least];
          now = lesser(now, { cost, parts: [...before.parts, part] });
        }
        best.push(now);
      }
      const { cost, parts } = best[letters.length];
      return { left: cost[0], words: parts.map((part) => this._known(byLetters.get(part))) };
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

  KB.repair = { Repairer };
})(globalThis.KB);
