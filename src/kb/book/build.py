"""Build the static book in a working folder and swap it in only when it is whole."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from kb.content import check
from kb.engines import open_advisor
from kb.errors import ContentError, InputError, KbError, MissingPartError
from kb.swap import swap_in

#: Sphinx paints its warnings whatever its output goes to.
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")

Report = Callable[[str], None]


def build_book(root: Path, out: Path, report: Report) -> None:
    """Build the book of the project ``root`` into the folder ``out``.

    Raises ``ContentError`` before anything is built, ``KbError`` when Sphinx fails or warns; in
    both cases the book that was in ``out`` stays as it was.
    """
    try:
        from jupyter_book.sphinx import build_sphinx
    except ImportError:
        raise MissingPartError(
            "生成网站还缺 Jupyter Book——运行 pip install 'kefu-casebook[book]'。"
        ) from None
    _refuse_foreign(out)
    _make_room(out)
    mistakes = [finding for finding in check(root) if not finding.warning]
    if mistakes:
        raise ContentError(mistakes)
    # Made here, so that what takes longest says what it does; Sphinx finds it in the cache.
    open_advisor(root, report)
    # Sphinx writes only what changed, so its folders are kept from one build to the next.
    work = root / ".cache" / "book"
    log = io.StringIO()
    report("正在生成页面，第一次约需几分钟 …")
    with _children_quiet(), contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
        status = build_sphinx(
            root,
            work / "html",
            doctreedir=work / "doctrees",
            path_config=root / "_config.yml",
            confoverrides={
                "latex_individualpages": False,
                "external_toc_path": str(root / "_toc.yml"),
            },
            noconfig=True,
            builder="html",
            warningiserror=True,
            keep_going=True,
            quiet=True,
        )
    if status:
        tail = "\n".join(_COLOURS.sub("", log.getvalue()).strip().splitlines()[-15:])
        what = status if isinstance(status, Exception) else "有警告或错误"
        raise KbError(f"{tail}\n网站没有生成（{what}）；原来的网站没有动。改好上面的问题再试。")
    put_in_place(work / "html", out)


@contextlib.contextmanager
def _children_quiet() -> Iterator[None]:
    """Notebook kernels write warnings for developers straight to the terminal; nobody acts on them.

    A notebook that fails is reported by Sphinx itself.
    """
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _refuse_foreign(out: Path) -> None:
    """The swap replaces ``out`` whole; a folder that is no book of ours is not ours to replace."""
    if not out.exists():
        return
    if not out.is_dir() or (any(out.iterdir()) and not (out / "_static" / "kb").is_dir()):
        raise InputError(f"{out} 里有别的东西，不敢覆盖——用 --out 换一个空目录。")


def _make_room(out: Path) -> None:
    """The folder that ``out`` will lie in; said before the work, which takes minutes."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryDirectory(prefix=".book-", dir=out.parent).cleanup()
    except OSError as error:
        raise InputError(
            f"写不了 {out.parent}（{error.strerror}）——用 --out 换一个能写的目录。"
        ) from None


def put_in_place(built: Path, out: Path) -> None:
    """Swap in the book that was built; what is moved aside lies in a folder of our making."""
    with tempfile.TemporaryDirectory(prefix=".book-", dir=out.parent) as folder:
        fresh = Path(folder) / "fresh"
        shutil.copytree(built, fresh)
        swap_in(fresh, out)
