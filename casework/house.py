"""The organisation that runs Tingsu: its name, packs, calendar, languages, numbers. One object a process, made at
start; what is edited at the desk enters it in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

import yaml

from casework.canned import Canned, load_canned
from casework.knowledge import Knowledge, load_knowledge
from casework.office import OfficeHours, QuietHours
from casework.packs import Packs
from casework.packs.overlay import Edits
from casework.text import Text
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.clusters import ClusterRule
from casework.tickets.marks import Kind
from casework.words import Voice


class HouseError(Exception):
    """``house.yml`` cannot be used; the message names the entry and what is expected."""


@dataclass(frozen=True)
class House:
    """``country``: ISO 3166 code, decides emergency numbers and how phone numbers are read.
    ``languages``: offered ones, the first is the default. ``words``: button titles and short words,
    ``states``: what a ticket's state is called, ``numbers``: emergency numbers of the country by service,
    ``dangers``: categories that a danger points to,
    ``office``: when staff are there, ``clusters``: when people who tell of one thing are handled together,
    ``voice``: how the bot words what it says of its own accord, ``tags``: what staff may mark a case with,
    ``reasons``: of an action (``reject``, ``return``, ``extend``), to choose from, by code."""

    organisation: str
    packs: Packs
    calendar: WorkingCalendar
    country: str
    languages: tuple[str, ...]
    words: Mapping[str, Text]
    states: Mapping[str, Text]
    numbers: Mapping[str, str]
    voice: Voice
    dangers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    office: OfficeHours = field(default_factory=OfficeHours)
    #: when people are not disturbed by what can wait
    quiet: QuietHours = field(default_factory=QuietHours)
    clusters: ClusterRule = field(default_factory=ClusterRule)
    tags: Mapping[str, Text] = field(default_factory=dict)
    reasons: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    #: what it can answer by itself
    knowledge: Knowledge = field(default_factory=Knowledge)
    #: what staff say often, by ref
    replies: Mapping[str, Canned] = field(default_factory=dict)

    @classmethod
    def load(
        cls,
        root: Path,
        *,
        organisation: str,
        packs: Sequence[str],
        calendar: WorkingCalendar,
        country: str,
        languages: tuple[str, ...],
        edits: Edits = MappingProxyType({}),
    ) -> House:
        """Read ``house.yml`` and the named packs below ``root``, with ``edits`` laid over them.

        Raises: HouseError, casework.packs.PackError, casework.words.WordsError.
        """
        path = root / "house.yml"
        try:
            data = {**yaml.safe_load(path.read_text(encoding="utf-8")), **edits.get("house", {})}
            switched: Mapping[str, bool] = data.get("packs") or {}
            sectors = Packs.load(
                root,
                tuple(dict.fromkeys((*packs, *switched))),
                edits=edits,
                off={name for name, on in switched.items() if not on},
            )
            calendar = _calendar(calendar, data)
            office = OfficeHours(
                *(time.fromisoformat(str(data["office_hours"][key])) for key in ("opens", "closes"))
            )
            return cls(
                organisation=organisation,
                packs=sectors,
                calendar=calendar,
                country=country,
                languages=languages,
                words={key: Text(**value) for key, value in data["words"].items()},
                states={key: Text(**value) for key, value in data["states"].items()},
                numbers={key: str(value) for key, value in data["emergency_numbers"][country].items()},
                voice=Voice.load(root / "_words", never_say=sectors.never_say),
                dangers={code: tuple(found) for code, found in (data.get("dangers") or {}).items()},
                office=office,
                quiet=QuietHours(*(time.fromisoformat(str(data["quiet_hours"][k])) for k in ("from", "to"))),
                clusters=_clusters(data.get("clusters") or {}),
                tags=_texts(data.get("tags") or {}),
                reasons={action: _texts(found) for action, found in (data.get("reasons") or {}).items()},
                knowledge=load_knowledge(
                    root,
                    sectors,
                    organisation=organisation,
                    country=country,
                    hours=office.hours,
                    edits=edits.get("knowledge", {}),
                ),
                replies=load_canned(root, edits.get("replies", {})),
            )
        except (OSError, yaml.YAMLError) as error:
            raise HouseError(f"{path.name}: {error}") from error
        except (KeyError, TypeError, ValueError) as error:
            raise HouseError(
                f"{path.name}: words, states, office_hours, working_hours, quiet_hours and emergency_numbers are "
                f"needed ({error})"
            ) from error

    def become(self, newer: House) -> None:
        """Be as ``newer``, all at once. Whoever holds the house has it at the next look."""
        object.__setattr__(self, "__dict__", dict(vars(newer)))

    @property
    def zone(self) -> str:
        return self.calendar.zone

    def word(self, key: str, language: str) -> str:
        return self.words[key].in_(language)


def _texts(data: Mapping[str, Any]) -> dict[str, Text]:
    return {str(key): Text(**value) for key, value in data.items()}


def _clusters(data: Mapping[str, Any]) -> ClusterRule:
    """What the organisation sets otherwise."""
    values: dict[str, Any] = {
        key: tuple(value) if key == "kinds" else int(value) for key, value in data.items()
    }
    rule = ClusterRule(**values)
    if not set(rule.kinds) <= set(get_args(Kind)) or rule.members < 2 or not 1 <= rule.days <= 90:
        raise ValueError(
            f"clusters: members from 2, days from 1 to 90, kinds of {', '.join(get_args(Kind))}; found {dict(data)}"
        )
    return rule


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _calendar(calendar: WorkingCalendar, data: Mapping[str, Any]) -> WorkingCalendar:
    """With the organisation's hours and the days it works otherwise than the public calendar says."""
    days: dict[date, bool] = {}
    for day, how in (data.get("working_days") or {}).items():
        if how not in ("closed", "worked"):
            raise ValueError(f"working_days: {day}: {how}; write 2026-12-31: closed, or worked")
        days[date.fromisoformat(str(day))] = how == "worked"
    return replace(
        calendar,
        hours=_intervals(data["working_hours"]),
        weekly={
            _WEEKDAYS.index(day): _intervals(hours) for day, hours in (data.get("weekly_hours") or {}).items()
        },
        overrides={**calendar.overrides, **days},
    )


def _intervals(texts: Sequence[str]) -> tuple[tuple[time, time], ...]:
    """Of ``08:30-12:00`` and the like."""
    return tuple(
        (time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip()))
        for opens, closes in (str(interval).split("-") for interval in texts)
    )
