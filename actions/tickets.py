"""What a complainant does with a filed ticket: ask how far it is, urge, add, withdraw, contest.

Each act finds out which ticket is meant, or asks; the rules are in ``casework.tickets``. The Rasa actions that call
these are in ``actions.after_filing``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction

from actions.awaited import AWAITING, awaits, nothing_awaited
from actions.base import Events, Say
from actions.heard import Heard
from actions.intake.asking import titled
from actions.intake.phrases import means_it
from actions.intake.story import is_told
from actions.turn import Turn
from actions.which import buttons_for, pick, summary
from casework.staff.routing import name_of
from casework.tickets import acts
from casework.tickets.filing import format_moment
from casework.tickets.model import Ticket, TicketEvent
from casework.tickets.states import OPEN, REOPEN_WINDOW, RESTORE_WINDOW, Refused, Role, State, next_step
from casework.tickets.steps import Rules

__all__ = ["AWAITING", "look_up"]

_TAIL = re.compile(r"(?<!\d)(\d{4})(?!\d)")
#: Short words that are this surely about a case are no story of one, even where nobody has a case.
_SURE = 0.9
_LONG = 40
#: States in which nothing more is promised.
_OVER = frozenset(
    {State.WITHDRAWN, State.CLOSED, State.RESOLVED, State.REJECTED, State.MERGED, State.REFERRED}
)
#: Steps of a ticket's history that the person is told, by the words of ``house.yml``.
_TOLD_STEPS = frozenset(
    [
        "accept",
        "force_assign",
        "sign",
        "ask",
        "reply",
        "supplement",
        "resolve",
        "dispute",
        "appeal",
        "withdraw",
        "restore",
        "confirm",
        "refer",
        "reject",
        "return",
        "extend",
    ]
)


# -- progress -----------------------------------------------------------------------------------------------


def moment(when: Any, turn: Turn, say: Say) -> str:
    return format_moment(when, zone=turn.house.zone, language=say.language)


def department_of(ticket: Ticket, turn: Turn, say: Say) -> str:
    packs = turn.house.packs
    category = packs.category(ticket.category) if ticket.category in packs else None
    return name_of(turn.work, ticket.department, say.language, category=category)


def say_progress(ticket: Ticket, turn: Turn, say: Say, *, own: bool = True) -> None:
    """Arrived, understood as, with whom, done so far, next and by when: one message."""
    view = acts.progress(turn.work, ticket)
    language, packs = say.language, turn.house.packs
    known = ticket.category in packs
    about = packs.category(ticket.category).name.in_(language) if known else ""
    values: dict[str, Any] = {
        "number": ticket.number,
        "state": turn.house.states[ticket.state.value].in_(language),
        "department": department_of(ticket, turn, say),
        "filed": moment(ticket.submitted_at or ticket.created_at, turn, say),
    }
    over = ticket.state in _OVER
    if own:
        name = "utter_progress_ended" if over else "utter_progress"
        say(name, **values, summary=summary(ticket, 60))
    else:
        say(
            "utter_progress_ended_elsewhere" if over else "utter_progress_elsewhere", **values, category=about
        )
    _say_done(view, turn, say, own=own)
    if over:
        _say_what_is_left(ticket, turn, say, own=own)
    else:
        say_next(view, turn, say)


def _say_done(view: acts.Progress, turn: Turn, say: Say, *, own: bool) -> None:
    done = [event for event in view.history if event.action in _TOLD_STEPS]
    if done:
        shown = [_step_line(event, turn, say) for event in done[-4:]]
        say("utter_progress_done", steps=("；" if say.language == "zh" else "; ").join(shown))
    else:
        say("utter_progress_nothing_yet")
    result = next((e for e in reversed(done) if e.action == "resolve" and e.data), None)
    if own and result is not None:
        said = [str(result.data[key]) for key in ("finding", "remedy", "text") if result.data.get(key)]
        if said:
            say("utter_progress_result", result=" ".join(said))
    if view.last_urge is not None:
        say("utter_progress_urged", at=moment(view.last_urge.at, turn, say))


def _step_line(event: TicketEvent, turn: Turn, say: Say) -> str:
    return f"{moment(event.at, turn, say)} {turn.house.word(f'step_{event.action}', say.language)}"


def say_next(view: acts.Progress, turn: Turn, say: Say, *, urged: bool = False) -> None:
    """The next promise: who does what by when. Says so when it is late."""
    due = view.next_due
    if due is None:
        say("utter_progress_no_date")
        return
    name = "utter_progress_first_contact" if due.kind == "first_contact" else "utter_progress_resolution"
    late = due.due_at < turn.now
    values = {"department": department_of(view.ticket, turn, say), "due": moment(due.due_at, turn, say)}
    if late and urged:
        say("utter_urged_late", **values)
        return
    buttons = titled(turn.house, say.language, ("urge", f"urge:{view.ticket.number}")) if late else []
    say(f"{name}_late" if late else name, buttons, **values)


def _say_what_is_left(ticket: Ticket, turn: Turn, say: Say, *, own: bool) -> None:
    """What can still be done with a ticket that is over."""
    if not own:
        return
    number, word = ticket.number, turn.house
    if ticket.state is State.RESOLVED:
        until = moment((ticket.resolved_at or ticket.changed_at) + REOPEN_WINDOW, turn, say)
        buttons = titled(word, say.language, ("solved", f"solved:{number}"), ("dispute", f"dispute:{number}"))
        say("utter_is_it_solved", buttons, until=until)
    elif ticket.state is State.WITHDRAWN and turn.now - ticket.changed_at <= RESTORE_WINDOW:
        until = moment(ticket.changed_at + RESTORE_WINDOW, turn, say)
        say(
            "utter_can_be_restored", titled(word, say.language, ("restore", f"restore:{number}")), until=until
        )


def say_list(tickets: Sequence[Ticket], turn: Turn, say: Say) -> None:
    """Own tickets, told apart by what they are about, each with its state and next date."""
    lines = []
    for ticket in tickets[:5]:
        due = acts.progress(turn.work, ticket).next_due
        line = "list_line_over"
        if due is not None and ticket.state not in _OVER:
            line = "list_line_late" if due.due_at < turn.now else "list_line"
        lines.append(
            turn.house.word(line, say.language).format(
                number=ticket.number,
                summary=summary(ticket, 24 if say.language == "zh" else 48),
                state=turn.house.states[ticket.state.value].in_(say.language),
                due=moment(due.due_at, turn, say) if due else "",
            )
        )
    say("utter_progress_list", buttons_for(tickets, "progress"), lines="\n".join(lines))


# -- acts -----------------------------------------------------------------------------------------------------


class TicketAct:
    """An act upon one of the person's own tickets: finds which one, or asks."""

    act_name = ""

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        number = acts.find_number(heard.text) or acts.find_number(heard.payload)
        mine = self.mine(turn)
        if number is not None:
            ticket = next((t for t in mine if t.number == number), None)
            return self.do(turn, heard, say, ticket) if ticket else self.foreign(turn, heard, say, number)
        if not mine:
            surely = heard.confidence >= _SURE and len(heard.text) <= _LONG
            if is_told(heard) and not (surely and means_it(heard) and self.act_name != "dispute"):
                # Taken for a question about a case, but nobody has one here: it is a case being told.
                return [nothing_awaited(), FollowupAction("action_begin_intake")]
            return self.none(turn, heard, say)
        candidates = self.candidates(mine)
        ticket = candidates[0] if len(candidates) == 1 else pick(heard.text, candidates, turn.house)
        if ticket is not None and not heard.payload:
            return self.do(turn, heard, say, ticket)
        if ticket is not None and len(candidates) == 1:
            return self.do(turn, heard, say, ticket)
        return self.which(turn, heard, say, candidates)

    def mine(self, turn: Turn) -> list[Ticket]:
        return turn.work.tickets.of_complainant(turn.conversation.complainant_id)

    def candidates(self, mine: list[Ticket]) -> list[Ticket]:
        return [t for t in mine if self.fits(t)] or mine[:1]

    def do(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        turn.ticket = ticket.number
        try:
            events = self.on(turn, heard, say, ticket)
        except Refused as refused:
            events = self.refused(turn, heard, say, ticket, refused)
        return [nothing_awaited(), *events]

    def which(self, turn: Turn, heard: Heard, say: Say, candidates: list[Ticket]) -> Events:
        say("utter_which_ticket", buttons_for(candidates, self.act_name))
        return [awaits(self.act_name, now=turn.now, message_ids=heard.message_ids)]

    def fits(self, ticket: Ticket) -> bool:
        """Whether the act makes sense for this ticket when the person did not say which."""
        return ticket.state in OPEN

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        """Do it. Raises: Refused."""
        raise NotImplementedError

    def refused(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket, refused: Refused) -> Events:
        """The rules do not allow it now: say what can be done instead."""
        state = turn.house.states[ticket.state.value].in_(say.language)
        say("utter_not_possible_now", number=ticket.number, state=state)
        _say_what_is_left(ticket, turn, say, own=True)
        return []

    def none(self, turn: Turn, heard: Heard, say: Say) -> Events:
        """The person has no ticket in this chat."""
        say("utter_no_ticket_here", titled(turn.house, say.language, ("complain", "new")))
        return [awaits("lookup", now=turn.now)]

    def foreign(self, turn: Turn, heard: Heard, say: Say, number: str) -> Events:
        """A number that does not belong to this person. Says nothing about whether it exists."""
        say("utter_ask_tail", number=number)
        return [awaits("lookup", number, now=turn.now)]


class QueryProgress(TicketAct):
    act_name = "progress"

    def candidates(self, mine: list[Ticket]) -> list[Ticket]:
        return super().candidates(mine) if any(self.fits(t) for t in mine) else mine

    def which(self, turn: Turn, heard: Heard, say: Say, candidates: list[Ticket]) -> Events:
        say_list(candidates, turn, say)
        return [awaits(self.act_name, now=turn.now)]

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        say_progress(ticket, turn, say)
        return [awaits("solved", ticket.number, now=turn.now)] if ticket.state is State.RESOLVED else []

    def foreign(self, turn: Turn, heard: Heard, say: Say, number: str) -> Events:
        tails = _TAIL.findall(acts.without_number(heard.text))
        if not tails:
            return super().foreign(turn, heard, say, number)
        return look_up(turn, say, number, tails[-1])


def look_up(turn: Turn, say: Say, number: str, tail: str) -> Events:
    """Progress by number and the last four digits of the phone, from any chat; a few tries an hour."""
    try:
        ticket = acts.look_up(
            turn.work, number, tail, complainant_id=turn.conversation.complainant_id, now=turn.now
        )
    except acts.TooManyTries as closed:
        buttons = titled(turn.house, say.language, ("person", "person"))
        say("utter_lookup_closed", buttons, again=moment(closed.again_at, turn, say))
        return [nothing_awaited()]
    if ticket is None:
        say("utter_lookup_failed", number=number)
        return [awaits("lookup", number, now=turn.now)]
    turn.ticket = ticket.number
    say_progress(ticket, turn, say, own=False)
    return [nothing_awaited()]


class Urge(TicketAct):
    act_name = "urge"

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        if ticket.state in _OVER:
            say_progress(ticket, turn, say)
            return []
        urged = acts.urge(turn.work, ticket, text=heard.text, now=turn.now)
        department = department_of(ticket, turn, say)
        if not urged.counted:
            last, again = (moment(when, turn, say) for when in (urged.last_at, urged.again_at))
            say("utter_urged_already", number=ticket.number, last=last, again=again)
        elif urged.times > 1:
            say("utter_urged_again", number=ticket.number, department=department, times=urged.times)
        else:
            say("utter_urged", number=ticket.number, department=department)
        say_next(acts.progress(turn.work, urged.ticket), turn, say, urged=True)
        return []


_ADDING = re.compile(
    r"我?(?:想|要|还要|还想|需要|再)*(?:补充|加|添|补)(?:一下|一点|点|几点|材料|内容|东西|说明|情况)*[:：,，。\s]*|"
    r"(?:please |can i |i(?:'d| would)? (?:want|like) to |let me )*(?:add|supplement)"
    r"(?: (?:something|more|this|that|to|my|the|a|case|complaint|ticket|details|info|information))*[:,.\s]*|ADD[:,\s]*",
    re.IGNORECASE,
)


def says_what_to_add(heard: Heard) -> bool:
    """Whether a wish to add something already holds it."""
    left = _ADDING.sub("", acts.without_number(heard.text), count=1)
    return bool(heard.media) or len(re.sub(r"\W", "", left)) >= (4 if not left.isascii() else 8)


class Supplement(TicketAct):
    act_name = "supplement"

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        next_step(ticket.state, "supplement", role=Role.COMPLAINANT, facts=ticket.facts(now=turn.now))
        if heard.payload or not says_what_to_add(heard):
            say("utter_supplement_what", number=ticket.number)
            return [awaits("supplement", ticket.number, now=turn.now)]
        return self.add(turn, say, ticket, text=heard.text, message_ids=heard.message_ids)

    def add(self, turn: Turn, say: Say, ticket: Ticket, *, text: str, message_ids: tuple[int, ...]) -> Events:
        """Raises: Refused."""
        calendar = turn.house.calendar
        acts.supplement(
            turn.work, ticket, text=text, message_ids=message_ids, now=turn.now, calendar=calendar
        )
        say("utter_supplemented", number=ticket.number)
        return []

    def refused(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket, refused: Refused) -> Events:
        buttons = titled(turn.house, say.language, ("dispute", f"dispute:{ticket.number}"), ("new", "new"))
        state = turn.house.states[ticket.state.value].in_(say.language)
        say("utter_supplement_over", buttons, number=ticket.number, state=state)
        return []


class Withdraw(TicketAct):
    act_name = "withdraw"

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        if heard.payload.startswith("withdraw_yes"):
            return self.confirmed(turn, heard, say, ticket)
        next_step(ticket.state, "withdraw", role=Role.COMPLAINANT, facts=ticket.facts(now=turn.now))
        buttons = titled(
            turn.house, say.language, ("withdraw", f"withdraw_yes:{ticket.number}"), ("keep", "keep")
        )
        say(
            "utter_withdraw_sure",
            buttons,
            number=ticket.number,
            summary=summary(ticket, 30),
            days=RESTORE_WINDOW.days,
        )
        return [awaits("withdraw_yes", ticket.number, now=turn.now)]

    def confirmed(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        """Raises: Refused."""
        acts.withdraw(turn.work, ticket, text=heard.text, now=turn.now)
        say(
            "utter_withdrawn",
            titled(turn.house, say.language, ("restore", f"restore:{ticket.number}")),
            number=ticket.number,
            until=moment(turn.now + RESTORE_WINDOW, turn, say),
        )
        return []


class Restore(TicketAct):
    """Takes a withdrawal back. Reached by its button or its words, not by an intent of its own."""

    act_name = "restore"

    def fits(self, ticket: Ticket) -> bool:
        return ticket.state is State.WITHDRAWN

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        restored = acts.restore(turn.work, ticket, now=turn.now, calendar=turn.house.calendar)
        say("utter_restored", number=ticket.number)
        say_next(acts.progress(turn.work, restored), turn, say)
        return []

    def refused(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket, refused: Refused) -> Events:
        if ticket.state is not State.WITHDRAWN:
            say("utter_nothing_withdrawn")
            return []
        buttons = titled(turn.house, say.language, ("complain", "new"))
        say("utter_restore_too_late", buttons, number=ticket.number, days=RESTORE_WINDOW.days)
        return []


class Dispute(TicketAct):
    act_name = "dispute"

    def fits(self, ticket: Ticket) -> bool:
        return ticket.state in (State.RESOLVED, State.FOLLOWUP, State.CLOSED, State.REJECTED)

    def candidates(self, mine: list[Ticket]) -> list[Ticket]:
        newest_first = [t for t in mine if t.state in (State.RESOLVED, State.FOLLOWUP)]
        return newest_first or super().candidates(mine)

    def on(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
        acts.check_dispute(turn.work, ticket, now=turn.now)
        if heard.payload or not gives_a_reason(heard.text):
            say(
                "utter_dispute_why",
                titled(
                    turn.house,
                    say.language,
                    ("no_reason", f"dispute_yes:{ticket.number}"),
                    ("keep_result", "keep"),
                ),
                number=ticket.number,
            )
            return [awaits("dispute", ticket.number, now=turn.now)]
        return self.confirmed(turn, say, ticket, text=heard.text, message_ids=heard.message_ids)

    def confirmed(
        self, turn: Turn, say: Say, ticket: Ticket, *, text: str, message_ids: tuple[int, ...] = ()
    ) -> Events:
        """Raises: Refused."""
        rules = Rules(turn.house.packs, turn.house.calendar)
        turn.work.tickets.attach_media(ticket.id, message_ids)
        changed = acts.dispute(turn.work, ticket, text=text, now=turn.now, rules=rules)
        say("utter_disputed", number=ticket.number)
        say_next(acts.progress(turn.work, changed), turn, say)
        return []

    def refused(self, turn: Turn, heard: Heard, say: Say, ticket: Ticket, refused: Refused) -> Events:
        if ticket.state is not State.REJECTED and self.fits(ticket):
            buttons = titled(turn.house, say.language, ("complain", "new"))
            say("utter_dispute_too_late", buttons, number=ticket.number, days=REOPEN_WINDOW.days)
            return []
        if ticket.state in OPEN:
            return offer_to_add(turn, heard, say, ticket)
        return super().refused(turn, heard, say, ticket, refused)


_BARE_DISPUTE = re.compile(
    r"[我们你对这个处理的结果答复件事单子案投诉真很非常太就是完全绝对坚决]|不认可|不同意|不接受|不满意|不服|有异议|申请复核|复核|申诉|没(?:有)?解决|重新(?:处理|办)|重开|"
    r"\b(?:i|we|do|not|don't|dont|can't|cannot|accept|agree|with|dispute|disagree|object|to|the|this|that|my|it|it's|is|isn't|"
    r"result|results|answer|outcome|decision|resolution|solved|resolved|fixed|satisfied|at|all|case|reopen|appeal|want|of|please|no)\b",
    re.IGNORECASE,
)


def gives_a_reason(text: str) -> bool:
    """Whether an objection says more than that somebody objects."""
    left = re.sub(r"\W", "", _BARE_DISPUTE.sub("", acts.without_number(text)))
    return len(left) >= (4 if not left.isascii() else 10)


def offer_to_add(turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events:
    """There is no result to contest yet: what was said can go to the ticket."""
    number = ticket.number
    if heard.payload or not gives_a_reason(heard.text):
        say(
            "utter_no_result_yet",
            titled(turn.house, say.language, ("urge", f"urge:{number}"), ("add", f"supplement:{number}")),
            number=number,
        )
        return []
    say(
        "utter_add_this",
        titled(turn.house, say.language, ("add", f"add:{number}"), ("leave_out", "keep")),
        number=number,
    )
    return [awaits("add", number, now=turn.now, message_ids=heard.message_ids)]
