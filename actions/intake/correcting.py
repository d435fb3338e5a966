"""Corrections: which field a turn takes back, what is right instead, and changes of mind about a change."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.heard import Heard
from actions.intake.changing import put, reopen, take_back
from actions.intake.fields_named import NO_MORE, field_named, holding, holds, labelled, names_of
from actions.intake.filling import read_answer
from actions.intake.parts import CHANGE, CONFIRMATION, CONTACT, WHAT, Line, Listened, Setting
from actions.intake.phrases import as_before, likeness
from actions.intake.several import all_wrong, by_field
from casework.packs import Field
from casework.tickets.model import DetailValue, Intake
from understanding.details.answer import parse_answer
from understanding.details.corrections import Correction, find_correction
from understanding.details.corrections import corrected as put_right

#: A longer turn tells a story.
_MAX_TAKING_BACK = 60
#: "不是昨天", "it wasn't Tuesday": wrong, and nothing said in its place.
_DENIED = re.compile(
    r"(?:那)?(?:不是|不在|不对[,，]?不是)(?P<zh>[^,，。]{1,16}?)(?:的|啊|哦|呀)?"
    r"|(?:no,? )?(?:it|that|this)(?: wa| i)sn'?t (?:on |at |in |the )?(?P<en>[\w :£$'-]{2,24})"
    r"|not (?:on |at |in |the )?(?P<not>[\w :£$'-]{2,24})",
    re.IGNORECASE,
)
#: Words that admit a mistake.
_SLIPPED = re.compile(
    r"[说写填打记看算报弄搞输选][错反混]|不对|口误|更正|划掉"
    r"|\b(?:mis\w+|mistake|wrong|sorry|actually|scrap|scratch|typo|meant|correction|instead|no wait)\b",
    re.IGNORECASE,
)


def corrected(setting: Setting, intake: Intake, heard: Heard) -> Listened | None:
    """The turn as a correction; ``None`` when it is none that can be placed."""
    if (undone := _undone(setting, intake, heard)) is not None:
        return undone
    if (several := _several(setting, intake, heard)) is not None:
        return several
    correction = find_correction(heard.text)
    if (wrong := _only_wrong(setting, intake, heard, correction)) is not None:
        return Listened(reopen(setting, intake, wrong.key))
    target = _target(setting, intake, heard, correction)
    if target is None:
        return None
    value = _value(setting, intake, target, heard, correction)
    if value is None:
        names_it = correction is None or not correction.new or correction.hint
        if not names_it or target.key == WHAT:
            return None
        return Listened(reopen(setting, intake, target.key))
    changed = put(setting, _read_back(intake), target, value)
    lines = [_said(setting, target, value)]
    for other, second in _others(setting, intake, heard, target, value):
        changed = put(setting, changed, other, second)
        lines.append(_said(setting, other, second))
    return Listened(changed, tuple(lines))


def _several(setting: Setting, intake: Intake, heard: Heard) -> Listened | None:
    """Two fields or more put right, or named as wrong, in one turn at the read-back."""
    if intake.pending not in (CONFIRMATION, CHANGE) or setting.category(intake) is None:
        return None
    changed, lines = _read_back(intake), []
    if wrong := all_wrong(setting, intake, heard.text):
        for field in reversed(wrong):
            changed = reopen(setting, changed, field.key)
        return Listened(changed)
    for field, said in by_field(setting, intake, heard):
        value = _value(setting, intake, field, said, find_correction(said.text))
        if value is None:
            return None
        changed = put(setting, changed, field, value)
        lines.append(_said(setting, field, value))
    return Listened(changed, tuple(lines)) if lines else None


def _read_back(intake: Intake) -> Intake:
    return replace(intake, pending=CONFIRMATION if intake.pending == CHANGE else intake.pending)


def _said(setting: Setting, target: Field, value: DetailValue) -> Line:
    label = target.label.in_(setting.language)
    return Line("utter_corrected", {"label": label, "value": value.display})


def _undone(setting: Setting, intake: Intake, heard: Heard) -> Listened | None:
    """A change taken back: the field asked for again, else the one changed last."""
    if not intake.previous or not as_before(heard.text):
        return None
    named = field_named(setting, intake, heard.text)
    asked = intake.pending.removeprefix(f"{CHANGE}:")
    keys = [named.key if named else "", asked, *reversed(list(intake.previous))]
    key = next((key for key in keys if key in intake.previous), "")
    target = setting.field(intake, key)
    if target is None:
        return None
    back = take_back(setting, intake, key)
    values = {"label": target.label.in_(setting.language), "value": back.details[key].display}
    return Listened(back, (Line("utter_left_as_it_was", values),))


def takes_back(setting: Setting, intake: Intake, asked: Field, heard: Heard) -> bool:
    """Whether the turn corrects a field that is filled already, whatever act it was taken for."""
    if as_before(heard.text) and intake.previous:
        return True
    if intake.anonymous and _reachable_after_all(setting, intake, heard) is not None:
        return asked.key != CONTACT
    correction = find_correction(heard.text)
    if correction is None or len(heard.text) > _MAX_TAKING_BACK:
        return False
    if correction.hint and (named := field_named(setting, intake, correction.hint)) is not None:
        return named.key != asked.key and named.key in intake.details
    filled = [f for f in setting.fields(intake) if f.key in intake.details]
    kinds = {detail.kind for detail in heard.details} - set(asked.kinds)
    if any(kinds & set(f.kinds) for f in filled):
        return True
    old = correction.old or ""
    return bool(old) and any(
        old in f"{d.text} {d.display}" for key, d in intake.details.items() if key not in (WHAT, asked.key)
    )


def _target(setting: Setting, intake: Intake, heard: Heard, correction: Correction | None) -> Field | None:
    if setting.category(intake) is None:
        return None
    if intake.anonymous and (contact := _reachable_after_all(setting, intake, heard)) is not None:
        return contact
    if correction is None:
        return _only_a_value(setting, intake, heard) or _named_and_right(setting, intake, heard)
    held = holding(setting, intake, correction.old or "")
    named = labelled(setting, intake, heard.text)
    if named is None and correction.hint:
        named = field_named(setting, intake, correction.hint)
    if named is not None and (held is None or holds(intake, named, correction.old or "")):
        return named
    if held is not None:
        return held
    runs = re.findall(r"[0-9]{3,}", heard.text)
    if len(runs) > 1 and (digits := holding(setting, intake, runs[0])) is not None:
        return digits
    if correction.tail or correction.edit is not None:
        return _with_digits(setting, intake)
    if not heard.details and (alike := _most_alike(setting, intake, str(correction.new))):
        return alike
    kinds = {detail.kind for detail in heard.details}
    return next((f for f in setting.fields(intake) if f.key in intake.details and kinds & set(f.kinds)), None)


def _only_wrong(
    setting: Setting, intake: Intake, heard: Heard, correction: Correction | None
) -> Field | None:
    """The filled field that the turn only names, or whose value it only denies, at the read-back."""
    text = heard.text.strip().rstrip("。.!！")
    if intake.pending not in (CONFIRMATION, CHANGE) or (correction is not None and correction.new):
        return None
    named = field_named(setting, intake, text)
    if named is not None and named.key != WHAT and named.key in intake.details:
        left = text.lower()
        for name in sorted(names_of(named), key=len, reverse=True):
            left = left.replace(name, "")
        if not NO_MORE.sub("", left):
            return named
    denied = _DENIED.fullmatch(text)
    words = next((said for said in denied.groups() if said), "") if denied else ""
    return holding(setting, intake, words.strip())


def _named_and_right(setting: Setting, intake: Intake, heard: Heard) -> Field | None:
    """A filled field that a short turn names and gives another value for ("金额划掉，是250")."""
    named = field_named(setting, intake, heard.text)
    at_read_back = intake.pending in (CONFIRMATION, CHANGE)
    if named is None or named.key not in intake.details or not at_read_back:
        return None
    slipped = _SLIPPED.search(heard.text) or heard.is_act("correct_detail", at_least=0.4)
    return named if slipped and put_right(intake.details[named.key].text, heard.text) else None


def _with_digits(setting: Setting, intake: Intake) -> Field | None:
    """The field whose end or single digits can be put right: how to be reached, else a number."""
    filled = [f for f in setting.fields(intake) if f.key in intake.details]
    ranked = [f for kind in ("contact", "reference") for f in filled if f.type == kind]
    return next(iter(ranked), None)


def _reachable_after_all(setting: Setting, intake: Intake, heard: Heard) -> Field | None:
    """How to be reached, said by somebody who wanted to stay unnamed before."""
    contact = setting.field(intake, CONTACT)
    return contact if contact is not None and heard.any_detail(*contact.kinds) else None


def _only_a_value(setting: Setting, intake: Intake, heard: Heard) -> Field | None:
    """At the read-back a bare value ("周二上午") corrects the field that takes such values."""
    covered = sum(len(d.text) for d in heard.details) >= 0.5 * len(heard.text)
    slipped = len(heard.text) <= _MAX_TAKING_BACK and _SLIPPED.search(heard.text)
    at_read_back = intake.pending in (CONFIRMATION, CHANGE)
    if not at_read_back or heard.intent == "supplement_details" or not (covered or slipped):
        return None
    fillable = [f for f in setting.fields(intake) if heard.any_detail(*f.kinds)]
    filled = [f for f in fillable if f.key in intake.details]
    return next(iter(filled or fillable), None)


def _most_alike(setting: Setting, intake: Intake, new: str) -> Field | None:
    """The field whose value shares most with ``new`` ("the Lakeside civic centre": the other civic centre)."""
    best, target = 0.25, None
    for key, detail in intake.details.items():
        known = setting.field(intake, key)
        if known is not None and key != WHAT and (share := likeness(detail.text, new)) > best:
            best, target = share, known
    return target


def _value(
    setting: Setting, intake: Intake, target: Field, heard: Heard, correction: Correction | None
) -> DetailValue | None:
    """The field's value as the turn puts it right, read as an answer; ``None``: it has to be asked for."""
    old = intake.details.get(target.key)
    if target.choices or target.key == WHAT:
        text = correction.new if correction else ""
    elif old is not None and old.text:
        text = put_right(old.text, heard.text) or ""
    else:
        text = correction.new if correction else heard.text
    if not text or (old is not None and text == old.text):
        return None if correction is None or not correction.new else _value_of_kind(setting, target, heard)
    said = tuple(d for d in heard.details if d.text in text and len(d.text) >= 0.6 * len(text))
    answered = replace(heard, text=text, details=said)
    read = read_answer(
        target, answered, house=setting.house, now=setting.now, language=setting.language, insisted=True
    )
    if read is None:
        return _value_of_kind(setting, target, heard)
    if target.type == "contact" and _doubtful(setting, read.text):
        return None
    return replace(read, source=heard.text)


def _doubtful(setting: Setting, text: str) -> bool:
    """Whether what was put right is a number that nobody can have."""
    zone, region = setting.house.zone, setting.house.country
    phone = parse_answer(text, kind="phone", now=setting.now, timezone=zone, region=region)
    return "@" not in text and (phone is None or phone.confidence < 0.5)


def _value_of_kind(setting: Setting, target: Field, heard: Heard) -> DetailValue | None:
    found = heard.any_detail(*target.kinds)
    return setting.detail(target, found.value, found.text, heard) if found is not None else None


#: When something was told, not when it happened ("刚才记错了").
_TOLD_JUST_NOW = re.compile(
    r"刚才|刚刚|方才|剛才|剛剛|之前|just now|(?:a )?(?:moment|minute|second) ago|earlier|before",
    re.IGNORECASE,
)


def _others(
    setting: Setting, intake: Intake, heard: Heard, target: Field, value: DetailValue
) -> list[tuple[Field, DetailValue]]:
    """Further fields that the same turn corrects ("前天去的，电话也换成139…")."""
    found = []
    for other in setting.fields(intake):
        if other.key in (target.key, WHAT) or other.key not in intake.details or other.type == "text":
            continue
        detail = heard.any_detail(*other.kinds)
        if detail is None or detail.kind in target.kinds or detail.text in value.text:
            continue
        if _TOLD_JUST_NOW.fullmatch(detail.text):
            continue
        if detail.text not in intake.details[other.key].text:
            found.append((other, setting.detail(other, detail.value, detail.text, heard)))
    return found
