// What stands around the desk's card: the turns before, the ladder, cases and pages, the key list.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const parts = (KB.deskParts = KB.deskParts || {});
  const { el } = KB;
  const REASONS = { industry: "同行业", type: "同一类问题", step: "也走到这一步", emotion: "客户情绪相近" };

  /** The turns before the open one, each two lines: what the customer said, what was done. */
  parts.log = (desk) => {
    const list = el("ol", {});
    const count = el("summary", {});
    const node = el("details", { class: "kb-log", hidden: true }, count, list);
    node.open = !desk.narrow;
    return {
      node,
      draw(contact, marks) {
        const turns = contact.turns.slice(0, -1);
        node.hidden = !turns.length;
        if (!turns.length) return;
        KB.write(count, `前面 ${turns.length} 轮`);
        const before = list.children.length;
        KB.rows(list, turns.map((t, i) => [t, marks[i]]), (row) => JSON.stringify(row), ([t, spans]) =>
          el("li", {},
            el("p", { class: "kb-log-said" }, el("span", { class: "kb-soft" }, `${KB.record.clock(t.at)} 客户：`), KB.marked(t.said, spans)),
            t.did.length > 0 && el("p", { class: "kb-log-did" }, el("span", { class: "kb-soft" }, "做了："),
              t.did.map((d) => desk.nameOf(d.step)).join("、"),
              t.did.some((d) => d.said) && el("span", { class: "kb-soft" }, ` “${t.did.map((d) => d.said).filter(Boolean).join(" ")}”`))));
        if (list.children.length !== before) list.scrollTop = list.scrollHeight;
      },
    };
  };

  /** The fifteen steps; a click ticks one as done, or, in a what-if, as supposed to be done. */
  parts.ladder = (desk) => {
    const buttons = new Map(desk.names.steps.map((s) => [s.id, el("button", {
      type: "button", "aria-pressed": "false", onclick: () => desk.toggle(s.id),
    }, s.name)]));
    const stages = Object.entries(desk.names.labels.stage).map(([stage, name]) => ({
      stage,
      node: el("li", { class: `stage-${stage}` }, el("b", {}, name),
        desk.names.steps.filter((s) => s.stage === stage).map((s) => buttons.get(s.id))),
    }));
    const node = el("ol", { class: "kb-ladder" }, stages.map((s) => s.node));
    return {
      node,
      draw(advice, step) {
        const done = KB.contact.done(desk.contact);
        const supposed = desk.whatif || [];
        const counted = desk.counted(advice);
        const now = desk.names.steps.find((s) => s.id === step);
        for (const { stage, node: column } of stages) column.classList.toggle("on", Boolean(now) && now.stage === stage);
        for (const [id, button] of buttons) {
          const pressed = done.includes(id) || supposed.includes(id);
          button.classList.toggle("is-counted", counted.includes(id));
          button.setAttribute("aria-pressed", String(pressed));
          button.title = supposed.includes(id) ? "假如做过，再点取消" : pressed ? "做过了，再点取消" : desk.whatif ? "点一下，假如做过" : counted.includes(id) ? "聊天里看得出做过；点一下，记为做过" : "点一下，记为做过";
          button.classList.toggle("is-supposed", supposed.includes(id));
          button.classList.toggle("in-plan", Boolean(advice) && advice.plan.includes(id));
          button.classList.toggle("is-now", id === step);
        }
      },
    };
  };

  /** Cases and pages, and what a few words found. */
  parts.side = (desk) => {
    const block = (title) => {
      const list = el("ul", { class: "kb-list" });
      const node = el("section", { hidden: true }, el("h3", {}, title), list);
      return { node, list };
    };
    const [found, cases, readings] = ["搜到的", "像这样的案例", "读一读"].map(block);
    const node = el("aside", { class: "kb-side", "aria-label": "案例和资料" }, found.node, cases.node, readings.node);
    const hit = (item, soft, text) => el("li", {},
      el("a", { href: desk.root + item.url, target: desk.mini ? "_blank" : null },
        item.badge && el("span", { class: "kb-badge" }, item.badge), el("b", {}, item.title)),
      soft && el("span", { class: "kb-soft" }, soft), text && el("p", { class: "kb-excerpt" }, text));
    const reasons = (item) => item.why.map((w) => REASONS[w]).filter(Boolean).join(" · ") || "说的事相近";
    const fill = (part, items, make) => {
      part.node.hidden = !items.length;
      KB.rows(part.list, items, (item) => JSON.stringify(item), make);
    };
    return {
      node,
      draw(advice, hits) {
        fill(found, hits || [], (h) => hit(h, null, KB.marked(h.excerpt, h.marks)));
        fill(cases, advice ? advice.cases : [], (c) => hit(c, reasons(c)));
        fill(readings, advice ? advice.readings : [], (r) => hit(r, reasons(r)));
        node.classList.toggle("kb-card", Boolean(advice) || Boolean(hits && hits.length));
      },
    };
  };

  const KEYS = [
    ["Ctrl ⏎", "这一步做完了，等客户接着说"], ["Alt 1 2 3", "复制第几句"], ["Alt ↓ ↑", "看别的步骤怎么说，再看回来"],
    ["Alt R", "我打算这样回：检查自己写的话"], ["Alt ⏎", "在那里：换掉标出来的头一处"], ["Alt B", "填空：没填上的空自己写"], ["Alt 0", "回到客户的话"],
    ["Alt W", "假如：先勾上几步看看，不会记下来"], ["Esc", "退出假如；从别的框回到客户的话"], ["Alt L", "这一通的记录"],
    ["Alt N", "新的一通"], ["Ctrl Z", "撤销一步（不在输入框里，或输入框空着时）"], ["/", "搜全书"], ["?", "看这张表"],
  ];

  /** All keys, in a dialog that the browser itself closes with Esc. */
  parts.help = (desk) => {
    const close = el("button", { type: "button", class: "kb-ghost", onclick: () => node.close() }, "关上");
    const node = el("dialog", { class: "kb-help", "aria-label": "按键" }, el("h3", {}, "按键"),
      el("dl", {}, KEYS.map(([keys, what]) => [el("dt", {}, keys.split(" ").map((k) => el("kbd", {}, k))), el("dd", {}, what)]).flat()),
      close);
    let before = null;
    node.addEventListener("close", () => (before && before.isConnected && before !== document.body ? before.focus() : desk.focus()));
    return {
      node,
      show() {
        before = document.activeElement;
        node.showModal();
        close.focus();
      },
    };
  };
})();
