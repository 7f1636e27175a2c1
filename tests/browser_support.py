"""Finds and starts the Chromium that the browser tests drive.

Run as a script it starts the browser once and prints its version, or fails.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Tests talk to loopback only; the rest keeps Chromium from calling home.
FLAGS = [
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
    return next((path for name in NAMES if (path := shutil.which(name)) and _runs(path)), None)


def _runs(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def launch(playwright: Playwright) -> Browser:
    """Start the browser, headless; raises playwright's Error where there is none."""
    return playwright.chromium.launch(
        executable_path=find_browser(),
        args=FLAGS,
        chromium_sandbox=os.geteuid() != 0,  # Chromium refuses its sandbox to root
    )


if __name__ == "__main__":
    try:
        with sync_playwright() as running:
            browser = launch(running)
            print(f"Chromium {browser.version}（{find_browser() or 'Playwright'}）")
            browser.close()
    except Exception as error:
        sys.exit(str(error).split("╔")[0].strip())  # without playwright's framed advice
