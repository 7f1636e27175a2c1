// The report as tables, for CSV and XLSX; the twin of kb.training.tables.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const STATES = { passed: "通过", failed: "未及格", open: "未学完", missing: "未交" };

  /** A text that no spreadsheet takes for a formula. */
  const harmless = (value) => (typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value);
  const yes = (value) => (value ? "是" : "");

  function people(report) {
    return report.lists.flatMap((list) => list.people.map((p) => [
      list.title, list.due, p.person, STATES[p.state], yes(p.late), p.score, p.minutes, p.done, p.items, KB.codes.local(p.finished), yes(p.otherBook),
    ]));
  }

  function steps(report, ladder) {
    return report.lists.flatMap((list) => {
      const known = ladder.map((s) => s.id);
      const others = Object.keys(list.steps).filter((id) => !known.includes(id)).sort(KB.codes.byCode);
      return [...known, ...others].filter((id) => Object.hasOwn(list.steps, id)).flatMap((id) => {
        const step = ladder.find((s) => s.id === id);
        return list.people.filter((p) => Object.hasOwn(list.steps[id], p.person))
          .map((p) => [list.title, step ? step.name : id, p.person, ...list.steps[id][p.person]]);
      });
    });
  }

  /** All sheets by name, each with its heading; `ladder` is the ladder's steps in order. */
  function sheets(report, ladder) {
    const made = {
      人员: ["读单 截止 姓名 状态 迟交 得分 分钟 完成 全部 交回 另一版".split(" "), ...people(report)],
      步骤: ["读单 步骤 姓名 答对 答了".split(" "), ...steps(report, ladder)],
      题目: ["读单 题 答对 答了".split(" "), ...report.lists.flatMap((list) => list.hard.map((h) => [list.title, h.q, h.right, h.asked]))],
      问题: ["文件 说明".split(" "), ...report.problems.map(({ file, what }) => [file, what])],
    };
    return Object.fromEntries(Object.entries(made).map(([name, rows]) => [name, rows.map((row) => row.map(harmless))]));
  }

  /** The people as CSV that spreadsheets open with the right characters. */
  function csv(report, ladder) {
    const cell = (value) => (/[",\r\n]/.test(String(value)) ? `"${String(value).replace(/"/g, '""')}"` : String(value === null ? "" : value));
    return `\ufeff${sheets(report, ladder).人员.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
  }

  /** All sheets as an Excel file; what writes it is loaded now. */
  const xlsx = async (report, ladder) => {
    await KB.load("train-xlsx.js");
    return KB.xlsx(sheets(report, ladder));
  };

  KB.exporting = { STATES, sheets, csv, xlsx };
})();
