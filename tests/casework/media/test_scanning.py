"""The scanner's answers, and what its silence means."""

from __future__ import annotations

import socket
import struct
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.media.model import ScannerAway
from casework.media.scanning import Clamd, Command, scanner_of

_BAD = b"harmful"


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[str]:
    """A socket that reads INSTREAM as clamd(8) describes it and minds the word above."""
    path = str(tmp_path / "clamd.sock")
    door = socket.socket(socket.AF_UNIX)
    door.bind(path)
    door.listen()

    def read(line: socket.socket, size: int) -> bytes:
        got = b""
        while len(got) < size and (more := line.recv(size - len(got))):
            got += more
        return got

    def answer() -> None:
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            with line:
                if read(line, 10) != b"zINSTREAM\0":
                    continue
                content = b""
                while size := struct.unpack(">I", read(line, 4))[0]:
                    content += read(line, size)
                if len(content) > 500_000:
                    line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                else:
                    line.sendall(b"stream: Test-Sign FOUND\0" if _BAD in content else b"stream: OK\0")

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield path
    door.shutdown(socket.SHUT_RDWR)
    door.close()
    thread.join()


def test_clamd_is_asked_and_believed(clamd: str) -> None:
    scanner = scanner_of(f"clamd://{clamd}")
    assert isinstance(scanner, Clamd)
    assert scanner.is_clean(b"x" * 200_000)
    assert not scanner.is_clean(b"x" * 100_000 + _BAD)


def test_a_scanner_that_gives_no_verdict_is_not_taken_for_a_yes(clamd: str, tmp_path: Path) -> None:
    with pytest.raises(ScannerAway):
        Clamd(clamd).is_clean(b"x" * 600_000)
    with pytest.raises(ScannerAway):
        Clamd(str(tmp_path / "nobody")).is_clean(b"x")
    with pytest.raises(ScannerAway):
        Command("/no/such/program").is_clean(b"x")
    with pytest.raises(ScannerAway):
        Command(f"{sys.executable} -c 'raise SystemExit(2)'").is_clean(b"x")


def test_a_command_reads_the_file_and_answers_with_its_exit_code() -> None:
    code = "import sys; sys.exit(b'harmful' in sys.stdin.buffer.read())"
    scanner = scanner_of(f'command:{sys.executable} -c "{code}"')
    assert scanner is not None
    assert scanner.is_clean(b"well")
    assert not scanner.is_clean(_BAD)


@pytest.mark.parametrize("setting", ["clamav", "clamd://", "command:", "http://host:1"])
def test_a_setting_nobody_can_use_is_refused_with_its_cure(setting: str) -> None:
    with pytest.raises(ValueError, match="clamd:///path"):
        scanner_of(setting)


def test_without_a_setting_nothing_is_scanned() -> None:
    assert scanner_of("") is None
    address = scanner_of("clamd://scanner")
    assert isinstance(address, Clamd)
    assert address._address == ("scanner", 3310)
