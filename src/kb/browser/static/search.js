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
   * @typedef {{documents: number, passages: number[], common: string, buckets: number,
   *   cards: number, texts: number[], synonyms: Object, groups: number[],
   *   facets: Object<string, {names: string[], of: number[][]}>, rules: Object}} Base
   *
   * `marks` are half-open spans of `excerpt`, in code points.
   * @typedef {{id: string, kind: string, title: string, url: string, score: number,
   *   excerpt: string, source: string[], badge: string, marks: [number, number][],
   *   also: {badge: string, title: string, url: string}[]}} Hit
   * @typedef {{query: string, took_ms: number, total: number, results: Hit[], notes: Object[],
   *   facets: Object<string, Object<string, number>>, nearest: Object[]}} Results
   */

  /** Where the window with most different grams begins; the first of equals. */
  function bestStart(found, width) {
    let best = 0;
    let bestAt = 0;
    for (let i = 0; i < found.length; i++) {
      const from = found[i].start;
      const inside = new Set();
      for (let j = i; j < found.length && found[j].start < from + width; j++) {
        if (found[j].end <= from + width) inside.add(found[j].gram);
      }
      if (inside.size > best) {
        best = inside.size;
        bestAt = from;
      }
    }
    return bestAt;
  }

  /**
   * The stretch of a body that holds most of the query; `at` is where it begins in the body.
   * @param {{original: string[], normal: KB.text.Normal}} body
   * @param {Map<string, number>} terms
   * @param {Rules} rules
   * @returns {{text: string, marks: [number, number][], at: number}}
   */
  function excerpt(body, terms, rules) {
    const found = [];
    for (const gram of KB.text.grams(body.normal)) {
      if ((terms.get(gram.text) ?? 0) >= rules.shown) {
        const [start, end] = KB.text.span(body.normal, gram.start, gram.end);
        found.push({ start, end, gram: gram.text });
      }
    }
    const best = bestStart(found, rules.width - rules.lead);
    let at = Math.max(0, best - rules.lead);
    // The lead does not reach back over the end of a line.
    const lead = body.original.slice(at, best);
    at += lead.lastIndexOf("\n") + 1;
    const shown = body.original.slice(at, at + rules.width);
    const marks = [];
    for (const { start, end } of found) {
      const from = start - at;
      const to = Math.min(end - at, shown.length);
      if (from < 0 || from >= shown.length) continue;
      const before = marks[marks.length - 1];
      if (before && from <= before[1]) before[1] = Math.max(to, before[1]);
      else marks.push([from, to]);
    }
    while (shown.length && KB.text.isSpace(shown[shown.length - 1])) shown.pop();
    return { text: shown.join("").replaceAll("\n", " "), marks, at };
  }

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
      this._load = load;
      this._postings = new Map(); // gram → {value, docs, units, impacts}, null where it is nowhere
      this._parts = new Map(); // name → promise, so that nothing is asked for twice
      this._cards = new Map(); // place → card
      this._texts = new Map(); // place → passages
      this._common = new Set(base.common);
      this._docOf = [];
      this._passageOf = [];
      base.passages.forEach((count, doc) => {
        for (let passage = -1; passage < count; passage++) {
          this._docOf.push(doc);
          this._passageOf.push(passage);
        }
      });
      this._scores = new Float64Array(this._docOf.length);
      this._repairer = new KB.repair.Repairer(
        { rules: base.rules, synonyms: base.synonyms, documents: base.documents },
        (gram) => this._posting(gram)?.docs ?? 0,
      );
    }

    /** How many documents there are. */
    get size() {
      return this._base.documents;
    }

    /** The places of documents whose id and place pass. */
    places(passes) {
      return this._base.ids.map((id, place) => [id, place]).filter(([id, place]) => passes(id, place)).map(([, place]) => place);
    }

    /** The place of a document. */
    placeOf(id) {
      this._places = this._places || new Map(this._base.ids.map((name, place) => [name, place]));
      return this._places.get(id);
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
      const normal = this._normalQuery(query);
      const { pieces, notes } = await this._read(normal);
      const whole = KB.text.unquoted(pieces[0][0]);
      await this._loadGrams([whole]);
      const terms = this._terms([...pieces, [whole, this._rules.full]]);
      const ranked = await this._lookAt(this._rank(terms), pieces[0][0]);
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
        this._loadTexts(shown.map(([scored]) => scored.place)),
        this.loadCards(shown.flatMap((group) => group.slice(0, 1 + this._rules.also).map((s) => s.place))),
      ]);
      const results = shown.map((group) => this._hit(group, terms));
      const nearest = kept.length ? [] : await this._nearest();
      const took = Math.round((performance.now() - began) * 100) / 100;
      const facets = this._facets(kept);
      return { query, took_ms: took, total: groups.size, results, facets, notes, nearest };
    }

    /**
     * All documents that share words with `query`, best first; nothing is put right.
     * @param {string} query
     * @returns {Promise<{score: number, place: number}[]>}
     */
    async ranked(query) {
      const text = this._normalQuery(query).chars.join("");
      await this._loadGrams([text]);
      return this._rank(this._terms([[text, this._rules.full]]));
    }

    /** What is shown of documents, by place. */
    async loadCards(places) {
      const { cards } = this._base;
      const blocks = new Set(places.filter((p) => !this._cards.has(p)).map((p) => Math.floor(p / cards)));
      await Promise.all(Array.from(blocks, async (block) => {
        const found = await this._part(`cards-${block}`);
        found.forEach(([id, kind, badge, title, url, source], i) => {
          const squeezed = KB.text.squeeze(KB.text.normalise(title));
          this._cards.set(block * cards + i, { id, kind, badge, title, url, source, squeezed });
        });
      }));
    }

    /** A document's card, loaded before. */
    card(place) {
      return this._cards.get(place);
    }

    _normalQuery(query) {
      return KB.text.normalise(KB.text.chars(query).slice(0, this._rules.maxQuery).join(""));
    }

    // parts

    _part(name) {
      if (!this._parts.has(name)) {
        const asked = this._load(name);
        this._parts.set(name, asked);
        asked.catch(() => this._parts.delete(name)); // a later try may succeed
      }
      return this._parts.get(name);
    }

    _posting(gram) {
      return this._postings.get(gram);
    }

    /** Load the postings of all grams of some normalised texts; whether any was missing. */
    async _loadGrams(texts) {
      const missing = new Set();
      for (const text of texts) {
        for (const gram of KB.text.grams(KB.text.normalise(text))) {
          if (!this._postings.has(gram.text)) missing.add(gram.text);
        }
      }
      const buckets = new Map();
      for (const gram of missing) {
        const first = gram.codePointAt(0);
        const part = this._common.has(gram) ? `gram-${first}` : `grams-${first % this._base.buckets}`;
        if (buckets.has(part)) buckets.get(part).push(gram);
        else buckets.set(part, [gram]);
      }
      await Promise.all(Array.from(buckets, async ([part, grams]) => {
        const found = await this._part(part);
        for (const gram of grams) {
          const flat = this._common.has(gram) ? found : Object.hasOwn(found, gram) ? found[gram] : null;
          this._postings.set(gram, flat && this._unpack(flat));
        }
      }));
      return missing.size > 0;
    }

    _unpack(flat) {
      const count = (flat.length - 2) / 2;
      const units = new Uint32Array(count);
      const impacts = new Uint8Array(count);
      let unit = 0;
      for (let i = 0; i < count; i++) {
        unit += flat[2 + 2 * i];
        units[i] = unit;
        impacts[i] = flat[3 + 2 * i];
      }
      return { value: flat[0], docs: flat[1], units, impacts };
    }

    async _loadTexts(places) {
      const { texts } = this._base;
      const blocks = new Set(places.filter((p) => !this._texts.has(p)).map((p) => {
        let block = texts.length - 1;
        while (texts[block] > p) block--;
        return block;
      }));
      await Promise.all(Array.from(blocks, async (block) => {
        const found = await this._part(`texts-${block}`);
        found.forEach((passages, i) => this._texts.set(texts[block] + i, passages));
      }));
    }

    // reading and ranking

    /** What a query means; what a reading needs is loaded, until a reading needs nothing more. */
    async _read(normal) {
      await this._loadGrams([normal.chars.join("")]);
      if (!this._repairer.words && this._repairer.needsWords(normal)) {
        this._repairer.words = new KB.repair.Words(await this._part("words"));
      }
      for (;;) {
        const meaning = this._repairer.read(normal);
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
      const most = this._rules.commonShare * this._base.documents;
      const isCommon = (gram, weight) => weight <= single && (this._posting(gram)?.docs ?? 0) > most;
      const kept = Array.from(terms).filter(([gram, weight]) => !isCommon(gram, weight));
      return kept.some(([gram]) => this._posting(gram)) ? new Map(kept) : terms;
    }

    _rank(terms) {
      const scores = this._scores;
      const touched = [];
      const covered = new Map();
      let total = 0;
      for (const [gram, weightOfGram] of terms) {
        const posting = this._posting(gram);
        if (!posting) continue;
        const weight = weightOfGram * posting.value;
        total += weight;
        let before = -1;
        for (let i = 0; i < posting.units.length; i++) {
          const unit = posting.units[i];
          if (scores[unit] === 0) touched.push(unit);
          scores[unit] += weight * posting.impacts[i];
          const doc = this._docOf[unit];
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
        const doc = this._docOf[unit];
        const passage = this._passageOf[unit];
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
      const [anchor, text] = this._texts.get(place)[Math.max(passage, 0)];
      const part = excerpt({ original: KB.text.chars(text), normal: KB.text.normalise(text) }, terms, this._rules);
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

    _facets(kept) {
      const counts = {};
      for (const field of FACETS) {
        counts[field] = {};
        for (const { place } of kept) {
          for (const label of this.labels(field, place)) counts[field][label] = (counts[field][label] ?? 0) + 1;
        }
      }
      return counts;
    }

    async _nearest() {
      const places = [];
      for (let place = 0; place < this.size && places.length < 3; place++) {
        if (this.labels("kind", place).includes("method")) places.push(place);
      }
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
