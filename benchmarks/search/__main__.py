"""This project's search beside others, and how it grows.

Usage, in the project's folder:

    python -m benchmarks.search [--bare] [--json]
    python -m benchmarks.search --docs 1000 40000 --cases 1000 10000 [--json]

The first compares on the library's own pages and the judged queries of ``benchmarks/queries``: a
hit counts as in ``kb evaluate search``, milliseconds are those of a warm engine, and bytes those
that gzip -6 leaves. The second indexes generated documents, short ones and ones like
pages of cases, beside Whoosh with jieba's analyser; 10,000 like cases take minutes and 3 GB.

Needs the extras ``dev``, ``book`` and ``bench``, and npm for one library; an engine that is not
here is printed as not run, with the reason.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.search.peer import Task
from benchmarks.search.quality import compare, print_comparison
from benchmarks.search.scale import grow, print_growth
from kb.content import find_root, load
from kb.search import Synonyms, documents
from kb.search.evaluate import read_judged

_QUERIES = Path("benchmarks") / "queries"


def main() -> None:
    """Measure and print; progress goes to stderr."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search")
    parser.add_argument("--bare", action="store_true", help="titles, headings and texts alone")
    parser.add_argument("--docs", type=int, nargs="+", default=[], metavar="N", help="short ones")
    parser.add_argument("--cases", type=int, nargs="+", default=[], metavar="N", help="like cases")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    root = find_root(Path.cwd())
    print("reading the library …", file=sys.stderr)
    library = load(root)
    sets = {path.stem: read_judged(path) for path in sorted((root / _QUERIES).glob("*.jsonl"))}
    queries = [one.query for judged in sets.values() for one in judged]
    if args.docs or args.cases:
        print_rows, measured = print_growth, grow(library, queries, args.docs, args.cases)
    else:
        with tempfile.TemporaryDirectory(prefix="bench-") as work:
            cache = root / ".cache" / "bench"
            task = Task(documents(library), Synonyms.of(library), queries, Path(work), cache)
            measured = compare(task.bare() if args.bare else task, sets)
        print_rows = print_comparison
    rows = []
    for row in measured:
        rows.append(row)
        print(f"done: {row.get('engine') or row['documents']}", file=sys.stderr)
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        print_rows(rows)


if __name__ == "__main__":
    main()
