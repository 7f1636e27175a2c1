"""What the commands share: the project's folder, progress to stderr, data to stdout."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from kb.content import find_root


def root_of(args: argparse.Namespace) -> Path:
    """The project's folder, given or found above the current one."""
    return find_root((args.root or Path.cwd()).resolve())


def say(line: str) -> None:
    """Progress goes to stderr, so that stdout stays data."""
    print(line, file=sys.stderr, flush=True)


def print_json(data: object) -> None:
    """One line of JSON."""
    print(json.dumps(data, ensure_ascii=False), flush=True)
