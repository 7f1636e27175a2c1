// Handing in: what the receipt holds, in plain words, before it is given as a file or a code.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const { el, ui, progress } = KB;

  function holds(receipt, standing) {
    const answers = receipt.items.flatMap((item) => item.answers);
    const first = answers.filter((a) => a.try === 1);
    const drills = receipt.items.filter((item) => item.drill).length;
    return el("ul", {},
      el("li", {}, "您的名字：", el("b", {}, receipt.person)),
      el("li", {}, `读单“${receipt.list.title}”，完成 ${standing.done} / ${standing.all} 项`),
      el("li", {}, `${receipt.items.length} 页各自第一次打开、读到底的时间，和停留的时间（一共${ui.minutesWords(Math.round(receipt.items.reduce((sum, i) => sum + i.seconds, 0) / 60))}）`),
      el("li", {}, first.length
        ? `${answers.length} 次答题：题目、选了哪个、对错、时间；第一次就答对 ${first.filter((a) => a.right).length} / ${first.length} 题`
        : "没有答过题"),
      drills > 0 && el("li", {}, `${drills} 次演练：选对几步，客户最后的情绪`),
      el("li", {}, "这本书的内容版本"),
      el("li", {}, "没有别的：不含自由练习、别的读单、别的人、电脑和网络的信息"));
  }

  function hand(view, key, training, back) {
    ui.title("交回执");
    const record = progress.listRecord(key);
    if (!record) {
      view.append(el("p", { class: "kb-card" }, "这份读单不在这里：可能是别人名下的，或者已经移除。"), back());
      return;
    }
    const { list } = record;
    const standing = progress.standing(record);
    let person = progress.current().name;
    const body = el("div");

    function draw() {
      const receipt = KB.receipt.make({ record, key, book: training.book, person });
      const code = KB.receipt.toCode(receipt);
      const file = `${KB.lists.fileName(`回执-${list.title}-${person}`)}.kb-receipt.json`;
      const copy = ui.button("复制回执码", () => KB.copyFrom(copy, code));
      body.replaceChildren(
        el("h2", {}, "里面有什么"), holds(receipt, standing),
        el("details", {}, el("summary", {}, "看原文"), el("pre", { class: "kb-raw" }, JSON.stringify(receipt, null, 2))),
        el("h2", {}, "怎么交"),
        el("p", {}, "把文件发给布置的人；不方便发文件，就复制回执码，贴进邮件或聊天里。"),
        el("p", { class: "kb-actions" },
          ui.button("下载回执文件", () => ui.download(file, JSON.stringify(receipt, null, 2)), "kb-button"), copy),
        el("details", {}, el("summary", {}, "看回执码"), el("textarea", { class: "kb-code", rows: "5", readonly: true, "aria-label": "回执码" }, code)),
        el("p", { class: "kb-soft" }, "回执是明文，校验码只用来发现路上丢字，防不了造假：它和交它的人一样诚实。"));
    }

    const unlisted = list.people.length > 0 && !list.people.includes(person);
    view.append(...[back(`read=${key}`, "回到读单"),
      standing.open.length > 0 && el("p", { class: "kb-card" }, `还有 ${standing.open.length} 项没完成。现在交也可以，做完以后再交一份就是。`),
      unlisted && el("p", { class: "kb-card" }, el("label", {}, `读单的名单里没有“${person}”。用哪个名字交？ `,
        el("select", { onchange: (event) => { person = event.target.value; draw(); } },
          [person, ...list.people].map((name) => el("option", { value: name }, name))))),
      body].filter(Boolean));
    draw();
  }

  KB.trainViews = { ...KB.trainViews, hand };
})();
