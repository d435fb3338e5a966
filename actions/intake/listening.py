"""One class decides what a turn is: answer, correction, digression, question, cancel, skip, person wanted,
emergency, further complaint. It changes the intake and says which responses are due; it says nothing itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from actions.heard import Heard
from actions.intake.display import shown
from actions.intake.filling import fill_from_pool, read_answer, remember
from actions.intake.story import has_story, without
from casework.house import House
from casework.packs import Category, Field
from casework.text import Text
from casework.tickets.model import DetailValue, Intake
from understanding.details.corrections import Correction, find_correction

#: Confidence from which a dialogue act may interrupt a question. Below, the words are taken as the answer.
SURE = 0.55
#: Category probability that is taken without asking, and with a clear lead over the second.
CATEGORY_SURE = 0.60
CATEGORY_LEADS = (0.50, 0.25)
#: Candidates shown as buttons.
CATEGORY_BUTTONS = 3

CATEGORY = "category"
CONFIRMATION = "confirmation"
CONTACT = "contact"
WHAT = "what"
#: Where the acknowledgement belongs; ``actions.intake.words`` finds the words.
ACKNOWLEDGE = "utter_ack"

#: Acts that are answered in passing, after which the open question is asked again.
ASIDES: Mapping[str, str] = {
    "greet": "utter_hello_again",
    "thank": "utter_welcome",
    "goodbye": "utter_kept_for_later",
    "ask_question": "utter_no_reliable_answer",
    "privacy_request": "utter_privacy",
    "bot_challenge": "utter_i_am_a_program",
    "help": "utter_help_in_intake",
    "abuse": "utter_heard_anger",
    "out_of_scope": "utter_out_of_scope_in_intake",
    "query_progress": "utter_not_filed_yet",
    "urge_handling": "utter_not_filed_yet",
    "switch_language": "utter_language_switched",
    "give_praise": "utter_praise",
    "rate_service": "utter_rating_later",
}


@dataclass(frozen=True)
class Line:
    """A response to say, with the values of its placeholders."""

    response: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Listened:
    """``outcome``: empty while the intake goes on, else ``file``, ``cancelled``, ``person``, ``safety``."""

    intake: Intake
    lines: tuple[Line, ...] = ()
    outcome: str = ""


class Listener:
    """Listens to one turn of an intake."""

    def __init__(self, *, house: House, now: datetime, language: str) -> None:
        self._house, self._now, self._language = house, now, language

    def listen(self, intake: Intake, heard: Heard) -> Listened:
        intake = remember(intake, heard)
        intake, lines = self._emergency(intake, heard)
        if intake.emergency == "self_harm" and lines:
            return Listened(intake, tuple(lines), outcome="safety")
        outcome = ""
        if heard.payload:
            intake, more, outcome = self._pressed(intake, heard)
        elif heard.text:
            intake, more, outcome = self._said(intake, heard)
        else:
            intake, more = self._shown(intake, heard)
        lines += more
        if outcome:
            return Listened(intake, tuple(lines), outcome)
        intake, opening = self._settle(intake, heard)
        return Listened(intake, (*opening, *lines) if not intake.emergency else (*lines, *opening))

    # -- emergencies ------------------------------------------------------------------------------------

    def _emergency(self, intake: Intake, heard: Heard) -> tuple[Intake, list[Line]]:
        found = heard.emergency
        if not found or found["code"] == intake.emergency:
            return intake, []
        if found.get("check"):
            return intake, [Line(f"utter_check_{found['code']}")]
        intake = replace(intake, emergency=str(found["code"]), emergency_level=str(found["level"]))
        return intake, [Line(f"utter_emergency_{found['code']}")] if found["level"] == "P0" else []

    # -- a button -----------------------------------------------------------------------------------------

    def _pressed(self, intake: Intake, heard: Heard) -> tuple[Intake, list[Line], str]:
        act, _, rest = heard.payload.partition(":")
        if act == "cancel":
            return intake, [], "cancelled"
        if act == "person":
            return intake, [], "person"
        if act == "affirm" and intake.pending == CONFIRMATION:
            return intake, [], "file"
        if act == "deny" and intake.pending == CONFIRMATION:
            return replace(intake, pending="change"), [], ""
        if act == "category" and rest == "other":
            return self._none_of_these(intake)
        if act == "category":
            return self._choose_category(intake, rest), [], ""
        if act == "change":
            return self._reopen_field(intake, rest), [], ""
        if act == "skip" and intake.pending:
            return self._decline(intake), [Line("utter_skipped")], ""
        if act == "anonymous":
            return self._go_anonymous(intake), [Line("utter_anonymous")], ""
        if act == "here":
            return self._decline(intake), [], ""
        if act == "value":
            key, _, value = rest.partition(":")
            return self._choose_value(intake, key, value), [], ""
        return intake, [Line("utter_button_of_earlier")], ""

    def _none_of_these(self, intake: Intake) -> tuple[Intake, list[Line], str]:
        """The offered categories were refused: others, and after the second time a person sorts it."""
        rejected = (*intake.rejected, *intake.offered)
        left = tuple(code for code, _ in intake.ranking if code not in rejected)[:CATEGORY_BUTTONS]
        intake = replace(intake, rejected=rejected, offered=left, category="", category_certain=False)
        if intake.failures >= 1 or not left:
            return intake, [Line("utter_no_category_fits")], "person"
        return replace(intake, failures=1), [], ""

    def _go_anonymous(self, intake: Intake) -> Intake:
        """No name and no number, also none that was said before."""
        details = {key: value for key, value in intake.details.items() if key != CONTACT}
        category = self._category(intake)
        named = category.field("anonymous_or_named") if category else None
        if named is not None:
            choice = next((c for c in named.choices if c.value.startswith("anon")), None)
            value, title = (choice.value, choice.title.in_(self._language)) if choice else ("anonymous", "")
            details[named.key] = DetailValue(value, title, title)
        pool = tuple(item for item in intake.pool if item[0] not in ("phone", "email", "name"))
        return replace(intake, anonymous=True, details=details, pool=pool, failures=0)

    def _choose_category(self, intake: Intake, code: str) -> Intake:
        if code not in self._house.packs.codes:
            return intake
        return replace(intake, category=code, category_certain=True, failures=0)

    def _choose_value(self, intake: Intake, key: str, value: str) -> Intake:
        asked = self._field(intake, key)
        choice = next((c for c in asked.choices if c.value == value), None) if asked else None
        if asked is None or choice is None:
            return intake
        title = choice.title.in_(self._language)
        return self._put(intake, asked, DetailValue(value, title, title, source=title))

    def _reopen_field(self, intake: Intake, key: str) -> Intake:
        details = {k: v for k, v in intake.details.items() if k != key}
        # What was heard before must not fill the field again with the value that is being changed.
        kinds = set((self._field(intake, key) or _NO_FIELD).kinds)
        pool = tuple(item for item in intake.pool if item[0] not in kinds)
        declined = tuple(k for k in intake.declined if k != key)
        if key == WHAT:
            return replace(
                intake, details=details, description=(), declined=declined, pending=WHAT, pool=pool
            )
        if key == CONTACT:
            intake = replace(intake, anonymous=False)
        return replace(
            intake, details=details, declined=declined, pending=f"change:{key}", pool=pool, failures=0
        )

    # -- words --------------------------------------------------------------------------------------------

    def _said(self, intake: Intake, heard: Heard) -> tuple[Intake, list[Line], str]:
        if not intake.description and intake.pending in ("", WHAT):
            return self._opening(intake, heard)
        if intake.pending in (CONFIRMATION, "change"):
            return self._at_read_back(intake, heard)
        if leaving := self._leaving(intake, heard):
            return leaving
        if intake.pending == CATEGORY:
            return self._category_in_words(intake, heard)
        return self._answer_or_aside(intake, heard)

    def _opening(self, intake: Intake, heard: Heard) -> tuple[Intake, list[Line], str]:
        top = heard.categories[0][1] if heard.categories else 0.0
        bare = without(heard.text, heard.details, "phone", "email", "name", "reference")
        setting_off = without(bare, heard.details, "when", "place", "organisation", "window")
        told = has_story(setting_off, top_category=top) or (
            has_story(bare, top_category=top)
            and heard.is_act("lodge_complaint", "report_violation", "report_emergency")
        )
        if told and not (
            heard.is_act("request_human", "cancel_intake", "switch_language", "help") and len(heard.text) < 30
        ):
            return replace(intake, description=(heard.text,), failures=0), [], ""
        if leaving := self._leaving(intake, heard):
            return leaving
        if heard.is_act("ask_why", at_least=SURE) and intake.pending:
            return intake, [self._why(intake)], ""
        if intake.pending == WHAT:
            if told or (heard.is_act("inform") and len(bare.strip()) >= 4):
                return replace(intake, description=(heard.text,), failures=0), [], ""
            lines = self._aside(intake, heard)
            return (intake, lines, "") if lines else (replace(intake, failures=intake.failures + 1), [], "")
        return intake, [], ""

    def _leaving(self, intake: Intake, heard: Heard) -> tuple[Intake, list[Line], str] | None:
        """Acts that end the intake, whatever was asked."""
        if heard.is_act("request_human", at_least=SURE) and wants_a_person(heard.text):
            return intake, [], "person"
        if heard.is_act("cancel_intake", "withdraw_complaint", at_least=SURE) and _gives_up(heard):
            return intake, [], "cancelled"
        if heard.is_act("start_over", at_least=SURE):
            kept = Intake(message_ids=intake.message_ids, emotions=intake.emotions, pending=WHAT)
            return kept, [Line("utter_started_over")], ""
        return None

    def _answer_or_aside(self, intake: Intake, heard: Heard) -> tuple[Intake, list[Line], str]:
        asked = self._field(intake, intake.pending.removeprefix("change:"))
        if asked is None:
            return self._more_story(intake, heard), self._aside(intake, heard), ""
        if heard.is_act("ask_why", at_least=SURE):
            return intake, [self._why(intake)], ""
        shy = 0.35 if asked.key in (CONTACT, "anonymous_or_named") else SURE
        if heard.is_act("request_anonymity", at_least=shy):
            return self._go_anonymous(intake), [Line("utter_anonymous")], ""
        if asked.key == CONTACT and _HERE.search(heard.text):
            return self._decline(intake), [], ""
        corrects = heard.is_act("correct_detail", at_least=SURE) or self._takes_back(intake, asked, heard)
        if corrects and (corrected := self._correct(intake, heard)):
            return corrected
        declines = heard.is_act("dont_know", at_least=0.45) or (
            heard.is_act("deny", at_least=0.45) and not asked.choices
        )
        if declines and not heard.any_detail(*asked.kinds):
            other = self._field_named(intake, heard.text)
            if other is not None and other.key != asked.key:
                # "I don't know the account number", said while something else is asked
                return replace(intake, declined=(*intake.declined, other.key)), [Line("utter_skipped")], ""
            return self._decline(intake), [Line("utter_skipped")], ""
        answer = read_answer(
            asked,
            heard,
            house=self._house,
            now=self._now,
            language=self._language,
            insisted=intake.failures >= 1,
        )
        plain = answer is not None and answer.text == heard.text.strip() and not asked.choices
        lines = [] if self._is_a_wish(asked, heard) else self._aside(intake, heard)
        if lines and (answer is None or plain):
            return intake, lines, ""
        if answer is None:
            more = self._more_story(self._answer_elsewhere(intake, asked, heard), heard)
            told = len(more.description) > len(intake.description) or self._fills_something(more)
            return replace(more, failures=intake.failures + (0 if told else 1)), [], ""
        return self._more_story(self._put(intake, asked, answer), heard, answer=answer), [], ""

    def _is_a_wish(self, asked: Field, heard: Heard) -> bool:
        """Whether impatient or kind words are what the person wants done, not a question about a case."""
        if not heard.is_act("query_progress", "urge_handling", "give_praise", "ask_question"):
            return False
        return asked.key == "want" or heard.any_detail("remedy") is not None

    def _takes_back(self, intake: Intake, asked: Field, heard: Heard) -> bool:
        """Whether the turn corrects a field that is filled already, whatever act it was taken for."""
        correction = find_correction(heard.text)
        if correction is None or len(heard.text) > 60:
            return False
        category = self._category(intake)
        kinds = {detail.kind for detail in heard.details} - set(asked.kinds)
        filled = (
            [f for f in (*category.required, *category.noted) if f.key in intake.details] if category else []
        )
        return any(kinds & set(f.kinds) for f in filled)

    def _fills_something(self, intake: Intake) -> bool:
        category = self._category(intake)
        if category is None:
            return False
        filled = fill_from_pool(intake, category, language=self._language, zone=self._house.zone)
        return len(filled.details) > len(intake.details)

    def _answer_elsewhere(self, intake: Intake, asked: Field, heard: Heard) -> Intake:
        """An answer to another question with choices ("the whole street" while the time is asked)."""
        category = self._category(intake)
        if category is None or len(heard.text) > 60:
            return intake
        for other in category.required:
            if other.key in (asked.key, *intake.details) or not other.choices or other.type == "yes_no":
                continue
            if (choice := other.choice_for(heard.text)) is not None:
                title = choice.title.in_(self._language)
                return self._put(
                    intake, other, DetailValue(choice.value, heard.text, title, source=heard.text)
                )
        return intake

    def _aside(self, intake: Intake, heard: Heard) -> list[Line]:
        """Something else than an answer, to be dealt with in passing."""
        response = ASIDES.get(heard.intent)
        if response is None or heard.confidence < SURE:
            return []
        if heard.intent == "switch_language" and len(heard.text) > 40:
            return []
        return [Line(response)]

    def _more_story(self, intake: Intake, heard: Heard, *, answer: DetailValue | None = None) -> Intake:
        """Keep what an answer says beyond the answer, so that nothing told is lost."""
        beyond = heard.text.replace(answer.text, "", 1) if answer is not None else heard.text
        if answer is not None and answer.text == heard.text.strip():
            return intake
        if not has_story(beyond) or heard.text in intake.description:
            return intake
        return replace(intake, description=(*intake.description, heard.text))

    def _category_in_words(self, intake: Intake, heard: Heard) -> tuple[Intake, list[Line], str]:
        said = heard.text.strip().lower()
        for code in intake.offered:
            category = self._house.packs.category(code)
            names = (
                category.name.zh,
                category.name.en.lower(),
                category.parent_name.zh,
                category.parent_name.en.lower(),
            )
            if any(said == name or (len(said) >= 2 and said in name) or name in said for name in names):
                return self._choose_category(intake, code), [], ""
        position = _ordinal(said)
        if position is not None and position < len(intake.offered):
            return self._choose_category(intake, intake.offered[position]), [], ""
        if heard.is_act("ask_why", at_least=SURE):
            return intake, [self._why(intake)], ""
        if lines := self._aside(intake, heard):
            return intake, lines, ""
        if heard.is_act("dont_know", at_least=0.45) and intake.offered:
            return self._choose_category(intake, intake.offered[0]), [], ""
        if has_story(heard.text) and not self._only_a_wish(heard):
            intake = replace(intake, description=(*intake.description, heard.text))
        elif heard.details:
            # An answer to a question not asked yet: it is kept, and the choice is simply offered again.
            return intake, [], ""
        return replace(intake, failures=intake.failures + 1), [], ""

    def _only_a_wish(self, heard: Heard) -> bool:
        """Whether the turn says what the person wants and not what happened."""
        wish = heard.any_detail("remedy")
        return wish is not None and len(wish.text) >= 0.5 * len(heard.text)

    # -- the read-back ----------------------------------------------------------------------------------

    def _at_read_back(self, intake: Intake, heard: Heard) -> tuple[Intake, list[Line], str]:
        if leaving := self._leaving(intake, heard):
            return leaving
        if corrected := self._correct(intake, heard):
            return corrected
        if heard.is_act("request_anonymity", at_least=0.45):
            return self._go_anonymous(intake), [Line("utter_anonymous")], ""
        agrees = heard.is_act("affirm", "confirm_resolved", at_least=0.6) and not heard.text.startswith("/")
        named = self._field_named(intake, heard.text)
        if named is not None and (not agrees or len(heard.text) <= 12):
            return self._reopen_field(intake, named.key), [], ""
        if len(heard.text) <= 40 and _CATEGORY_WORDS.search(heard.text.lower()):
            return self._reopen_category(intake), [], ""
        if agrees and not heard.details and intake.pending == CONFIRMATION:
            return intake, [], "file"
        if heard.is_act("deny", "correct_detail", at_least=0.4) and not has_story(heard.text):
            return replace(intake, pending="change"), [], ""
        if heard.is_act("ask_why", at_least=SURE):
            return intake, [self._why(intake)], ""
        if lines := self._aside(intake, heard):
            return intake, lines, ""
        if has_story(heard.text):
            grown = replace(intake, description=(*intake.description, heard.text))
            return grown, [Line("utter_added")], ""
        return replace(intake, failures=intake.failures + 1), [], ""

    def _reopen_category(self, intake: Intake) -> Intake:
        rejected = (*intake.rejected, intake.category)
        left = tuple(code for code, _ in intake.ranking if code not in rejected)[:CATEGORY_BUTTONS]
        return replace(
            intake,
            category="",
            category_certain=False,
            rejected=rejected,
            offered=left,
            pending=CATEGORY,
            failures=0,
        )

    def _correct(self, intake: Intake, heard: Heard) -> tuple[Intake, list[Line], str] | None:
        correction = find_correction(heard.text)
        target = self._corrected_field(intake, heard, correction)
        if target is None:
            return None
        if correction is None or not correction.new:
            value = self._value_of_kind(target, heard)
        else:
            value = self._corrected_value(intake, target, heard, correction)
        if value is None:
            return None
        pending = CONFIRMATION if intake.pending == "change" else intake.pending
        changed = self._put(replace(intake, pending=pending), target, value)
        label = target.label.in_(self._language)
        return changed, [Line("utter_corrected", {"label": label, "value": value.display})], ""

    def _corrected_field(self, intake: Intake, heard: Heard, correction: Correction | None) -> Field | None:
        category = self._category(intake)
        if category is None:
            return None
        if correction is None:
            covered = sum(len(d.text) for d in heard.details) >= 0.5 * len(heard.text)
            if (
                intake.pending not in (CONFIRMATION, "change")
                or heard.intent == "supplement_details"
                or not covered
            ):
                return None
            fillable = [f for f in (*category.required, *category.noted) if heard.any_detail(*f.kinds)]
            filled = [f for f in fillable if f.key in intake.details]
            return next(iter(filled or fillable), None)
        if correction.hint and (named := self._field_named(intake, correction.hint)):
            return named
        for key, detail in intake.details.items():
            known = self._field(intake, key)
            if known and correction.old and correction.old in f"{detail.text} {detail.display}":
                return known
        if not heard.details and (alike := self._most_alike(intake, str(correction.new))):
            return alike
        kinds = {detail.kind for detail in heard.details}
        return next(
            (
                f
                for f in (*category.required, *category.noted)
                if f.key in intake.details and kinds & set(f.kinds)
            ),
            None,
        )

    def _most_alike(self, intake: Intake, new: str) -> Field | None:
        """The field whose value shares most with ``new`` ("the Lakeside civic centre": the other civic centre)."""
        best, target = 0.25, None
        for key, detail in intake.details.items():
            known = self._field(intake, key)
            if known is not None and key != WHAT and (share := _likeness(detail.text, new)) > best:
                best, target = share, known
        return target

    def _corrected_value(
        self, intake: Intake, target: Field, heard: Heard, correction: Correction
    ) -> DetailValue | None:
        old = intake.details.get(target.key)
        whole = next((d for d in heard.details if d.kind in target.kinds and d.text in correction.new), None)
        if whole is not None and not correction.tail:
            return self._shown_value(target, whole.value, whole.text, heard)
        text = correction.apply(old.text) if old is not None else correction.new
        answered = replace(heard, text=text, details=tuple(d for d in heard.details if d.text in text))
        return read_answer(target, answered, house=self._house, now=self._now, language=self._language)

    def _value_of_kind(self, target: Field, heard: Heard) -> DetailValue | None:
        found = heard.any_detail(*target.kinds)
        if found is None:
            return None
        return self._shown_value(target, found.value, found.text, heard)

    def _shown_value(self, target: Field, value: Any, text: str, heard: Heard) -> DetailValue:
        display = shown(target, value, text, language=self._language, zone=self._house.zone)
        return DetailValue(value, text, display, source=heard.text)

    def _field_named(self, intake: Intake, text: str) -> Field | None:
        """The field whose name a short text speaks of ("改时间", "the phone number is wrong")."""
        category = self._category(intake)
        if category is None or len(text) > 40:
            return None
        said = text.lower()
        for known in (*category.required, *category.noted):
            names = [
                known.label.zh,
                known.label.en.lower(),
                *_FIELD_WORDS.get(known.type, ()),
                *_KEY_WORDS.get(known.key, ()),
            ]
            if any(name in said for name in names) and known.key in {
                *intake.details,
                *intake.declined,
                *intake.asked,
                CONTACT,
            }:
                return known
        return None

    # -- pictures, places, stickers -----------------------------------------------------------------------

    def _shown(self, intake: Intake, heard: Heard) -> tuple[Intake, list[Line]]:
        """A turn without words."""
        if heard.media:
            asked = self._field(intake, intake.pending)
            kinds = {str(item.get("kind")) for item in heard.media}
            if asked is not None and asked.key == "evidence":
                label = asked.label.in_(self._language)
                return self._put(intake, asked, DetailValue(sorted(kinds), label, label)), [
                    Line("utter_media_kept")
                ]
            if "sticker" in kinds and len(kinds) == 1:
                return intake, [Line("utter_sticker")]
            if "voice" in kinds:
                return intake, [Line("utter_voice_kept")]
            return intake, [Line("utter_media_kept")]
        if heard.stale_button:
            return intake, [Line("utter_button_of_earlier")]
        return intake, [Line("utter_unreadable")] if heard.unknown or heard.event == "message" else []

    # -- afterwards -----------------------------------------------------------------------------------------

    def _settle(self, intake: Intake, heard: Heard) -> tuple[Intake, tuple[Line, ...]]:
        """Choose the category, fill what was said in passing, acknowledge once."""
        if not intake.description:
            return intake, ()
        intake = self._rank(intake, heard)
        text = "\n".join(intake.description)
        if WHAT not in intake.details or intake.details[WHAT].value != text:
            display = shown(_NO_FIELD, text, text, language=self._language, zone=self._house.zone)
            what = DetailValue(text, text, display, source=text, message_id=None)
            intake = replace(intake, details={**intake.details, WHAT: what})
        if intake.category and intake.category_certain:
            category = self._house.packs.category(intake.category)
            skip_pool = intake.pending.startswith("change")
            if not skip_pool:
                intake = fill_from_pool(intake, category, language=self._language, zone=self._house.zone)
                named = intake.details.get("anonymous_or_named")
                if named is not None and str(named.value).startswith("anon") and not intake.anonymous:
                    intake = self._go_anonymous(intake)
        if intake.acknowledged:
            return intake, ()
        intake = replace(intake, acknowledged=True)
        return intake, (Line(ACKNOWLEDGE),)

    def _rank(self, intake: Intake, heard: Heard) -> Intake:
        if intake.category_certain:
            return intake
        if heard.payload or not heard.categories or heard.text not in intake.description:
            return self._give_up_on_category(intake)
        ranked = weighed(
            intake.ranking, [(c, p) for c, p in heard.categories if c in self._house.packs.codes]
        )
        if not ranked:
            return self._give_up_on_category(intake)
        (code, first), second = ranked[0], ranked[1][1] if len(ranked) > 1 else 0.0
        lead, margin = CATEGORY_LEADS
        certain = first >= CATEGORY_SURE or (first >= lead and first - second >= margin)
        offered = tuple(c for c, _ in ranked if c not in intake.rejected)[:CATEGORY_BUTTONS]
        certain = certain and code not in intake.rejected
        return self._give_up_on_category(
            replace(
                intake,
                category=code if certain else "",
                category_certain=certain,
                offered=offered,
                ranking=tuple(ranked[:8]),
            )
        )

    def _give_up_on_category(self, intake: Intake) -> Intake:
        """After two choices that fitted nothing, take the likeliest: staff check it, the person is not kept."""
        if intake.category_certain or intake.failures < 2 or not intake.offered:
            return intake
        return replace(intake, category=intake.offered[0], category_certain=True, failures=0)

    # -- small things -----------------------------------------------------------------------------------

    def _why(self, intake: Intake) -> Line:
        asked = self._field(intake, intake.pending.removeprefix("change:"))
        if asked is None:
            return Line("utter_why_category" if intake.pending == CATEGORY else "utter_why_confirmation")
        return Line("utter_why", {"why": asked.why.in_(self._language)})

    def _decline(self, intake: Intake) -> Intake:
        key = intake.pending.removeprefix("change:")
        return replace(intake, declined=(*intake.declined, key), pending="", failures=0)

    def _put(self, intake: Intake, asked: Field, value: DetailValue) -> Intake:
        declined = tuple(key for key in intake.declined if key != asked.key)
        changed = replace(intake, details={**intake.details, asked.key: value}, declined=declined, failures=0)
        if asked.key == "anonymous_or_named" and str(value.value).startswith("anon"):
            changed = self._go_anonymous(changed)
        if asked.key == CONTACT:
            changed = replace(changed, anonymous=False)
        return replace(changed, pending="") if intake.pending.startswith("change") else changed

    def _category(self, intake: Intake) -> Category | None:
        return self._house.packs.category(intake.category) if intake.category else None

    def _field(self, intake: Intake, key: str) -> Field | None:
        if key in ("", CATEGORY, CONFIRMATION, "change"):
            return None
        category = self._category(intake)
        return category.field(key) if category else None


def weighed(before: Sequence[tuple[str, float]], now: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Probabilities by both what was told before and what is told now; what was told first counts as much."""
    if not before or not now:
        return list(now or before)
    floor = 0.02  # a category that one piece does not speak of is not ruled out by it
    old, new = dict(before), dict(now)
    product = {code: (old.get(code, 0.0) + floor) * (new.get(code, 0.0) + floor) for code in {*old, *new}}
    total = sum(product.values())
    return sorted(((code, p / total) for code, p in product.items()), key=lambda pair: -pair[1])


_HERE = re.compile(
    r"就在这|这里(?:回|就)|在这(?:里|儿)?回|\bhere is fine\b|\b(?:in )?this chat\b|\breply here\b|^here\W*$",
    re.IGNORECASE,
)
_CATEGORY_WORDS = re.compile(r"分类|归类|类别|分錯類|category|filed under|wrong (?:class|department)")
_PERSON = re.compile(
    r"人工|客服|真人|活人|坐席|话务|接线员|转接|转人|工作人员(?:来|接|跟|和|说|聊)|"
    r"找(?:个|一个)?人(?:跟|和|同|来)?.{0,2}(?:说|聊|谈|讲)|(?:跟|和|同)(?:个|一个)?人(?:说|聊|谈|讲|傾)|"
    r"不想(?:跟|和)(?:机器|机器人)|别用机器人|\bhuman|\bagent\b|operator|representative|"
    r"(?:real|live|actual) (?:person|one|people|chat|agent)|a person|not a (?:bot|machine|robot)|manager|supervisor|"
    r"(?:talk|speak|chat|connect|transfer|put) (?:me )?(?:\w+ )?(?:to|with|through)",
    re.IGNORECASE,
)


def wants_a_person(text: str) -> bool:
    """Whether the words themselves ask for somebody to talk to; "get somebody to fix it" is a wish, not that."""
    return _PERSON.search(text) is not None


def _gives_up(heard: Heard) -> bool:
    """Whether the words themselves speak of stopping: a draft is not thrown away on a guess."""
    return heard.confidence >= 0.95 or _STOP.search(heard.text.lower()) is not None


_STOP = re.compile(
    r"算了|取消|不投诉|不投訴|不告|不办|不弄|不想|不报|不说了|不用了|别|撤|停|退出|结束|拉倒|罢了|"
    r"cancel|forget|stop|never ?mind|drop|quit|exit|leave it|don'?t bother|no longer|changed my mind|scrap"
)


def _likeness(one: str, other: str) -> float:
    """Share of pairs of neighbouring characters that two short texts have in common, 0 to 1."""
    pairs = [{text[i : i + 2] for i in range(len(text) - 1)} for text in (one.lower(), other.lower())]
    return len(pairs[0] & pairs[1]) / max(1, len(pairs[0] | pairs[1]))


_ORDINALS = ("1一first", "2二second", "3三third")


def _ordinal(said: str) -> int | None:
    match = re.fullmatch(
        r"(?:第|选|the |no\.? ?|option )?([1-3一二三]|first|second|third)(?:个|项|one)?[。.!]?", said
    )
    if match is None:
        return None
    return next(i for i, names in enumerate(_ORDINALS) if match[1] in names)


#: Words by which people name a kind of field when they want to change it.
_FIELD_WORDS: Mapping[str, tuple[str, ...]] = {
    "when": ("时间", "日期", "時間", "time", "date", "when", "day"),
    "place": ("地点", "地址", "地點", "位置", "place", "address", "location", "where"),
    "contact": (
        "电话",
        "手机",
        "联系",
        "電話",
        "手機",
        "phone",
        "number",
        "contact",
        "email",
        "e-mail",
        "邮箱",
    ),
    "amount": ("金额", "钱", "金額", "amount", "price", "sum"),
    "person": ("人员", "窗口", "staff", "window", "counter", "desk"),
}
_KEY_WORDS: Mapping[str, tuple[str, ...]] = {
    "want": ("诉求", "要求", "诉求", "request", "what i want", "remedy"),
    "what": ("经过", "内容", "描述", "what happened", "description", "story"),
}

_NO_FIELD = Field("", "text", Text("", ""), Text("", ""), Text("", ""), Text("", ""))
