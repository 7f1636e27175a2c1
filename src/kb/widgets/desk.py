"""The desk as a widget: the view is the book's ``desk.js``, the advice comes from Python."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from kb.content import find_root
from kb.engines import open_advisor, open_search, wording_json
from kb.text import simplified_table

_STATIC = Path(__file__).parents[1] / "browser" / "static"
_SCRIPTS = (
    *("dom", "text", "turns", "private", "fill", "lint", "contact", "record"),
    *("desk-state", "desk-advice", "desk-around", "desk-draft", "desk-record", "desk"),
)
#: A text of at most so many characters looks for something; its hits are shown beside the advice.
_LOOKUP = 12


class Desk(anywidget.AnyWidget):
    """A desk for a notebook.

    ``text``, ``done``, ``channel`` and ``industry`` can be set and read; ``advice`` follows them
    and holds what ``kb suggest --json`` prints, or ``None`` for an empty text. ``contact`` is the
    contact turn by turn, as the view keeps it; ``whatif`` are steps only supposed to be done.

    Advice comes from Python, which holds the index and the models. Blanks, remarks on a draft and
    masks come from the same scripts as in the book: their words are some ten thousand characters,
    and an answer at every key must not wait for a kernel that is busy.
    """

    _esm = "\n".join(
        [
            *((_STATIC / f"{name}.js").read_text("utf-8") for name in _SCRIPTS),
            "export default { render: (context) => { globalThis.KB.desk.render(context); } };\n",
        ]
    )
    _css = "\n".join((_STATIC / name).read_text("utf-8") for name in ("parts.css", "desk.css"))

    text = traitlets.Unicode("").tag(sync=True)
    query = traitlets.Unicode("").tag(sync=True)
    done = traitlets.List(traitlets.Unicode()).tag(sync=True)
    whatif = traitlets.List(traitlets.Unicode()).tag(sync=True)
    contact: Any = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    channel = traitlets.Unicode("").tag(sync=True)
    industry = traitlets.Unicode("").tag(sync=True)
    advice: Any = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    found: Any = traitlets.List().tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
    names = traitlets.Dict().tag(sync=True)
    root = traitlets.Unicode("").tag(sync=True)
    examples = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, root: Path | None = None, book_url: str = "", **values: Any) -> None:
        """``root`` is the project's folder, the one at or above the notebook if not given;
        ``book_url`` is where the built book stands, for the links."""
        folder = root or find_root(Path.cwd())
        self._search = open_search(folder)
        self._advisor = open_advisor(folder, search=self._search)
        steps = [
            {"id": s, "name": self._advisor.names[s], "stage": stage}
            for s, stage in self._advisor.stages.items()
        ]
        names = {"steps": steps, "labels": dict(self._advisor.labels)}
        table = simplified_table()
        words = {**wording_json(folder), "table": ["".join(table), "".join(table.values())]}
        super().__init__(names=names, words=words, root=book_url, **values)
        self.observe(self._answer, ["text", "query", "done", "whatif", "channel", "industry"])
        self._answer()

    def _answer(self, _change: Any = None) -> None:
        said = self.text.strip()
        if not said:
            self.found, self.advice = [], None
            return
        look = self.query.strip() or said
        results = self._search.search(look, limit=5).hits if len(look) <= _LOOKUP else ()
        self.found = [h.to_json() for h in results]
        self.advice = self._advisor.suggest(
            self.text,
            done=[*self.done, *(s for s in self.whatif if s not in self.done)],
            channel=self.channel or None,
            industry=self.industry or None,
        ).to_json()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """For the static book: a place where its own script draws the same desk."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        text = escape(self.text, quote=True)
        data["text/html"] = f'<div class="kb-desk" data-kb-desk data-text="{text}"></div>'
        return data, metadata
