"""The book: a Sphinx extension that makes pages of the library, and the command that builds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.book.build import build_book

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["build_book", "setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Entry point of the Sphinx extension, named in ``_config.yml``."""
    from kb.book.extension import setup as wire

    return wire(app)
