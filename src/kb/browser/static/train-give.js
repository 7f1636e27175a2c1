// A reading list given away: link, QR code, file, paper, YAML.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { el, ui, lists } = KB;
  const SVG = "http://www.w3.org/2000/svg";
  /** Links longer than this make a QR code that phones do not read from paper. */
  const LONGEST_QR = 1600;
  const QUIET = 4;

  const online = /^https?:$/.test(location.protocol);
  const alone = /^(localhost|127\.|\[::1\])/.test(location.hostname);

  const linkOf = (list) => new URL(`${KB.root}book/training/index.html#list=${lists.toCode(list)}`, location.href).href;

  /** A text as a QR code: dark on white in every colour scheme, or no phone reads it. */
  function drawQr(text) {
    const code = globalThis.qrcode(0, "L");
    code.addData(text, "Byte");
    code.make();
    const size = code.getModuleCount() + 2 * QUIET;
    let path = "";
    for (let row = 0; row < code.getModuleCount(); row += 1) {
      for (let column = 0; column < code.getModuleCount(); column += 1) {
        if (code.isDark(row, column)) path += `M${column + QUIET} ${row + QUIET}h1v1h-1z`;
      }
    }
    const svg = document.createElementNS(SVG, "svg");
    const set = (node, values) => {
      for (const [name, value] of Object.entries(values)) node.setAttribute(name, value);
      return node;
    };
    set(svg, { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": "读单的二维码", class: "kb-qr", "shape-rendering": "crispEdges" });
    svg.append(set(document.createElementNS(SVG, "rect"), { width: size, height: size, fill: "#fff" }),
      set(document.createElementNS(SVG, "path"), { d: path, fill: "#000" }));
    return svg;
  }

  /** The list on paper: title, people, day, items to tick; it is seen only when printed. */
  function paper(list, training, qr) {
    return el("div", { class: "kb-paper" },
      el("h2", {}, list.title),
      el("p", {}, [list.for && `给：${list.for}`, list.due && `截止：${ui.dayWords(list.due)}`, `答题对 ${list.pass} % 及格`,
        `约 ${ui.minutesWords(list.items.reduce((sum, item) => sum + item.minutes, 0))}`].filter(Boolean).join("　")),
      el("ol", {}, list.items.map((item) => el("li", {}, el("span", { class: "kb-tick" }), training.titleOf(item.ref),
        el("small", {}, `${lists.kindOf(item.ref)} · ${item.minutes} 分钟 · ${lists.PROOFS[item.proof]}`)))),
      list.people.length > 0 && el("table", { class: "kb-paper-people" },
        el("thead", {}, el("tr", {}, ["姓名", "完成日期", "签名"].map((word) => el("th", {}, word)))),
        el("tbody", {}, list.people.map((name) => el("tr", {}, el("td", {}, name), el("td", {}), el("td", {}))))),
      qr && el("div", { class: "kb-paper-qr" }, drawQr(linkOf(list)), el("p", {}, "扫码打开读单")));
  }

  let shown = false; // whether the reader asked for the QR code

  function qrPart(list) {
    if (!online) return el("p", { class: "kb-soft" }, "二维码要有网址才能扫：把这本书放到内部网站上，从那里打开这一页，再做二维码。");
    if (linkOf(list).length > LONGEST_QR) return el("p", { class: "kb-soft" }, "这份读单太长，做成二维码手机扫不出来。请发链接或文件，或拆成两份。");
    const place = el("div");
    const show = () => KB.load("vendor-qrcode.js").then(
      () => { shown = true; place.replaceChildren(drawQr(linkOf(list))); },
      () => place.replaceChildren(el("p", { class: "kb-problem", role: "alert" }, "二维码没有做成：缺少文件。请确认整个文件夹都在，再刷新这一页。")));
    if (shown) show();
    else place.append(ui.button("显示二维码", show));
    return place;
  }

  async function print(list, training) {
    const qr = online && linkOf(list).length <= LONGEST_QR;
    if (qr) await KB.load("vendor-qrcode.js").catch(() => {});
    const sheet = paper(list, training, qr && globalThis.qrcode);
    document.body.append(sheet);
    document.body.classList.add("kb-print-list");
    window.addEventListener("afterprint", () => {
      sheet.remove();
      document.body.classList.remove("kb-print-list");
    }, { once: true });
    window.print();
  }

  /** What stands beside the draft: every way to give `list` away, or why there is none yet. */
  KB.giveList = (list, why, training, setId) => {
    const head = el("h2", {}, "发出去");
    if (!list) return [head, el("p", { class: "kb-soft" }, why)];
    const link = linkOf(list);
    const yaml = lists.toYaml(list, (ref) => training.item(ref) && training.item(ref).minutes);
    const copyLink = ui.button("复制链接", () => KB.copyFrom(copyLink, link), "kb-button");
    const copyYaml = ui.button("复制", () => KB.copyFrom(copyYaml, yaml));
    const problem = el("span", { class: "kb-problem", role: "alert" });
    const id = el("input", { type: "text", value: list.id, maxlength: 64, "aria-label": "编号", onchange: () => {
      const good = lists.isId(id.value);
      problem.textContent = good ? "" : "编号只能用小写英文和数字，中间可以用连字符隔开。";
      if (good) setId(id.value);
    } });
    return [head,
      el("p", {}, copyLink),
      (!online || alone) && el("p", { class: "kb-soft" }, online
        ? "这本书是从这台电脑打开的，链接发给别人打不开：请发文件，或从内部网站打开这一页再复制。"
        : "这本书是从文件夹打开的，链接只在这台电脑上能用：发给别人请用文件。"),
      el("p", {}, ui.button("下载文件", () => ui.download(`${lists.fileName(list.title)}.kb-list.json`, JSON.stringify(list, null, 2)))),
      qrPart(list),
      el("p", {}, ui.button("打印清单", () => print(list, training))),
      el("details", {}, el("summary", {}, "放进书里"),
        el("p", { class: "kb-soft" }, "存成 ", el("code", {}, `assignments/${list.id}.yml`), "，重新生成，人人都能在“训练”里看到。"),
        el("p", { class: "kb-field" }, el("label", {}, "编号 ", id), problem),
        el("pre", { class: "kb-raw" }, yaml), copyYaml)];
  };
})();
