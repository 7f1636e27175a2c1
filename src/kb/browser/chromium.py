"""Finds and starts the Chromium that measures and tests drive."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Nothing but loopback is talked to; this keeps Chromium from calling home.
_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@functools.cache
def find_browser() -> str | None:
    """The installed browser; None means Playwright's own build."""
    chosen = os.environ.get("KB_CHROMIUM")
    if chosen:
        return chosen
    # Asked for its version, because Ubuntu's chromium-browser can be a stub without a browser.
    return next((path for name in _NAMES if (path := shutil.which(name)) and _runs(path)), None)


def _runs(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def launch(playwright: Playwright) -> Browser:
    """Start the browser, headless; raises playwright's Error where there is none."""
    return playwright.chromium.launch(
        executable_path=find_browser(),
        args=_FLAGS,
        # Chromium refuses its sandbox to root; Windows has neither root nor such a number.
        chromium_sandbox=not hasattr(os, "geteuid") or os.geteuid() != 0,
    )
