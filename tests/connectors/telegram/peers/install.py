"""Puts the peers into a cache of the user's, once. Needs PyPI, and uv or a Python from 3.11 on."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

PYTHONS = ">=3.11,<3.14"  # telemelya needs 3.11; newer than 3.13 may lack wheels
PACKAGES = ("telemelya==0.2.2", "moto[server]==5.2.5")
SCHEMA = "aiogram==3.31.0"
SCHEMA_MEMBER = "aiogram-3.31.0/.butcher/schema/schema.json"
_LONGEST_INSTALL_S = 600


class PeerMissing(Exception):
    """A peer could not be installed or started."""


def give_up(reason: Exception) -> NoReturn:
    """In CI a missing peer is a failure; elsewhere, say on a train, the tests are skipped."""
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(f"peer missing: {reason}", pytrace=False)
    pytest.skip(f"peer missing: {reason}")


def peer_python() -> Path:
    """An interpreter that has telemelya and moto.

    Raises: PeerMissing.
    """
    return environment("telemelya-0.2.2", PACKAGES)


def environment(name: str, packages: Sequence[str]) -> Path:
    """An interpreter that has ``packages``, made once; another ``name`` for other versions.

    Raises: PeerMissing.
    """
    home = _home() / name
    python = home / "bin" / "python"
    with _locked(home.with_suffix(".lock")):
        if not (home / "complete").exists():
            shutil.rmtree(home, ignore_errors=True)
            _make_environment(home, packages)
            (home / "complete").touch()
    return python


def schema_file() -> Path:
    """The machine-readable Bot API.

    Raises: PeerMissing.
    """
    python = peer_python()
    file = _home() / "bot-api-schema-3.31.0.json"
    with _locked(file.with_suffix(".lock")):
        if not file.exists():
            _fetch_schema(python, file)
    return file


def _home() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    home = Path(cache) / "tingsu-peers"
    home.mkdir(parents=True, exist_ok=True)
    return home


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_environment(home: Path, packages: Sequence[str]) -> None:
    if uv := os.environ.get("UV") or shutil.which("uv"):  # "uv run" tells its children where it is
        _run(uv, "venv", "--quiet", "--seed", "--no-project", "--python", PYTHONS, str(home))
        _run(uv, "pip", "install", "--quiet", "--python", str(home / "bin" / "python"), *packages)
        return
    names = ["python3.13", "python3.12", "python3.11"]
    found = next((python for name in names if (python := shutil.which(name))), None)
    if found is None and sys.version_info < (3, 11):
        raise PeerMissing(f"neither uv nor a Python {PYTHONS}")
    _run(found or sys.executable, "-m", "venv", str(home))
    _run(str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", *packages)


def _fetch_schema(python: Path, file: Path) -> None:
    folder = file.with_suffix(".download")
    shutil.rmtree(folder, ignore_errors=True)
    # Only aiogram itself from source: its wheel leaves the schema out.
    pip = (str(python), "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "aiogram")
    _run(*pip, "--dest", str(folder), SCHEMA)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        member = packed.extractfile(SCHEMA_MEMBER)
        if member is None:
            raise PeerMissing(f"{SCHEMA} has no {SCHEMA_MEMBER}")
        partial = file.with_suffix(".partial")
        partial.write_bytes(member.read())
    partial.rename(file)
    shutil.rmtree(folder)


def _run(*command: str) -> None:
    surroundings = {
        key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "UV_PYTHON")
    }
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_LONGEST_INSTALL_S,
            check=False,
            cwd=_home(),
            env=surroundings,
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise PeerMissing(f"{' '.join(command[:3])}: {exc}") from exc
    if done.returncode != 0:
        raise PeerMissing(f"{' '.join(command[:3])}: {done.stderr.strip()[-2000:]}")
