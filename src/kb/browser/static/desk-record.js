// “这一通的记录”: what leaves the desk, masked, as a person sees it before it leaves; kept contacts.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const parts = (KB.deskParts = KB.deskParts || {});
  const { el } = KB;

  parts.record = (desk) => {
    const text = el("pre", { class: "kb-record-text", tabindex: "0", "aria-label": "记录的内容" });
    const print = el("div", { class: "kb-print-record" });
    const record = () => KB.record.record(desk.contact, desk.names);
    const forms = [
      { word: "记录", copied: (r) => KB.record.text(r, desk.names), name: (r) => `${r.id}.md`, type: "text/markdown", make: (r) => KB.record.markdown(r, desk.names) },
      { word: "JSON", name: (r) => `${r.id}.json`, type: "application/json", make: (r) => `${JSON.stringify(r, null, 2)}\n` },
      { word: "案例草稿", name: (r) => `${KB.record.caseId(r)}.md`, type: "text/markdown", make: (r) => KB.record.draft(r, desk.words.ladder) },
    ];
    const rows = forms.map(({ word, name, type, make, copied = make }) => {
      const copy = el("button", { type: "button", class: "kb-copy", "aria-label": `复制${word}` }, "复制");
      copy.addEventListener("click", async () => {
        if (await KB.copyFrom(copy, copied(record()))) desk.note(`${word}已复制`);
      });
      return el("li", {}, el("span", { class: "kb-say-text" }, word), copy,
        el("button", { type: "button", class: "kb-copy", "aria-label": `下载${word}`, onclick: () => {
          const r = record();
          KB.download(name(r), make(r), type);
          desk.note(`${word}在下载里：${name(r)}`);
        } }, "下载"));
    });
    const kept = el("ul", { class: "kb-list kb-kept" });
    const none = el("p", { class: "kb-soft" }, "还没有别的记录。");
    const clear = el("button", { type: "button", class: "kb-ghost", onclick: () => ask(true) }, "清除本机记录");
    const goes = el("span", {});
    const stay = el("button", { type: "button", class: "kb-ghost", onclick: () => ask(false) }, "留着");
    const sure = el("p", { class: "kb-sure", role: "group", "aria-label": "清除本机记录？", hidden: true }, goes, " ",
      el("button", { type: "button", class: "kb-ghost", onclick: () => { ask(false); desk.clearKept(); } }, "清掉"), " ", stay);
    const machine = el("section", { hidden: !desk.keep }, el("h3", {}, "本机记录"),
      el("p", { class: "kb-soft" }, `只在这台电脑的这个浏览器里，最多留最近 ${KB.keep ? KB.keep.MOST : 0} 通；不会发到别处。`), kept, none, clear, sure);
    const node = el("details", { class: "kb-card kb-record" },
      el("summary", {}, "这一通的记录 ", el("kbd", { class: "kb-keys" }, "Alt L")),
      el("p", { class: "kb-soft" }, "手机号、固定电话、身份证、银行卡、车牌、邮箱已经遮住。姓名和地址认不全，发出去前再看一眼。"),
      text, el("ul", { class: "kb-lines" }, rows),
      el("p", { class: "kb-record-bar" },
        el("button", { type: "button", class: "kb-ghost", onclick: () => window.print() }, "打印"),
        el("button", { type: "button", class: "kb-ghost", onclick: desk.renew }, "新的一通")),
      machine);

    /** What is cleared cannot be taken back: say what goes, and let the person say so again. */
    function ask(asking) {
      const others = desk.keep.list().filter((c) => c.id !== desk.contact.id).length;
      KB.write(goes, `${[!KB.contact.isEmpty(desk.contact) && "现在这一通", others && `别的 ${others} 通`, "记住的渠道和行业"].filter(Boolean).join("、")}都会清掉，找不回来。`);
      sure.hidden = !asking;
      clear.hidden = asking;
      (asking ? stay : clear).focus();
    }

    function draw() {
      if (!node.open) return;
      KB.write(text, KB.record.text(record(), desk.names));
      if (!desk.keep) return;
      const others = desk.keep.list().filter((c) => c.id !== desk.contact.id);
      none.hidden = others.length > 0;
      KB.rows(kept, others, (c) => JSON.stringify([c.id, c.turns.length, c.turns[0].said]), (c) => {
        const began = new Date(c.began);
        const day = Number.isNaN(began.getTime()) ? "" : `${began.getMonth() + 1} 月 ${began.getDate()} 日 ${KB.record.clock(c.began)}`;
        const first = Array.from(KB.private.mask(c.turns[0].said)).slice(0, 24).join("");
        return el("li", {}, el("button", { type: "button", class: "kb-kept-one", onclick: () => desk.take(c.id) },
          el("span", { class: "kb-soft" }, day), " ", first || "（没写客户的话）",
          el("span", { class: "kb-soft" }, ` · ${c.turns.length} 轮`)));
      });
    }

    node.addEventListener("toggle", draw);
    return {
      node, print, draw,
      /** Put the record on paper in place of the desk; nothing to print, nothing put. */
      ready() {
        const empty = KB.contact.isEmpty(desk.contact);
        print.replaceChildren(...(empty ? [] : [el("pre", {}, KB.record.text(record(), desk.names))]));
        document.documentElement.classList.toggle("kb-printing-record", !empty);
      },
      show() {
        node.open = true;
        draw();
        node.scrollIntoView({ block: "nearest" });
        node.querySelector("summary").focus({ preventScroll: true });
      },
    };
  };
})();
