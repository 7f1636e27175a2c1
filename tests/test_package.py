"""What is installed holds everything that the program reads of itself."""

from __future__ import annotations

import fnmatch
import re
from pathlib import Path


def test_every_file_that_is_no_python_is_named_as_package_data(root: Path) -> None:
    """``shapes.txt`` was once found in the work tree only."""
    line = re.search(r"^kb = \[(.+)\]$", (root / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert line is not None
    globs = re.findall(r'"([^"]+)"', line.group(1))
    package = root / "src/kb"
    files = [p.relative_to(package).as_posix() for p in package.rglob("*") if p.is_file()]
    data = [f for f in files if not f.endswith((".py", ".pyc"))]
    assert data
    lost = [
        f for f in data if not any(fnmatch.fnmatch(f, glob.replace("**/", "")) for glob in globs)
    ]
    assert lost == []
