"""Puts the programs we did not write into a cache directory: four npm packages and one source archive."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

NPM_PACKAGES = ("wechat-crypto@0.0.2", "@wecom/crypto@1.0.1", "webot-cli@0.0.11", "co-wechat-api@3.11.0")
WEROBOT = "WeRoBot==1.13.1"
_STAMP = "\n".join((*NPM_PACKAGES, WEROBOT))
_PATIENCE_S = 120


class PeersMissing(Exception):
    """The peers cannot be had here; the text says why."""


def cache_dir() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "tingsu-peers" / "wechat"


def install() -> Path:
    """The directory with ``node_modules`` and ``WeRoBot-…``; fetched once.

    Raises: PeersMissing.
    """
    where = cache_dir()
    where.mkdir(parents=True, exist_ok=True)
    with (where / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = where / "installed"
        if not stamp.exists() or stamp.read_text() != _STAMP:
            _fetch(where)
            stamp.write_text(_STAMP)
    return where


def _fetch(where: Path) -> None:
    quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
    _run("npm", "install", *quiet, "--prefix", str(where), *NPM_PACKAGES)
    # pip, as uv cannot download an archive without installing it
    _run(
        "uvx",
        "--from",
        "pip==24.3.1",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--no-binary",
        ":all:",
        "-d",
        str(where),
        WEROBOT,
    )
    (archive,) = where.glob("[Ww]e[Rr]o[Bb]ot-*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(where, filter="data")


def _run(program: str, *arguments: str) -> None:
    if not (path := shutil.which(program)):
        raise PeersMissing(f"{program} is not installed")
    try:
        subprocess.run(
            [path, *arguments],
            check=True,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.SubprocessError as error:
        told = str(getattr(error, "stderr", "") or error)
        raise PeersMissing(f"{program} failed: {told[-500:]}") from error
