"""Debian's Chromium and the axe checks: found, or fetched where they must not be missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

#: Version of the accessibility checks that the page is held against.
AXE_VERSION = "4.14.1"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PACKAGES = ("chromium", "fonts-noto-cjk")


def must_run() -> bool:
    """Where skipping would hide a fault: in continuous integration."""
    return os.environ.get("CI", "").lower() in ("true", "1")


def chromium() -> str:
    """Path of the browser. In CI it is installed when missing; elsewhere the test is skipped."""
    if path := shutil.which("chromium"):
        return path
    if not must_run():
        pytest.skip(f"no browser here: apt-get install {' '.join(_PACKAGES)}")
    _run("apt-get", "update", "-qq")
    _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *_PACKAGES)
    path = shutil.which("chromium")
    assert path, "chromium was installed but is not found"
    return path


def axe_script() -> Path:
    """The file of axe-core, from npm, kept in a cache directory."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / f"tingsu-tests/axe-{AXE_VERSION}"
    script = cache / "node_modules/axe-core/axe.min.js"
    if script.is_file():
        return script
    if not shutil.which("npm"):
        if must_run():
            _run("apt-get", "update", "-qq")
            _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "npm")
        else:
            pytest.skip("no npm here to fetch axe-core with: apt-get install npm")
    cache.mkdir(parents=True, exist_ok=True)
    _run("npm", "install", "--no-audit", "--no-fund", "--prefix", str(cache), f"axe-core@{AXE_VERSION}")
    assert script.is_file(), "axe-core was installed but is not found"
    return script


def _run(*command: str) -> None:
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        timeout=900,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
    if done.returncode:
        pytest.fail(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}", pytrace=False)
