"""The command ``kb``: arguments in, words or JSON out; no logic of its own."""

from kb.cli.main import main

__all__ = ["main"]
