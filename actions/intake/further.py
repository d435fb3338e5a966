"""Two complaints in one breath: the first is taken now, the others are kept and offered once it is filed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.heard import Heard, HeardDetail
from actions.intake.display import gist
from actions.intake.parts import ANOTHER, CONTACT, Line, Setting
from actions.intake.phrases import FURTHER
from actions.intake.story import has_story
from casework.house import House
from casework.tickets.model import Intake
from understanding.complaints import split_complaints

#: A piece shorter than this says too little to be a complaint of its own (Chinese characters; others by story).
_MIN_PIECE = 6


def parted(heard: Heard) -> tuple[Heard, tuple[Heard, ...]]:
    """The first complaint of a turn and the further ones, each with its own details and categories."""
    looked = heard.complaints is not None
    pieces = [_piece(heard, dict(found)) for found in heard.complaints or ()] if looked else _split(heard)
    told = _apart([piece for piece in pieces if _is_complaint(piece)], own_categories=looked)
    if len(told) < 2:
        return heard, ()
    first, *others = told
    return replace(first, media=heard.media), tuple(others)


def _apart(pieces: list[Heard], *, own_categories: bool) -> list[Heard]:
    """Pieces about different things: what belongs to the same kind of matter is one complaint."""
    apart: dict[str, Heard] = {}
    for number, piece in enumerate(pieces):
        kind = piece.categories[0][0].rpartition("-")[0] if piece.categories else str(number)
        if not own_categories or kind not in apart:
            apart[kind if kind not in apart else f"{kind} {number}"] = piece
            continue
        first = apart[kind]
        by = len(first.text) + 1
        moved = tuple(replace(d, start=d.start + by, end=d.end + by) for d in piece.details)
        apart[kind] = replace(first, text=f"{first.text}\n{piece.text}", details=(*first.details, *moved))
    return list(apart.values())


def _split(heard: Heard) -> list[Heard]:
    if heard.payload or len(heard.text) < 2 * _MIN_PIECE:
        return []
    pieces, at = [], 0
    for text in split_complaints(heard.text):
        start = heard.text.find(text, at)
        if start < 0:
            return []
        at = start + len(text)
        pieces.append(_piece(heard, {"text": text, "start": start, "end": at, "categories": None}))
    return pieces


def _piece(heard: Heard, found: Mapping[str, Any]) -> Heard:
    start, end = int(found["start"]), int(found["end"])
    details = tuple(
        replace(detail, start=detail.start - start, end=detail.end - start)
        for detail in heard.details
        if start <= detail.start < end
    )
    categories = found.get("categories")
    return replace(
        heard,
        text=str(found["text"]).strip(),
        details=details,
        categories=heard.categories if categories is None else _ranking(categories),
        complaints=None,
    )


def _ranking(categories: Any) -> tuple[tuple[str, float], ...]:
    ranking = []
    for item in categories:
        if isinstance(item, Mapping):
            ranking.append((str(item.get("code") or item.get("name")), float(item["confidence"])))
        else:
            ranking.append((str(item[0]), float(item[1])))
    return tuple(ranking)


def _is_complaint(piece: Heard) -> bool:
    """Whether a piece tells something by itself, and not only when, where, or what is wanted."""
    if len(piece.text) < _MIN_PIECE or not has_story(piece.text):
        return False
    besides = sum(len(d.text) for d in piece.details if d.kind in _SETTING)
    return besides <= 0.6 * len(piece.text)


_SETTING: tuple[str, ...] = ("when", "place", "phone", "email", "name", "remedy", "reference")


def kept(intake: Intake, others: tuple[Heard, ...], *, own_categories: bool) -> Intake:
    """The draft with further complaints for afterwards. ``own_categories``: they were ranked one by one."""
    more = [
        _as_json(other, own_categories=own_categories)
        for other in others
        if not any(known["text"] == other.text for known in intake.also)
    ]
    return replace(intake, also=(*intake.also, *more))


def _as_json(heard: Heard, *, own_categories: bool) -> dict[str, Any]:
    return {
        "text": heard.text,
        "categories": [list(pair) for pair in heard.categories[:8]],
        "details": [[d.kind, d.value, d.text, d.start, d.end, d.confidence] for d in heard.details],
        "emotion": list(heard.emotion),
        "message_ids": list(heard.message_ids),
        "own_categories": own_categories,
    }


def _from_json(data: Mapping[str, Any]) -> Heard:
    return Heard(
        message_id="",
        text=str(data["text"]),
        intent="lodge_complaint",
        confidence=1.0,
        emotion=(str(data["emotion"][0]), int(data["emotion"][1])),
        categories=tuple((str(code), float(p)) for code, p in data["categories"]),
        details=tuple(HeardDetail(*item) for item in data["details"]),
        message_ids=tuple(int(i) for i in data["message_ids"]),
    )


def next_draft(filed: Intake) -> Intake | None:
    """The draft for the next complaint that was heard, waiting for a yes; ``None`` when there is none."""
    if not filed.also:
        return None
    # How the person can be reached is known by now and is not asked again.
    contact = {key: value for key, value in filed.details.items() if key == CONTACT}
    declined = tuple(key for key in filed.declined if key == CONTACT)
    shared = not filed.also[0]["own_categories"]
    return Intake(
        also=filed.also,
        pending=ANOTHER,
        anonymous=filed.anonymous,
        details=contact,
        declined=declined,
        acknowledged=True,
        rejected=(filed.category,) if shared else (),  # ranked with the first, whose category led
    )


def waiting_fact(intake: Intake, house: House, language: str) -> str:
    """A few words of the complaint that waits."""
    text = str(intake.also[0]["text"]) if intake.also else ""
    return gist(text, house, language=language) if text else ""


def taken_up(intake: Intake) -> tuple[Intake, Heard]:
    """The draft with the waiting complaint no longer waiting, and that complaint as if it were told now."""
    first, *rest = intake.also
    return replace(intake, also=tuple(rest), pending=""), _from_json(first)


def announced(setting: Setting, intake: Intake, heard: Heard) -> tuple[Intake, Line] | None:
    """A further complaint while one is being told ("我还要投诉…"): kept for afterwards."""
    match = FURTHER.search(heard.text)
    if match is None or match.start() > 8 or not intake.description:
        return None
    beyond = heard.text[match.end() :].strip(" ，,。.:：")
    if not has_story(beyond):
        return (intake, Line("utter_another_later")) if len(beyond) <= 4 else None
    fact = gist(beyond, setting.house, language=setting.language)
    other = replace(heard, text=beyond, details=_moved(heard, beyond))
    return kept(intake, (other,), own_categories=True), Line("utter_another_kept", {"fact": fact})


def _moved(heard: Heard, beyond: str) -> tuple[HeardDetail, ...]:
    by = heard.text.find(beyond)
    return tuple(replace(d, start=d.start - by, end=d.end - by) for d in heard.details if d.start >= by)
