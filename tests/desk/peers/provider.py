"""Installs and runs the OpenID provider, and signs in at its pages as a browser would."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx

PACKAGE = "oidc-provider@9.13.3"
_PATIENCE_S = 180


class PeerMissing(Exception):
    """The provider cannot be had here; the text says why."""


def home() -> Path:
    """The folder with its ``node_modules``; fetched once. Raises: PeerMissing."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    where = Path(base) / "tingsu-peers" / PACKAGE.replace("@", "-")
    where.mkdir(parents=True, exist_ok=True)
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise PeerMissing("node and npm are not installed")
    with (where / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (where / "complete").exists():
            quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
            command = [npm, "install", *quiet, "--prefix", str(where), PACKAGE]
            try:
                subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE_S)
            except subprocess.SubprocessError as error:
                raise PeerMissing(f"npm failed: {error}") from error
            (where / "complete").touch()
    return where


@contextmanager
def running(*, port: int = 0, holds_s: int = 600, thin: bool = False, desk_port: int = 1) -> Iterator[str]:
    """A provider of its own; gives its issuer. Raises: PeerMissing."""
    port = port or free_port()
    script = Path(__file__).with_name("provider.mjs")
    process = subprocess.Popen(
        ["node", str(script), str(port), str(holds_s), "thin" if thin else "full"],
        env={**os.environ, "PEER_HOME": str(home()), "DESK_PORT": str(desk_port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        if "listens" not in process.stdout.readline():
            raise PeerMissing("the provider did not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def sign_in(address: str, *, as_: str) -> str:
    """Follow ``address`` through the pages of the provider; gives the address of ours that it sends the browser to."""
    with httpx.Client(follow_redirects=False) as browser:
        answer = browser.get(address)
        for _ in range(12):
            if "location" in answer.headers:
                target = urljoin(str(answer.url), answer.headers["location"])
                if "/desk/sign-on/back" in target:
                    return target
                answer = browser.get(target)
                continue
            action = re.search(r'action="([^"]+)"', answer.text)
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
            assert action is not None, answer.text[:500]
            assert prompt is not None, answer.text[:500]
            form = {"prompt": prompt[1], "login": as_, "password": "anything"}
            answer = browser.post(urljoin(str(answer.url), action[1]), data=form)
    raise AssertionError("the provider never sent the browser back")
