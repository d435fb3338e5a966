"""Filling fields: from what was heard in passing, and from the answer to a question.

No sentence is made here and nothing is decided about the next question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from actions.heard import Heard, HeardDetail
from actions.intake.display import shown
from actions.intake.parts import WANT
from actions.intake.phrases import plain
from casework.house import House
from casework.packs import Category, Field
from casework.tickets.model import DetailValue, Intake
from understanding.details.answer import parse_answer

#: Field type -> kind of answer the language code can read. Types that are missing take the words as they are.
_ANSWER_KINDS: Mapping[str, str] = {
    "when": "when",
    "amount": "amount",
    "count": "count",
    "duration": "duration",
    "reference": "reference",
}
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_DIGIT = re.compile(
    r"[\d零〇一二三四五六七八九十百千两]|\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b",
    re.IGNORECASE,
)
_NEARLY_ALL = 0.6
#: A number or an address that is so much of a turn is what the turn is about ("no phone, just mail …").
_HOW_TO_REACH = 0.3
#: An answer to a place or person question longer than this is a story that may hold the answer.
_MAX_PLAIN_ANSWER = 60
_PARTS = re.compile(r"[，。！？；\n]+|[,.!?;]+(?=\s|$)")


def sentence_of(text: str, start: int) -> str:
    """The sentence of ``text`` in which position ``start`` lies."""
    for match in _SENTENCE.finditer(text):
        if match.start() <= start < match.end():
            return match.group().strip()
    return text.strip()


def remember(intake: Intake, heard: Heard) -> Intake:
    """Keep what was heard that may fill a field now or once the category is known."""
    message_id = heard.message_ids[-1] if heard.message_ids else None
    items = [
        (detail.kind, detail.value, detail.text, sentence_of(heard.text, detail.start), message_id)
        for detail in heard.details
        if detail.value is not None and detail.confidence >= 0.5
    ]
    for item in heard.media:
        if item.get("kind") == "contact" and item.get("phone"):
            items.append(("phone", item["phone"], item["phone"], item["phone"], message_id))
        if item.get("kind") == "location" and item.get("latitude") is not None:
            label = item.get("text") or f"{item['latitude']:.5f}, {item['longitude']:.5f}"
            items.append(("place", label, label, label, message_id))
    known = set(intake.message_ids)
    return replace(
        intake,
        pool=(*intake.pool, *items)[-60:],
        message_ids=(*intake.message_ids, *(i for i in heard.message_ids if i not in known)),
        emotions=(*intake.emotions, heard.emotion)[-50:],
    )


def fill_from_pool(intake: Intake, category: Category, *, language: str, zone: str) -> Intake:
    """Fill what is empty from what was said. An item fills one field; required fields come first."""
    details = dict(intake.details)
    used = [(d.text, d.message_id) for key, d in details.items() if key != "what"]
    for field in (*category.required, *category.noted):
        if field.key in details or field.key == "what" or (field.key == "contact" and intake.anonymous):
            continue
        found = _from_items(field, intake.pool, used, language=language, zone=zone) or _from_cues(
            field, intake, language=language, zone=zone
        )
        if found is not None:
            details[field.key] = found
            used.append((found.text, found.message_id))
    return replace(intake, details=details)


def _from_items(
    field: Field,
    pool: Iterable[tuple[Any, ...]],
    used: Iterable[tuple[str, int | None]],
    *,
    language: str,
    zone: str,
) -> DetailValue | None:
    for kind in field.kinds:
        for item_kind, value, text, sentence, message_id in pool:
            fits = item_kind == kind and not _names_no_place(field, text) and takes_label(field, value)
            if fits and not any(_is_all_of(text, said) and message_id == by for said, by in used):
                words = _whole_wish(text, sentence) if field.key == WANT else text
                meant = words if field.key == WANT else value
                return DetailValue(
                    value=meant,
                    text=words,
                    display=shown(field, meant, words, language=language, zone=zone),
                    source=sentence,
                    message_id=message_id,
                )
    return None


def _is_all_of(text: str, said: str) -> bool:
    """Whether ``text`` is what was said, or nearly all of it."""
    return text in said and len(text) >= _NEARLY_ALL * len(said)


#: What follows a wish and belongs to it.
_AND_THEN = re.compile(r"[，,、]? ?(?:再|并|还要|还得|同时|而且|以及|and )[^，,。！？!?；;]{2,40}")


def _whole_wish(text: str, sentence: str) -> str:
    """The wish with what goes on from it: "换个人，再道个歉" is one."""
    start = sentence.find(text)
    more = _AND_THEN.match(sentence, start + len(text)) if start >= 0 else None
    return sentence[start : more.end()] if more else text


#: Label of a number -> parts of the keys of the fields that such a number answers.
_LABELLED: Mapping[str, tuple[str, ...]] = {
    "tracking": ("tracking",),
    "order": ("order", "booking", "bill"),
    "account": ("account",),
    "policy": ("policy", "claim"),
    "application": ("application", "queue", "account_no"),
    "card": ("card", "account_tail"),
    "ticket": ("earlier", "application"),
}
_LABELLED_PARTS = frozenset(part for parts in _LABELLED.values() for part in parts)


def takes_label(field: Field, value: Any) -> bool:
    """Whether a number may fill ``field`` by what the person called it: a tracking number is no order number.

    A number without a name, and a field that fits no name, take anything.
    """
    label = value.get("label") if isinstance(value, Mapping) else None
    if not label or not any(part in field.key for part in _LABELLED_PARTS):
        return True
    return any(part in field.key for part in _LABELLED.get(str(label), (field.key,)))


def _called_so(field: Field, text: str, pool: Iterable[tuple[Any, ...]]) -> bool:
    """Whether the number ``text`` that a cue found was not called something else by the person."""
    values = [value for kind, value, *_ in pool if kind == "reference" and isinstance(value, Mapping)]
    return all(takes_label(field, value) for value in values if str(value.get("number")) == text.upper())


_GENERIC = re.compile(
    r"(?:the |our |your |my )?(?:local )?(?:政务(?:服务)?中心|行政服务中心|市民中心|办事大厅|服务大厅|营业厅|车管所|"
    r"社保局|税务局|派出所|民政局|窗口|大厅|物业(?:公司|办|管理处)?|小区|学校|医院|公司|单位|酒店|度假村|饭店|餐厅|"
    r"超市|商场|电力局|供电(?:局|公司|所)|electricity office|"
    r"hotel|restaurant|school|hospital|town hall|city hall|"
    r"tax office|council office|passport office|"
    r"service (?:hall|centre|center)|police station|office|counter|hall)",
    re.IGNORECASE,
)


def _names_no_place(field: Field, text: str) -> bool:
    """Whether a place is only a kind of place ("the tax office"), so that nobody could find it."""
    return field.type == "place" and _GENERIC.fullmatch(text.strip()) is not None


def _from_cues(field: Field, intake: Intake, *, language: str, zone: str) -> DetailValue | None:
    for piece in intake.description:
        found = field.cued(piece)
        if found is None or not found.text or _names_no_place(field, found.text):
            continue
        if not _called_so(field, found.text, intake.pool):
            continue
        value: Any = found.text
        if field.choices:
            choice = field.choice_for(found.text)
            if choice is None:
                continue
            value = choice.value
        return DetailValue(
            value=value,
            text=found.text,
            display=shown(field, value, found.text, language=language, zone=zone),
            source=sentence_of(piece, found.start),
            message_id=intake.message_ids[0] if intake.message_ids else None,
        )
    return None


def read_answer(
    field: Field, heard: Heard, *, house: House, now: datetime, language: str, insisted: bool = False
) -> DetailValue | None:
    """The answer to the question for ``field``; ``None`` when this turn does not hold one.

    ``insisted``: it was asked before and not understood; the person's own words are then good enough.
    """
    text = heard.text.strip()
    if not text:
        return None
    value, said = _answer_value(field, heard, text, insisted=insisted, house=house, now=now)
    own_words = insisted and heard.is_act("inform", at_least=0.4) and len(text) <= _MAX_PLAIN_ANSWER
    if (
        said is None
        and own_words
        and field.type != "contact"
        and not _says_something_else(field, heard, text, insisted=True)
    ):
        value = said = plain(text)
    if said is None:
        return None
    return DetailValue(
        value=value,
        text=said,
        display=shown(field, value, said, language=language, zone=house.zone),
        source=text,
        message_id=heard.message_ids[-1] if heard.message_ids else None,
    )


def _answer_value(
    field: Field, heard: Heard, text: str, *, insisted: bool, house: House, now: datetime
) -> tuple[Any, str | None]:
    said = plain(text)
    if field.choices:
        return _choice(field, heard, said)
    matching = heard.any_detail(*field.kinds) if field.kinds else None
    if field.type == "contact":
        return _contact(matching, text, house=house, now=now)
    if field.type in _ANSWER_KINDS:
        for part in dict.fromkeys((text, said, *_PARTS.split(said))):
            parsed = parse_answer(
                part, kind=_ANSWER_KINDS[field.type], now=now, timezone=house.zone, region=house.country
            )
            if parsed is not None and parsed.value is not None and takes_label(field, parsed.value):
                return parsed.value, parsed.text
        if matching is not None and takes_label(field, matching.value):
            return matching.value, matching.text
        as_said = field.type == "reference" and not heard.details and _looks_like_reference(text)
        return (text, text) if as_said else (None, None)
    if matching is not None and (field.type in ("place", "person") and len(said) > _MAX_PLAIN_ANSWER):
        return matching.value, matching.text
    return (None, None) if _says_something_else(field, heard, text, insisted=insisted) else (said, said)


def _says_something_else(field: Field, heard: Heard, text: str, *, insisted: bool = False) -> bool:
    """Whether the words are nothing but a time, a phone number or an address of another field, or hold no digit where
    a number is read off something."""
    if field.type == "text" and heard.is_act("affirm", "deny", "thank", "greet", "goodbye", at_least=0.5):
        return True
    in_digits = field.type == "text" and field.example.zh.isdigit()
    if in_digits and not _DIGIT.search(text):
        return True
    if text.endswith(("?", "？")) and heard.is_act("ask_question", "query_progress", "ask_why", at_least=0.4):
        return True
    kinds = _ELSEWHERE_FOR_A_WISH if field.key == WANT else _ELSEWHERE
    if field.choices:
        kinds = (*kinds, *_NUMBERS)
    other = [d for d in heard.details if d.kind in kinds and d.kind not in field.kinds]
    if any(d.kind in ("phone", "email") for d in other) and not heard.any_detail("remedy"):
        return sum(len(d.text) for d in other) >= _HOW_TO_REACH * len(text)
    share = 0.95 if insisted else 0.5 if field.key == WANT else 0.8
    return bool(other) and sum(len(d.text) for d in other) >= share * len(text)


#: Kinds of details that answer another question. A wish is no place and no number either.
_ELSEWHERE = ("when", "phone", "email")
_ELSEWHERE_FOR_A_WISH = (*_ELSEWHERE, "organisation", "place", "window", "reference")
#: None of the choices of a question is one of these.
_NUMBERS = ("reference", "id_number", "plate")


def _looks_like_reference(text: str) -> bool:
    return any(c.isdigit() for c in text) and len(text) <= 40


_EDGES = " 。.!！,，"
_YES = re.compile(
    r"对的?|是的?|嗯+|有的?|没错|yes|yeah|yep|yup|right|correct|it is|i do|we do|i have", re.IGNORECASE
)
_NO = re.compile(
    r"不|不是|没有?|还没有?|暂时没有|no|nope|nah|not yet|not really|none|it isn'?t|i haven'?t", re.IGNORECASE
)


def _choice(field: Field, heard: Heard, text: str) -> tuple[Any, str | None]:
    choice = field.choice_for(text)
    if choice is None and field.type == "yes_no":
        yes = heard.intent == "affirm" or _YES.fullmatch(text.strip(_EDGES)) is not None
        no = heard.intent == "deny" or _NO.fullmatch(text.strip(_EDGES)) is not None
        wanted = "no" if no else "yes" if yes else ""
        choice = next((c for c in field.choices if c.value == wanted), None)
    if choice is not None:
        return choice.value, text
    # A choice is a help, not a cage: an answer in other words is kept as it was said.
    in_own_words = (
        heard.is_act("inform", at_least=0.3)
        and len(text) <= _MAX_PLAIN_ANSWER
        and not _says_something_else(field, heard, text)
    )
    return (text, text) if in_own_words and field.type == "choice" else (None, None)


def _contact(
    matching: HeardDetail | None, text: str, *, house: House, now: datetime
) -> tuple[Any, str | None]:
    if matching is not None:
        return matching.value, matching.text
    for kind in ("phone", "email"):
        parsed = parse_answer(text, kind=kind, now=now, timezone=house.zone, region=house.country)
        if parsed is not None and parsed.value is not None:
            return parsed.value, parsed.text
    return None, None
