"""How good the advice is on the drills held out: situations that it never learns from.

Usage: python benchmarks/advice.py [ROOT]
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from kb.content import Drill, load
from kb.search import SearchEngine, Synonyms, build_index, documents, open_index
from kb.suggest import Advisor, advisor_data


def measure(advisor: Advisor, unseen: Sequence[Drill]) -> str:
    """One line of figures."""
    n = Counter[str]()
    for d in unseen:
        a = advisor.suggest(d.text, done=d.done, channel=d.channel, industry=d.industry)
        n["accepted"] += a.step in {d.step, *d.also}
        n["best"] += a.step == d.step
        n["type"] += a.type == d.type
        n["emotion"] += a.emotion == d.emotion
        n["risk hit"] += len(set(a.risk) & set(d.risk))
        n["risk said"] += len(a.risk)
        n["risk true"] += len(d.risk)
        n["demand"] += set(a.demand) - {"none"} == set(d.demand) - {"none"}
    total = len(unseen)
    shares = "  ".join(
        f"{k} {n[k] / total:.3f}" for k in ("accepted", "best", "type", "emotion", "demand")
    )
    precision = n["risk hit"] / max(n["risk said"], 1)
    recall = n["risk hit"] / max(n["risk true"], 1)
    return f"{shares}  risk precision {precision:.3f} recall {recall:.3f}"


def main() -> None:
    """Print the figures of all held-out drills, and of those without and with a state."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd()
    library = load(root)
    began = time.perf_counter()
    data = advisor_data(library)
    trained = time.perf_counter() - began
    packed = len(gzip.compress(json.dumps(data, ensure_ascii=False).encode()))
    learned = len(list(library.situations()))
    print(f"{learned} situations learned in {trained:.0f} s, {packed / 1000:.0f} KB compressed")
    with tempfile.TemporaryDirectory() as folder:
        build_index(documents(library), Path(folder), Synonyms.of(library))
        advisor = Advisor(data, SearchEngine(open_index(Path(folder))))
        unseen = library.held_out
        for name, some in (
            ("all", unseen),
            ("nothing done", [d for d in unseen if not d.done]),
            ("something done", [d for d in unseen if d.done]),
        ):
            print(f"{name}: {len(some)} situations  {measure(advisor, some)}")


if __name__ == "__main__":
    main()
