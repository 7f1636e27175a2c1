"""Wires the library into Sphinx: pages, blocks, roles, layout, browser assets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from kb import __version__
from kb.book import blocks, pages
from kb.book.facets import facet_pages
from kb.book.guard import outside_requests
from kb.browser import write_bundle
from kb.content import digest, load
from kb.content.markdown import anchor_of
from kb.engines import advisor_json, open_search, wording_json
from kb.errors import KbError
from kb.search import label_names
from kb.search.export import export_index
from kb.suggest import Similarity, export_advisor
from kb.training import export_training

_HERE = Path(__file__).parent
#: Which of the pages of training a page is.
_TRAINING = re.compile(r'data-kb-train="(\w+)"')
_THEBE = re.compile(r'<script type="text/x-thebe-config">.*?</script>', re.DOTALL)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything; Sphinx calls it once a build."""
    blocks.register(app)
    app.connect("config-inited", _configure)
    app.connect("builder-inited", _load_library)
    app.connect("env-get-outdated", outdated)
    app.connect("source-read", _source)
    app.connect("doctree-read", _anchors)
    app.connect("html-collect-pages", facet_pages)
    app.connect("html-page-context", _context, priority=990)
    app.connect("build-finished", _finish)
    return {"version": __version__, "parallel_read_safe": False, "parallel_write_safe": False}


def _configure(app: Sphinx, config: Any) -> None:
    config.templates_path.append(str(_HERE / "templates"))
    config.html_favicon = str(_HERE.parent / "browser" / "static" / "favicon.svg")
    config.html_use_index = False
    config.html_sidebars = {"**": []}
    # Sphinx would otherwise read our ``method`` as a method of a Python class.
    config.primary_domain = None
    # A widget without a kernel is dead; its HTML face draws the desk that lives in the page.
    config.nb_mime_priority_overrides = [("html", "text/html", 1)]


def _load_library(app: Sphinx) -> None:
    try:
        app.kb_library = load(Path(app.srcdir))  # type: ignore[attr-defined]
        app.kb_search = open_search(Path(app.srcdir))  # type: ignore[attr-defined]
        # Notebooks ask for it too, each within its time; made once, it is at hand.
        app.kb_advisor = advisor_json(Path(app.srcdir))  # type: ignore[attr-defined]
    except KbError as error:
        raise ExtensionError(str(error)) from None
    app.kb_similarity = Similarity(app.kb_library)  # type: ignore[attr-defined]
    # Ours reads Whoosh's postings; Sphinx's finds no Chinese and costs seconds.
    app.builder.search = False  # type: ignore[attr-defined]
    app.kb_pages = pages.pages(app.kb_library)  # type: ignore[attr-defined]


def outdated(app: Sphinx, env: BuildEnvironment, *_: Any) -> list[str]:
    """Pages quote each other's titles and cards, notebooks the advisor: all are made anew."""
    root = Path(app.srcdir)
    # The way through the book, which every page shows, and its settings.
    layout = [(root / name).read_text("utf-8") for name in ("_toc.yml", "_config.yml")]
    now = digest(root, __version__, _templates_stamp(), *layout)
    if getattr(env, "kb_digest", None) == now:
        return []
    env.kb_digest = now  # type: ignore[attr-defined]
    return list(env.found_docs)


def _templates_stamp() -> str:
    files = [*_HERE.rglob("*.html"), *_HERE.parent.rglob("*.py")]
    return str(max(path.stat().st_mtime_ns for path in files))


def _source(app: Sphinx, docname: str, source: list[str]) -> None:
    page = app.kb_pages.get(docname)  # type: ignore[attr-defined]
    if page is not None:
        source[0] = pages.source(page, source[0])


def _anchors(app: Sphinx, doctree: nodes.document) -> None:
    """Give every heading a readable id, the one that search results link to.

    The head of a handbook page is put in here and not in its text, whose lines warnings name.
    """
    page = app.kb_pages.get(app.env.docname)  # type: ignore[attr-defined]
    first = doctree.next_node(nodes.title)
    if page is not None and page.kind == "section" and first is not None:
        head = blocks.kb_block("", template="section-head.html", item=page.item.id)
        first.parent.insert(first.parent.index(first) + 1, head)
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title)
        if title is not None:
            anchor = anchor_of(title.astext())
            if anchor not in section["ids"]:
                section["ids"].insert(0, anchor)


def _context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    library = app.kb_library  # type: ignore[attr-defined]
    context["kb_nav"] = pages.navigation(library, app.config.external_site_map, pagename)
    context["kb_version"] = __version__
    notebook = pagename.startswith("book/notebooks/")
    body = context.get("body", "")
    context["kb_has"] = {
        "desk": notebook or "data-kb-desk" in body,
        "filter": "data-kb-filter" in body,
        "cards": "data-kb-method" in body,
        "sheet": "data-kb-sheet" in body,
        "training": _TRAINING.findall(body),
    }
    # Thebe asks a CDN and throws on notebook pages; the rest serves Sphinx's own search.
    keep = ("documentation_options.js", "clipboard", "copybutton") if notebook else ()
    if "script_files" in context:
        context["script_files"] = [
            script
            for script in context["script_files"]
            if any(name in str(getattr(script, "filename", script)) for name in keep)
        ]
    if body:
        # Sphinx's Chinese catalogue has no words for this one.
        body = body.replace('title="Link to this heading"', 'title="这一节的链接"')
        context["body"] = _THEBE.sub("", body)


def _finish(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    root, out = Path(app.srcdir), Path(app.outdir)
    search = app.kb_search  # type: ignore[attr-defined]
    library = app.kb_library  # type: ignore[attr-defined]
    handbook = pages.parts(library, app.config.external_site_map)
    order = [page.id for part in handbook for _, page in part.pages]
    training = export_training(library, digest(root), order)
    names = label_names(library)
    advisor = export_advisor(app.kb_advisor)  # type: ignore[attr-defined]
    wording = [("wording", wording_json(root))]
    index = export_index(search.index, names)
    write_bundle(out / "_static" / "kb", index, training, advisor, wording)
    _write_front(app, out / "index.html")
    outside = [f"{page}: {address}" for page, address in outside_requests(out)]
    if outside:
        raise ExtensionError("页面向别的主机要东西：" + "；".join(outside[:5]))


def _write_front(app: Sphinx, page: Path) -> None:
    """The page that people double-click; without it one is made that only sends browsers on."""
    first = app.builder.get_target_uri(app.config.root_doc)
    values = {"first": first, "title": app.config.html_title}
    page.write_text(app.builder.templates.render("front.html", values), "utf-8")
