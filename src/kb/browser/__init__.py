"""What the browser gets: data as scripts, engines and views as plain JavaScript."""

from kb.browser.bundle import STATIC, write_bundle

__all__ = ["STATIC", "write_bundle"]
