"""Every race of the message path, many times in a random order, on both databases.

A few histories of each in the ordinary run, hundreds in the long one (`make races`). A history that breaks a rule
is named by its seed.
"""

from __future__ import annotations

import pytest

from casework.house import House
from casework.storage.work import Store
from tests.races.holds import report
from tests.races.races import RACES, Race, run

#: Histories of one race on one database: enough, at the share the signs have, to see the race take place.
FEW = 5
MANY = 300
#: Longest time for one race on one database in the long run, in seconds.
LONG_S = 11.0

_each_race = pytest.mark.parametrize("race", RACES, ids=[race.name.replace(" ", "-") for race in RACES])


@_each_race
def test_a_race_is_won_in_every_order(race: Race, store: Store, house: House) -> None:
    outcome = run(race, store, house, histories=FEW, seed=100)
    assert outcome.tally.is_clean, f"seed {outcome.worst}: {outcome.tally}"


@pytest.mark.soak
@_each_race
def test_a_race_is_won_hundreds_of_times(race: Race, store: Store, house: House) -> None:
    outcome = run(race, store, house, histories=MANY, seed=10_000, within_s=LONG_S)
    report(f"{race.name}, {'sqlite' if store.database.is_sqlite else 'postgresql'}", outcome.tally)
    assert outcome.tally.is_clean, f"seed {outcome.worst}: {outcome.tally}"
    assert not [sign for sign in race.signs if not outcome.count[sign]], "the race never took place"
