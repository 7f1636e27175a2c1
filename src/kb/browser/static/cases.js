// Filters of the case index: any combination, with counts, kept in the address.
(function () {
  "use strict";
  const host = document.querySelector("[data-kb-cases]");
  if (!host) return;
  const form = host.querySelector("form");
  const selects = Array.from(form.querySelectorAll("select"));
  const cases = Array.from(host.querySelectorAll(".kb-case-list > li"));
  const count = form.querySelector("output");
  const empty = host.querySelector(".kb-empty");
  const words = new Map(selects.flatMap((s) => Array.from(s.options, (o) => [o, o.textContent])));

  const fits = (item, but) =>
    selects.every((s) => s === but || !s.value || item.dataset[s.name] === s.value);

  function draw() {
    let shown = 0;
    for (const item of cases) {
      item.hidden = !fits(item);
      if (!item.hidden) shown += 1;
    }
    for (const select of selects) {
      for (const option of select.options) {
        if (!option.value) continue;
        // What would be left if this were chosen, the other filters as they are.
        const left = cases.filter((c) => fits(c, select) && c.dataset[select.name] === option.value).length;
        option.textContent = `${words.get(option)}（${left}）`;
        option.disabled = left === 0 && !option.selected;
      }
    }
    count.textContent = `${shown} / ${cases.length} 个案例`;
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
