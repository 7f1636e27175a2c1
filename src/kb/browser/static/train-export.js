// The report as tables, for CSV and XLSX; a cell that a spreadsheet would take for a formula is made harmless.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const STATES = { passed: "通过", failed: "没及格", open: "没做完", missing: "没交" };

  /** A text that no spreadsheet takes for a formula. */
  const harmless = (value) => (typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value);

  /** Rows of the people of all lists, the head first. */
  function people(report) {
    const head = ["读单", "截止", "姓名", "结果", "迟交", "得分", "及格线", "完成项数", "总项数", "分钟", "完成时间（UTC）", "书的版本不同"];
    const rows = report.lists.flatMap((list) => list.people.map((p) => [
      list.title, list.due, p.person, STATES[p.state], p.late ? "是" : "", p.score === null ? "" : p.score, list.pass,
      p.done, p.items, p.minutes, p.finished, p.otherBook ? "是" : "",
    ]));
    return [head, ...rows].map((row) => row.map(harmless));
  }

  /** Rows of right and asked by list, step and person. */
  function steps(report, names) {
    const head = ["读单", "步骤", "姓名", "答对", "题数"];
    const rows = report.lists.flatMap((list) => Object.entries(list.steps).flatMap(([step, cells]) =>
      Object.entries(cells).map(([person, [right, asked]]) => [list.title, names[step] || step, person, right, asked])));
    return [head, ...rows].map((row) => row.map(harmless));
  }

  /** Rows of the hardest questions. */
  function hard(report, textOf) {
    const head = ["读单", "题目", "编号", "答对", "题数"];
    const rows = report.lists.flatMap((list) => list.hard.map(({ q, right, asked }) => [list.title, textOf(q), q, right, asked]));
    return [head, ...rows].map((row) => row.map(harmless));
  }

  /** Rows as CSV that Excel opens with Chinese intact. */
  function csv(rows) {
    const cell = (value) => (/[",\r\n]/.test(String(value)) ? `"${String(value).replace(/"/g, '""')}"` : String(value));
    return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
  }

  /** Sheets `[{ name, rows }]` as an XLSX file; a number stays a number, everything else is text. */
  async function xlsx(sheets) {
    await KB.load("vendor-excel.js");
    const cell = (value, bold) => ({ value, type: typeof value === "number" ? Number : String, ...(bold ? { fontWeight: "bold" } : {}) });
    return globalThis.writeXlsxFile(sheets.map(({ name, rows }) => ({
      sheet: name,
      data: rows.map((row, i) => row.map((value) => cell(value, i === 0))),
      columns: rows[0].map((_, i) => ({ width: Math.min(40, Math.max(...rows.map((row) => 2 * String(row[i]).length)) + 2) })),
      stickyRowsCount: 1,
    }))).toBlob();
  }

  KB.exporting = { STATES, people, steps, hard, csv, xlsx };
})();
