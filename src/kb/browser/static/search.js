/**
 * The search engine: a query in, results with excerpts and deep links out.
 *
 * The browser's twin of `kb/search` (rank, excerpt, engine) over the data of `export_index`;
 * `tests/fixtures/queries.json` holds both to the same results. Sums run in the order of the
 * query's grams and of the fields in both, because floating point addition is not associative.
 */
globalThis.KB = globalThis.KB || {};

(function (KB) {
  "use strict";

  /** A query is cut here (characters); a pasted page would only slow the answer down. */
  const MAX_QUERY = 400;

  /**
   * A document as `Document.to_json()` writes it.
   * @typedef {{id: string, kind: string, badge: string, title: string, url: string,
   *   source: string[], body: string, anchors: [number, string][], industry: string,
   *   type: string, emotion: string, outcome: string, steps: string[]}} Document
   *
   * What `export_index` writes; `postings` maps a gram to
   * `[idf, doc, field, count, doc, field, count, …]`, documents as differences to the one before.
   * @typedef {{documents: Document[], lengths: number[][], averages: number[],
   *   postings: Object<string, number[]>, rules: Rules}} IndexData
   * @typedef {{fieldWeights: number[], fieldB: number[], k1: number, singleWeight: number,
   *   minCoverage: number, sameTitle: number, partTitle: number, maxGrams: number,
   *   width: number, lead: number}} Rules
   *
   * `marks` are half-open spans of `excerpt`, in code points.
   * @typedef {{id: string, kind: string, title: string, url: string, score: number,
   *   excerpt: string, source: string[], badge: string, marks: [number, number][]}} Hit
   * @typedef {{query: string, took_ms: number, total: number, results: Hit[]}} Results
   *
   * A squeezed text and its length in code points.
   * @typedef {{text: string, length: number}} Squeezed
   */

  /** @param {KB.text.Normal} n @returns {Squeezed} */
  function squeezed(n) {
    const text = KB.text.squeeze(n);
    return { text, length: KB.text.chars(text).length };
  }

  /**
   * The distinct grams of a normalised query with their weights, in order of appearance. A single
   * character says less than a pair; alone in its run it is all there is.
   * @returns {Map<string, number>}
   */
  function queryTerms(normal, rules) {
    const terms = new Map();
    const add = (gram, weight) => terms.has(gram) || terms.set(gram, weight);
    for (const run of KB.text.runs(normal)) {
      if (!run.han || run.end - run.start === 1) {
        terms.set(run.text, 1); // also where a weaker one was; its place stays
        continue;
      }
      for (let at = run.start; at < run.end; at++) {
        add(normal.chars[at], rules.singleWeight);
        if (at + 1 < run.end) add(normal.chars[at] + normal.chars[at + 1], 1);
      }
    }
    return new Map(Array.from(terms).slice(0, rules.maxGrams));
  }

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
      // Marking every stray character would mark everything; only whole grams count.
      if ((terms.get(gram.text) ?? 0) >= 1) {
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

  /** The document's page at the last heading that begins at or before `offset`. */
  function deepLink(doc, offset) {
    let anchor = "";
    for (const [at, name] of doc.anchors) {
      if (at > offset) break;
      anchor = name;
    }
    return anchor ? `${doc.url}#${anchor}` : doc.url;
  }

  class SearchEngine {
    /** @param {IndexData} data */
    constructor(data) {
      /** @type {Document[]} */
      this.documents = data.documents;
      this._rules = data.rules;
      this._lengths = data.lengths;
      this._averages = data.averages;
      // A map, because `constructor` is a word that people type.
      this._postings = new Map(Object.entries(data.postings));
      this._titles = data.documents.map((d) => squeezed(KB.text.normalise(d.title)));
      this._bodies = new Map(); // by place, filled when a document is first shown
      // toFixed rounds the exact value, as Python's round does; Math.round(x * 1e4) would not.
      this._unknown = Number(Math.log(1 + (data.documents.length + 0.5) / 0.5).toFixed(4));
    }

    /**
     * The best `limit` documents for `query`, of one kind or industry where given.
     * @param {string} query
     * @param {{kind?: ?string, industry?: ?string, limit?: number}} [options]
     * @returns {Results}
     */
    search(query, { kind = null, industry = null, limit = 10 } = {}) {
      const began = performance.now();
      const normal = this._normalQuery(query);
      const terms = queryTerms(normal, this._rules);
      const hits = this._rank(normal, terms).filter(({ place }) => {
        const doc = this.documents[place];
        return (kind === null || doc.kind === kind) &&
          (industry === null || doc.industry === industry);
      });
      const results = hits.slice(0, limit).map(({ place, score }) => {
        const doc = this.documents[place];
        const part = excerpt(this._body(place), terms, this._rules);
        return {
          id: doc.id,
          kind: doc.kind,
          title: doc.title,
          url: deepLink(doc, part.at),
          score,
          excerpt: part.text,
          source: doc.source,
          badge: doc.badge,
          marks: part.marks,
        };
      });
      const took = Math.round((performance.now() - began) * 100) / 100;
      return { query, took_ms: took, total: hits.length, results };
    }

    /**
     * All documents that answer `query` with their scores, best first.
     * @param {string} query
     * @returns {{score: number, document: Document}[]}
     */
    ranked(query) {
      const normal = this._normalQuery(query);
      return this._rank(normal, queryTerms(normal, this._rules)).map(({ place, score }) => ({
        score,
        document: this.documents[place],
      }));
    }

    _normalQuery(query) {
      return KB.text.normalise(KB.text.chars(query).slice(0, MAX_QUERY).join(""));
    }

    _body(place) {
      let body = this._bodies.get(place);
      if (!body) {
        const text = this.documents[place].body;
        body = { original: KB.text.chars(text), normal: KB.text.normalise(text) };
        this._bodies.set(place, body);
      }
      return body;
    }

    /**
     * BM25F over grams, most of the query's grams wanted, whole titles first; ties in the
     * documents' order. `kb/search/rank.py` gives the reasons and the paper.
     * @returns {{place: number, score: number}[]}
     */
    _rank(normal, terms) {
      const { k1, minCoverage } = this._rules;
      const scores = new Map();
      const covered = new Map();
      let total = 0;
      for (const [gram, weightOfGram] of terms) {
        const posting = this._postings.get(gram);
        const weight = weightOfGram * (posting ? posting[0] : this._unknown);
        total += weight;
        if (!posting) continue;
        for (const [doc, tf] of this._frequencies(posting)) {
          scores.set(doc, (scores.get(doc) ?? 0) + (weight * tf) / (k1 + tf));
          covered.set(doc, (covered.get(doc) ?? 0) + weight);
        }
      }
      let best = 0;
      for (const share of covered.values()) best = Math.max(best, share);
      const query = squeezed(normal);
      const ranked = [];
      for (const [place, score] of scores) {
        const share = covered.get(place);
        if (share < minCoverage * best) continue; // noise, measured against the best document
        const bonus = this._titleBonus(query, this._titles[place]);
        ranked.push({ place, score: KB.text.round4(score * (share / total) * bonus) });
      }
      return ranked.sort((a, b) => b.score - a.score || a.place - b.place);
    }

    /** How often a gram stands in each document, all fields weighed and tempered by length. */
    _frequencies(posting) {
      const { fieldWeights, fieldB } = this._rules;
      const found = new Map();
      let doc = 0;
      for (let i = 1; i < posting.length; i += 3) {
        doc += posting[i];
        const field = posting[i + 1];
        const b = fieldB[field];
        const length = 1 - b + (b * this._lengths[doc][field]) / this._averages[field];
        const tf = (fieldWeights[field] * posting[i + 2]) / length;
        found.set(doc, (found.get(doc) ?? 0) + tf);
      }
      return found;
    }

    /** The query is the title, or one holds the other. */
    _titleBonus(query, title) {
      const { sameTitle, partTitle } = this._rules;
      if (query.text === title.text) return sameTitle;
      if (query.length >= 2 && title.text.includes(query.text)) return partTitle;
      if (title.length >= 2 && query.text.includes(title.text)) return partTitle;
      return 1;
    }
  }

  /**
   * An engine over the data of `kb.search.export_index`.
   * @param {IndexData} data
   * @returns {SearchEngine}
   */
  KB.search = { create: (data) => new SearchEngine(data) };
})(globalThis.KB);
