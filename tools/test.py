"""Every check and every test, in order, up to the first that fails; runs inside .venv."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

from bootstrap import ROOT, VENV, VENV_PYTHON, apt_install, run_quietly

BIN = VENV / "bin"
CHECKS = [
    ("代码规范", ["ruff", "check", "."]),
    ("代码格式", ["ruff", "format", "--check", "."]),
    ("类型", ["mypy"]),
    ("分层", ["lint-imports"]),
    ("内容", ["kb", "check"]),
    # Index and network are made here, once, and not by each of the processes that follow.
    ("训练应答台", ["kb", "suggest", "说好昨天送到，没人来"]),
    (
        "单元测试与浏览器测试",
        # tests/conftest.py says which file comes first.
        ["pytest", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder", "tests"],
    ),
    ("笔记本", ["pytest", "--nbval-lax", "--nbval-current-env", "book/notebooks"]),
]
FIRST = 3  # the two before are bootstrap.py's
STAGES = FIRST + len(CHECKS)

FONTS = ["fontconfig", "fonts-noto-cjk"]
BROWSER = ["chromium", "libatomic1"]  # a minimal Debian lacks libatomic1, which playwright needs


def ensure_fonts() -> None:
    """Give Chromium a Chinese font where that is ours to do."""
    if shutil.which("fc-list"):
        found = subprocess.run(["fc-list", ":lang=zh"], capture_output=True).stdout.strip()
        if found:
            return
    apt_install(*FONTS)


def ensure_browser() -> None:
    """Make sure that a browser starts, or stop: the browser tests are never skipped."""
    start: list[str | os.PathLike[str]] = [VENV_PYTHON, ROOT / "tests" / "browser_support.py"]

    def install_debian() -> bool:
        return apt_install(*BROWSER, *FONTS)

    def install_playwright() -> bool:
        print("      下载 Playwright 自带的 Chromium …", flush=True)
        return run_quietly([VENV_PYTHON, "-m", "playwright", "install", "chromium"]) is None

    remedies: list[Callable[[], bool]] = [install_debian, install_playwright]
    if os.environ.get("KB_CHROMIUM"):
        remedies = []
    attempt = subprocess.run(start, capture_output=True, text=True)
    for remedy in remedies:
        if attempt.returncode == 0:
            break
        if remedy():
            attempt = subprocess.run(start, capture_output=True, text=True)
    if attempt.returncode != 0:
        sys.exit(
            f"{attempt.stderr.strip()}\n"
            "没有能启动的 Chromium，浏览器测试无法进行；"
            f"请先安装：sudo apt-get install {' '.join(BROWSER + FONTS)}，"
            "或用环境变量 KB_CHROMIUM 指明浏览器的路径。"
        )
    print(f"      {attempt.stdout.strip()}", flush=True)


def main() -> None:
    """Run all stages."""
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    print(f"[{FIRST}/{STAGES}] 准备浏览器 …", flush=True)
    ensure_browser()
    ensure_fonts()
    for number, (name, command) in enumerate(CHECKS, FIRST + 1):
        print(f"[{number}/{STAGES}] {name}：{' '.join(command)}", flush=True)
        if subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT).returncode != 0:
            sys.exit(f"[{number}/{STAGES}] {name}没有通过，到此为止。")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("已中断。")
