/**
 * Numbers and addresses that look like somebody's own, after text.js.
 *
 * The browser's twin of `kb/content/private.py`; `tests/fixtures/private.json` holds both to the
 * same finds. What leaves the desk as a file or a copy goes through `mask`.
 */
(function (KB) {
  "use strict";

  const MOBILE = /^(?:86)?1[3-9][0-9]{9}$/;
  const CITIZEN = /^[0-9]{6}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]$/;
  const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const SHAPES = [
    ["固定电话", /0[1-9][0-9]{1,2}[ -][0-9]{7,8}(?![0-9])/gu],
    ["车牌号", /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][a-z][·•. ]?([a-z0-9]{5,6})(?![a-z0-9])/gu],
    ["邮箱", /[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:[.][a-z0-9-]{1,63}){1,4}/gu],
  ];
  // Lengths that a number of somebody's own can have, the longest first; 13: a mobile with its 86.
  const LENGTHS = [19, 18, 17, 16, 13, 11];

  const digit = (char) => char !== undefined && char >= "0" && char <= "9" && char.length === 1;

  function citizenDigit(digits) {
    const total = CITIZEN_WEIGHTS.reduce((sum, weight, i) => sum + Number(digits[i]) * weight, 0);
    return "10X98765432"[total % 11];
  }

  function luhn(digits) {
    if (/^0+$/.test(digits)) return false;
    const doubled = Array.from(digits).reverse().map((d, i) => Number(d) * (i % 2 ? 2 : 1));
    return doubled.reduce((sum, d) => sum + (d > 9 ? d - 9 : d), 0) % 10 === 0;
  }

  /** What a number without blanks looks like, in Chinese, or null. */
  function kindOf(digits) {
    if (MOBILE.test(digits)) return "手机号";
    if (CITIZEN.test(digits) && citizenDigit(digits) === digits[17].toUpperCase()) return "身份证号";
    if (/^[0-9]{16,19}$/.test(digits) && luhn(digits)) return "银行卡号";
    return null;
  }

  function numberAt(chars, start) {
    const places = [];
    const goesOn = (at) => digit(chars[at]) || (chars[at] === "x" && places.length === 17);
    for (let at = start; places.length < LENGTHS[0] && goesOn(at); ) {
      places.push(at);
      at += (chars[at + 1] === " " || chars[at + 1] === "-") && goesOn(at + 2) ? 2 : 1;
    }
    for (const length of LENGTHS) {
      if (length > places.length) continue;
      const end = places[length - 1] + 1;
      if (digit(chars[end]) || (chars[end] === "." && digit(chars[end + 1]))) continue;
      const kind = kindOf(places.slice(0, length).map((p) => chars[p]).join(""));
      if (kind) return { start, end, kind };
    }
    return null;
  }

  function numbers(chars) {
    const found = [];
    for (let at = 0; at < chars.length; ) {
      const one = digit(chars[at]) && !digit(chars[at - 1]) ? numberAt(chars, at) : null;
      if (one) found.push(one);
      at = one ? one.end : at + 1;
    }
    return found;
  }

  /** Everything that looks like somebody's own, in order; spans count code points of `text`. */
  function find(text) {
    const n = KB.text.normalise(text);
    const found = numbers(n.chars);
    for (const [kind, shape] of SHAPES) {
      for (const match of n.text.matchAll(shape)) {
        const start = KB.text.chars(n.text.slice(0, match.index)).length;
        if (kind === "固定电话" && digit(n.chars[start - 1])) continue;
        if (kind === "车牌号" && match[1].replace(/[^0-9]/g, "").length < 3) continue;
        found.push({ start, end: start + KB.text.chars(match[0]).length, kind });
      }
    }
    found.sort((a, b) => a.start - b.start || b.end - a.end);
    let reached = 0;
    return found.filter((p) => p.start >= reached && (reached = p.end)).map(({ start, end, kind }) => {
      const [from, to] = KB.text.span(n, start, end);
      return { start: from, end: to, kind };
    });
  }

  /** What stands in place of `own`. */
  function masked(own, kind) {
    if (kind !== "手机号" && kind !== "银行卡号") return `〔${kind}〕`;
    const digits = KB.text.normalise(own).chars.filter(digit);
    return `〔${kind}，尾号 ${digits.slice(-4).join("")}〕`;
  }

  /** `text` without what `find` finds in it. */
  function mask(text) {
    const chars = KB.text.chars(text);
    let [out, at] = ["", 0];
    for (const { start, end, kind } of find(text)) {
      out += chars.slice(at, start).join("") + masked(chars.slice(start, end).join(""), kind);
      at = end;
    }
    return out + chars.slice(at).join("");
  }

  KB.private = { find, mask, masked };
})(globalThis.KB);
