"""Signs that somebody writes, and asking a channel for its window."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from app.channels import Channels
from app.ways_out import TYPING_EVERY_S, TypingSigns, window_of
from casework.conversations.model import Heard, OutboundMessage, Sent
from casework.conversations.ports import ChannelHealth, Window


class Shy:
    """A channel whose provider may hang."""

    channel = "telegram"

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.hangs = asyncio.Event()
        self.hangs.set()

    async def send(self, message: OutboundMessage, *, already_sent: Sequence[str] = ()) -> Sent:
        raise NotImplementedError

    async def typing(self, address: str) -> None:
        self.shown.append(address)
        await self.hangs.wait()

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def health(self) -> ChannelHealth:
        raise NotImplementedError


async def test_a_person_is_shown_it_now_and_then_however_fast_staff_type() -> None:
    now, channel = 0.0, Shy()
    signs = TypingSigns({"telegram": channel}, clock=lambda: now)
    for _ in range(9):
        await signs.show("telegram", "ann")
    await signs.show("telegram", "ben")
    await signs.show("nowhere", "ann")
    await asyncio.sleep(0)
    assert channel.shown == ["ann", "ben"]
    now = TYPING_EVERY_S
    await signs.show("telegram", "ann")
    await asyncio.sleep(0)
    assert channel.shown == ["ann", "ben", "ann"]


async def test_a_provider_that_hangs_holds_nobody_up_and_nothing_is_queued() -> None:
    channel = Shy()
    channel.hangs.clear()
    signs = TypingSigns({"telegram": channel}, clock=lambda: 0.0)
    for number in range(60):
        await signs.show("telegram", str(number))
    await asyncio.sleep(0)
    assert len(channel.shown) == 50
    channel.hangs.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(channel.shown) == 50


async def test_a_channel_without_a_window_lets_all_through_and_one_that_fails_is_asked_by_sending() -> None:
    async def fails(heard: Heard | None) -> Window:
        raise ConnectionError

    async def two(heard: Heard | None) -> Window:
        return Window(2)

    channels = Channels((), {"telegram": Shy()}, windows={"wechat": fails, "other": two})
    assert await window_of(channels, "telegram", None) == Window()
    assert await window_of(channels, "wechat", None) == Window(is_known=False)
    assert await window_of(channels, "other", None) == Window(2)
    assert await window_of(channels, "staff", None) == Window(is_way_out=False), "taken down at the counter"
