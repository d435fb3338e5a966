"""The embedded Valkey, and what the parts do while it is away."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest
import redis

from app.bus import Bus, Hub
from app.valkey import embedded_valkey

LONG_S = 60.0


def test_a_valkey_that_is_killed_comes_back_where_it_was() -> None:
    with embedded_valkey() as url:
        server = redis.Redis.from_url(url).info("server")
        os.kill(server["process_id"], signal.SIGKILL)
        deadline = time.monotonic() + LONG_S
        while not Bus(url).ping():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert redis.Redis.from_url(url).info("server")["process_id"] != server["process_id"]
    assert not Bus(url).ping(), "stopped with its house"


async def test_a_redis_that_hangs_holds_nobody_up() -> None:
    """Each wake-up would wait for its answer; all of them together must end long before."""
    with embedded_valkey() as url:
        hub, bus = Hub(url), Bus(url)
        await hub.start()
        number = redis.Redis.from_url(url).info("server")["process_id"]
        os.kill(number, signal.SIGSTOP)
        try:
            await asyncio.wait_for(asyncio.gather(*(_publish(hub, bus) for _ in range(20))), LONG_S)
        finally:
            os.kill(number, signal.SIGCONT)
        await hub.stop()


async def _publish(hub: Hub, bus: Bus) -> None:
    for _ in range(20):
        await hub.publish("turn")
        bus.publish("turn")


async def test_operators_hear_once_that_redis_is_away_even_if_it_never_was_there(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hub = Hub("redis://127.0.0.1:1/0")
    await hub.start()
    async with hub.listening("turn") as signal_:
        while "bus.down" not in caplog.text:
            await hub.pause(signal_, timeout_s=0.05)
        for _ in range(30):
            await hub.pause(signal_, timeout_s=0.05)
    await hub.stop()
    assert caplog.text.count("bus.down") == 1
