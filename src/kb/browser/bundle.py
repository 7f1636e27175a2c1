"""Write the browser's files: every datum is a script that hands itself to ``KB.put``.

Over ``file://`` a page may neither fetch nor import; a classic script tag is what works everywhere.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kb.search.export import export_index
from kb.search.index import IndexReader
from kb.text import simplified_table

#: The hand-written scripts and styles.
STATIC = Path(__file__).parent / "static"


def write_bundle(
    folder: Path, index: IndexReader, advisor: Mapping[str, Any], wording: Mapping[str, Any]
) -> None:
    """Fill ``folder`` with scripts, styles and data; what an older version left there goes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in STATIC.iterdir():
        shutil.copyfile(path, folder / path.name)
    _put(folder, "text", simplified_table())
    for name, part in export_index(index):
        _put(folder, name, part)
    _put(folder, "advisor", advisor)
    _put(folder, "wording", wording)


def _put(folder: Path, name: str, data: object) -> None:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # U+2028 and U+2029 are JSON but, in older engines, no JavaScript.
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    (folder / f"data-{name}.js").write_text(f'KB.put("{name}",{text});\n', "utf-8")
