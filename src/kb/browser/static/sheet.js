// A case as a sheet for a team meeting: answers folded, one page on paper; `#sheet` opens it so.
(function () {
  "use strict";
  const button = document.querySelector("[data-kb-sheet]");
  const answers = Array.from(document.querySelectorAll(".kb-answer"));
  const bar = document.createElement("p");
  bar.className = "kb-sheet-bar";
  const action = (word, run) => {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "kb-ghost";
    b.textContent = word;
    b.addEventListener("click", run);
    bar.append(b);
    return b;
  };
  const print = action("打印这一页", () => window.print());
  action("回到案例", () => { location.hash = ""; });
  document.querySelector(".bd-article").prepend(bar);

  function draw() {
    const on = location.hash === "#sheet";
    document.body.classList.toggle("kb-sheet", on);
    for (const answer of answers) answer.open = !on;
    if (on) {
      window.scrollTo(0, 0);
      print.focus();
    }
  }

  button.addEventListener("click", () => { location.hash = "#sheet"; });
  window.addEventListener("hashchange", draw);
  draw();
})();
