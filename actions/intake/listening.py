"""One class decides what a turn is: answer, correction, digression, question, cancel, skip, person wanted,
emergency, further complaint. It changes the intake and says which responses are due; it says nothing itself.

What each of these does is in the modules beside it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from actions.heard import Heard, HeardDetail
from actions.intake import alarms, further, media, sorting
from actions.intake.asides import aside, asked_besides, is_a_wish, why
from actions.intake.changing import choose_value, decline, go_anonymous, put, reopen
from actions.intake.correcting import corrected, takes_back
from actions.intake.display import gist, shown
from actions.intake.fields_named import field_named, names
from actions.intake.filling import fill_from_pool, read_answer, remember
from actions.intake.parts import (
    ANOTHER,
    CATEGORY,
    CHANGE,
    CHECK,
    CONFIRMATION,
    CONTACT,
    NO_FIELD,
    SURE,
    WHAT,
    Line,
    Listened,
    Setting,
)
from actions.intake.phrases import (
    AND_ALSO,
    CATEGORY_WORDS,
    HERE,
    as_before,
    asks_the_house,
    declines_all,
    gives_up,
    is_noise,
    is_puzzled,
    lets_it_be,
    means_it,
    only_wrong,
    plain,
    question_in,
    refuses_number,
    stops_surely,
    wants_a_moment,
    wants_a_person,
    wants_it_again,
    without_outcry,
)
from actions.intake.sorting import weighed
from actions.intake.story import has_story, without
from casework.house import House
from casework.packs import Field
from casework.tickets.model import DetailValue, Intake
from casework.words.rules import any_in

__all__ = [
    "ACKNOWLEDGE", "CATEGORY", "CONFIRMATION", "CONTACT", "WHAT",
    "Line", "Listened", "Listener", "wants_a_person", "weighed",
]  # fmt: skip

#: Where the acknowledgement belongs; ``actions.intake.words`` finds the words.
ACKNOWLEDGE = "utter_ack"
#: Acts that are no answer to whether somebody is safe.
_BESIDE_A_CHECK = ("bot_challenge", "privacy_request", "switch_language", "help")
#: Types of fields that are answered in any words, so that an answer can look like anything.
_IN_WORDS = ("text", "place", "person")
#: Kinds of details that say nothing about what kind of matter it is.
_NO_MATTER = (
    "phone",
    "email",
    "name",
    "reference",
    "when",
    "duration",
    "place",
    "organisation",
    "window",
    "amount",
)
#: After a silence this long a person is told where the talk stood. Source: product default.
LONG_SILENCE = timedelta(hours=6)


class Listener:
    """Listens to one turn of an intake. ``since``: when the person was last heard of."""

    def __init__(self, *, house: House, now: datetime, language: str, since: datetime | None = None) -> None:
        self._at = Setting(house, now, language)
        self._back_again = since is not None and now - since >= LONG_SILENCE

    def listen(self, intake: Intake, heard: Heard) -> Listened:
        greeting = self._welcome_back(intake)
        heard, others = self._first_of_several(intake, heard)
        before, intake = intake, remember(intake, heard)
        only_a_check = alarms.is_only_an_answer(intake, heard)
        alarm = alarms.alarmed(intake, heard)
        if alarm.outcome:
            return alarm
        check = "" if self._picks_a_choice(intake, heard) else alarms.to_check(intake, heard)
        if only_a_check and not alarm.intake.pending:
            turn = Listened(alarm.intake, aside(heard) if heard.is_act(*_BESIDE_A_CHECK) else ())
        elif heard.payload:
            turn = self._pressed(alarm.intake, heard)
        elif heard.text:
            turn = self._said(alarm.intake, heard)
        else:
            turn = media.without_words(self._at, alarm.intake, heard)
        if turn.outcome and not (check == alarms.SELF_HARM and turn.outcome == "cancelled"):
            return replace(turn, lines=(*alarm.lines, *turn.lines))
        if turn.passing:
            turn = replace(turn, intake=replace(turn.intake, pool=before.pool))
        if heard.text and heard.media:
            turn = replace(turn, intake=media.with_pictures(self._at, turn.intake, heard))
        settled = self._settled(turn, heard, first_lines=alarm.lines)
        settled = replace(settled, intake=self._counted(before, settled.intake))
        lines = settled.lines
        if others:
            settled = replace(
                settled,
                intake=further.kept(settled.intake, others, own_categories=bool(heard.complaints)),
            )
            lines = (*lines, self._several(settled.intake))
        if greeting:
            lines = (greeting, *(line for line in lines if line.response != "utter_hello_again"))
        if check:
            asks = replace(
                settled.intake,
                pending=f"{CHECK}:{check}",
                checked=(*settled.intake.checked, check),
                failures=0,
            )
            return Listened(asks, (*lines, Line(alarms.check_response(check))))
        return Listened(settled.intake, lines, told=heard if others else None)

    def _picks_a_choice(self, intake: Intake, heard: Heard) -> bool:
        """Whether a turn begins with the title of a button, which is no sign of another danger."""
        asked = self._at.asked(intake)
        titles = [choice.title.in_(self._at.language) for choice in asked.choices] if asked else []
        return any(heard.text.startswith(title) for title in titles)

    def _counted(self, before: Intake, intake: Intake) -> Intake:
        """With the turns that went by since the open question was put."""
        asked = self._at.asked(before)
        answered = asked is None or asked.key in (*intake.details, *intake.declined)
        return replace(intake, unanswered=0 if answered else before.unanswered + 1)

    def _welcome_back(self, intake: Intake) -> Line | None:
        if not self._back_again or not intake.description or intake.pending == ANOTHER:
            return None
        fact = gist(intake.description[0], self._at.house, language=self._at.language)
        return Line("utter_resumed", {"fact": fact})

    def answers_and_asks(self, intake: Intake, heard: Heard) -> bool:
        """Whether a turn holds the value that was asked for, besides a question of the person's own."""
        asked = self._at.asked(intake)
        return asked is not None and bool(heard.any_detail(*asked.kinds)) and bool(question_in(heard.text)[0])

    def _first_of_several(self, intake: Intake, heard: Heard) -> tuple[Heard, tuple[Heard, ...]]:
        """A story of several complaints is taken one by one."""
        opening = not intake.description and intake.pending in ("", WHAT)
        danger = heard.emergency is not None
        grief = any_in(self._at.house.voice.rules[self._at.language].grief, heard.text)
        if not opening or danger or grief or heard.payload or heard.ours < 0.5:
            return heard, ()  # what nobody here takes is not parted by what they take
        first, others = further.parted(heard)
        return replace(first, complaints=heard.complaints), others

    def _several(self, intake: Intake) -> Line:
        first, language = intake.description[0] if intake.description else "", self._at.language
        values = {
            "fact": gist(first, self._at.house, language=language),
            "other": further.waiting_fact(intake, self._at.house, language),
        }
        return Line("utter_two_heard", values)

    # -- a button -----------------------------------------------------------------------------------------

    def _pressed(self, intake: Intake, heard: Heard) -> Listened:
        act, _, rest = heard.payload.partition(":")
        if act in ("cancel", "drop"):
            return Listened(intake, outcome="cancelled")
        if act == "person":
            return Listened(intake, outcome="person")
        if act == "new":
            return Listened(intake)
        if act in ("affirm", "continue", "deny"):
            return self._pressed_yes_or_no(intake, act)
        return self._pressed_value(intake, act, rest)

    def _pressed_yes_or_no(self, intake: Intake, act: str) -> Listened:
        if intake.pending == ANOTHER:
            return self._next_complaint(intake) if act != "deny" else Listened(intake, outcome="cancelled")
        if act == "continue":
            return Listened(intake)
        if intake.pending == CONFIRMATION:
            filed = act == "affirm"
            return Listened(intake, outcome="file") if filed else Listened(replace(intake, pending=CHANGE))
        return Listened(intake, (Line("utter_button_of_earlier"),))

    def _pressed_value(self, intake: Intake, act: str, rest: str) -> Listened:
        at = self._at
        if act == "category" and rest == "other":
            return sorting.none_of_these(intake)
        if act == "category":
            return Listened(sorting.choose(at, intake, rest))
        if act == CHANGE:
            return Listened(reopen(at, intake, rest))
        if act == "skip" and self._at.asked(intake) is not None:
            return Listened(decline(intake), (Line("utter_skipped"),))
        if act == "anonymous":
            return Listened(go_anonymous(at, intake), (Line("utter_anonymous"),))
        if act == "here":
            return Listened(decline(intake))
        if act == "value":
            key, _, value = rest.partition(":")
            return Listened(choose_value(at, intake, key, value))
        return Listened(intake, (Line("utter_button_of_earlier"),))

    def _next_complaint(self, intake: Intake) -> Listened:
        """Take up the further complaint that was heard earlier."""
        intake, told = further.taken_up(intake)
        intake = remember(replace(intake, description=(told.text,)), told)
        return Listened(sorting.ranked(self._at, intake, told))

    # -- words --------------------------------------------------------------------------------------------

    def _said(self, intake: Intake, heard: Heard) -> Listened:
        if intake.pending == ANOTHER and heard.is_act("affirm", at_least=0.5):
            return self._next_complaint(intake)
        if intake.pending == ANOTHER:
            intake = replace(intake, pending="")  # something else is told first; that one still waits
        if not intake.description and intake.pending in ("", WHAT):
            return self._opening(intake, heard)
        if (leaving := self._leaving(intake, heard)) is not None:
            return leaving
        if wants_it_again(heard.text):
            # Who did not understand the question gets it with an example.
            failures = max(1, intake.failures) if is_puzzled(heard.text) else intake.failures
            return Listened(replace(intake, failures=failures), passing=True)
        if wants_a_moment(heard.text):
            return Listened(intake, (Line("utter_take_your_time"),), passing=True)
        if (more := further.announced(self._at, intake, heard)) is not None:
            return Listened(more[0], (more[1],))
        if intake.pending in (CONFIRMATION, CHANGE):
            return self._at_read_back(intake, heard)
        if intake.pending == CATEGORY:
            return self._category_in_words(intake, heard)
        return self._answer_or_aside(intake, heard)

    def _opening(self, intake: Intake, heard: Heard) -> Listened:
        top = heard.categories[0][1] if heard.categories else 0.0
        bare = without(heard.text, heard.details, "phone", "email", "name", "reference")
        setting_off = without(bare, heard.details, "when", "place", "organisation", "window")
        told = has_story(setting_off, top_category=top) or (
            has_story(bare, top_category=top)
            and heard.is_act("lodge_complaint", "report_violation", "report_emergency")
        )
        about_the_chat = heard.is_act("request_human", "cancel_intake", "switch_language", "help")
        if told and not (about_the_chat and len(heard.text) < 30) and not is_noise(heard.text):
            return Listened(replace(intake, description=(heard.text,), failures=0))
        if (leaving := self._leaving(intake, heard)) is not None:
            return leaving
        if heard.is_act("ask_why", at_least=SURE) and intake.pending:
            return Listened(intake, (why(self._at, intake),), passing=True)
        if intake.pending != WHAT or wants_it_again(heard.text):
            return Listened(intake)
        if (lines := aside(heard)) and not (told and heard.is_act("abuse", "out_of_scope")):
            return Listened(intake, lines, passing=True)
        if not is_noise(heard.text) and (heard.is_act("inform") and len(bare.strip()) >= 4):
            return Listened(replace(intake, description=(heard.text,), failures=0))
        return Listened(replace(intake, failures=intake.failures + 1))

    def _leaving(self, intake: Intake, heard: Heard) -> Listened | None:
        """Acts that end the intake, whatever was asked."""
        if self._wants_out(intake, heard) and wants_a_person(heard.text):
            return Listened(intake, outcome="person")
        if gives_up(heard) and not self._goes_on(intake, heard):
            return Listened(intake, outcome="cancelled")
        if heard.is_act("start_over", at_least=SURE) and self.means_it(intake, heard):
            kept = Intake(message_ids=intake.message_ids, emotions=intake.emotions, pending=WHAT)
            told = intake.description or intake.details
            return Listened(kept, (Line("utter_started_over"),) if told else ())
        return None

    def _wants_out(self, intake: Intake, heard: Heard) -> bool:
        asked = self._at.asked(intake)
        return heard.is_act("request_human", at_least=SURE) and (
            asked is None or self.means_it(intake, heard)
        )

    def means_it(self, intake: Intake, heard: Heard) -> bool:
        """Whether a turn is the act it was taken for, and not rather the answer to the open question."""
        asked = self._at.asked(intake)
        if asked is None or heard.payload or not heard.text:
            return True
        about_oneself = asked.key in (CONTACT, "anonymous_or_named")
        if about_oneself or not (asked.choices or asked.type in _IN_WORDS):
            return True
        chosen = bool(asked.choices) and asked.choice_for(heard.text) is not None
        return means_it(heard) and (not chosen or heard.text.rstrip().endswith(("?", "？")))

    def _goes_on(self, intake: Intake, heard: Heard) -> bool:
        """Whether words of giving up only give way: "leave it as it was", "算了，就写周二吧"."""
        if intake.previous and as_before(heard.text):
            return True
        asked = self._at.asked(intake)
        return asked is not None and not stops_surely(heard.text) and bool(heard.any_detail(*asked.kinds))

    def _answer_or_aside(self, intake: Intake, heard: Heard) -> Listened:
        asked = self._at.asked(intake)
        if asked is None:
            return Listened(self._more_story(intake, heard), aside(heard))
        heard = _unwrapped(asked, heard)
        if is_noise(heard.text) and not asked.choices:
            return Listened(replace(intake, failures=intake.failures + 1), passing=True)
        asks_why = heard.is_act("ask_why", at_least=SURE) and self.means_it(intake, heard)
        if asks_why and not heard.any_detail(*asked.kinds):
            return Listened(intake, (why(self._at, intake),), passing=True)
        if (aside_from := self._about_the_form(intake, asked, heard)) is not None:
            return aside_from
        if (declined := self._declined(intake, asked, heard)) is not None:
            return declined
        return self._answered(intake, asked, heard)

    def _about_the_form(self, intake: Intake, asked: Field, heard: Heard) -> Listened | None:
        """Turns about how it is asked or filed, and corrections of what was said before."""
        if asked.key == CONTACT and refuses_number(heard.text) and not heard.any_detail(*asked.kinds):
            return self._without_contact(intake)
        shy = 0.35 if asked.key in (CONTACT, "anonymous_or_named") else SURE
        named = asked.choice_for(heard.text) if asked.key == "anonymous_or_named" else None
        unnamed = named is None or named.value.startswith("anon")
        if unnamed and heard.is_act("request_anonymity", at_least=shy) and self.means_it(intake, heard):
            return Listened(go_anonymous(self._at, intake), (Line("utter_anonymous"),))
        if asked.key == CONTACT and HERE.search(heard.text):
            return Listened(decline(intake))
        corrects = heard.is_act("correct_detail", at_least=SURE) or takes_back(self._at, intake, asked, heard)
        if corrects and (result := corrected(self._at, intake, heard)) is not None:
            return result
        if len(heard.text) <= 40 and CATEGORY_WORDS.search(heard.text):
            return Listened(sorting.reopened(intake))
        if only_wrong(heard.text) and asked.type != "yes_no":
            return Listened(replace(intake, pending=CHANGE))
        return None

    def _declined(self, intake: Intake, asked: Field, heard: Heard) -> Listened | None:
        """The person cannot or will not say it."""
        unknown = heard.is_act("dont_know", at_least=0.45) and self.means_it(intake, heard)
        declines = unknown or (heard.is_act("deny", at_least=0.45) and not asked.choices)
        if not declines or heard.any_detail(*asked.kinds):
            return None
        if self._answers_with_no(asked, heard) or self._answers_with_a_value(asked, heard):
            return None
        other = None if names(asked, heard.text) else field_named(self._at, intake, heard.text)
        elsewhere = other is not None and other.key not in (asked.key, *intake.details, *intake.declined)
        if other is not None and elsewhere and not _same_kind(other, asked):
            # "I don't know the account number", said while something else is asked
            left_out = replace(intake, declined=(*intake.declined, other.key))
            return Listened(left_out, (Line("utter_skipped"),))
        if asked.key == CONTACT:
            return self._without_contact(intake)
        return Listened(decline(intake), (Line("utter_skipped"),))

    def _without_contact(self, intake: Intake) -> Listened:
        """Not pressed for it: the question that comes now offers both ways without a number, once."""
        if intake.failures == 0 and not intake.anonymous:
            return Listened(replace(intake, failures=1, refused_contact=True))
        return Listened(decline(intake))

    def _answers_with_no(self, asked: Field, heard: Heard) -> bool:
        """A "none" or "nobody" that one of the choices means."""
        said = plain(heard.text)
        return bool(asked.choices) and asked.choice_for(said) is not None and len(said) <= 20

    def _answers_with_a_value(self, asked: Field, heard: Heard) -> bool:
        """Whether a doubtful turn holds the number or the time that was asked for, all the same."""
        typed = not asked.choices and asked.type not in _IN_WORDS
        return typed and self._read(asked, heard, insisted=False) is not None

    def _answered(self, intake: Intake, asked: Field, heard: Heard) -> Listened:
        insisted = intake.failures >= 1
        if calm := without_outcry(heard.text):
            said = replace(heard, text=calm, intent="inform", details=_within(heard, calm))
            if (answer := self._read(asked, said, insisted=insisted)) is not None:
                return Listened(put(self._at, intake, asked, _from(answer, heard)))
        rest, besides = asked_besides(self._at, intake, heard)
        part = replace(heard, text=rest, details=_within(heard, rest)) if rest else heard
        answer = self._read(asked, part, insisted=insisted)
        if answer is not None and rest and not is_a_wish(asked, heard):
            filled = self._more_story(put(self._at, intake, asked, _from(answer, heard)), part, answer=answer)
            return Listened(filled, besides)
        if rest:
            answer = self._read(asked, heard, insisted=insisted)
        in_words = answer is not None and answer.text == plain(heard.text) and not asked.choices
        lines = aside(heard) if self.means_it(intake, heard) and not is_a_wish(asked, heard) else ()
        asked_of_us = asks_the_house(heard.text) != ""
        if lines and (answer is None or in_words or asked_of_us or _is_beside_it(heard, answer)):
            return Listened(intake, lines, passing=True)
        if answer is None:
            more = self._more_story(self._answer_elsewhere(intake, asked, heard), heard)
            told = len(more.description) > len(intake.description) or self._fills_something(more)
            noted = heard.details and len(more.description) == len(intake.description)
            lines = (Line("utter_added"),) if noted and told else ()
            return Listened(replace(more, failures=intake.failures + (0 if told else 1)), lines)
        return Listened(self._more_story(put(self._at, intake, asked, answer), heard, answer=answer))

    def _read(self, asked: Field, heard: Heard, *, insisted: bool) -> DetailValue | None:
        at = self._at
        return read_answer(asked, heard, house=at.house, now=at.now, language=at.language, insisted=insisted)

    def _fills_something(self, intake: Intake) -> bool:
        category = self._at.category(intake)
        if category is None:
            return False
        filled = fill_from_pool(intake, category, language=self._at.language, zone=self._at.house.zone)
        return len(filled.details) > len(intake.details)

    def _answer_elsewhere(self, intake: Intake, asked: Field, heard: Heard) -> Intake:
        """An answer to another question with choices ("the whole street" while the time is asked)."""
        category = self._at.category(intake)
        if category is None or len(heard.text) > 60:
            return intake
        for other in category.required:
            if other.key in (asked.key, *intake.details) or not other.choices or other.type == "yes_no":
                continue
            if (choice := other.choice_for(heard.text)) is not None:
                title = choice.title.in_(self._at.language)
                value = DetailValue(choice.value, heard.text, title, source=heard.text)
                return put(self._at, intake, other, value)
        return intake

    def _more_story(self, intake: Intake, heard: Heard, *, answer: DetailValue | None = None) -> Intake:
        """Keep what an answer says beyond the answer, so that nothing told is lost."""
        if answer is not None and answer.text == heard.text.strip():
            return intake
        beyond = heard.text.replace(answer.text, "", 1) if answer is not None else heard.text
        if not has_story(beyond) or is_noise(beyond) or heard.text in intake.description:
            return intake
        return replace(intake, description=(*intake.description, heard.text))

    def _category_in_words(self, intake: Intake, heard: Heard) -> Listened:
        if (picked := sorting.picked(self._at, intake, heard)) is not None:
            return Listened(picked)
        if heard.is_act("ask_why", at_least=SURE):
            return Listened(intake, (why(self._at, intake),), passing=True)
        if lines := aside(heard):
            return Listened(intake, lines, passing=True)
        if heard.is_act("dont_know", at_least=0.45) and intake.offered:
            return Listened(sorting.choose(self._at, intake, intake.offered[0]))
        if heard.is_act("deny", at_least=0.5) and len(heard.text) <= 20 and intake.offered:
            return sorting.none_of_these(intake)
        beyond = without(heard.text, heard.details, *_NO_MATTER)
        if has_story(beyond) and not _only_a_wish(heard) and not is_noise(heard.text):
            return Listened(
                replace(intake, description=(*intake.description, heard.text), failures=intake.failures + 1)
            )
        # What answers a question not asked yet is kept, and says nothing about the category.
        kept = (Line("utter_added"),) if heard.details else ()
        missed = sorting.not_found(intake)
        return missed if missed.outcome else replace(missed, lines=kept)

    # -- the read-back ----------------------------------------------------------------------------------

    def _at_read_back(self, intake: Intake, heard: Heard) -> Listened:
        if (result := corrected(self._at, intake, heard)) is not None:
            return result
        if heard.is_act("request_anonymity", at_least=0.45):
            return Listened(go_anonymous(self._at, intake), (Line("utter_anonymous"),))
        agrees = heard.is_act("affirm", "confirm_resolved", at_least=0.6) and not heard.text.startswith("/")
        if agrees and AND_ALSO.search(heard.text) and has_story(AND_ALSO.split(heard.text)[-1]):
            agrees = False
        named = field_named(self._at, intake, heard.text)
        if named is not None and (not agrees or len(heard.text) <= 12):
            return Listened(reopen(self._at, intake, named.key))
        if len(heard.text) <= 40 and CATEGORY_WORDS.search(heard.text):
            return Listened(sorting.reopened(intake))
        if (agrees or lets_it_be(heard.text)) and not heard.details:
            return Listened(intake, outcome="file")
        if declines_all(heard.text):
            return Listened(replace(intake, pending=CONFIRMATION), passing=True)
        if heard.is_act("deny", "correct_detail", at_least=0.4) and not has_story(heard.text):
            return Listened(replace(intake, pending=CHANGE))
        if heard.is_act("ask_why", at_least=SURE):
            return Listened(intake, (why(self._at, intake),), passing=True)
        if lines := aside(heard):
            return Listened(intake, lines, passing=True)
        if has_story(heard.text) and not is_noise(heard.text):
            grown = replace(intake, description=(*intake.description, heard.text))
            return Listened(grown, (Line("utter_added"),))
        return Listened(replace(intake, failures=intake.failures + 1))

    # -- afterwards -----------------------------------------------------------------------------------------

    def _settled(self, turn: Listened, heard: Heard, *, first_lines: tuple[Line, ...]) -> Listened:
        """Choose the category, fill what was said in passing, acknowledge once; safety comes before that."""
        intake = turn.intake
        if not intake.description:
            return replace(turn, lines=(*first_lines, *turn.lines))
        intake = self._filled(self._described(sorting.ranked(self._at, intake, heard)))
        if intake.acknowledged:
            return Listened(intake, (*first_lines, *turn.lines))
        return Listened(replace(intake, acknowledged=True), (*first_lines, Line(ACKNOWLEDGE), *turn.lines))

    def _described(self, intake: Intake) -> Intake:
        text = "\n".join(intake.description)
        if WHAT in intake.details and intake.details[WHAT].value == text:
            return intake
        display = shown(NO_FIELD, text, text, language=self._at.language, zone=self._at.house.zone)
        what = DetailValue(text, text, display, source=text, message_id=None)
        return replace(intake, details={**intake.details, WHAT: what})

    def _filled(self, intake: Intake) -> Intake:
        category = self._at.category(intake)
        if category is None or not intake.category_certain or intake.pending.startswith(CHANGE):
            return intake
        intake = fill_from_pool(intake, category, language=self._at.language, zone=self._at.house.zone)
        named = intake.details.get("anonymous_or_named")
        if named is not None and str(named.value).startswith("anon") and not intake.anonymous:
            return go_anonymous(self._at, intake)
        return intake


def _within(heard: Heard, text: str) -> tuple[HeardDetail, ...]:
    """The details that lie in a part of the turn."""
    return tuple(detail for detail in heard.details if detail.text in text)


def _unwrapped(asked: Field, heard: Heard) -> Heard:
    """The turn without hesitation, which must not be taken for doubt about what was said before."""
    corrects = heard.is_act("correct_detail", at_least=SURE)
    text = plain(heard.text, leads=asked.type in _IN_WORDS and not corrects)
    return heard if text == heard.text else replace(heard, text=text, details=_within(heard, text))


def _is_beside_it(heard: Heard, answer: DetailValue) -> bool:
    """Whether a turn about something else merely holds a word that could answer ("how is the weather today?")."""
    if len(answer.text) >= 0.5 * len(heard.text):
        return False
    return heard.text.rstrip().endswith(("?", "？")) or heard.is_act("out_of_scope", at_least=0.7)


def _from(answer: DetailValue, heard: Heard) -> DetailValue:
    return replace(answer, source=heard.text)


def _same_kind(one: Field, other: Field) -> bool:
    return one.type == other.type and one.type in ("contact", "when")


def _only_a_wish(heard: Heard) -> bool:
    """Whether the turn says what the person wants and not what happened."""
    wish = heard.any_detail("remedy")
    return wish is not None and len(wish.text) >= 0.5 * len(heard.text)
