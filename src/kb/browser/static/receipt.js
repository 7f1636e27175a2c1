// Receipts: made from a learner's record, written as file and code, read with a clear word about what is wrong.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { canonical, crc32, toBase64, fromBase64 } = KB.codes;
  const VERSION = 1;
  /** No count of a receipt comes near it; larger ones would spoil every sum and table. */
  const MOST = 999_999_999;
  const AGAIN = "请让交的人重新导出一份";

  /** The checksum of a receipt, over everything but the checksum itself. */
  function checkOf(receipt) {
    const { check, ...rest } = receipt;
    return crc32(canonical(rest));
  }

  /** The receipt of `person` for a list; `record` is the list's record in the learner's progress. */
  function make({ record, key, book, person }) {
    const receipt = {
      format: "kb-receipt", version: VERSION, list: record.list, key, book, person,
      started: record.started, finished: record.finished,
      items: record.list.items.filter(({ ref }) => record.items[ref]).map(({ ref }) => {
        const { opened, end, seconds, answers, drill } = record.items[ref];
        return { ref, opened, end, seconds, answers, ...(drill ? { drill } : {}) };
      }),
    };
    return { ...receipt, check: checkOf(receipt) };
  }

  const toCode = (receipt) => {
    const { check, ...rest } = receipt;
    return `KB1.${toBase64(canonical(rest))}.${check}`;
  };

  /** Whether `value` is a time of the calendar in UTC to the second, or empty. */
  function time(value) {
    if (value === "") return true;
    if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return false;
    const date = new Date(value);
    // A later time has no day in UTC+8.
    return !Number.isNaN(date.getTime()) && KB.codes.stamp(date) === value && value >= "0001" && value < "9999-12-31";
  }
  const count = (value) => Number.isInteger(value) && value >= 0 && value <= MOST;
  const text = (value) => typeof value === "string";

  /** Whether an item of a receipt is whole. */
  function itemHolds(item) {
    return item && typeof item === "object" && text(item.ref) && time(item.opened) && time(item.end) && count(item.seconds)
      && Array.isArray(item.answers)
      && item.answers.every((a) => a && text(a.q) && text(a.step) && text(a.choice) && (a.right === 0 || a.right === 1) && time(a.at) && count(a.try))
      && (item.drill === undefined || (item.drill && count(item.drill.best) && count(item.drill.turns) && count(item.drill.mood) && time(item.drill.at)));
  }

  /** A parsed receipt as `{ receipt }` or `{ problem }`. */
  function check(value) {
    if (!value || typeof value !== "object" || Array.isArray(value)) return { problem: `这不是回执，${AGAIN}。` };
    if (value.format === "kb-list") return { problem: "这是一份读单，不是回执。要改它，请到“布置”一页打开。" };
    if (value.format !== "kb-receipt") return { problem: `这不是案例书的回执，${AGAIN}。` };
    if (Number.isInteger(value.version) && value.version > VERSION) {
      return { problem: "这份回执是更新的案例书做的，这一本还不认识。请用新的案例书打开。" };
    }
    if (value.version !== VERSION) return { problem: `回执没有写明版本，${AGAIN}。` };
    if (!text(value.check) || value.check !== checkOf(value)) {
      return { problem: `校验码对不上：内容在路上被改动或截断了，${AGAIN}。` };
    }
    if (KB.lists.check(value.list).problem || KB.lists.key(value.list) !== value.key) return { problem: `回执里的读单不完整，${AGAIN}。` };
    if (!text(value.person) || !value.person.trim()) return { problem: `回执里没有姓名，${AGAIN}。` };
    if (!text(value.book) || !time(value.started) || !time(value.finished) || !Array.isArray(value.items) || !value.items.every(itemHolds)) {
      return { problem: `回执里有写错的内容，${AGAIN}。` };
    }
    return { receipt: value };
  }

  /** The text of a file or a pasted code as `{ receipt }` or `{ problem }`. */
  function read(given) {
    const said = given.replace(/^\ufeff/, "").trim();
    if (!said) return { problem: `是空的，${AGAIN}。` };
    if (said.startsWith("{")) {
      try {
        return check(JSON.parse(said));
      } catch (e) {
        return { problem: `文件断了一截，读不出来，${AGAIN}。` };
      }
    }
    const code = said.replace(/\s+/g, "");
    const parts = code.split(".");
    if (!/^KB\d+$/.test(parts[0])) return { problem: `这不是回执：既不是回执文件，也不是 KB1. 开头的回执码，${AGAIN}。` };
    if (parts[0] !== "KB1") return { problem: "这份回执是更新的案例书做的，这一本还不认识。请用新的案例书打开。" };
    if (parts.length !== 3 || !/^[0-9a-f]{8}$/.test(parts[2])) return { problem: `回执码不完整，少了结尾，${AGAIN}。` };
    const json = fromBase64(parts[1]);
    if (json === null || crc32(json) !== parts[2]) return { problem: `回执码不完整，或有几个字符被改动了，${AGAIN}。` };
    try {
      return check({ ...JSON.parse(json), check: parts[2] });
    } catch (e) {
      return { problem: `回执码读不出来，${AGAIN}。` };
    }
  }

  /** A code in a text; the next one ends it, unless that is its own end: …KB1 and the checksum. */
  const IN_TEXT = /KB\d+\.(?:(?!KB\d+\.(?!(?:\s*[0-9a-f]){8}))[\w\s-])*(?:\.(?:\s*[0-9a-f]){0,8})?/g;

  /**
   * The codes in a text, whatever stands around them; a text without any is one receipt, or none if it is empty.
   * The `>` that a mail program puts before the lines of an answered mail do not count.
   */
  function split(given) {
    const said = given.replace(/^[ \t]*(?:>[ \t]*)+/gm, "").trim();
    const codes = said.startsWith("{") ? null : said.match(IN_TEXT);
    return (codes || (said ? [said] : [])).map((part) => part.trim());
  }

  KB.receipt = { make, toCode, check, read, split, itemHolds };
})();
