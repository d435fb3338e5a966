"""``/metrics`` and ``/healthz`` of one process on ``TINGSU_METRICS_PORT``, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST

from app.observing.figures import exposition

#: A loop that has not come round for this long is taken for stuck. The longest turn is well below.
STUCK_S = 60.0


class Pulse:
    """The last time a loop came round."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def beat(self) -> None:
        self._last = time.monotonic()

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._last


@contextmanager
def figures_served(
    host: str, port: int, pulse: Pulse | None = None, *, figures: Callable[[], bytes] = exposition
) -> Iterator[None]:
    """Serve as long as this runs; nothing with ``port`` 0. Without ``pulse`` the process counts as alive."""
    if not port:
        yield
        return
    server = ThreadingHTTPServer((host, port), _handler(pulse, figures))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="figures", daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _handler(pulse: Pulse | None, figures: Callable[[], bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, CONTENT_TYPE_LATEST, figures())
            elif self.path == "/healthz":
                stuck = pulse is not None and pulse.age_s > STUCK_S
                self._answer(503 if stuck else 200, "text/plain", b"stuck\n" if stuck else b"ok\n")
            else:
                self._answer(404, "text/plain", b"see /metrics and /healthz\n")

        def _answer(self, code: int, kind: str, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Scrapes are not logged."""

    return Handler
