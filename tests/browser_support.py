"""Starts the browser once and prints its version, or fails: what ``make test`` asks first."""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from kb.browser.chromium import find_browser, launch

if __name__ == "__main__":
    try:
        with sync_playwright() as running:
            browser = launch(running)
            print(f"Chromium {browser.version}（{find_browser() or 'Playwright'}）")
            browser.close()
    except Exception as error:
        sys.exit(str(error).split("╔")[0].strip())  # without playwright's framed advice
