"""What was edited at the desk, at the start of a process: taken up, or named and left out."""

from __future__ import annotations

import pytest

from app import doctor
from app.settings import Settings
from app.wiring import keep_house, open_store
from casework.packs.overlay import Edit
from tests.conftest import NOW

ASK = "fields.scope.ask.en"


@pytest.fixture
def settings(database_url: str, data_key: str) -> Settings:
    return Settings(
        database_url=database_url, data_key=(data_key,), packs=("power",), organisation="Test town"
    )


@pytest.mark.parametrize(
    ("said", "level", "told"),
    [("Only you?", "ok", "1 of the desk count"), ("Only {you}?", "bad", "no placeholder")],
)
def test_the_doctor_says_whether_edits_fit_the_files(
    settings: Settings, said: str, level: str, told: str
) -> None:
    with (store := open_store(settings)).writing() as work:
        work.edits.add(Edit("power", ASK, said, "…", "chen", NOW))
    (finding,) = doctor._edits(settings)
    assert (finding.part, finding.level) == ("edits", level)
    assert told in finding.text
    field = keep_house(settings, store).house.packs.category("PWR-OUT-01").field("scope")
    assert field is not None
    assert (field.ask.en == said) == (level == "ok")


def test_the_doctor_is_silent_where_nothing_was_edited(settings: Settings) -> None:
    assert list(doctor._edits(settings)) == []
