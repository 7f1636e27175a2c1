/**
 * A contact as a record to hand on, after contact.js and private.js: JSON, Markdown, and the draft
 * of a new case.
 *
 * Whatever was typed is masked first, then quoted: it can become neither HTML nor YAML.
 */
(function (KB) {
  "use strict";

  const BLANK = "待补";
  /** A case has three to six moments; `kb check` asks for it. */
  const MOMENTS = [3, 6];

  /** The characters of a text; half of a surrogate pair is none, a file cannot hold it. */
  const characters = (text) =>
    Array.from(text, (char) => (/^[\ud800-\udfff]$/.test(char) ? "\ufffd" : char));

  /** A text on one line. */
  const oneLine = (text) => characters(text).join("").trim().replace(/\s*[\n\r\u0085\u2028\u2029]+\s*/g, " / ");

  /** A text inside one line of Markdown: nothing in it is markup. */
  const plain = (text) => oneLine(text).replace(/[\\`*_{}[\]<>|&$~#@]/g, "\\$&");

  /** A text as a YAML string in double quotes, on one line, whatever it holds. */
  function quoted(text) {
    const inside = characters(text).map((char) => {
      const code = char.codePointAt(0);
      if (char === "\\" || char === '"') return `\\${char}`;
      if (char === "\n") return "\\n";
      // What YAML allows nowhere as it is, and what it takes for the end of a line.
      const odd = code < 0x20 || (code >= 0x7f && code <= 0xa0) || code === 0x2028 || code === 0x2029
        || code === 0xfeff || (code & 0xfffe) === 0xfffe;
      if (!odd) return char;
      const hex = code.toString(16);
      return code > 0xffff ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
    });
    return `"${inside.join("")}"`;
  }

  const pad = (number) => String(number).padStart(2, "0");
  const day = (at) => `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  const time = (at) => `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  const when = (iso) => { const at = new Date(iso); return Number.isNaN(at.getTime()) ? null : at; };
  const clock = (iso) => { const at = when(iso); return at ? time(at) : ""; };

  const blanksOf = (text) => Array.from(text.matchAll(/\{([^{}]*)\}/g), (match) => match[1]);

  /**
   * The record: everything of the contact that others may see, masked.
   * @param {Contact} contact @param {{steps: Object[], labels: Object}} names
   */
  function record(contact, names) {
    const mask = KB.private.mask;
    const nameOf = (step) => (names.steps.find((s) => s.id === step) || { name: step }).name;
    const turns = contact.turns.filter((t) => t.said.trim() || t.did.length).map((t) => ({
      at: t.at,
      said: mask(t.said.trim()),
      did: t.did.map((d) => ({ step: d.step, name: nameOf(d.step), at: d.at, said: mask(d.said), advised: d.advised })),
      read: t.read && { ...t.read, missing: t.read.missing.slice() },
    }));
    const reads = turns.map((t) => t.read).filter(Boolean);
    const last = reads[reads.length - 1] || null;
    const done = KB.contact.done(contact);
    const union = (key) => [...new Set(reads.flatMap((r) => r[key]))];
    return {
      kind: "kb-contact", version: contact.version, id: contact.id, began: contact.began, ended: contact.ended,
      channel: contact.channel, industry: contact.industry,
      labels: {
        type: last ? last.type : "", emotion: reads.map((r) => r.emotion).filter((e, i, all) => e !== all[i - 1]),
        demand: union("demand").filter((d) => d !== "none"), risk: union("risk"),
      },
      steps: turns.flatMap((t) => t.did),
      turns,
      open: {
        steps: last ? last.plan.filter((s) => !done.includes(s)).map((s) => ({ step: s, name: nameOf(s) })) : [],
        facts: last ? last.missing : [],
        blanks: [...new Set(turns.flatMap((t) => t.did.flatMap((d) => blanksOf(d.said))))],
      },
    };
  }

  /** The record in words, for a ticket or a colleague; `plain` is how typed words are written. */
  function written(r, names, plain) {
    const label = (field, key) => (names.labels[field] || {})[key] || key;
    const list = (field, keys) => keys.map((k) => label(field, k)).join("、");
    const began = when(r.began);
    const facts = [
      ["渠道", r.channel && label("channel", r.channel)],
      ["行业", r.industry && label("industry", r.industry)],
      ["类型", r.labels.type && label("type", r.labels.type)],
      ["情绪", r.labels.emotion.map((e) => label("emotion", e)).join(" → ")],
      ["诉求", list("demand", r.labels.demand)],
      ["风险", r.labels.type && (list("risk", r.labels.risk) || "没有读出")],
    ].filter(([, value]) => value);
    const lines = [`# 接触记录 ${began ? `${day(began)} ${time(began)}` : plain(r.id)}`, ""];
    for (const [name, value] of facts) lines.push(`- ${name}：${plain(value)}`);
    lines.push(`- 编号：${plain(r.id)}`, "", "## 经过", "");
    for (const t of r.turns) {
      if (t.said) lines.push(`- ${clock(t.at)} 客户：${plain(t.said)}`);
      for (const d of t.did) {
        const own = d.advised && d.advised !== d.step ? "，没照应答台的建议" : "";
        lines.push(`- ${clock(d.at)} 做了：${plain(d.name)}${d.said ? `，说：“${plain(d.said)}”` : ""}${own}`);
      }
    }
    if (!r.turns.length) lines.push("还没有内容。");
    const open = [
      r.open.steps.length && `接下来：${r.open.steps.map((s) => plain(s.name)).join(" → ")}`,
      r.open.facts.length && `还缺：${r.open.facts.map(plain).join("、")}`,
      r.open.blanks.length && `话里还空着：${r.open.blanks.map(plain).join("、")}`,
    ].filter(Boolean);
    if (open.length) lines.push("", "## 还没完的", "", ...open.map((line) => `- ${line}`));
    return `${lines.join("\n")}\n`;
  }

  /** The record as a file of Markdown, in which nothing typed is markup. */
  const markdown = (r, names) => written(r, names, plain);

  /** The record as it is read on the screen, on paper and in a ticket: words as they were typed. */
  const text = (r, names) => written(r, names, oneLine);

  /** The moments of a case: one for every step that was done, with what was said before it. */
  function moments(r, ladder) {
    const found = [];
    const done = [];
    let heard = "";
    for (const t of r.turns) {
      heard = t.said || heard;
      for (const d of t.did) {
        const own = ladder[d.step] || { why: BLANK, avoid: [] };
        const followed = t.read && t.read.step === d.step;
        found.push({
          said: heard || BLANK, done: done.slice(), step: d.step,
          why: followed ? t.read.why : own.why,
          say: d.said || BLANK,
          not: (followed && t.read.not) || (own.avoid[0] || { text: BLANK }).text,
          emotion: t.read ? t.read.emotion : "",
        });
        if (!done.includes(d.step)) done.push(d.step);
      }
    }
    return found;
  }

  /** The draft of a case as `cases/<id>.md`; what only a person can write is marked 待补. */
  function draft(r, ladder, today = new Date()) {
    const items = (values) => `[${values.map(quoted).join(", ")}]`;
    const all = moments(r, ladder);
    const kept = all.slice(0, MOMENTS[1]);
    const emotion = r.labels.emotion[0] || BLANK;
    const lines = [
      "---", `id: ${caseId(r)}`, `title: ${BLANK}`, `source: [${BLANK}]`,
      `industry: ${quoted(r.industry || BLANK)}`, `channel: ${quoted(r.channel || BLANK)}`,
      `type: ${quoted(r.labels.type || BLANK)}`, `emotion: ${quoted(emotion)}`,
      `demand: ${items(r.labels.demand)}`, `risk: ${items(r.labels.risk)}`,
      `outcome: ${BLANK}`, "people: [客户, 客服]", "asks:", `  - ${BLANK}：五到十句，写亲历者会怎么说这件事`,
      `checked: ${day(today)}`, `lead: ${BLANK}`, "moments:",
    ];
    for (const m of kept) {
      lines.push(`  - said: ${quoted(m.said)}`, `    done: ${items(m.done)}`, `    step: ${quoted(m.step)}`, "    also: []",
        `    why: ${quoted(m.why)}`, `    say: ${quoted(m.say)}`, `    not: ${quoted(m.not)}`);
      if (m.emotion && m.emotion !== emotion) lines.push(`    emotion: ${quoted(m.emotion)}`);
    }
    for (let i = kept.length; i < MOMENTS[0]; i++) {
      lines.push(`  - said: ${BLANK}`, "    done: []", `    step: ${BLANK}`, `    why: ${BLANK}`, `    say: ${BLANK}`, `    not: ${BLANK}`);
    }
    if (all.length > kept.length) lines.push(`# 还有 ${all.length - kept.length} 个时刻没有写进来：一篇最多六个，挑最要紧的`);
    lines.push("discuss:", `  - ${BLANK}`, `lesson: ${BLANK}`, "---", "", "## 经过", "", `${BLANK}：把下面的记录改写成一段经过。`, "");
    for (const t of r.turns) {
      if (t.said) lines.push(`- 客户：${plain(t.said)}`);
      for (const d of t.did) lines.push(`- ${plain(d.name)}${d.said ? `：“${plain(d.said)}”` : ""}`);
    }
    lines.push("", "## 好在哪里", "", `${BLANK}（办砸了写“错在哪里”，有得有失写“得失”）`, "", "## 换一种做法", "", BLANK);
    return `${lines.join("\n")}\n`;
  }

  /** The name of the case's file, which is its id. */
  const caseId = (r) => `contact-${r.id.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}`;

  KB.record = { record, markdown, text, draft, caseId, clock, quoted };
})(globalThis.KB);
