"""aiosmtpd, a mail server by other people, in an environment of its own; what it takes lies in a maildir."""

from __future__ import annotations

import mailbox
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from tests.connectors.telegram.peers.install import PeerMissing, _home, _locked, _run

PACKAGE = "aiosmtpd==1.4.6"
_LONGEST_START_S = 20.0


def peer_python() -> Path:
    """An interpreter that has aiosmtpd. Raises: PeerMissing."""
    home = _home() / PACKAGE.replace("==", "-")
    python = home / "bin" / "python"
    with _locked(home.with_suffix(".lock")):
        if not (home / "complete").exists():
            _run(sys.executable, "-m", "venv", "--clear", str(home))
            _run(str(python), "-m", "pip", "install", "--quiet", PACKAGE)
            (home / "complete").touch()
    return python


@dataclass(frozen=True)
class MailPeer:
    """Where it listens, and what it took."""

    port: int
    folder: Path

    def taken(self) -> list[EmailMessage]:
        box = mailbox.Maildir(str(self.folder), create=False)
        parser = BytesParser(policy=policy.default)
        found = [parser.parsebytes(box.get_bytes(key)) for key in sorted(box.keys())]
        return [message for message in found if isinstance(message, EmailMessage)]


@contextmanager
def mail_peer(folder: Path, *options: str) -> Iterator[MailPeer]:
    """A running server. Raises: PeerMissing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(peer_python()), "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", *options]
    command += ["-c", "aiosmtpd.handlers.Mailbox", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield MailPeer(port, folder)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait(port: int) -> None:
    deadline = time.monotonic() + _LONGEST_START_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise PeerMissing("aiosmtpd did not start")
