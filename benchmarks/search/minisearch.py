"""MiniSearch with ``Intl.Segmenter``, in Chromium; npm brings it.

Words are OR-ed, prefixes and slips of Latin words allowed, titles and asks worth more. The index is
made once and arrives as JSON in one piece, which is how its documentation ships one; titles are in
it, texts for an excerpt are not.
"""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path

from benchmarks.search.peer import DEPTH, NotRunError, Outcome, Task, fields, why
from benchmarks.search.web import PAGE, ask_over_http, browser

PACKAGE = "minisearch@7.2.0"
_OPTIONS = """
  const segmenter = new Intl.Segmenter("zh", { granularity: "word" });
  const words = (text) =>
    Array.from(segmenter.segment(text)).filter((s) => s.isWordLike).map((s) => s.segment);
  const options = {
    fields: ["title", "asks", "tags", "text"],
    storeFields: ["title"],
    tokenize: words,
    searchOptions: { boost: { title: 2, asks: 2 }, prefix: true, fuzzy: 0.2 },
  };
"""
_MAKE = """
  (documents) => {
    const began = performance.now();
    const index = new MiniSearch(options);
    index.addAll(documents);
    return [JSON.stringify(index), performance.now() - began];
  }
"""
_HTML = f"""<!doctype html>
<html lang="zh"><meta charset="utf-8"><link rel="icon" href="data:,"><body>
<script src="minisearch.js"></script>
<script>
  {_OPTIONS}
  const opened = fetch("index.json")
    .then((answer) => answer.text())
    .then((text) => MiniSearch.loadJSON(text, options));
  async function ask(query) {{
    return (await opened).search(query).slice(0, {DEPTH}).map((hit) => String(hit.id));
  }}
</script>
"""


def _script(cache: Path) -> Path:
    """The library's script, from npm the first time."""
    script = cache / f"{PACKAGE}.js"
    if script.is_file():
        return script
    npm = shutil.which("npm")
    if npm is None:
        raise NotRunError("npm is not installed")
    cache.mkdir(parents=True, exist_ok=True)
    got = subprocess.run(
        [npm, "pack", "--loglevel", "error", "--pack-destination", str(cache), PACKAGE],
        capture_output=True,
        text=True,
    )
    if got.returncode:
        raise NotRunError(f"npm pack {PACKAGE}: {why(got.stderr)}")
    archive = cache / got.stdout.split()[-1]
    with tarfile.open(archive) as packed:
        member = packed.extractfile("package/dist/umd/index.js")
        assert member is not None
        script.write_bytes(member.read())
    return script


def run(task: Task) -> Outcome:
    """Index in Chromium, write the index down, ask a page that loads it."""
    script = _script(task.cache)
    site = task.work / "minisearch"
    site.mkdir()
    shutil.copyfile(script, site / "minisearch.js")
    docs = [{"id": place, **fields(d)._asdict()} for place, d in enumerate(task.documents)]
    with browser() as running:
        page = running.new_page()
        page.add_script_tag(path=script)
        page.add_script_tag(content=_OPTIONS)
        text, took = page.evaluate(_MAKE, docs)
    (site / "index.json").write_text(text, "utf-8")
    (site / PAGE).write_text(_HTML, "utf-8")
    asked = ask_over_http(site, task.queries)
    answers = [[int(name) for name in names] for names in asked.names]
    size = (site / "index.json").stat().st_size
    return Outcome(answers, asked.ms, took / 1000, size, asked.again_ms, asked.first_bytes)
