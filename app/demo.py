"""A believable month in an empty house, for somebody who wants to see a desk at work: `tingsu demo`.

Everything is made through the same use cases as in earnest, with the moments of the month that lies behind. Nobody is
sent anything: what happened then counts as told.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from casework.access import passwords, sessions
from casework.canned import Canned, keeping
from casework.conversations import handover
from casework.conversations.inbox import TurnRules, receive
from casework.conversations.model import Conversation, InboundMessage, Reply, Sent
from casework.conversations.outbox import claim_these, post_bot_reply, post_staff, record_sent
from casework.editing import HouseKeeper
from casework.house import House
from casework.packs import Category
from casework.publishing import REPLIES
from casework.staff import organising
from casework.staff.model import Member
from casework.storage.work import Store, Work
from casework.tickets import acts, alarms, handling
from casework.tickets.filing import Filing, file_ticket, format_moment
from casework.tickets.model import Actor, DetailValue, Intake, Ticket
from casework.tickets.spreading import spread
from casework.tickets.states import Refused, Role, State
from casework.tickets.steps import Rules

_TEXTS = Path(__file__).with_name("demo.yml")
_MONTH = timedelta(days=30)
_CHANNELS = ("web", "wechat", "telegram")
#: Openings of a category and language that are drawn from: the plainest stand first.
_OPENINGS = 12
_COURIER = "demo"
#: Who talks to a person at the end, of all cases.
_WAITING = 3
_HANDLERS = ("li.wei", "wang.min", "tom.reed")
#: What can become of a case. What is filed late in the month does not get to its end.
_PATHS: tuple[tuple[str, ...], ...] = (
    ("accept", "sign", "contact", "resolve", "rate", "call"),
    ("accept", "sign", "contact", "resolve", "rate", "call"),
    ("accept", "sign", "resolve", "rate", "call"),
    ("accept", "sign", "ask", "reply", "resolve", "rate", "call"),
    ("accept", "sign", "contact", "urge", "contact", "resolve", "confirm"),
    ("accept", "return", "accept", "sign", "resolve", "rate", "call"),
    ("accept", "sign", "resolve", "dispute", "accept", "sign", "contact", "resolve", "rate", "call"),
    ("accept", "sign", "supplement", "contact", "resolve", "confirm"),
    ("reject",),
    ("withdraw",),
)
_OF_THE_PERSON = frozenset({"reply", "urge", "supplement", "rate", "confirm", "dispute", "withdraw"})
#: Share of the steps of staff that come too late.
_LATE = 0.08
#: Hours between which staff work, local time.
_OPENS, _CLOSES = 8, 19


class NotEmpty(Exception):
    """The database holds something: a month is filled into an empty one only."""


@dataclass(frozen=True)
class Filled:
    """``password``: of every demo login."""

    tickets: int
    logins: Sequence[str]
    password: str


def fill(
    store: Store,
    house: House,
    packs_root: Path,
    *,
    tickets: int,
    now: datetime,
    password: str,
    progress: Callable[[int], None] = lambda done: None,
) -> Filled:
    """Raises: NotEmpty."""
    with store.reading() as work:
        if work.staff.any_members() or work.tickets.newest(limit=1):
            raise NotEmpty
    texts = yaml.safe_load(_TEXTS.read_text(encoding="utf-8"))
    logins = _hire(store, house, texts["staff"], password=password, now=now)
    _keep_replies(store, house, packs_root, texts["replies"], now=now)
    month = _Month(store, house, texts, _openings(house, packs_root))
    moments = sorted(month.moment(now) for _ in range(tickets))
    for number, moment in enumerate(moments):
        month.story(number, moment, now, last=number >= tickets - _WAITING)
        progress(number + 1)
    _settle(store, house, now)
    return Filled(tickets, logins, password)


def _hire(
    store: Store, house: House, people: Sequence[Mapping[str, Any]], *, password: str, now: datetime
) -> list[str]:
    hashed = passwords.hashed(password)
    with store.writing() as work:
        organising.seed_departments(work, house.packs)
        for person in people:
            roles = {place: frozenset(Role(role) for role in held) for place, held in person["roles"].items()}
            member = Member(person["login"], person["name"], roles=roles, language=person["language"])
            organising.add_member(work, member, by=Actor(Role.ADMINISTRATOR, "admin"), now=now)
            sessions.set_password(work, member.login, hashed, by=member.login, must_change=False, now=now)
    return [str(person["login"]) for person in people]


def _keep_replies(
    store: Store, house: House, packs_root: Path, told: Sequence[Mapping[str, Any]], *, now: datetime
) -> None:
    """Canned replies that were added and changed in the month, so that their page has a history."""
    keeper = HouseKeeper(store, packs_root, lambda _: replace(house))
    for entry in told:
        canned = Canned.from_json(entry["ref"], entry)
        with store.reading() as work:
            seen = next((edit.id for edit in work.edits.history(REPLIES, key=canned.ref)), 0)
        at = now - timedelta(days=entry["days_ago"])
        keeping.save(keeper, store, canned, by=entry["by"], now=at, seen=seen)


def _openings(house: House, root: Path) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for pack in house.packs.packs:
        for language in house.languages:
            path = root / pack.key / f"examples.{language}.yml"
            for code, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
                found[(code, language)] = sorted(map(str, texts), key=len)[5 : 5 + _OPENINGS]
    return found


def _settle(store: Store, house: House, now: datetime) -> None:
    """What happened is told to nobody now, and alarms that are over have been given."""
    while True:
        with store.writing() as work:
            given = alarms.scan(work, now, calendar=house.calendar)
        if not given:
            break
    while True:
        with store.writing() as work:
            if not spread(work, now, ()):
                return


class _Month:
    """Tells one story after another. Chance has a fixed seed: the same month each time."""

    def __init__(
        self,
        store: Store,
        house: House,
        texts: Mapping[str, Any],
        openings: Mapping[tuple[str, str], list[str]],
    ) -> None:
        self._store, self._house, self._texts, self._openings = store, house, texts, openings
        self._rules = Rules(house.packs, house.calendar)
        self._chance = random.Random(20261122)

    def moment(self, now: datetime) -> datetime:
        """Some time in the month, rather lately than long ago."""
        back = float(self._chance.random() ** 2.2)
        return now - _MONTH * back - timedelta(minutes=self._chance.randrange(5, 90))

    def _one(self, found: Sequence[Any]) -> Any:
        return self._chance.choice(found)

    def story(self, number: int, moment: datetime, now: datetime, *, last: bool) -> None:
        """One complaint from its first word on. The ``last`` ones want a person now."""
        language = "en" if self._chance.random() < 0.35 else "zh"
        category = self._house.packs.category(self._one(self._house.packs.codes))
        if last:
            moment = now - timedelta(minutes=self._chance.randrange(4, 25))
        channel = _CHANNELS[number % len(_CHANNELS)]
        with self._store.writing() as work:
            teller = _Teller(work, channel, f"demo-{number}", language, moment)
            ticket = self._told(teller, category)
            if last:
                said = teller.hears(self._one(self._texts["complainant"]["person"][language]), self._mood())
                teller.says(self._texts["bot"]["person"][language], said)
                handover.request_person(work, work.conversations.get(teller.talk.id), now=teller.at)
                return
        if ticket is not None:
            self._handled(ticket, teller, now)

    def _mood(self) -> Mapping[str, Any]:
        return dict(self._one(self._texts["complainant"]["mood"]))

    def _told(self, teller: _Teller, category: Category) -> Ticket:
        language, bot = teller.language, self._texts["bot"]
        opening = self._one(self._openings[(category.code, language)])
        mood = self._mood()
        said = teller.hears(opening, mood)
        details: dict[str, DetailValue] = {}
        line = bot["heard"][language]
        asked = [field for field in category.required if field.key not in ("what", "contact")]
        for field in asked[:3]:
            teller.says(f"{line}{'' if language == 'zh' else ' '}{field.ask.in_(language)}", said)
            answer = field.choices[0].title.in_(language) if field.choices else field.example.in_(language)
            said = teller.hears(answer, {"label": "neutral", "intensity": 0})
            details[field.key] = DetailValue(answer, answer, answer, source=answer)
            line = ""
        teller.says(bot["read_back"][language].format(fact=_ended(opening, language)), said)
        said = teller.hears(self._one(self._texts["complainant"]["agrees"][language]), None)
        intake = Intake(
            description=(opening,),
            category=category.code,
            details=details,
            emotions=((mood["label"], mood["intensity"]),),
        )
        draft = teller.work.tickets.add_draft(
            conversation_id=teller.talk.id,
            complainant_id=teller.talk.complainant_id,
            language=language,
            intake=intake,
            now=teller.at,
        )
        filing = Filing(calendar=self._house.calendar, packs=self._house.packs, clusters=self._house.clusters)
        ticket = file_ticket(teller.work, draft, category, filing=filing, now=teller.at)
        promise = ticket.promise
        assert promise is not None
        due = format_moment(promise.resolution_at, zone=self._house.zone, language=language)
        receipt = bot["filed"][language]
        teller.says(receipt.format(number=ticket.number, department=promise.department, due=due), said)
        return ticket

    # -- what staff make of it ------------------------------------------------------------------------

    def _handled(self, ticket: Ticket, teller: _Teller, now: datetime) -> None:
        """Steps to the end, as far as the month goes: what is lately filed is still under way."""
        at = teller.at
        handler = self._one(_HANDLERS)
        for action in self._one(_PATHS):
            at = self._when(ticket, action, at)
            if at > now:
                return
            if action == "accept" and ticket.cycle > 1:
                handler = next(name for name in _HANDLERS if name != handler)
            try:
                with self._store.writing() as work:
                    ticket = self._step(work, work.tickets.get(ticket.id), action, handler, at)
            except Refused:
                return

    def _when(self, ticket: Ticket, action: str, last: datetime) -> datetime:
        """The moment of a step: staff mostly keep the clock that runs out first, now and then they do not."""
        if action in _OF_THE_PERSON:
            return last + timedelta(hours=self._chance.choice((1, 2, 5, 9, 20)))
        with self._store.reading() as work:
            running = [
                clock.due_at for clock in work.clocks.of(ticket.id) if not clock.over and not clock.paused_at
            ]
        left = min(running, default=last) - last
        if left <= timedelta():
            return last + timedelta(minutes=self._chance.randrange(20, 180))
        late = self._chance.random() < _LATE
        share = self._chance.uniform(1.2, 3.5) if late else self._chance.uniform(0.3, 0.95)
        return self._by_day(last + left * share, last)

    def _by_day(self, at: datetime, last: datetime) -> datetime:
        """At night nobody works who can do it the evening before."""
        local = at.astimezone(ZoneInfo(self._house.zone))
        if _OPENS <= local.hour < _CLOSES:
            return at
        evening = local.replace(hour=_CLOSES - 1) - timedelta(days=1 if local.hour < _OPENS else 0)
        return evening.astimezone(timezone.utc) if evening > last else at

    def _step(self, work: Work, ticket: Ticket, action: str, handler: str, at: datetime) -> Ticket:
        texts, language = self._texts, ticket.language
        by_person = {"urge": "urge", "supplement": "supplement", "reply": "supplement"}
        if action in by_person:
            words = self._one(texts["complainant"][by_person[action]][language])
            said = self._chat(work, ticket, words, at)
            if action == "urge":
                return acts.urge(work, ticket, text=words, now=at).ticket
            return acts.supplement(
                work, ticket, text=words, message_ids=[said], now=at, calendar=self._house.calendar
            )[0]
        if action == "rate":
            mark = self._one(texts["ratings"])
            return acts.rate(
                work, ticket, level=mark["level"], text=mark[language], now=at, calendar=self._house.calendar
            )
        if action == "confirm":
            return acts.confirm_solved(work, ticket, now=at)
        if action == "dispute":
            return acts.dispute(work, ticket, text=texts["ratings"][3][language], now=at, rules=self._rules)
        if action == "withdraw":
            return acts.withdraw(work, ticket, text="", now=at)
        if action == "call" and ticket.state is not State.FOLLOWUP:  # only who is not content is called
            return ticket
        by = Actor(Role.LEAD, "zhao.lead") if action in ("reject", "call") else Actor(Role.AGENT, handler)
        given = self._given(action, handler, language)
        if action == "ask":
            talk = work.conversations.get(ticket.conversation_id)
            asked = post_staff(work, talk, Reply(str(given["question"])), name=handler, now=at)
            delivered(work, [asked], now=at)
        done = "close_explained" if action == "call" else action
        return handling.act(handling.Desk(work, self._rules, by, at), ticket, done, given)

    def _given(self, action: str, handler: str, language: str) -> dict[str, Any]:
        texts = self._texts
        if action == "accept":
            return {"handler": handler}
        if action in ("contact", "call"):
            return {"note": self._one(texts["notes"])[language]}
        if action == "ask":
            return {"question": self._one(texts["questions"])[language]}
        if action == "return":
            return {"reason": self._one(texts["returns"])[language]}
        result = self._one(texts["results"])
        if action == "resolve":
            return {key: words[language] for key, words in result.items()}
        if action == "reject":
            reason = self._one(texts["returns"])[language]
            return {"reason": reason, "basis": result["basis"][language], "outside_remedy": "12345"}
        return {}

    def _chat(self, work: Work, ticket: Ticket, words: str, at: datetime) -> int:
        talk = work.conversations.get(ticket.conversation_id)
        return _Teller(work, talk.channel, talk.address, ticket.language, at).hears(words, self._mood())


def _ended(text: str, language: str) -> str:
    """As a sentence: people often leave out its end."""
    return text if text[-1] in "。！？.!?" else text + ("。" if language == "zh" else ".")


class _Teller:
    """One conversation as it goes: a minute passes with each message."""

    def __init__(self, work: Work, channel: str, address: str, language: str, at: datetime) -> None:
        self.work, self.language, self.at = work, language, at
        self._channel, self._address = channel, address
        self.talk: Conversation = work.conversations.open(channel, address, now=at, profile={})
        work.conversations.change(self.talk.id, language=language)

    def hears(self, text: str, mood: Mapping[str, Any] | None) -> int:
        """The person writes. Gives the message's id."""
        self.at += timedelta(minutes=1)
        message = InboundMessage(
            channel=self._channel,
            address=self._address,
            provider_id=f"{self._address}-{self.at.isoformat()}",
            text=text,
            sent_at=self.at,
        )
        received = receive(self.work, message, now=self.at, rules=TurnRules())
        understanding = {"emotion": {**mood, "evidence": []}} if mood else {}
        self.work.messages.settle_inbound(
            [received.message_id], state="done", now=self.at, understanding=understanding
        )
        self.work.conversations.change(self.talk.id, ready_at=None)
        return received.message_id

    def says(self, text: str, reply_to: int) -> None:
        """The bot answers; it was delivered."""
        talk = self.work.conversations.get(self.talk.id)
        posted = post_bot_reply(self.work, talk, [Reply(text)], reply_to_id=reply_to, now=self.at)
        delivered(self.work, posted, now=self.at)


def delivered(work: Work, message_ids: Sequence[int], *, now: datetime) -> None:
    """These went out."""
    for message in claim_these(work, message_ids, now=now, token=_COURIER):
        record_sent(work, message, Sent(), token=_COURIER, now=now)
