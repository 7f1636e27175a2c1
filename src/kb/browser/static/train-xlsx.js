// Tables as an XLSX file: the few parts that every spreadsheet asks for, in a ZIP archive without compression.
// (A library was tried; it wrote a broken file as soon as somebody was called “constructor”.)
(function () {
  "use strict";
  const KB = globalThis.KB;
  const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
  const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const WIDEST = 60;

  /** A text for XML; characters that XML does not know become the one for unknown ones. */
  const xml = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"\r]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;" })[c]);

  /** The letters of a column, from 0: A … Z, AA … */
  const letters = (column) => (column < 26 ? "" : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));
  const width = (value) => Array.from(String(value === null ? "" : value), (c) => (c.codePointAt(0) < 256 ? 1 : 2)).reduce((a, b) => a + b, 0);

  function cell(value, row, column) {
    const at = `r="${letters(column)}${row + 1}"${row === 0 ? ' s="1"' : ""}`;
    if (value === null || value === "") return "";
    if (typeof value === "number") return `<c ${at}><v>${value}</v></c>`;
    return `<c ${at} t="inlineStr"><is><t xml:space="preserve">${xml(value)}</t></is></c>`;
  }

  function sheet(rows) {
    const columns = rows[0].map((_, i) => Math.min(WIDEST, 2 + Math.max(...rows.map((row) => width(row[i])))));
    return `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
      + `<cols>${columns.map((w, i) => `<col min="${i + 1}" max="${i + 1}" width="${w}" customWidth="1"/>`).join("")}</cols>`
      + `<sheetData>${rows.map((row, r) => `<row r="${r + 1}">${row.map((value, c) => cell(value, r, c)).join("")}</row>`).join("")}</sheetData></worksheet>`;
  }

  /** The parts of the archive as `[name, text]`; `sheets` are rows by name. */
  function parts(sheets) {
    const names = Object.keys(sheets);
    const each = (draw) => names.map((name, i) => draw(i + 1, name)).join("");
    const last = names.length + 1;
    return [
      ["[Content_Types].xml", `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`
        + `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>`
        + `${each((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPE}.worksheet+xml"/>`)}</Types>`],
      ["_rels/.rels", `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
      ["xl/workbook.xml", `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${each((n, name) => `<sheet name="${xml(name)}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`],
      ["xl/_rels/workbook.xml.rels", `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${each((n) => `<Relationship Id="rId${n}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}`
        + `<Relationship Id="rId${last}" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`],
      ["xl/styles.xml", `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>`
        + '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        + '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        + '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
        + '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'],
      ...names.map((name, i) => [`xl/worksheets/sheet${i + 1}.xml`, sheet(sheets[name])]),
    ];
  }

  /** Numbers of two or four bytes, the low byte first. */
  const bytes = (...pairs) => pairs.flatMap(([value, length]) => Array.from({ length }, (_, i) => (value >>> (8 * i)) & 0xff));
  /** 1 January 1980, midnight: the same tables give the same file. */
  const DAY = 0x21;

  /** `[name, text]` as a ZIP archive whose members are stored as they are. */
  function zip(members) {
    const [bodies, index] = [[], []];
    let at = 0;
    for (const [name, text] of members) {
      const [label, body] = [name, text].map((part) => new TextEncoder().encode(part));
      // Version 2.0, names in UTF-8, stored, time, day, checksum, two sizes, length of the name, no extra.
      const about = [[20, 2], [0x800, 2], [0, 2], [0, 2], [DAY, 2], [parseInt(KB.codes.crc32(text), 16), 4], [body.length, 4], [body.length, 4], [label.length, 2], [0, 2]];
      const local = Uint8Array.from([...bytes([0x04034b50, 4], ...about), ...label]);
      index.push(Uint8Array.from([...bytes([0x02014b50, 4], [20, 2], ...about, [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]), ...label]));
      bodies.push(local, body);
      at += local.length + body.length;
    }
    const size = index.reduce((sum, entry) => sum + entry.length, 0);
    const end = Uint8Array.from(bytes([0x06054b50, 4], [0, 2], [0, 2], [index.length, 2], [index.length, 2], [size, 4], [at, 4], [0, 2]));
    return new Blob([...bodies, ...index, end], { type: `${TYPE}.sheet` });
  }

  /** Rows by sheet name as an Excel file; a number stays a number, everything else is text. */
  KB.xlsx = (sheets) => zip(parts(sheets));
})();
