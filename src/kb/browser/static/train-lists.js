// Reading lists: read from a link, a code or a file; checked; written as code, link and YAML.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { canonical, crc32, toBase64, fromBase64 } = KB.codes;

  const KINDS = { section: "手册", case: "案例", method: "方法" };
  const PROOFS = { read: "读完", question: "读完 + 检查题", drill: "演完一遍" };
  const FIELDS = ["format", "version", "id", "title", "for", "people", "due", "pass", "items"];
  const VERSION = 1;

  /** Ids as the content knows them. */
  const isId = (id) => text(id) && /^(?!.{65})[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id);
  const REF = /^(?:section|case|method):[a-z0-9]+(?:-[a-z0-9]+)*$/;

  /** The name by which progress and receipts know a list: an edited list is another list. */
  const key = (list) => crc32(canonical(list));
  const toCode = (list) => toBase64(canonical(list));
  const kindOf = (ref) => KINDS[ref.slice(0, ref.indexOf(":"))];
  const text = (value) => typeof value === "string";
  const whole = (value, from, to) => Number.isInteger(value) && value >= from && value <= to;

  /** Whether `day` is a day of the calendar, written 2026-12-05. */
  function isDay(day) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
    const date = new Date(`${day}T00:00:00Z`);
    return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) && day >= "0001";
  }

  function itemProblem(item, place, seen) {
    const at = `第 ${place} 项`;
    if (!item || typeof item !== "object" || !text(item.ref)) return `${at}没有写是哪一页`;
    if (!REF.test(item.ref)) return `${at}的编号“${Array.from(item.ref).slice(0, 40).join("")}”不对`;
    if (seen.has(item.ref)) return `${at}和前面的一项重复`;
    if (!Object.hasOwn(PROOFS, item.proof)) return `${at}没有写怎样算完成`;
    if (item.proof === "drill" && !item.ref.startsWith("case:")) return `${at}要求演练，可只有案例能演练`;
    if (!whole(item.minutes, 1, 999)) return `${at}的分钟数不对`;
    if (Object.keys(item).length !== 3) return `${at}有不认识的内容`;
    return "";
  }

  /** What is wrong with a list, as the end of a sentence; empty when nothing is. */
  function problem(list) {
    if (!isId(list.id)) return "编号不对";
    if (!text(list.title) || !list.title.trim()) return "没有标题";
    if (!text(list.for)) return "“给谁”写得不对";
    if (!Array.isArray(list.people) || !list.people.every((name) => text(name) && name.trim())) return "名单写得不对";
    if (list.due !== "" && !(text(list.due) && isDay(list.due))) return "截止日期不对";
    if (!whole(list.pass, 0, 100)) return "及格线不在 0 到 100 之间";
    if (Object.keys(list).some((name) => !FIELDS.includes(name))) return "有不认识的内容";
    if (!Array.isArray(list.items) || !list.items.length) return "一项也没有";
    const seen = new Set();
    for (const [i, item] of list.items.entries()) {
      const wrong = itemProblem(item, i + 1, seen);
      if (wrong) return wrong;
      seen.add(item.ref);
    }
    return "";
  }

  /** A parsed JSON value as `{ list }` or `{ problem }`, a finished sentence. */
  function check(value) {
    if (!value || typeof value !== "object") return { problem: "这不是读单。请用布置页给出的链接或文件。" };
    if (value.format === "kb-receipt") return { problem: "这是一份回执，不是读单。请到“看结果”一页打开它。" };
    if (value.format !== "kb-list") return { problem: "这不是读单。请用布置页给出的链接或文件。" };
    if (Number.isInteger(value.version) && value.version > VERSION) {
      return { problem: "这份读单是更新的案例书做的，这一本还不认识。请换用新的案例书。" };
    }
    if (value.version !== VERSION) return { problem: "这份读单没有写明版本。请让布置的人重新导出一份。" };
    const wrong = problem(value);
    return wrong ? { problem: `这份读单有错：${wrong}。请让布置的人改好再发一次。` } : { list: value };
  }

  /** A link, a code or the text of a file as `{ list }` or `{ problem }`. */
  function read(given) {
    const said = given.trim();
    if (!said) return { problem: "这里是空的。请贴上读单的链接，或选一个 .kb-list.json 文件。" };
    if (said.startsWith("KB1.")) return { problem: "这是一份回执，不是读单。请到“看结果”一页打开它。" };
    let json = said;
    if (!said.startsWith("{")) {
      const code = said.split("#list=").pop().replace(/\s+/g, "");
      json = fromBase64(code);
      if (json === null || !json.startsWith("{")) return { problem: "链接不完整，或者不是读单的链接。请让布置的人重新复制一次，整段贴进来。" };
    }
    try {
      return check(JSON.parse(json));
    } catch (e) {
      return { problem: "读单的内容断了一截，读不出来。请让布置的人重新发一次。" };
    }
  }

  /** A list as a file for `assignments/`, with record.js; minutes that the book knows itself are left out. */
  function toYaml(list, minutesOf) {
    const quote = KB.record.quoted; // ids too: 123 and true would be no text
    const lines = [`id: ${quote(list.id)}`, `title: ${quote(list.title)}`];
    if (list.for) lines.push(`for: ${quote(list.for)}`);
    if (list.people.length) lines.push(`people: [${list.people.map(quote).join(", ")}]`);
    if (list.due) lines.push(`due: ${list.due}`);
    lines.push(`pass: ${list.pass}`, "items:");
    for (const { ref, proof, minutes } of list.items) {
      const [kind, id] = ref.split(":");
      lines.push(`  - ${kind}: ${quote(id)}`);
      if (proof !== "read") lines.push(`    proof: ${proof}`);
      if (minutes !== minutesOf(ref)) lines.push(`    minutes: ${minutes}`);
    }
    return `${lines.join("\n")}\n`;
  }

  /** A name of a file that every system takes. */
  const fileName = (words) => words.replace(/[\\/:*?"<>|\u0000-\u001f]+/g, "-").slice(0, 80);

  KB.lists = { PROOFS, key, kindOf, toCode, check, isId, read, toYaml, fileName };
})();
