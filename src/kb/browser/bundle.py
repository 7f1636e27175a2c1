"""Write the browser's files: every datum is a script that hands itself to ``KB.put``.

Over ``file://`` a page may neither fetch nor import; a classic script tag is what works everywhere.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

#: The hand-written scripts and styles.
STATIC = Path(__file__).parent / "static"
#: The scripts of the search engine, in an order in which they can run; ``boot.js`` names them too.
SEARCH_SCRIPTS = ("text.js", "parts.js", "words.js", "repair.js", "excerpt.js", "search.js")

#: Comments from the first character of a line to the end of one.
_COMMENTS = re.compile(r"^[ \t]*(?:/\*\*.*?\*/[ \t]*|//.*?)\n", re.DOTALL | re.MULTILINE)


def write_bundle(folder: Path, *data: Iterable[tuple[str, Any]]) -> None:
    """Fill ``folder`` with scripts, styles and data; what an older version left there goes.

    The project's own scripts go without their comments, a third of what a reader would load.

    ``data`` are names with what is handed to ``KB.put`` under them, as the exports yield them.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in STATIC.iterdir():
        if path.suffix == ".js" and not path.name.startswith("vendor-"):
            (folder / path.name).write_text(_uncommented(path.read_text("utf-8")), "utf-8")
        else:
            shutil.copyfile(path, folder / path.name)
    for parts in data:
        for name, part in parts:
            _put(folder, name, part)


def _uncommented(script: str) -> str:
    """A script without the comments that have lines of their own.

    Minifiers were tried: what is quick to install cuts into templates that stand in templates.
    """
    return _COMMENTS.sub("", script)


def _put(folder: Path, name: str, data: object) -> None:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # U+2028 and U+2029 are JSON but, in older engines, no JavaScript.
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    (folder / f"data-{name}.js").write_text(f'KB.put("{name}",{text});\n', "utf-8")
