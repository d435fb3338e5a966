"""Deleting one's data by chat leaves nothing of it behind: not in a column, not in the file, not in memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, text

from casework.storage.tables import PERSONAL, metadata
from casework.storage.work import Store
from tests.e2e.runner import ALL_PACKS, Clock, RecordingEngine, World, load_house, new_store

pytestmark = [pytest.mark.engine]

OPENING = {
    "zh": "昨天下午在区政务大厅办营业执照，3号窗口的工作人员一直玩手机，问什么都不理",
    "en": "The clerk at window 3 in the district service hall ignored me yesterday afternoon",
}
ANSWERS = {
    "zh": {"want": "要求道歉", "contact": "13812345678"},
    "en": {"want": "an apology", "contact": "+86 138 1234 5678"},
}
WISH = {"zh": ("删除我的资料", "确认删除"), "en": ("delete my data", "yes, delete it")}
SECRETS = {
    "zh": ("玩手机", "道歉", "13812345678", "photo-1"),
    "en": ("ignored", "apology", "1234 5678", "photo-1"),
}


def readable(store: Store) -> str:
    """Every personal column, decrypted."""
    found = []
    with store.database.reading() as connection:
        for name in sorted(PERSONAL):
            table, column = name.split(".")
            found += [str(row[0]) for row in connection.execute(select(metadata.tables[table].c[column]))]
    return "\n".join(found)


def encrypted(store: Store) -> set[bytes]:
    """The same as it lies in the file."""
    found = set()
    with store.database.reading() as connection:
        for name in sorted(PERSONAL):
            table, column = name.split(".")
            rows = connection.execute(text(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"))
            found |= {bytes(row[0]) for row in rows}
    return found


def pieces(blob: bytes) -> list[bytes]:
    """Stretches of an encrypted value: a long one does not lie in the file in one piece."""
    return [blob[start : start + 40] for start in range(40, len(blob) - 40, 40)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_deleted_by_chat_is_gone_from_the_file_and_from_memory(
    language: str, engine: RecordingEngine, tmp_path: Path
) -> None:
    store = new_store(tmp_path)
    world = World(engine=engine, store=store, house=load_house(ALL_PACKS), clock=Clock())
    ann, bob = world.person("ann"), world.person("bob")
    bob.say("转人工")
    ann.say(OPENING[language])
    for _ in range(14):
        if ann.last.asked in ("confirmation", ""):
            break
        if ann.last.asked == "category":
            ann.say(payload=ann.last.buttons[0].payload)
        elif ann.last.asked in ANSWERS[language]:
            ann.say(ANSWERS[language][ann.last.asked])
        else:
            ann.say(payload="skip")
    ann.press("affirm")
    [ticket] = ann.tickets
    ann.say(media=["photo"])
    assert all(secret in readable(store) for secret in SECRETS[language])
    before = encrypted(store)
    for words in WISH[language]:
        ann.say(words)
    assert ann.last.responses == ("utter_forgotten_with_cases",)
    assert not [secret for secret in SECRETS[language] if secret in readable(store)]
    gone = before - encrypted(store)
    files = b"".join(path.read_bytes() for path in tmp_path.glob("e2e.db*"))
    assert len(gone) > 20
    assert not [piece for blob in gone for piece in pieces(blob) if piece in files]
    assert all(pieces(blob)[0] in files for blob in encrypted(store))
    assert ann.say("hello" if language == "en" else "你好").responses[0] == "utter_greet"
    with store.reading() as work:
        kept = work.tickets.by_number(ticket.number)
    assert kept is not None
    assert (kept.category, kept.department) == (ticket.category, ticket.department)
