/**
 * Who is speaking, after text.js: a pasted chat is cut into turns, anything else is the customer's.
 *
 * The browser's twin of `kb/suggest/turns.py`, for views that show who said what.
 */
(function (KB) {
  "use strict";

  function speakerOf(line, speakers) {
    for (const who of ["customer", "agent"]) {
      const name = speakers[who].find((n) => line.startsWith(`${n}:`));
      if (name !== undefined) return { agent: who === "agent", opening: KB.text.chars(name).length + 1 };
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
