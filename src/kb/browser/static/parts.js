/**
 * The parts of the index, loaded when a query asks for them and kept: postings, cards, texts.
 *
 * `kb/search/export.py` describes what they hold.
 */
globalThis.KB = globalThis.KB || {};

(function (KB) {
  "use strict";

  /**
   * Where a gram stands; `value` is its idf in thousandths, `docs` how many documents have it.
   * @typedef {{value: number, docs: number, units: Uint32Array, impacts: Uint8Array}} Posting
   */

  /** The last block that begins at or before `key`; the first, if all begin after it. */
  function blockOf(starts, key, compare) {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (compare(starts[middle], key) <= 0) low = middle;
      else high = middle;
    }
    return low;
  }

  const byNumber = (a, b) => a - b;

  class Parts {
    /**
     * @param {Object} base the datum `search`
     * @param {function(string): Promise<Object>} load gets a part by name
     */
    constructor(base, load) {
      this._base = base;
      this._load = load;
      this._asked = new Map(); // name → promise, so that nothing is asked for twice
      this._postings = new Map(); // gram → posting, null where it is nowhere
      this._blocks = new Map(); // name of a block of grams → {places, ends, units, impacts}
      this._wanted = new Set(); // grams that were asked for before they were loaded
      this._cards = new Map(); // place → card
      this._texts = new Map(); // number of a passage → [anchor, text]
      this._common = new Set(base.commonChars);
      this._starts = { grams: base.grams.split(" "), common: base.common.split(" ") };
      this.docOf = [];
      this.passageOf = [];
      this._firstPassage = [];
      let passages = 0;
      base.passages.forEach((count, doc) => {
        this._firstPassage.push(passages);
        passages += count;
        for (let passage = -1; passage < count; passage++) {
          this.docOf.push(doc);
          this.passageOf.push(passage);
        }
      });
    }

    /** A part by name; what failed to load is asked for again the next time. */
    get(name) {
      if (!this._asked.has(name)) {
        const asked = this._load(name);
        this._asked.set(name, asked);
        asked.catch(() => this._asked.delete(name));
      }
      return this._asked.get(name);
    }

    /** Whether a gram is a character that very many documents hold. */
    isCommon(gram) {
      return this._common.has(gram);
    }

    /** Whether a gram stands anywhere; the postings of common characters may not be loaded yet. */
    stands(gram) {
      return this._common.has(gram) || Boolean(this._postings.get(gram));
    }

    /** @param {string} gram one that was loaded @returns {?Posting} */
    posting(gram) {
      return this._postings.get(gram);
    }

    /** How many documents hold a gram; one that was not loaded is remembered for `loadWanted`. */
    docs(gram) {
      const posting = this._postings.get(gram);
      if (posting === undefined) this._wanted.add(gram);
      return posting ? posting.docs : 0;
    }

    /** Load what `docs` did not know; whether there was anything. */
    async loadWanted() {
      const wanted = this._wanted;
      this._wanted = new Set();
      return this.loadGrams(wanted);
    }

    /** Load the postings of grams; whether any was missing. */
    async loadGrams(grams) {
      if (!this.docOf.length) return false;
      const missing = new Map(); // name of a block → its grams
      for (const gram of grams) {
        if (this._postings.has(gram)) continue;
        const kind = this._common.has(gram) ? "common" : "grams";
        const name = `${kind}-${blockOf(this._starts[kind], gram, KB.text.compare)}`;
        if (missing.has(name)) missing.get(name).push(gram);
        else missing.set(name, [gram]);
      }
      await Promise.all(Array.from(missing, async ([name, wanted]) => {
        if (!this._blocks.has(name)) this._blocks.set(name, this._open(await this.get(name)));
        for (const gram of wanted) this._postings.set(gram, this._unpack(this._blocks.get(name), gram));
      }));
      return missing.size > 0;
    }

    _open([grams, counts, units, impacts, tenths]) {
      const places = new Map(grams.split(" ").map((gram, place) => [gram, place]));
      let end = 0;
      const ends = counts.map((count) => (end += count));
      return { places, ends, units, impacts, tenths };
    }

    _unpack({ places, ends, units, impacts, tenths }, gram) {
      const place = places.get(gram);
      if (place === undefined) return null;
      const from = place ? ends[place - 1] : 0;
      const own = Uint32Array.from(units.slice(from, ends[place]));
      let docs = 0;
      let before = -1;
      for (let i = 0; i < own.length; i++) {
        if (i) own[i] += own[i - 1];
        if (this.docOf[own[i]] !== before) docs++;
        before = this.docOf[own[i]];
      }
      const value = Math.floor((this._base.values[docs] * (tenths[gram] || 10)) / 10);
      return { value, docs, units: own, impacts: Uint8Array.from(impacts.slice(from, ends[place])) };
    }

    /** Load what is shown of documents, by place. */
    async loadCards(places) {
      const { cards } = this._base;
      const blocks = new Set(places.filter((p) => !this._cards.has(p)).map((p) => Math.floor(p / cards)));
      await Promise.all(Array.from(blocks, async (block) => {
        const found = await this.get(`cards-${block}`);
        found.forEach(([id, kind, badge, title, url, source], i) => {
          const squeezed = KB.text.squeeze(KB.text.normalise(title));
          const name = id.slice(id.indexOf(":") + 1) || id;
          this._cards.set(block * cards + i, { id, kind, badge, title, url: url.replaceAll("*", name), source, squeezed });
        });
      }));
    }

    /** A document's card, loaded before. */
    card(place) {
      return this._cards.get(place);
    }

    /** Load passages, each given by its document's place and its number there. */
    async loadTexts(passages) {
      const { texts } = this._base;
      const blocks = new Set(passages.map(([place, passage]) => this._firstPassage[place] + passage)
        .filter((number) => !this._texts.has(number))
        .map((number) => blockOf(texts, number, byNumber)));
      await Promise.all(Array.from(blocks, async (block) => {
        const found = await this.get(`texts-${block}`);
        found.forEach((passage, i) => this._texts.set(texts[block] + i, passage));
      }));
    }

    /** Anchor and text of a passage, loaded before. */
    text(place, passage) {
      return this._texts.get(this._firstPassage[place] + passage);
    }
  }

  KB.parts = { Parts, blockOf };
})(globalThis.KB);
