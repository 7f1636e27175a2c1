"""How good the advice is on situations it has not learned: each file of drills left out in turn.

Usage: python benchmarks/advice.py [ROOT]

The lexicons were written with most of the drills at hand, so their share of the figures is kinder
than life; the last file was not read for them.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from kb.content import Drill, Library, load
from kb.search import SearchEngine, build_index, documents, open_index
from kb.suggest import Advisor, advisor_data


def files_of_drills(root: Path, library: Library) -> dict[str, list[Drill]]:
    """The drills by the file they stand in."""
    found: dict[str, list[Drill]] = {}
    rest = list(library.drills)
    for path in sorted((root / "book/drills").glob("*.yml")):
        count = sum(line.startswith("- ") for line in path.read_text("utf-8").splitlines())
        found[path.name], rest = rest[:count], rest[count:]
    assert not rest
    return found


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
    """Print the figures, a line a file left out."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd()
    library = load(root)
    moments = list(library.situations())[: -len(library.drills) or None]
    by_file = files_of_drills(root, library)
    with tempfile.TemporaryDirectory() as folder:
        build_index(documents(library), Path(folder))
        search = SearchEngine(open_index(Path(folder)))
        for name, unseen in by_file.items():
            learned = [*moments, *(d for f, ds in by_file.items() if f != name for d in ds)]
            advisor = Advisor(advisor_data(library, learned), search)
            print(f"without {name}: {len(unseen)} situations  {measure(advisor, unseen)}")


if __name__ == "__main__":
    main()
