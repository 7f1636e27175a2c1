/**
 * One contact with a customer, turn by turn, after text.js and turns.js: plain data and what may
 * happen to it. Nothing here draws, stores or asks; every change gives a new contact.
 */
(function (KB) {
  "use strict";

  const VERSION = 1;
  /** So many characters of the customer's words are kept: of a longer chat the end, which decides. */
  const MOST = 20000;
  /** A turn cut off in front goes, up to so many characters: nobody could say whose words they are. */
  const CUT_OFF = 500;

  /**
   * What was done in answer: the step, when (ISO), in which words (empty: not known), and which
   * step had been advised.
   * @typedef {{step: string, at: string, said: string, advised: string}} Did
   *
   * What the customer said in one go, what was done after it, and what the advisor read.
   * @typedef {{at: string, said: string, did: Did[], read: ?Object}} Turn
   *
   * Words on the clipboard, most likely to be said: for which step, in answer to which turn.
   * @typedef {{step: string, turn: number, text: string}} Words
   *
   * The last turn is the open one, in which the customer is speaking; `words` wait for their step.
   * @typedef {{version: number, id: string, began: string, ended: string, channel: string,
   *   industry: string, turns: Turn[], words: Words[], draft: string}} Contact
   */

  const blank = (text) => !text.trim();
  const open = (contact) => contact.turns[contact.turns.length - 1];
  const turn = (at) => ({ at, said: "", did: [], read: null });

  /** An id that no other tab makes: the time and four random letters. */
  function newId(now) {
    const letters = Array.from({ length: 4 }, () => "abcdefghijkmnpqrstuvwxyz"[Math.floor(Math.random() * 24)]);
    return `${now.toISOString().replace(/[-:]|[.].*/g, "").replace("T", "-").toLowerCase()}-${letters.join("")}`;
  }

  /** @returns {Contact} */
  function create(now = new Date()) {
    const at = now.toISOString();
    return {
      version: VERSION, id: newId(now), began: at, ended: "", channel: "", industry: "",
      turns: [turn(at)], words: [], draft: "",
    };
  }

  function withOpen(contact, changes) {
    return { ...contact, turns: [...contact.turns.slice(0, -1), { ...open(contact), ...changes }] };
  }

  /** The customer's words of the open turn are now `text`. */
  function typed(contact, text, now = new Date()) {
    return withOpen(contact, blank(open(contact).said) ? { said: text, at: now.toISOString() } : { said: text });
  }

  /** The place of the turn that a step done now answers: the last in which anything was said. */
  function answered(contact) {
    const last = contact.turns.length - 1;
    return last > 0 && blank(contact.turns[last].said) ? last - 1 : last;
  }

  /** What was copied for `step` in answer to the customer's last words. */
  function wordsOf(contact, step) {
    const turn = answered(contact);
    return contact.words.find((w) => w.step === step && w.turn === turn);
  }

  /** A step is done in answer to the last words, in the words that were copied for it. */
  function withDid(contact, step, advised, now, read) {
    const place = answered(contact);
    const words = wordsOf(contact, step);
    const did = { step, at: now.toISOString(), said: words ? words.text : "", advised };
    const turns = contact.turns.map((t, i) => (i === place ? { ...t, did: [...t.did, did], read: read || t.read } : t));
    return { ...contact, turns, words: contact.words.filter((w) => w !== words) };
  }

  /** The steps done so far, in the order of their first time. */
  const done = (contact) => [...new Set(contact.turns.flatMap((t) => t.did.map((d) => d.step)))];

  /** Whether `step` was already done in answer to the customer's last words. */
  const answeredWith = (contact, step) => contact.turns[answered(contact)].did.some((d) => d.step === step);

  /** Tick a step as done, or take it back, without the customer's turn ending. */
  function toggled(contact, step, advised = "", now = new Date()) {
    if (done(contact).includes(step)) {
      const turns = contact.turns.map((t) => ({ ...t, did: t.did.filter((d) => d.step !== step) }));
      return { ...contact, turns };
    }
    return withDid(contact, step, advised, now);
  }

  /** A step is done, in the words that were copied; now it is the customer's turn again. */
  function finished(contact, step, read, now = new Date()) {
    const next = withDid(contact, step, read ? read.step : "", now, read);
    return blank(open(contact).said) ? next : { ...next, turns: [...next.turns, turn(now.toISOString())] };
  }

  /** `text` was copied for `step`, in place of what was copied for it before, or `beside` that. */
  function copied(contact, step, text, beside = false) {
    const before = wordsOf(contact, step);
    const lines = before && beside ? before.text.split("\n").filter((line) => line !== text) : [];
    const words = { step, turn: answered(contact), text: [...lines, text].join("\n") };
    return { ...contact, words: [...contact.words.filter((w) => w !== before), words] };
  }

  /**
   * `before` again, which a step had made `after` of: the step is taken back, and nothing that was
   * written or chosen since then.
   */
  function undone(before, after, contact) {
    if (before.began !== contact.began) return before;
    const next = { ...before, id: contact.id };
    for (const field of ["channel", "industry", "draft", "words"]) {
      if (contact[field] !== after[field]) next[field] = contact[field];
    }
    const { said } = open(contact);
    if (blank(said) || said === open(after).said) return next;
    const same = before.turns.length === contact.turns.length;
    // The customer's turn did not end: what came then belongs to it.
    return withOpen(next, { said: same || blank(open(before).said) ? said : `${open(before).said}\n${said}` });
  }

  /** Whether all is closed: thanked, written down or called back, and nothing new was said since. */
  function ended(contact) {
    const did = done(contact);
    return blank(open(contact).said) && did.includes("thank")
      && (did.includes("record") || did.includes("follow_up"));
  }

  /** Whether nothing was said and nothing done. */
  const isEmpty = (contact) =>
    contact.turns.length === 1 && blank(open(contact).said) && !done(contact).length && blank(contact.draft);

  /** The end of a text that is too long. */
  function tail(text) {
    const chars = KB.text.chars(text);
    if (chars.length <= MOST) return text;
    const end = chars.slice(-MOST).join("");
    const line = end.indexOf("\n") + 1;
    return line <= CUT_OFF ? end.slice(line) : end;
  }

  /** Whether a text begins with the name of a speaker, as a pasted chat does. */
  const opens = (text, speakers) => KB.turns(KB.text.normalise(text), speakers)[0].start > 0;

  /**
   * The contact as the advisor reads it: the words alone, or all turns with the speakers' names.
   * `starts` are the code points at which the words of each turn begin in `text`, -1: not in it.
   * @returns {{text: string, starts: number[]}}
   */
  function transcript(contact, speakers) {
    const said = contact.turns.filter((t) => !blank(t.said) || t.did.some((d) => d.said));
    const only = said.length === 1 && !said[0].did.some((d) => d.said);
    let text = "";
    const starts = contact.turns.map((t) => {
      let start = -1;
      if (!blank(t.said)) {
        const opening = only || opens(t.said, speakers) ? "" : `${speakers.customer[0]}：`;
        start = KB.text.chars(text + opening).length;
        text += `${opening}${t.said}\n`;
      }
      for (const { said: words } of t.did) {
        if (words) text += `${speakers.agent[0]}：${words.replace(/\s*\n\s*/g, " ")}\n`;
      }
      return start;
    });
    return { text: text.slice(0, -1), starts };
  }

  /** What the customer told in all turns; the agent's lines of a pasted chat left out. */
  function told(contact, speakers) {
    return contact.turns.map(({ said }) => {
      const n = KB.text.normalise(said);
      const chars = KB.text.chars(said);
      return KB.turns(n, speakers).filter((t) => !t.agent && t.end > t.start)
        .map((t) => chars.slice(...KB.text.span(n, t.start, t.end)).join("")).join("\n");
    }).join("\n");
  }

  const isText = (x) => typeof x === "string";
  const isDid = (d) => d && isText(d.step) && isText(d.at) && isText(d.said) && isText(d.advised);
  const isWords = (w) => w && isText(w.step) && Number.isInteger(w.turn) && isText(w.text);
  const isRead = (r) => r === null || (r && isText(r.step) && isText(r.why) && isText(r.type) && isText(r.emotion)
    && isText(r.not) && ["demand", "risk", "plan", "missing"].every((k) => Array.isArray(r[k]) && r[k].every(isText)));
  const isTurn = (t) => t && isText(t.at) && isText(t.said) && Array.isArray(t.did) && t.did.every(isDid) && isRead(t.read);

  /** Whether `x`, read from a store, is a contact of this version. */
  const isContact = (x) => Boolean(x) && x.version === VERSION
    && ["id", "began", "ended", "channel", "industry", "draft"].every((k) => isText(x[k]))
    && Array.isArray(x.words) && x.words.every(isWords)
    && Array.isArray(x.turns) && x.turns.length > 0 && x.turns.every(isTurn);

  /** What is kept of an advice: enough for the record, not its cases and sentences. */
  const readOf = (advice) => ({
    step: advice.step, why: advice.why, plan: advice.plan, type: advice.type, emotion: advice.emotion,
    demand: advice.demand, risk: advice.risk, not: advice.avoid.length ? advice.avoid[0].text : "",
    missing: (advice.missing || []).map((m) => m.name),
  });

  KB.contact = {
    create, newId, typed, toggled, finished, copied, undone, done, answered, answeredWith, ended, isEmpty, isContact,
    transcript, told, readOf, open, tail,
  };
})(globalThis.KB);
