/**
 * Who is speaking, after text.js: a pasted chat is cut into turns, anything else is the customer's.
 *
 * The browser's twin of `kb/suggest/turns.py`, which gives the reasons, for views that show who
 * said what.
 */
(function (KB) {
  "use strict";

  const DATE = "(?:[0-9]{2,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日? ?|[0-9]{1,2}[-/.月][0-9]{1,2}日? )?";
  const TIME = `[\\[(]?${DATE}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?[\\])]?`;
  const HAN = "[一-鿿]";
  const NAMED = `(?![说讲问答回道称])${HAN}`;
  const WHO = `(?:[-_ ]?(?:[a-z][a-z0-9_]{0,9}|[0-9]{3,8}|[0-9]{1,3}号|小${NAMED}(?:${NAMED})?))?`;
  const heads = new WeakMap(); // of a list of names, what opens their lines

  function head(names) {
    if (!heads.has(names)) {
      const anyOf = names.map((name) => name
        .replace(/[.+?^${}()|[\]\\/]/g, "\\$&").replaceAll("*", `${HAN}{1,2}`)).join("|");
      const name = `(?:${anyOf})${WHO}`;
      heads.set(names, new RegExp(
        `^(?:${TIME} ?)?(?:${name} ${TIME}$|${name} ?:|${name} ?${TIME} ?:(?![0-9])`
        + `|[\\[【]${name}[\\]】] ?:?)`, "u"));
    }
    return heads.get(names);
  }

  function speakerOf(line, speakers) {
    for (const who of ["customer", "agent"]) {
      const opens = head(speakers[who]).exec(line);
      if (opens) return { agent: who === "agent", opening: KB.text.chars(opens[0]).length };
    }
    return null;
  }

  /**
   * The turns of a normalised text; a text without speakers' names is one turn of the customer.
   * @param {Normal} n
   * @param {{customer: string[], agent: string[]}} speakers names in the normal form
   * @returns {{start: number, end: number, agent: boolean}[]}
   */
  KB.turns = (n, speakers) => {
    const found = [];
    let [named, start] = [false, 0];
    for (const line of n.text.split("\n")) {
      const end = start + KB.text.chars(line).length;
      const speaker = speakerOf(line, speakers);
      if (speaker) {
        named = true;
        found.push({ start: start + speaker.opening, end, agent: speaker.agent });
      } else if (found.length) {
        found[found.length - 1].end = end;
      } else {
        found.push({ start, end, agent: false });
      }
      start = end + 1;
    }
    return named ? found : [{ start: 0, end: n.chars.length, agent: false }];
  };
})(globalThis.KB);
