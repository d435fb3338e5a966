"""An engine worker whose bot answers at once: everything of the worker is real but what Rasa would say.

Run as a program: `python -m tests.races.quick_engine`. It reads the ordinary settings. A message with "hang" in it
never comes back from understanding.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.engine import BotMessage
from casework.storage.work import Store

#: What a person's message is known by: `p<person>m<number>`.
MARK = re.compile(r"p\d+m\d+")
#: Longest time that understanding takes, in seconds, so that a kill finds turns under way.
THINKS_S = 0.03


class QuickEngine:
    """The engine's interface; its answer names the messages that it answers."""

    def bind(self, states: Any) -> None:
        self._states = states

    def understand(self, text: str, **_: Any) -> dict[str, Any]:
        from app.hearing import meant

        time.sleep(3600 if "hang" in text else random.random() * THINKS_S)
        return meant("inform", text)

    def turn(
        self, *, conversation_id: str, text: str, parse_data: Mapping[str, Any], metadata: Mapping[str, Any]
    ) -> tuple[BotMessage, ...]:
        self._states.save(conversation_id, text)
        return (BotMessage("answers " + " ".join(MARK.findall(text))),)


def main() -> int:
    from app import worker
    from app.bus import Bus
    from app.settings import Settings
    from app.turns import TurnRunner
    from app.wiring import configure_logging, load_house, read_settings, utc_now

    def runner(settings: Settings, store: Store, model: Path) -> TurnRunner:
        return TurnRunner(
            store=store,
            engine=QuickEngine(),  # type: ignore[arg-type]
            house=load_house(settings),
            bus=Bus(settings.redis_url),
            clock=utc_now,
        )

    worker._runner = runner
    settings = read_settings()
    configure_logging(settings)
    return worker.run_worker(settings)


if __name__ == "__main__":
    sys.exit(main())
