"""What staff publish is what the real engine answers in the next turn, without restart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.bus import Bus
from app.chat import Chat, Said
from app.turns import TurnRunner
from app.wiring import utc_now
from bot.engine import Engine
from casework.editing import HouseKeeper
from casework.house import House
from casework.knowledge import checking
from casework.publishing import KNOWLEDGE, RETIRED, publish
from casework.storage.work import Store
from tests.conftest import ROOT, make_house

pytestmark = [pytest.mark.engine]

ENTRY: dict[str, Any] = {
    "pack": "common", "address": "", "categories": [], "countries": [],
    "as_of": "2026-11-01", "valid_from": "2026-01-01", "valid_until": "2099-12-31",
    "zh": {
        "title": "换电柜在哪里", "source": "大厅服务指南", "answer": "换电柜在大厅东门外。",
        "questions": ["哪里可以给电动车换电池", "电瓶车换电去哪里", "有没有换电柜"],
    },
    "en": {
        "title": "Where to swap a battery", "source": "Hall guide",
        "answer": "The swap cabinet stands at the east gate.",
        "questions": ["where can I swap my e-bike battery", "is there a battery swap cabinet", "battery swap place"],
    },
}  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_published_answer_is_given_and_a_retired_one_no_more(
    store: Store, engine: Engine, house: House, language: str
) -> None:
    def keeper() -> HouseKeeper:
        """Of one process."""
        return HouseKeeper(
            store, ROOT / "packs", lambda edits: make_house(edits) if edits else replace(house)
        )

    gateway, worker = keeper(), keeper()
    runner = TurnRunner(
        store=store, engine=engine, house=worker.house, renew_house=worker.look, bus=Bus(""), clock=utc_now
    )
    chat = Chat(store=store, runner=runner, clock=utc_now, identity="someone")
    question, answer = ENTRY[language]["questions"][0], ENTRY[language]["answer"]

    def asked() -> str:
        said = chat.say(Said(text=f"{question}？" if language == "zh" else f"{question}?"))
        assert said is not None
        return "\n".join(message["text"] for message in said["messages"])

    assert answer not in asked()
    assert checking.problem("common/swap", ENTRY, house=house, today=utc_now().date()) is None
    publish(gateway, store, KNOWLEDGE, "common/swap", ENTRY, by="sun", now=utc_now(), seen=0)
    assert answer in asked()
    with store.reading() as work:
        seen = work.edits.history(KNOWLEDGE, key="common/swap")[0].id
    publish(gateway, store, KNOWLEDGE, "common/swap", RETIRED, by="sun", now=utc_now(), seen=seen)
    assert answer not in asked()
