"""The courier as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.conftest import ROOT


def test_asked_to_stop_it_ends_by_itself(tmp_path: Path, data_key: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TINGSU_")},
        "TINGSU_DATA_DIR": str(tmp_path),
        "TINGSU_DATA_KEY": data_key,
        "TINGSU_METRICS_PORT": str(port),
    }
    # As the installed program runs it: without the command line's own handler.
    start = "import sys; from app.cli import main; sys.argv = ['tingsu', 'courier']; main()"
    courier = subprocess.Popen([sys.executable, "-c", start], cwd=ROOT, env=environment)
    try:
        deadline = time.monotonic() + 60
        while not _is_healthy(port):
            assert courier.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        courier.send_signal(signal.SIGTERM)
        assert courier.wait(30) == 0
    finally:
        courier.kill()
        courier.wait()


def _is_healthy(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
