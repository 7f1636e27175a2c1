// What can be assigned and asked, from the book's training data; questions and drills come in parts on demand.
(function () {
  "use strict";
  const KB = globalThis.KB;
  let opening;

  async function create() {
    const data = await KB.datum("training");
    const part = async (ref) => (Object.hasOwn(data.items, ref) ? KB.datum(data.items[ref].part) : null);
    const item = (ref) => (Object.hasOwn(data.items, ref) ? data.items[ref] : null);

    /** All questions of an item, in order; none of an item that the book does not have. */
    async function questions(ref) {
      const found = await part(ref);
      return (found && found.questions[ref]) || [];
    }

    /** Questions by id, in the order given; what the book does not know is left out. */
    async function asked(ids) {
      const own = new Map();
      for (const ref of new Set(ids.map((id) => id.split("#")[0]))) own.set(ref, await questions(ref));
      return ids.map((id) => own.get(id.split("#")[0]).find((q) => q.id === id)).filter(Boolean);
    }

    /** The drill of a case, or null. */
    async function drill(ref) {
      const found = await part(ref);
      return (found && found.drills[ref]) || null;
    }

    /** The ids of all questions that `fits(ref, step)` lets through. */
    const ids = (fits) => Object.entries(data.items).flatMap(([ref, { asks }]) =>
      asks.map((step, i) => [`${ref}#${i + 1}`, step]).filter(([, step]) => fits(ref, step)).map(([id]) => id));

    /** Whether the book has the question with this id. */
    function knows(id) {
      const [ref, number] = id.split("#");
      return Boolean(item(ref)) && Number(number) <= item(ref).asks.length;
    }

    return {
      ...data, knows, item, questions, asked, drill, ids,
      names: Object.fromEntries(data.steps.map((s) => [s.id, s.name])),
      stageOf: Object.fromEntries(data.steps.map((s) => [s.id, s.stage])),
      titleOf: (ref) => (item(ref) ? item(ref).title : `这本书里没有“${ref.slice(ref.indexOf(":") + 1)}”`),
    };
  }

  /** The training data, loaded when first asked for. */
  KB.openTraining = () => {
    opening = opening || create().catch((error) => { opening = undefined; throw error; });
    return opening;
  };

  /** The way to an item as a step of a list: the page shows the bar of the list. */
  KB.readingUrl = (url, key, place) => {
    const [page, hash] = url.split("#");
    return `${KB.root}${page}?list=${key}&at=${place}${hash ? `#${hash}` : ""}`;
  };
})();
