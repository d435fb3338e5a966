"""What must hold of a history, counted from the tables and from what the provider saw."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from sqlalchemy import select

from casework.conversations.model import Event, Owner
from casework.storage.tables import messages
from tests.races.world import HANDOVER_LINE, KEPT, RULES, Person, World, answered_by


@dataclass
class Tally:
    """Figures over many histories."""

    histories: int = 0
    messages: int = 0
    kills: int = 0
    lost: int = 0
    doubled: int = 0
    stale: int = 0
    #: Albums that came within their window and were answered in pieces.
    cut: int = 0
    disorder: int = 0
    #: Copies that a provider without idempotency key may have got: after a crash or a time-out in mid-send.
    in_doubt: int = 0
    #: Messages that staff have instead of an answer: their turn failed or killed its workers too often.
    aside: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, n) + getattr(other, n) for n in self.__dataclass_fields__))

    def line(self) -> str:
        """The figures as ``name=value``."""
        return " ".join(f"{name}={getattr(self, name)}" for name in self.__dataclass_fields__)

    @classmethod
    def of(cls, line: str) -> Tally:
        return cls(**{name: int(value) for name, value in (part.split("=") for part in line.split())})

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.stale or self.disorder or self.cut)


def report(name: str, tally: Tally) -> None:
    """Keep the figures for `make races`, which adds them up."""
    if path := os.environ.get("RACES_FIGURES"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{name}\t{tally.line()}\n")


def examine(world: World, person: Person) -> Tally:
    """Look at one history that has come to rest."""
    chat = person.conversation_id
    with world.store.database.reading() as connection:
        rows = (
            connection.execute(
                select(messages).where(messages.c.conversation_id == chat).order_by(messages.c.seq)
            )
            .mappings()
            .all()
        )
    said = [row for row in rows if row["direction"] == "out" and not row["internal"]]
    heard = [row for row in rows if row["direction"] == "in"]
    owners = world.owners[chat]
    tally = Tally(histories=1)
    keys = [row["provider_key"] for row in heard]
    sent_ids = {f"{m.channel}:{m.provider_id}" for m in person.sent}
    tally.messages = len(sent_ids)
    tally.doubled += len(keys) - len(set(keys))
    tally.lost += len(sent_ids - set(keys))
    tally.disorder += [row["seq"] for row in rows] != list(range(1, len(rows) + 1))
    answers: Counter[int] = Counter()
    turn_of: dict[int, int] = {}
    for row in said:
        if (found := answered_by(row["text"])) is None:
            continue
        ids, epoch = found
        answers.update(ids)
        turn_of.update(dict.fromkeys(ids, row["id"]))
        is_handover = row["text"].startswith(HANDOVER_LINE)
        if owners[epoch] is not Owner.BOT or (not is_handover and row["epoch"] != epoch):
            tally.stale += 1
        if is_handover and (row["epoch"] != epoch + 1 or owners[row["epoch"]] is not Owner.QUEUE):
            tally.stale += 1
    for row in heard:
        if row["state"] == "note":
            tally.lost += row["event"] == Event.MESSAGE.value
            continue
        tally.doubled += max(0, answers[row["id"]] - 1)
        with_bot = owners[row["epoch"]] is Owner.BOT
        if answers[row["id"]]:
            tally.stale += not with_bot  # written to a person, answered by the bot
        elif row["state"] == "aside":
            tally.lost += not any(KEPT in out["text"] for out in said)
            tally.aside += 1
        elif row["state"] == "done":
            # A person got it: it came while one had the chat, or was waiting when one took it.
            tally.lost += with_bot and owners.get(row["epoch"] + 1) is Owner.BOT
            tally.lost += with_bot and row["epoch"] + 1 not in owners
        else:
            tally.lost += 1
    tally.cut = sum(_is_cut(album, turn_of) for album in world.albums.values())
    _look_at_deliveries(tally, said, world.delivered.get(chat, []))
    return tally


def _is_cut(album: list[tuple[int, datetime]], turn_of: dict[int, int]) -> bool:
    """Whether an album that came in one go was answered in more than one turn."""
    came = [when for _, when in album]
    in_one_go = all(later - earlier < RULES.album_window for earlier, later in pairwise(came))
    turns = {turn_of.get(message_id) for message_id, _ in album}
    return in_one_go and came[-1] - came[0] < RULES.album_window and len(turns) > 1 and None not in turns


def _look_at_deliveries(tally: Tally, said: list[dict[str, object]], delivered: list[int]) -> None:
    times = Counter(delivered)
    place = {row["id"]: row["seq"] for row in said}
    for row in said:
        copies = times[row["id"]]  # type: ignore[index]
        tally.in_doubt += max(0, copies - 1)
        tally.doubled += copies - 1 > int(row["doubtful"])  # type: ignore[call-overload]
        if row["state"] == "failed":
            tally.lost += not row["error"]
        else:
            tally.lost += copies == 0 or row["state"] != "sent"
    first = list(dict.fromkeys(delivered))
    seqs = [place[message_id] for message_id in first]
    tally.disorder += seqs != sorted(seqs)  # type: ignore[type-var]
