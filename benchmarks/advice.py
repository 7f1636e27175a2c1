"""Training time, size, speed, and how good the advice is on the drills held out.

Usage: python benchmarks/advice.py [ROOT]

Situations held out are never learned. ``kb evaluate suggest FILE`` measures on a file of one's own.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
import time
from pathlib import Path

from kb.content import load
from kb.search import SearchEngine, Synonyms, build_index, documents, open_index
from kb.suggest import Advisor, advisor_data, export_advisor, models
from kb.suggest.evaluate import baselines, figures, of_drill


def _kb(data: object) -> float:
    return len(gzip.compress(json.dumps(data, ensure_ascii=False).encode(), 6)) / 1000


def main() -> None:
    """Print sizes and times, then the figures beside the three simple ways."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd()
    library = load(root)
    learned = list(library.situations())
    began = time.perf_counter()
    trained = models(library)
    seconds = time.perf_counter() - began
    data = advisor_data(library, trained)
    base = dict(export_advisor(data))["advisor"]
    print(
        f"{len(learned)} situations learned in {seconds:.0f} s; compressed: trained part "
        f"{_kb(trained):.0f} KB, all that the browser loads for a first answer {_kb(base):.0f} KB"
    )
    with tempfile.TemporaryDirectory() as folder:
        build_index(documents(library), Path(folder), Synonyms.of(library))
        advisor = Advisor(data, SearchEngine(open_index(Path(folder))))
        asked = [of_drill(drill) for drill in library.held_out]
        answers, took = [], []
        for one in asked:
            began = time.perf_counter()
            answer = advisor.suggest(
                one.text, done=one.done, channel=one.channel, industry=one.industry
            )
            took.append((time.perf_counter() - began) * 1000)
            answers.append(answer.to_json())
    took.sort()
    print(
        f"a suggestion: p50 {took[len(took) // 2]:.1f} ms, p95 {took[len(took) * 19 // 20]:.1f} ms"
    )
    print(json.dumps(figures(asked, answers), ensure_ascii=False, indent=1))
    for name, base_figures in baselines(asked, learned, advisor.steps).items():
        kept = {k: base_figures[k] for k in ("accepted", "best", "macro_f1")}
        print(f"{name}: {kept}")


if __name__ == "__main__":
    main()
