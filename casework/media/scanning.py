"""The virus scanner that an operator may set up: a clamd daemon, or any command that reads a file from its input."""

from __future__ import annotations

import shlex
import socket
import struct
import subprocess
from urllib.parse import urlsplit

from casework.media.model import Scanner, ScannerAway

_PATIENCE_S = 60.0
_CHUNK = 64 * 1024


class Clamd:
    """clamd at ``unix path`` or ``(host, port)``. Source of the protocol: clamd(8), INSTREAM."""

    def __init__(self, address: str | tuple[str, int]) -> None:
        self._address = address

    def is_clean(self, content: bytes) -> bool:
        try:
            verdict = self._ask(content)
        except OSError as error:
            raise ScannerAway(type(error).__name__) from error
        if verdict.endswith(b"OK"):
            return True
        if verdict.endswith(b"FOUND"):
            return False
        raise ScannerAway("no verdict")  # too large for its StreamMaxLength, or an error of its own

    def _ask(self, content: bytes) -> bytes:
        family = socket.AF_UNIX if isinstance(self._address, str) else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as line:
            line.settimeout(_PATIENCE_S)
            line.connect(self._address)
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                chunk = content[start : start + _CHUNK]
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
            answer = b""
            while not answer.endswith(b"\0") and (more := line.recv(4096)):
                answer += more
        return answer.rstrip(b"\0\n")


class Command:
    """A program that reads the file from standard input: 0 says clean, 1 infected, anything else "do not know"."""

    def __init__(self, command: str) -> None:
        self._arguments = shlex.split(command)

    def is_clean(self, content: bytes) -> bool:
        try:
            done = subprocess.run(  # noqa: S603 (the operator's own command, without a shell)
                self._arguments, input=content, capture_output=True, timeout=_PATIENCE_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ScannerAway(type(error).__name__) from error
        if done.returncode not in (0, 1):
            raise ScannerAway(f"exit {done.returncode}")
        return done.returncode == 0


def scanner_of(setting: str) -> Scanner | None:
    """``clamd:///run/clamav/clamd.ctl``, ``clamd://host:3310``, ``command:clamdscan --no-summary -``; empty: none.

    Raises: ValueError, with the cure.
    """
    if not setting:
        return None
    if setting.startswith("command:") and shlex.split(setting.removeprefix("command:")):
        return Command(setting.removeprefix("command:"))
    parts = urlsplit(setting)
    if parts.scheme == "clamd" and parts.hostname:
        return Clamd((parts.hostname, parts.port or 3310))
    if parts.scheme == "clamd" and parts.path:
        return Clamd(parts.path)
    raise ValueError("use clamd:///path/to/socket, clamd://host:3310 or command:program arguments")
