"""Danger comes first: the safety step, one check when unsure, and no form for somebody who may take their life."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.heard import Heard
from actions.intake.parts import CHECK, Line, Listened
from casework.tickets.model import Intake
from understanding.emergency import CHECKED

SELF_HARM = "self_harm"
#: Words that answer a check with "all is well".
_WELL = re.compile(
    r"^(?:都|还|暂时|目前|现在|倒)?(?:没(?!呼吸|反应|气|脉|知觉|意识|心跳|醒)|沒|不会|不用|不至于)|"
    r"安全|没事|还好|别担心|放心|气话|说说而已|随口|打个比方|开玩笑|只是(?:生气|气)|已经(?:灭|没|好)|"
    r"^(?:no|nope|none|nobody|no one|not)\b(?! (?:breathing|moving|responding))|"
    r"\bi'?m (?:fine|ok(?:ay)?|safe|alright|not)\b|^(?:fine|safe)\b|\beveryone(?: is|'s) (?:fine|safe|ok)|"
    r"\bjust (?:angry|upset|fed up|saying)|figure of speech|joking|didn'?t mean|don'?t worry",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^(?:是的?|有|对|嗯+|在|需要|正在)|\b(?:yes|yeah|yep|there is|i am|i do|please)\b", re.IGNORECASE
)


def alarmed(intake: Intake, heard: Heard) -> Listened:
    """The draft with the danger that was heard, and what must be said before anything else."""
    found = heard.emergency
    answered = _answered(intake, heard)
    if answered is not None:
        return answered
    if intake.pending.startswith(f"{CHECK}:"):
        intake = replace(intake, pending="")
    if not found or found["code"] == intake.emergency:
        return Listened(intake)
    code, level = str(found["code"]), str(found["level"])
    if found.get("check"):
        return Listened(intake)
    return _raised(intake, code, level)


def _raised(intake: Intake, code: str, level: str) -> Listened:
    intake = replace(intake, emergency=code, emergency_level=level)
    lines = (Line(f"utter_emergency_{code}"),) if level == "P0" else ()
    return Listened(intake, lines, "safety" if code == SELF_HARM else "")


def _answered(intake: Intake, heard: Heard) -> Listened | None:
    """The answer to a check; ``None`` when none was asked or it turns out well."""
    if not intake.pending.startswith(f"{CHECK}:") or heard.payload:
        return None
    code = intake.pending.removeprefix(f"{CHECK}:")
    surely = heard.emergency is not None and not heard.emergency.get("check")
    if surely:
        return None
    well = _WELL.search(heard.text) is not None or heard.is_act("deny", at_least=0.5)
    yes = heard.is_act("affirm", at_least=0.5) or _YES.search(heard.text.strip()) is not None
    doubtful = code == SELF_HARM and len(heard.text) <= 30
    if well or not (yes or doubtful):
        return None
    return _raised(replace(intake, pending=""), code, "P0")


def to_check(intake: Intake, heard: Heard) -> str:
    """The danger to ask about before anything else is asked; empty for none."""
    found = heard.emergency
    if not found or not found.get("check") or intake.emergency_level == "P0":
        return ""
    code = str(found["code"])
    return "" if code in intake.checked else code


def check_response(code: str) -> str:
    """The question that checks a danger: its own for the commonest, else whether anybody is in danger."""
    return f"utter_check_{code}" if code in CHECKED else "utter_check_danger"


def is_only_an_answer(intake: Intake, heard: Heard) -> bool:
    """Whether the turn says nothing but whether there is danger."""
    return intake.pending.startswith(f"{CHECK}:") and len(heard.text) <= 30
