/**
 * The excerpt of a hit, and what of a query is worth marking on the page that it leads to.
 *
 * The browser's twin of `kb/search/excerpt.py`, which gives the reasons;
 * `tests/fixtures/queries.json` holds both to the same results.
 */
globalThis.KB = globalThis.KB || {};

(function (KB) {
  "use strict";

  /**
   * Where the window with most different grams begins; the first of equals. Grams come in the order
   * of their starts and of their ends, so that the window only moves on.
   */
  function bestStart(found, width) {
    const inside = new Map(); // gram → how often it is in the window
    let best = 0;
    let bestAt = 0;
    let to = 0;
    found.forEach(({ start, gram }, at) => {
      to = Math.max(to, at);
      while (to < found.length && found[to].end <= start + width) {
        inside.set(found[to].gram, (inside.get(found[to].gram) ?? 0) + 1);
        to += 1;
      }
      if (inside.size > best) {
        best = inside.size;
        bestAt = start;
      }
      if (to === at) return; // a word longer than the window
      const left = inside.get(gram) - 1;
      if (left) inside.set(gram, left);
      else inside.delete(gram);
    });
    return bestAt;
  }

  /** Where a text holds the terms that weigh at least so much, in the order of its grams. */
  function placesOf(normal, terms, least) {
    const wanted = Array.from(terms).filter(([, weight]) => weight >= least);
    const grams = new Set(wanted.map(([gram]) => gram));
    // Most characters begin no gram of the query: to put grams together for them is what costs.
    const firsts = new Set(wanted.map(([gram]) => KB.text.chars(gram)[0]));
    const found = [];
    const look = (gram, from, to) => {
      if (!grams.has(gram)) return;
      const [start, end] = KB.text.span(normal, from, to);
      found.push({ start, end, gram });
    };
    for (const run of KB.text.runs(normal)) {
      if (!run.han) look(run.text, run.start, run.end);
      for (let at = run.start; run.han && at < run.end; at++) {
        const char = normal.chars[at];
        if (!firsts.has(char)) continue;
        look(char, at, at + 1);
        if (at + 1 < run.end) look(char + normal.chars[at + 1], at, at + 2);
      }
    }
    return found;
  }

  /** Where an excerpt begins whose first mark is at `best`, and what stands before it. */
  function beginning(chars, best, rules) {
    const line = chars.slice(0, best).lastIndexOf("\n") + 1;
    let start = best - rules.lead;
    const labelled = (label) => KB.text.chars(label).every((char, i) => chars[line + i] === char);
    if (start <= line || rules.labels.some(labelled)) return [line, ""];
    const lead = chars.slice(start - 1, best);
    const end = lead.findLastIndex((char) => rules.ends.includes(char));
    const mark = end < 0 ? lead.findIndex((char) => rules.pauses.includes(char)) : end;
    if (mark < 0) return [start, rules.cut];
    start += mark;
    while (start < best && rules.closers.includes(chars[start])) start += 1;
    return [start, ""];
  }

  /**
   * The stretch of a body that holds most of the query; `at` is where it begins in the body.
   * @param {string} body
   * @param {Map<string, number>} terms
   * @param {Rules} rules
   * @returns {{text: string, marks: [number, number][], at: number}}
   */
  function cut(body, terms, rules) {
    const original = KB.text.chars(body);
    const normal = KB.text.normalise(body);
    const found = placesOf(normal, terms, rules.shown);
    const width = rules.width - rules.lead;
    const best = bestStart(found, width);
    const [at, cutOff] = beginning(original, best, rules);
    const before = KB.text.chars(cutOff);
    const shown = [...before, ...original.slice(at, Math.max(at + rules.width, best + width))];
    const shift = at - before.length;
    const marks = [];
    for (const { start, end } of found) {
      const from = start - shift;
      const to = Math.min(end - shift, shown.length);
      if (from < before.length || from >= shown.length) continue;
      const last = marks[marks.length - 1];
      if (last && from <= last[1]) last[1] = Math.max(to, last[1]);
      else marks.push([from, to]);
    }
    while (shown.length && KB.text.isSpace(shown[shown.length - 1])) shown.pop();
    return { text: shown.join("").replaceAll("\n", " "), marks, at };
  }

  /**
   * The words of a query that a page can be marked with.
   * @param {[string, number][]} pieces what the query means, with weights in thousandths
   * @param {KB.parts.Parts} parts holds the postings of all pairs of the pieces
   * @param {{rules: Object, documents: number}} base
   * @returns {string[]}
   */
  function telling(pieces, parts, { rules, documents }) {
    const most = rules.tells * documents;
    const found = new Set();
    for (const [text, weight] of pieces) {
      if (weight < rules.shown) continue;
      for (const run of KB.text.runs(KB.text.normalise(text))) {
        const chars = KB.text.chars(run.text);
        if (!run.han || chars.length === 1) {
          if (parts.stands(run.text)) found.add(run.text);
          continue;
        }
        let from = 0;
        for (let at = 0; at < chars.length; at++) {
          const docs = at + 1 < chars.length ? parts.docs(chars[at] + chars[at + 1]) : 0;
          if (docs > 0 && (chars.length <= rules.longest || docs <= most)) continue;
          if (at > from) found.add(chars.slice(from, at + 1).join(""));
          from = at + 1;
        }
      }
    }
    return Array.from(found);
  }

  KB.excerpt = { cut, telling };
})(globalThis.KB);
