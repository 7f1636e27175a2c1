"""Indexes a file of documents in a process of its own, so that its memory can be seen.

Usage: python -m benchmarks.search.build ours|whoosh DOCS.jsonl OUT

What is loaded once, such as a dictionary, is loaded before and timed apart.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
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
    """Index one document, then all; print seconds of both and the peak as JSON."""
    name, docs, out = sys.argv[1:]
    index = _BUILDERS[name]
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one.jsonl"
        one.write_text('{"id": "1", "title": "客户", "text": "投诉"}\n', "utf-8")
        began = time.perf_counter()
        index(one, Path(folder) / "out")
        start_s = time.perf_counter() - began
    began = time.perf_counter()
    index(Path(docs), Path(out))
    build_s = time.perf_counter() - began
    print(json.dumps({"start_s": start_s, "build_s": build_s, "peak_bytes": _peak_bytes()}))


if __name__ == "__main__":
    main()
