/**
 * The search engine: a query in; hits with excerpts, deep links, facets and what was done, out.
 *
 * The browser's twin of `kb/search` (rank, excerpt, engine) over the parts of `export_index`, which
 * are loaded when a query asks for them. All sums are of integers, so no order can differ;
 * `tests/fixtures/queries.json` holds both to the same results.
 */
globalThis.KB = globalThis.KB || {};

(function (KB) {
  "use strict";

  const FACETS = ["kind", "industry", "channel", "type", "step", "outcome"];

  /**
   * The datum `search`; `kb/search/export.py` describes the parts.
   * @typedef {{documents: number, passages: number[], commonChars: string, cards: number,
   *   texts: number[], grams: string, common: string, words: string[], initials: string[],
   *   values: Object<number, number>, synonyms: Object, groups: number[], shapes: string[],
   *   facets: Object<string, {names: string[], shown: string[], of: number[][]}>, rules: Object}} Base
   *
   * `marks` are half-open spans of `excerpt`, in code points.
   * @typedef {{id: string, kind: string, title: string, url: string, score: number,
   *   excerpt: string, source: string[], badge: string, marks: [number, number][],
   *   also: {badge: string, title: string, url: string}[]}} Hit
   * @typedef {{query: string, took_ms: number, total: number, results: Hit[], notes: Object[],
   *   facets: Object<string, Object<string, number>>, words: string[], nearest: Object[]}} Results
   */

  /** The query is the title, or one holds the other; both squeezed. */
  function titleBonus(query, title, { sameTitle, partTitle }) {
    const long = (text) => KB.text.chars(text).length >= 2;
    if (query === title) return sameTitle;
    if (long(query) && title.includes(query)) return partTitle;
    if (long(title) && query.includes(title)) return partTitle;
    return 1;
  }

  class SearchEngine {
    /**
     * @param {Base} base
     * @param {function(string): Promise<Object>} load gets a part by name
     */
    constructor(base, load) {
      this._base = base;
      this._rules = base.rules;
      this._parts = new KB.parts.Parts(base, load);
      this._words = new KB.words.Words(base, (name) => this._parts.get(name));
      this._scores = new Float64Array(this._parts.docOf.length);
      this._repairer = new KB.repair.Repairer(
        { rules: base.rules, synonyms: base.synonyms, documents: base.documents },
        (gram) => this._parts.docs(gram),
        this._words,
      );
      this._ids = [];
      this._places = new Map();
    }

    /** How many documents there are. */
    get size() {
      return this._base.documents;
    }

    /** Load the ids of all documents, which `places` and `placeOf` need. */
    async loadIds() {
      this._ids = await this._parts.get("ids");
      this._places = new Map(this._ids.map((id, place) => [id, place]));
    }

    /** The places of documents whose id and place pass. */
    places(passes) {
      return Array.from(this._ids.keys()).filter((place) => passes(this._ids[place], place));
    }

    /** The place of a document. */
    placeOf(id) {
      return this._places.get(id);
    }

    /** The labels of a facet as readers know them, in their order. */
    labelNames(field) {
      const { names = [], shown = [] } = this._base.facets[field] ?? {};
      return new Map(names.map((label, i) => [label, shown[i]]));
    }

    /** The labels of a document in a facet. */
    labels(field, place) {
      const facet = this._base.facets[field];
      return facet ? facet.of[place].map((i) => facet.names[i]) : [];
    }

    /**
     * The best `limit` documents for `query`; `filters` maps facets to labels.
     * @param {string} query
     * @param {{kind?: ?string, industry?: ?string, limit?: number, filters?: Object<string, string>}} [options]
     * @returns {Promise<Results>}
     */
    async search(query, { kind = null, industry = null, limit = 10, filters = {} } = {}) {
      const began = performance.now();
      const given = { ...filters, ...(kind && { kind }), ...(industry && { industry }) };
      const wanted = Object.entries(given);
      const { pieces, notes } = await this._read(await this._normalQuery(query));
      const whole = KB.text.unquoted(pieces[0][0]);
      await this._loadGrams([whole]);
      const terms = this._terms([...pieces, [whole, this._rules.full]]);
      const ranked = await this._lookAt(await this._rank(terms), pieces[0][0]);
      const kept = ranked.filter(({ place }) =>
        wanted.every(([field, label]) => this.labels(field, place).includes(label)));
      const groups = new Map();
      for (const scored of kept) {
        const first = this._base.groups[scored.place];
        if (groups.has(first)) groups.get(first).push(scored);
        else groups.set(first, [scored]);
      }
      const shown = Array.from(groups.values()).slice(0, limit);
      await Promise.all([
        this._parts.loadTexts(shown.map(([{ place, passage }]) => [place, Math.max(passage, 0)])),
        this.loadCards(shown.flatMap((group) => group.slice(0, 1 + this._rules.also).map((s) => s.place))),
      ]);
      const results = shown.map((group) => this._hit(group, terms));
      const nearest = kept.length ? [] : await this._nearest(ranked);
      const took = Math.round((performance.now() - began) * 100) / 100;
      const facets = this._facets(ranked, wanted);
      const words = KB.excerpt.telling(pieces, this._parts, this._base);
      return { query, took_ms: took, total: groups.size, results, facets, notes, words, nearest };
    }

    /**
     * All documents that share words with `query`, best first; nothing is put right.
     * @param {string} query
     * @returns {Promise<{score: number, place: number}[]>}
     */
    async ranked(query) {
      const text = (await this._normalQuery(query)).text;
      await this._loadGrams([text]);
      return this._rank(this._terms([[text, this._rules.full]]));
    }

    /** What is shown of documents, by place. */
    loadCards(places) {
      return this._parts.loadCards(places);
    }

    /** A document's card, loaded before. */
    card(place) {
      return this._parts.card(place);
    }

    async _normalQuery(query) {
      const cut = KB.text.chars(query).slice(0, this._rules.maxQuery).join("");
      if (!this._knowsAll && KB.text.maybeTraditional(cut)) {
        KB.text.addTable(await this._parts.get("traditional"));
        this._knowsAll = true;
      }
      return KB.text.normalise(cut);
    }

    // reading and ranking

    /** Load all grams of normalised texts that the ranking may need; whether any was missing. */
    _loadGrams(texts) {
      const grams = texts.flatMap((text) =>
        Array.from(KB.text.grams(KB.text.normalise(text)), (gram) => gram.text));
      return this._parts.loadGrams(grams.filter((gram) => !this._parts.isCommon(gram)));
    }

    /** What a query means; what a reading needs is loaded, until a reading needs nothing more. */
    async _read(normal) {
      await this._loadGrams([normal.text]);
      for (;;) {
        const meaning = this._repairer.read(normal);
        const more = await Promise.all([this._words.load(), this._parts.loadWanted()]);
        if (more.includes(true)) continue;
        if (!(await this._loadGrams(meaning.pieces.map(([text]) => text)))) return meaning;
      }
    }

    /** The distinct grams of weighted texts; `rank.py` gives the reasons. */
    _terms(pieces) {
      const { full, single, maxGrams } = this._rules;
      const terms = new Map();
      const add = (gram, weight) => {
        if (terms.has(gram) || terms.size < maxGrams) terms.set(gram, Math.max(weight, terms.get(gram) ?? 0));
      };
      for (const [text, weight] of pieces) {
        const normal = KB.text.normalise(text);
        for (const run of KB.text.runs(normal)) {
          if (!run.han || run.end - run.start === 1) {
            add(run.text, weight);
            continue;
          }
          for (let at = run.start; at < run.end; at++) {
            add(normal.chars[at], Math.floor((weight * single) / full));
            if (at + 1 < run.end) add(normal.chars[at] + normal.chars[at + 1], weight);
          }
        }
      }
      // Without the common characters of longer runs, unless nothing else is left.
      const most = this._rules.mostDocuments;
      const isCommon = (gram, weight) =>
        weight <= single && (this._parts.isCommon(gram) || (this._parts.posting(gram)?.docs ?? 0) > most);
      const kept = Array.from(terms).filter(([gram, weight]) => !isCommon(gram, weight));
      return kept.some(([gram]) => this._parts.stands(gram)) ? new Map(kept) : terms;
    }

    /** All documents that answer, best first, ties in the documents' order. */
    async _rank(terms) {
      await this._parts.loadGrams(terms.keys());
      const { docOf, passageOf } = this._parts;
      const scores = this._scores;
      const touched = [];
      const covered = new Map();
      let total = 0;
      for (const [gram, weightOfGram] of terms) {
        const posting = this._parts.posting(gram);
        if (!posting) continue;
        const weight = weightOfGram * posting.value;
        total += weight;
        let before = -1;
        for (let i = 0; i < posting.units.length; i++) {
          const unit = posting.units[i];
          if (scores[unit] === 0) touched.push(unit);
          scores[unit] += weight * posting.impacts[i];
          const doc = docOf[unit];
          if (doc !== before) {
            covered.set(doc, (covered.get(doc) ?? 0) + weight);
            before = doc;
          }
        }
      }
      touched.sort((a, b) => a - b);
      const heads = new Map();
      const bests = new Map();
      for (const unit of touched) {
        const doc = docOf[unit];
        const passage = passageOf[unit];
        if (passage < 0) heads.set(doc, scores[unit]);
        else if (scores[unit] > (bests.get(doc)?.score ?? 0)) bests.set(doc, { score: scores[unit], passage });
        scores[unit] = 0;
      }
      let most = 0;
      for (const part of covered.values()) most = Math.max(most, part);
      const ranked = [];
      for (const [place, part] of covered) {
        if (part < this._rules.minCoverage * most || !total) continue;
        const best = bests.get(place) ?? { score: 0, passage: -1 };
        const score = (((heads.get(place) ?? 0) + best.score) * (part / total)) / 1e6;
        ranked.push({ place, score: KB.text.round4(score), passage: best.passage });
      }
      return ranked.sort((a, b) => b.score - a.score || a.place - b.place);
    }

    /** The first hits once more, by title and by a named industry or channel. */
    async _lookAt(ranked, text) {
      const first = ranked.slice(0, this._rules.lookedAt);
      await this.loadCards(first.map((s) => s.place));
      const query = KB.text.squeeze(KB.text.normalise(text));
      const named = new Set();
      for (const [facet, words] of Object.entries(this._base.synonyms.facets)) {
        if (words.some((word) => text.includes(word))) named.add(facet);
      }
      const isNamed = (place) => ["industry", "channel"].some((field) =>
        this.labels(field, place).some((label) => named.has(`${field}:${label}`)));
      const looked = first.map((s) => {
        const bonus = titleBonus(query, this.card(s.place).squeezed, this._rules);
        return { ...s, score: KB.text.round4(s.score * bonus * (isNamed(s.place) ? this._rules.facet : 1)) };
      });
      looked.sort((a, b) => b.score - a.score || a.place - b.place);
      return [...looked, ...ranked.slice(this._rules.lookedAt)];
    }

    _hit(group, terms) {
      const [{ place, score, passage }, ...others] = group;
      const { id, kind, badge, title, url, source } = this.card(place);
      const [anchor, text] = this._parts.text(place, Math.max(passage, 0));
      const part = KB.excerpt.cut(text, terms, this._rules);
      const also = others.slice(0, this._rules.also).map((s) => {
        const card = this.card(s.place);
        return { badge: card.badge, title: card.title, url: card.url };
      });
      return {
        id, kind, title, score, source, badge, also,
        url: anchor && passage >= 0 ? `${url}#${anchor}` : url,
        excerpt: part.text,
        marks: part.marks,
      };
    }

    /** Counts of every facet by the other filters, so that one can choose anew. */
    _facets(ranked, wanted) {
      const counts = Object.fromEntries(FACETS.map((field) => [field, {}]));
      for (const { place } of ranked) {
        const failed = wanted.filter(([field, label]) => !this.labels(field, place).includes(label));
        if (failed.length > 1) continue;
        for (const field of failed.length ? [failed[0][0]] : FACETS) {
          for (const label of this.labels(field, place)) {
            if (counts[field]) counts[field][label] = (counts[field][label] ?? 0) + 1;
          }
        }
      }
      return counts;
    }

    /** Methods where nothing is left: those that answer without the filters, or the first. */
    async _nearest(ranked) {
      const isMethod = (place) => this.labels("kind", place).includes("method");
      const found = ranked.map((scored) => scored.place).filter(isMethod);
      const places = (found.length ? found : Array.from({ length: this.size }, (_, place) => place).filter(isMethod)).slice(0, this._rules.nearest);
      await this.loadCards(places);
      return places.map((place) => {
        const { id, title, url } = this.card(place);
        return { id, title, url };
      });
    }
  }

  /** An engine over the datum `search`; `load` gets the other parts by name. */
  KB.search = { create: (base, load) => new SearchEngine(base, load) };
})(globalThis.KB);
