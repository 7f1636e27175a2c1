"""What HTML and CSS load by themselves: the addresses that a browser asks for without a click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

#: By attribute, the elements whose address there is asked for.
_LOADING = {
    "src": "audio embed frame iframe img input script source track video",
    "srcset": "img source",
    "imagesrcset": "link",
    "poster": "video",
    "data": "object",
    "background": "body table td th",
    "href": "base feimage image link use",
    "xlink:href": "feimage image script use",
}
_BY_ATTRIBUTE = {name: frozenset(tags.split()) for name, tags in _LOADING.items()}
#: Of links, those that load or open a connection; the others only say what belongs together.
_RELATIONS = (
    "stylesheet icon apple-touch-icon mask-icon manifest preload modulepreload prefetch prerender "
    "preconnect dns-prefetch"
)
_SEVERAL = re.compile(r"(?:^|(?<=,))\s*([^\s,]\S*?),?(?=\s|$)")
_REFRESH = re.compile(r"\A\s*[\d.]*\s*[;,]?\s*(?:url\s*=)?\s*[\"']?([^\"']*)", re.IGNORECASE)
_NO_ADDRESS = re.compile(r"/\*.*?\*/|@namespace[^;]*;", re.DOTALL | re.IGNORECASE)
_IN_STYLE = re.compile(
    r"url\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^)\"'\s]*))|@import\s*[\"']([^\"']*)"
    r"|image-set\(\s*[\"']([^\"']*)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"(?:https?|wss?|ftp):|[\\/]{2}", re.IGNORECASE)


def is_elsewhere(address: str) -> bool:
    """Whether an address leads to another host, as browsers read it."""
    return _ELSEWHERE.match(address) is not None


def html_loads(text: str) -> Iterator[str]:
    """Every address that a page or a piece of one loads; a place in the page itself is none."""
    reader = _Reader()
    # A marked section is a comment to browsers; the parser stops at those that it does not know.
    reader.feed(text.replace("<![", "<! ["))
    reader.close()
    for address in reader.found:
        # Browsers leave out what stands around an address, and line breaks inside it.
        clean = re.sub(r"[\t\n\r]", "", address).strip("".join(map(chr, range(33))))
        if not clean.startswith("#"):
            yield clean


def css_loads(text: str) -> Iterator[str]:
    """Every address that a style sheet loads."""
    for match in _IN_STYLE.finditer(_NO_ADDRESS.sub(" ", text)):
        yield next(filter(None, match.groups()), "")


def _loading(relations: str) -> bool:
    return any(one in _RELATIONS.split() for one in relations.lower().split())


class _Reader(HTMLParser):
    """Collects what the elements of a text load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        given = {name: value or "" for name, value in reversed(attrs)}  # the first one counts
        if tag == "link" and not _loading(given.get("rel", "")):
            return
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.found += filter(None, _REFRESH.findall(given.get("content", "")))
        for name, value in given.items():
            if name == "style":
                self.found += css_loads(value)
            elif name == "srcdoc" and tag == "iframe":
                self.found += html_loads(value)
            elif tag in _BY_ATTRIBUTE.get(name, ()):
                self.found += _SEVERAL.findall(value) if name.endswith("srcset") else [value]

    def handle_data(self, data: str) -> None:
        if self._style:
            self.found += css_loads(data)

    def handle_endtag(self, tag: str) -> None:
        self._style = False
