// Filters of a list (cases, phrases): any combination, with counts, kept in the address.
(function () {
  "use strict";
  const host = document.querySelector("[data-kb-filter]");
  if (!host) return;
  const form = host.querySelector("form");
  const selects = Array.from(form.querySelectorAll("select"));
  const items = Array.from(host.querySelectorAll("[data-item]"));
  const groups = Array.from(host.querySelectorAll("[data-group]"));
  const count = form.querySelector("output");
  const empty = host.querySelector(".kb-empty");
  const words = new Map(selects.flatMap((s) => Array.from(s.options, (o) => [o, o.textContent])));
  const values = new Map(items.map((item) => [
    item, new Map(selects.map((s) => [s.name, (item.dataset[s.name] || "").split(" ").filter(Boolean)])),
  ]));

  // A phrase without a label fits every choice; a case without a risk has none.
  const blankFits = host.dataset.blank === "fits";
  function has(item, name, value) {
    const own = values.get(item).get(name);
    return own.length === 0 ? blankFits : own.includes(value);
  }
  const fits = (item, but) => selects.every((s) => s === but || !s.value || has(item, s.name, s.value));

  function draw() {
    let shown = 0;
    for (const item of items) {
      item.hidden = !fits(item);
      if (!item.hidden) shown += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-item]:not([hidden])");
    for (const select of selects) {
      const open = items.filter((item) => fits(item, select));
      for (const option of select.options) {
        if (!option.value) continue;
        // What would be left if this were chosen, the other filters as they are.
        const left = open.filter((item) => has(item, select.name, option.value)).length;
        option.textContent = `${words.get(option)}（${left}）`;
        option.disabled = left === 0 && !option.selected;
      }
    }
    count.textContent = `${shown} / ${items.length} ${host.dataset.noun}`;
    empty.hidden = shown > 0;
  }

  function read() {
    const asked = new URL(location.href).searchParams;
    for (const select of selects) {
      const value = asked.get(select.name) || "";
      const known = Array.from(select.options).some((o) => o.value === value);
      select.value = known ? value : "";
    }
    draw();
  }

  function write() {
    const url = new URL(location.href);
    for (const select of selects) {
      if (select.value) url.searchParams.set(select.name, select.value);
      else url.searchParams.delete(select.name);
    }
    history.pushState(null, "", url);
    draw();
  }

  form.addEventListener("change", write);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(write));
  window.addEventListener("popstate", read);
  read();
})();
