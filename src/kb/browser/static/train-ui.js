// Small parts that the pages of training share: files in and out, a notice with undo, days in words.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { el } = KB;
  const LARGEST = 5e6;

  /** Files of a person as `[{ file, text }]`; one that is no text of ours has the text "". */
  const readFiles = (files) => Promise.all(Array.from(files, async (file) => ({
    file: file.name,
    text: file.size > LARGEST ? "" : await file.text().catch(() => ""),
  })));

  /** A place to choose or drop files; `onFiles` gets `[{ file, text }]`. */
  function drop({ words, accept, multiple, onFiles }) {
    const input = el("input", { type: "file", accept, multiple, class: "kb-visually-hidden" });
    const label = el("label", { class: "kb-drop" }, input, el("span", {}, words));
    const take = async (files) => { if (files.length) onFiles(await readFiles(files)); };
    input.addEventListener("change", async () => { await take(input.files); input.value = ""; });
    const over = (yes) => (event) => { event.preventDefault(); label.classList.toggle("is-over", yes); };
    label.addEventListener("dragover", over(true));
    label.addEventListener("dragleave", over(false));
    label.addEventListener("drop", (event) => { over(false)(event); take(event.dataTransfer.files); });
    return label;
  }

  /** A line at the foot of the window that says what happened; with `undo`, a way back. */
  function notice(words, undo) {
    document.querySelectorAll(".kb-notice").forEach((old) => old.remove());
    const box = el("div", { class: "kb-notice", role: "status" });
    document.body.append(box);
    const close = () => box.remove();
    // Put in after the box stands, so that a screen reader notices the change.
    box.append(...[el("span", {}, words),
      undo && el("button", { type: "button", class: "kb-ghost", onclick: () => { close(); undo(); } }, "撤销"),
      el("button", { type: "button", class: "kb-ghost", "aria-label": "关掉这条提示", onclick: close }, "✕")].filter(Boolean));
    if (!undo) setTimeout(close, 6000);
  }

  /** 2026-12-05 as 12 月 5 日（周六）; with the year where it is not this one. */
  function dayWords(day) {
    const [year, month, date] = day.split("-").map(Number);
    const week = "日一二三四五六"[new Date(year, month - 1, date).getDay()];
    const own = year === new Date().getFullYear() ? "" : `${year} 年 `;
    return `${own}${month} 月 ${date} 日（周${week}）`;
  }

  /** 2026-11-22T09:30:00Z as 11 月 22 日 17:30. */
  function timeWords(time) {
    const [day, clock] = KB.codes.local(time).split(" ");
    const [, month, date] = day.split("-").map(Number);
    return `${month} 月 ${date} 日 ${clock}`;
  }

  const minutesWords = (minutes) => (minutes < 1 ? "不到 1 分钟" : minutes < 60 ? `${minutes} 分钟` : `${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分钟`);

  /** The words above the page and on its tab. */
  function title(words) {
    document.querySelector("article h1").textContent = words;
    document.title = words;
  }

  /** A bar that shows so many of so many; the words beside it say the same. */
  const meter = (done, all) => el("span", { class: "kb-meter", "aria-hidden": "true" },
    el("i", { style: `width: ${all ? Math.round((100 * done) / all) : 0}%` }));

  /** A button; `look` is a class. */
  const button = (words, onclick, look = "kb-ghost", more = {}) => el("button", { type: "button", class: look, onclick, ...more }, words);

  KB.ui = { download: KB.download, drop, notice, dayWords, timeWords, minutesWords, meter, button, title };
})();
