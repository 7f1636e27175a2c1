// Who did what: the report over receipts, the twin of kb.training.report, field by field.
(function () {
  "use strict";
  const KB = globalThis.KB;
  const HARD = 10;
  const HALF = (sum, parts) => Math.floor((2 * sum + parts) / (2 * parts));
  const { byCode } = KB.codes;

  /** Whether what the list asks of an item was done. */
  function proved(proof, item) {
    if (!item) return false;
    if (proof === "drill") return Boolean(item.drill);
    return item.end !== "" && (proof === "read" || item.answers.some((a) => a.right === 1));
  }

  /** The latest time that stands in a receipt. */
  function latest(receipt) {
    const times = [receipt.started, receipt.finished];
    for (const item of receipt.items) {
      times.push(item.opened, item.end, ...item.answers.map((a) => a.at));
      if (item.drill) times.push(item.drill.at);
    }
    return times.sort().pop();
  }

  /** Whether `one` counts rather than `other`, which came before it. */
  function counts(one, other) {
    if (Boolean(one.finished) !== Boolean(other.finished)) return Boolean(one.finished);
    return latest(one) >= latest(other);
  }

  const firstTries = (receipt) => receipt.items.flatMap((item) => item.answers).filter((a) => a.try === 1);

  function personOf(name, list, receipt, book) {
    const items = list.items.length;
    if (!receipt) {
      return { person: name, state: "missing", late: false, score: null, minutes: 0, finished: "", done: 0, items, otherBook: false };
    }
    const byRef = new Map(receipt.items.map((item) => [item.ref, item]));
    const done = list.items.filter(({ ref, proof }) => proved(proof, byRef.get(ref))).length;
    const first = firstTries(receipt);
    const score = first.length ? HALF(100 * first.filter((a) => a.right).length, first.length) : null;
    const state = done < items ? "open" : score === null || score >= list.pass ? "passed" : "failed";
    return {
      person: name, state,
      late: Boolean(list.due && receipt.finished && KB.codes.local(receipt.finished).slice(0, 10) > list.due),
      score, minutes: HALF(receipt.items.reduce((sum, item) => sum + item.seconds, 0), 60),
      finished: receipt.finished, done, items, otherBook: Boolean(book) && receipt.book !== book,
    };
  }

  function listOf(key, list, people, book) {
    const named = list.people.map((name) => name.trim());
    const others = Array.from(people.keys()).filter((name) => !named.includes(name)).sort(byCode);
    // Without a prototype: step and name come from the receipt, and may be any word.
    const bare = () => Object.create(null);
    const [steps, asked] = [bare(), new Map()];
    for (const [name, { receipt }] of people) {
      for (const answer of firstTries(receipt)) {
        if (answer.step) {
          const cell = ((steps[answer.step] ||= bare())[name] ||= [0, 0]);
          cell[0] += answer.right;
          cell[1] += 1;
        }
        const tally = asked.get(answer.q) || asked.set(answer.q, { q: answer.q, right: 0, asked: 0 }).get(answer.q);
        tally.right += answer.right;
        tally.asked += 1;
      }
    }
    const hard = Array.from(asked.values()).filter((q) => q.right < q.asked)
      .sort((a, b) => a.right * b.asked - b.right * a.asked || b.asked - a.asked || byCode(a.q, b.q)).slice(0, HARD);
    return {
      key, title: list.title, due: list.due, pass: list.pass,
      people: [...new Set([...named, ...others])].map((name) => personOf(name, list, people.get(name) && people.get(name).receipt, book)),
      steps, hard,
    };
  }

  /**
   * The report over `given`, `[{ file, text }]` in the order in which they count; `book` is the
   * digest of the book's content, or "".
   */
  function report(given, book) {
    const problems = [];
    const lists = new Map();
    for (const { file, text } of given) {
      const { receipt, problem } = KB.receipt.read(text);
      if (problem) {
        problems.push({ file, what: problem });
        continue;
      }
      const name = receipt.person.trim();
      if (!lists.has(receipt.key)) lists.set(receipt.key, { list: receipt.list, people: new Map() });
      const { people } = lists.get(receipt.key);
      const other = people.get(name);
      if (other) {
        const newer = counts(receipt, other.receipt);
        const why = receipt.check === other.receipt.check ? "有两份一样的回执，只计一份" : "另有一份更新的回执，这一份不计";
        problems.push({ file: newer ? other.file : file, what: `${name}的“${receipt.list.title}”${why}。` });
        if (!newer) continue;
      }
      people.set(name, { file, receipt });
    }
    const order = (a, b) => byCode(a[1].list.due || "~", b[1].list.due || "~") || byCode(a[1].list.title, b[1].list.title) || byCode(a[0], b[0]);
    return {
      lists: Array.from(lists).sort(order).map(([key, { list, people }]) => listOf(key, list, people, book)),
      problems,
    };
  }

  KB.report = { report, proved };
})();
