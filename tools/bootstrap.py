"""Make .venv and install the project into it, as far as that is still to do.

Usage: bootstrap.py EXTRAS STAGES, e.g. ``bootstrap.py book,dev 10``; STAGES is the number of
stages of the whole run, of which these are the first two. Needs nothing but Python 3.10.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "kb-installed.json"
"""What was installed; missing while an installation is under way or has failed."""


def run_quietly(command: list[str | Path]) -> str | None:
    """Run ``command``; None when it went well, otherwise the last lines of its output.

    On a terminal the newest line of output is shown, each overwriting the one before.
    """
    tail: deque[str] = deque(maxlen=20)
    columns = shutil.get_terminal_size().columns - 1
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            tail.append(line.rstrip())
            if sys.stdout.isatty():
                print(f"\r\x1b[K{tail[-1].strip()[:columns]}", end="", flush=True)
    if sys.stdout.isatty():
        print("\r\x1b[K", end="", flush=True)
    return "\n".join(tail) if process.returncode else None


def apt_install(*packages: str) -> bool:
    """Install Debian packages, which only root with apt-get can; True when they are there."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"      用 apt-get 安装 {' '.join(packages)} …", flush=True)
    apt: list[str | Path] = ["apt-get", "-y", "-o", "DPkg::Lock::Timeout=120"]
    run_quietly([*apt, "update"])  # one dead mirror of many should not stop the installation
    tail = run_quietly([*apt, "install", "--no-install-recommends", *packages])
    if tail is not None:
        print(tail, file=sys.stderr, flush=True)
    return tail is None


def read_stamp() -> dict[str, object]:
    """What the last successful installation noted, or nothing."""
    try:
        stamp: dict[str, object] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp


def venv_works() -> bool:
    """Whether .venv runs, has pip and was not moved here from another folder."""
    if read_stamp().get("root", str(ROOT)) != str(ROOT):
        return False
    try:
        probe = "import pip, sys; sys.exit(sys.version_info < (3, 10))"
        return subprocess.run([VENV_PYTHON, "-c", probe], capture_output=True).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """Make .venv with this interpreter, adding Debian's missing venv package where we may."""
    command: list[str | Path] = [sys.executable, "-m", "venv", "--clear", VENV]
    tail = run_quietly(command)
    if tail is not None and importlib.util.find_spec("ensurepip") is None:
        # Debian and Ubuntu keep this in a package of its own for each Python.
        package = f"python3.{sys.version_info.minor}-venv"
        if not apt_install(package):
            sys.exit(f"{sys.executable} 缺少 venv 模块；请先安装：sudo apt-get install {package}")
        tail = run_quietly(command)
    if tail is not None:
        sys.exit(f"{tail}\n无法建立虚拟环境 {VENV}，原因见上。")


def install(extras: str) -> None:
    """Install the project, editable, with ``extras``."""
    STAMP.unlink(missing_ok=True)
    options = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    tail = run_quietly([VENV_PYTHON, "-m", "pip", "install", *options, "-e", f".[{extras}]"])
    if tail is not None:
        sys.exit(f"{tail}\n安装依赖失败，原因见上；排除后重新运行即可。")


def main() -> None:
    """Run the two stages."""
    extras, stages = sys.argv[1:]
    if venv_works():
        print(f"[1/{stages}] 虚拟环境已就绪。", flush=True)
    else:
        print(f"[1/{stages}] 建立虚拟环境 .venv …", flush=True)
        make_venv()

    wanted = set(extras.split(","))
    project = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = read_stamp()
    present = stamp.get("extras")
    if stamp.get("project") == project and isinstance(present, list) and wanted <= set(present):
        print(f"[2/{stages}] 依赖已是最新。", flush=True)
        return
    print(f"[2/{stages}] 安装依赖，首次约需一至三分钟 …", flush=True)
    started = time.monotonic()
    install(extras)
    STAMP.write_text(
        json.dumps({"project": project, "extras": sorted(wanted), "root": str(ROOT)}) + "\n"
    )
    print(f"      依赖已装好，用时 {time.monotonic() - started:.0f} 秒。", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("已中断。")
