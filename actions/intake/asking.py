"""The next question: which one, in which words, with which buttons. Also the read-back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions.base import Say
from actions.intake.display import cut
from actions.intake.further import waiting_fact
from actions.intake.parts import ANOTHER, CATEGORY, CHANGE, CHECK, CONFIRMATION, CONTACT, WANT, WHAT
from actions.intake.sorting import is_elsewhere
from casework.house import House
from casework.packs import Category, Field
from casework.tickets.model import Intake

#: After so many answers that were not understood, the question is left out. Source: handling model (ladder).
MAX_FAILURES = 3
#: And after so many turns that held no answer at all: other questions, stories, anger. Source: product default.
MAX_UNANSWERED = 5
#: Questions that a complaint may cost, category and contact among them. Source: handbook, part 1 (vague openings).
MAX_QUESTIONS = 5


@dataclass(frozen=True)
class Question:
    """``key`` is what ``pending_field`` becomes; ``field`` is missing for the category and the read-back."""

    key: str
    field: Field | None = None


def next_question(intake: Intake, house: House) -> tuple[Intake, Question]:
    """The first thing that is still missing. The intake comes back with the question noted."""
    category = house.packs.category(intake.category) if intake.category and intake.category_certain else None
    if intake.pending.startswith(f"{CHECK}:"):
        return intake, Question(CHECK)
    if intake.pending == ANOTHER:
        return intake, Question(ANOTHER)
    if not intake.description:
        return _ask(intake, Question(WHAT, house.packs.fields()[WHAT]))
    if category is None:
        return _ask(intake, Question(CATEGORY))
    if intake.pending == CHANGE:
        return intake, Question(CHANGE)
    key = intake.pending.removeprefix(f"{CHANGE}:")
    stuck = intake.failures >= MAX_FAILURES or intake.unanswered >= MAX_UNANSWERED
    if stuck and key and key != CONFIRMATION:
        intake = replace(intake, declined=(*intake.declined, key), failures=0, unanswered=0, pending="")
    if intake.pending.startswith(f"{CHANGE}:") and (field := category.field(key)):
        return _ask(intake, Question(key, field))
    for field in missing(intake, category):
        return _ask(intake, Question(field.key, field))
    return _ask(intake, Question(CONFIRMATION))


def missing(intake: Intake, category: Category) -> list[Field]:
    """The required fields that are neither known nor declined and may still be asked, in asking order."""
    unknown = [
        field
        for field in category.required
        if field.key not in (*intake.details, *intake.declined)
        and not (field.key == CONTACT and intake.anonymous)
    ]
    asked = [key for key in intake.asked if key in (WHAT, CATEGORY) or category.field(key)]
    new = [field for field in unknown if field.key not in intake.asked]
    # What is asked last matters least, but for what the person wants and how they can be reached.
    spare = [field for field in reversed(new) if field.key not in (WANT, CONTACT)]
    left_out = spare[: max(0, len(asked) + len(new) - MAX_QUESTIONS)]
    return [field for field in unknown if field not in left_out]


def _ask(intake: Intake, question: Question) -> tuple[Intake, Question]:
    asked = intake.asked if question.key in intake.asked else (*intake.asked, question.key)
    pending = intake.pending if intake.pending == f"{CHANGE}:{question.key}" else question.key
    failures = intake.failures if pending == intake.pending else 0
    return replace(intake, pending=pending, asked=asked, failures=failures), question


def say_question(
    question: Question, intake: Intake, house: House, say: Say, *, read_back: bool = False
) -> None:
    """Ask. After an answer that was not understood the question comes with an example and a way out.

    A check for danger was said already, and is the only question of its turn. ``read_back``: the read-back stands
    above already and is not said again.
    """
    if question.key == CATEGORY:
        _say_categories(intake, house, say)
    elif question.key == CONFIRMATION and read_back:
        say("utter_submit_or_not", _on_read_back(house, say.language))
    elif question.key == CONFIRMATION:
        _say_read_back(intake, house, say)
    elif question.key == CHANGE:
        _say_what_to_change(intake, house, say)
    elif question.key == ANOTHER:
        buttons = titled(house, say.language, ("continue", "continue"), ("drop", "drop"))
        say("utter_another_complaint", buttons, fact=waiting_fact(intake, house, say.language))
    elif question.field is not None:
        _say_field(question.field, intake, house, say)


def _say_field(field: Field, intake: Intake, house: House, say: Say) -> None:
    language = say.language
    buttons = [
        {"title": choice.title.in_(language), "payload": f"value:{field.key}:{choice.value}"}
        for choice in field.choices
    ]
    if field.key == CONTACT:
        buttons += titled(house, say.language, ("here", "here"), ("anonymous", "anonymous"))
    elif field.key != WHAT:
        buttons += titled(house, say.language, ("skip", "skip"))
    if intake.failures >= 2 and field.key != WHAT:
        buttons += titled(house, say.language, ("person", "person"))
    if field.key == CONTACT and intake.refused_contact:
        say("utter_contact_optional", buttons)
        return
    values = {"ask": field.ask.in_(language), "example": field.example.in_(language)}
    if intake.failures == 0:
        say("utter_ask", buttons, **values)
    elif intake.failures == 1:
        say("utter_ask_again", buttons, **values)
    else:
        say("utter_ask_with_way_out", buttons, **values)


def titled(house: House, language: str, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    """Buttons from (word of ``house.yml``, payload)."""
    return [{"title": house.word(name, language), "payload": payload} for name, payload in pairs]


def _say_categories(intake: Intake, house: House, say: Say) -> None:
    buttons = []
    if not intake.offered and not is_elsewhere(intake):
        say("utter_ask_category_again")
        return
    for code in intake.offered:
        category = house.packs.category(code)
        buttons.append({"title": cut(category.name.in_(say.language), 28), "payload": f"category:{code}"})
    buttons += titled(house, say.language, ("other", "category:other"))
    if is_elsewhere(intake):
        between = "、" if say.language == "zh" else ", "
        sectors = between.join(pack.name.in_(say.language) for pack in house.packs.packs)
        again = "_again" if intake.failures else ""
        say(f"utter_ask_category_elsewhere{again}", buttons, sectors=sectors)
        return
    say("utter_ask_category" if intake.failures == 0 else "utter_ask_category_again", buttons)


def _say_what_to_change(intake: Intake, house: House, say: Say) -> None:
    category = house.packs.category(intake.category)
    shown = _read_back_fields(intake, category)
    buttons = [{"title": field.label.in_(say.language), "payload": f"change:{field.key}"} for field in shown]
    say("utter_ask_what_to_change", buttons)


def _read_back_fields(intake: Intake, category: Category) -> list[Field]:
    wanted = [*category.required, *(f for f in category.noted if f.key in intake.details)]
    ordered = sorted(wanted, key=lambda f: {WHAT: 0, CONTACT: 2}.get(f.key, 1))
    return [f for f in ordered if f.key in intake.details or f.key == CONTACT or f in category.required]


def _on_read_back(house: House, language: str) -> list[dict[str, str]]:
    return titled(house, language, ("submit", "affirm"), ("change", "deny"), ("cancel", "cancel"))


def _say_read_back(intake: Intake, house: House, say: Say) -> None:
    category = house.packs.category(intake.category)
    language = say.language
    colon = "：" if language == "zh" else ": "
    lines = []
    for field in _read_back_fields(intake, category):
        if field.key in intake.details:
            value = intake.details[field.key].display
        elif field.key == CONTACT:
            value = house.word("anonymous_value" if intake.anonymous else "in_this_chat", language)
        else:
            continue
        lines.append(f"• {field.label.in_(language)}{colon}{value}")
    say(
        "utter_read_back",
        _on_read_back(house, language),
        lines="\n".join(lines),
        category=house.packs.label(category.code, language),
        department=category.department.name.in_(language),
    )
