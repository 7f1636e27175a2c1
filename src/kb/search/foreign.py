"""Anyone's documents: one JSON object a line, made into documents of our own."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb.errors import InputError
from kb.jsonl import read_objects
from kb.search.documents import Document, Passage
from kb.search.index import build_index, holds_only_an_index
from kb.swap import swap_in

#: About so many characters a passage; a text is cut at the end of a line or sentence.
_PASSAGE = 400
_HALF = re.compile("[\ud800-\udfff]")
_ENDS = re.compile(r"(?<=[。！？!?；;\n])")


def read_documents(path: Path) -> list[Document]:
    """The documents of a JSONL file with ``id``, ``title`` and ``text``, perhaps ``url``.

    Raises ``InputError`` that names the line.
    """
    found: dict[str, Document] = {}
    for where, data in read_objects(path):
        doc = _document(where, data)
        if doc.id in found:
            raise InputError(f"{where}id“{doc.id}”前面用过——换一个。")
        found[doc.id] = doc
    if not found:
        raise InputError(f"{path}：里面没有文档——每行写一个 JSON 对象，有 id、title、text。")
    return list(found.values())


def index_documents(path: Path, out: Path) -> int:
    """Index the documents of ``path`` into the folder ``out``; returns how many.

    An index that stood there is replaced when the new one is whole; anything else is not touched.
    """
    if out.exists() and not (out.is_dir() and holds_only_an_index(out)):
        raise InputError(f"{out} 里有别的东西，不敢覆盖——用 --out 换一个空目录。")
    docs = read_documents(path)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".index-", dir=out.parent) as folder:
            fresh = Path(folder) / "fresh"
            fresh.mkdir()
            build_index(docs, fresh)
            swap_in(fresh, out)
    except OSError as error:
        raise InputError(
            f"写不了 {out}（{error.strerror}）——检查目录、权限和空间，或用 --out 换一个。"
        ) from None
    return len(docs)


def _document(where: str, data: dict[str, Any]) -> Document:
    for name in ("id", "title", "text"):
        if not isinstance(data.get(name), str):
            raise InputError(f"{where}缺少文字“{name}”——每行都要有 id、title、text。")
    # Half a character has no UTF-8, and texts that were cut in JavaScript end in one.
    given = {k: _HALF.sub("\ufffd", v) for k, v in data.items() if isinstance(v, str)}
    passages = tuple(Passage("", "", text) for text in _passages(given["text"]))
    return Document(
        id=given["id"],
        kind="",
        badge="",
        title=given["title"],
        url=given.get("url", ""),
        source=(),
        asks="",
        tags="",
        passages=passages or (Passage("", "", ""),),
    )


def _passages(text: str) -> Iterator[str]:
    part = ""
    for piece in _ENDS.split(text):
        if part and len(part) + len(piece) > _PASSAGE:
            yield part.strip()
            part = ""
        part += piece
    if part.strip():
        yield part.strip()
