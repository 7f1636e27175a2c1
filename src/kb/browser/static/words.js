/**
 * The words of the library and how they are said, loaded in the pieces that a query asks for.
 *
 * Every table is asked like a map. What was asked for before it was loaded counts as unknown and is
 * remembered: the reader loads it and asks again, until nothing new was asked for.
 */
globalThis.KB = globalThis.KB || {};

(function (KB) {
  "use strict";

  const FUZZY = [["zh", "z"], ["ch", "c"], ["sh", "s"], ["ang", "an"], ["eng", "en"], ["ing", "in"]];

  /** A stretch of Unicode holds so many bits of code points, as in `export_words.py`. */
  const RARE_BITS = 11;

  /** A syllable without the differences that many people do not make. */
  function fuzzy(said) {
    let out = said;
    for (const [more, less] of FUZZY) {
      if (out.startsWith(more) || out.endsWith(more)) out = out.replace(more, less);
    }
    return out;
  }

  const compareAscii = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  /** Words by a key; the lists come best known first, whatever was loaded first. */
  class Lists {
    constructor(ready, before) {
      this._ready = ready; // asks for what a key needs
      this._before = before;
      this._lists = new Map();
      this._unsorted = new Set();
    }

    add(key, word) {
      const list = this._lists.get(key);
      if (!list) this._lists.set(key, [word]);
      else {
        list.push(word);
        this._unsorted.add(key);
      }
    }

    get(key) {
      this._ready(key);
      if (this._unsorted.delete(key)) this._lists.get(key).sort(this._before);
      return this._lists.get(key);
    }

    has(key) {
      return this.get(key) !== undefined;
    }

    keys() {
      return this._lists.keys();
    }
  }

  class Words {
    /**
     * @param {Object} base the datum `search`
     * @param {function(string): Promise<Object>} get gets a part by name
     */
    constructor(base, get) {
      this._base = base;
      this._get = get;
      this._wanted = new Set();
      this._loaded = new Set();
      this._weights = new Map();
      this._full = new Set(); // words whose sounds are known too
      this._sounds = new Map();
      this._syllables = new Set();
      this._initials = new Map();
      const before = (a, b) => this._weights.get(b) - this._weights.get(a) || KB.text.compare(a, b);
      const bySyllable = (key) => this._wantSound(fuzzy(key.split(" ")[0]));
      this.bySound = new Lists(bySyllable, before);
      this.byFuzzy = new Lists(bySyllable, before);
      this.byLetters = new Lists((letters) => this._wantBegun(letters, false), before);
      this.alike = new Map();
      for (const group of base.shapes) {
        for (const char of group) {
          this.alike.set(char, (this.alike.get(char) ?? "") + group.replaceAll(char, ""));
        }
      }
      /** Word → how well it is known. */
      this.weight = { has: (word) => this._known(word) !== undefined, get: (word) => this._known(word) };
      /** Character → syllable. */
      this.said = { get: (char) => this._saidOf(char) };
      this.syllables = { has: (letters) => this._want("sounds") && this._syllables.has(letters) };
      /** Initials → the best known words and phrases, `{text, weight}`. */
      this.byInitials = { has: (key) => this._ofInitials(key) !== undefined, get: (key) => this._ofInitials(key) };
    }

    /** Load what was asked for in vain; whether there was anything. */
    async load() {
      const wanted = Array.from(this._wanted);
      this._wanted.clear();
      const found = await Promise.all(wanted.map((name) => this._get(name)));
      // Words are said as their characters are: those come first.
      for (const kind of ["sounds", "rare", "initials", "words"]) {
        wanted.forEach((name, i) => {
          if (name.startsWith(kind)) this._add(kind, name, found[i]);
        });
      }
      return wanted.length > 0;
    }

    /** All letters of words that begin so, in order. */
    begun(letters) {
      this._wantBegun(letters, true);
      return Array.from(this.byLetters.keys()).filter((key) => key.startsWith(letters)).sort();
    }

    /** Ask for a part; whether it is there. */
    _want(name) {
      if (!this._loaded.has(name)) this._wanted.add(name);
      return this._loaded.has(name);
    }

    _wantBlock(kind, key) {
      const starts = this._base[kind];
      return !starts.length || this._want(`${kind}-${KB.parts.blockOf(starts, key, compareAscii)}`);
    }

    _wantSound(syllable) {
      // How a word is said follows from its characters.
      if (this._want("sounds")) this._wantBlock("words", syllable);
    }

    /** The words that may begin with letters: those whose first syllable does, or may go on. */
    _wantBegun(letters, on) {
      if (!this._want("sounds")) return;
      for (let end = 1; end <= Math.min(6, letters.length); end++) {
        const syllable = letters.slice(0, end);
        if (this._syllables.has(syllable)) this._wantSound(fuzzy(syllable));
      }
      if (!on) return;
      for (const syllable of this._syllables) {
        if (syllable.startsWith(letters)) this._wantSound(fuzzy(syllable));
      }
    }

    _known(word) {
      const known = this._weights.get(word);
      if (known === undefined && this._want("sounds")) {
        this._wantBlock("words", fuzzy(this._sounds.get(KB.text.chars(word)[0]) ?? "?"));
      }
      return known;
    }

    _saidOf(char) {
      const said = this._sounds.get(char);
      if (said === undefined && this._want("sounds")) {
        const stretch = char.codePointAt(0) >> RARE_BITS;
        if (this._base.rare.includes(stretch)) this._want(`rare-${stretch}`);
      }
      return said;
    }

    _ofInitials(key) {
      this._wantBlock("initials", key);
      return this._initials.get(key);
    }

    _add(kind, name, part) {
      this._loaded.add(name);
      if (kind === "sounds" || kind === "rare") this._addSounds(part);
      else if (kind === "initials") this._addInitials(part);
      else this._addWords(part);
    }

    _addSounds(part) {
      for (const [syllable, chars] of Object.entries(part)) {
        this._syllables.add(syllable);
        for (const char of chars) this._sounds.set(char, syllable);
      }
    }

    _addInitials(part) {
      for (const [key, [weights, words]] of Object.entries(part)) {
        this._initials.set(key, words.split(" ").map((text, i) => ({ text, weight: weights[i] })));
      }
    }

    _addWords([lines, weights, others]) {
      let at = 0;
      for (const line of lines.split("\n")) {
        const [whole, ...rests] = line.split(" ");
        const [first] = whole;
        for (const word of [whole, ...rests.map((rest) => first + rest)]) {
          this._addWord(word, weights[at++], Object.hasOwn(others, word) ? others[word] : null);
        }
      }
    }

    _addWord(word, weight, pinyin) {
      if (this._full.has(word)) return; // it stands under two sounds
      this._full.add(word);
      this._weights.set(word, weight);
      const chars = KB.text.chars(word);
      const said = pinyin ? pinyin.split(" ") : chars.map((char) => this._sounds.get(char) ?? "?");
      if (said.length !== chars.length) return;
      this.bySound.add(said.join(" "), word);
      this.byFuzzy.add(said.map(fuzzy).join(" "), word);
      this.byLetters.add(said.join(""), word);
    }
  }

  KB.words = { Words, fuzzy };
})(globalThis.KB);
