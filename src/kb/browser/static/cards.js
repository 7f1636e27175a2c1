// Method cards: ticks that stay while the tab is open, start again, print one card alone.
(function () {
  "use strict";
  const KB = globalThis.KB;
  for (const card of document.querySelectorAll("[data-kb-method]")) {
    const boxes = Array.from(card.querySelectorAll(".kb-items input"));
    const again = card.querySelector("[data-kb-again]");
    const count = card.querySelector("output");
    const key = `kb-card-${card.dataset.kbMethod}`;
    const kept = KB.visit.get(key) || "";
    boxes.forEach((box, i) => { box.checked = kept[i] === "1"; });

    const draw = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      again.hidden = ticked === 0;
      count.textContent = ticked ? `${ticked} / ${boxes.length}` : "";
    };
    const keep = () => {
      KB.visit.set(key, boxes.map((box) => (box.checked ? "1" : "0")).join(""));
      draw();
    };
    card.addEventListener("change", keep);
    again.addEventListener("click", () => {
      for (const box of boxes) box.checked = false;
      keep();
      boxes[0].focus();
    });
    card.querySelector("[data-kb-print]").addEventListener("click", () => {
      card.classList.add("kb-print-me");
      document.body.classList.add("kb-print-one");
      window.addEventListener("afterprint", () => {
        card.classList.remove("kb-print-me");
        document.body.classList.remove("kb-print-one");
      }, { once: true });
      window.print();
    });
    draw();
  }
})();
