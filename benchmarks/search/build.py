"""Indexes a file of documents in a process of its own, so that its memory can be seen.

Usage: python -m benchmarks.search.build ours|whoosh DOCS.jsonl OUT

What is loaded once, such as a dictionary, is loaded before and timed apart. Seconds of the
processor are what can be compared on a machine that others use too.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from operator import itemgetter
from pathlib import Path

from benchmarks.search import whoosh_jieba
from benchmarks.search.peer import Fields
from kb.jsonl import read_objects
from kb.search.foreign import index_documents


def _ours(docs: Path, out: Path) -> None:
    index_documents(docs, out)


def _whoosh(docs: Path, out: Path) -> None:
    out.mkdir()
    lines = (data for _, data in read_objects(docs))
    whoosh_jieba.build((Fields(d["title"], "", "", d["text"]) for d in lines), out)


_BUILDERS = {"ours": _ours, "whoosh": _whoosh}
#: Bytes below which a file is indexed so many times more, and the quickest round counts.
_SMALL, _MORE = 1_000_000, 4


def _peak_bytes() -> int | None:
    """The most memory this process had; None where the system does not say."""
    # Not getrusage: what a parent used before it became this process counts there.
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    for line in status.read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return None


def main() -> None:
    """Index one document, then all; print the seconds of both and the peak as JSON."""
    name, docs, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    index = _BUILDERS[name]
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one.jsonl"
        one.write_text('{"id": "1", "title": "客户", "text": "投诉"}\n', "utf-8")
        start_s, _ = _timed(index, one, Path(folder) / "one")
        more = _MORE if docs.stat().st_size < _SMALL else 0
        rounds = [_timed(index, docs, Path(folder) / str(n)) for n in range(more)]
    rounds.append(_timed(index, docs, out))
    build_s, cpu_s = min(rounds, key=itemgetter(1))
    took = {"start_s": start_s, "build_s": build_s, "cpu_s": cpu_s, "peak_bytes": _peak_bytes()}
    print(json.dumps(took))


def _timed(index: Callable[[Path, Path], None], docs: Path, out: Path) -> tuple[float, float]:
    """Seconds of the clock and of the processor."""
    began, began_cpu = time.perf_counter(), time.process_time()
    index(docs, out)
    return time.perf_counter() - began, time.process_time() - began_cpu


if __name__ == "__main__":
    main()
