"""Packs at the desk: seen, switched, reworded with history, refused with the line and the cure."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from casework.packs.overlay import Edit
from desk.desk import PREFIX
from tests.desk.conftest import Office

PACKS = f"{PREFIX}/setup/packs"
ASK = "fields.scope.ask"


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found is not None
    return found[1]


def _edit(client: TestClient, at: str, **values: str) -> tuple[int, str]:
    """The form of ``at`` with other values, sent. Gives status and page."""
    page = client.get(f"{PACKS}/power/edit", params={"at": at}).text
    given = {key.replace("__", "."): value for key, value in values.items()}
    answer = client.post(f"{PACKS}/power/edit", data={"at": at, "seen": _seen(page), **given})
    return answer.status_code, answer.text


def test_every_pack_is_there_to_be_read_and_says_what_is_asked(office: Office) -> None:
    client = office.come_in("supervisor")
    page = client.get(PACKS).text
    for name in ("government", "power", "ecommerce", "hospitality", "finance", "telecom", "urban", "common"):
        assert f'href="{PACKS}/{name}"' in page
    assert "Switch o" not in page
    telecom = client.get(f"{PACKS}/telecom")  # not in use
    assert telecom.status_code == 200
    power = client.get(f"{PACKS}/power").text
    assert office.house.packs.category("PWR-OUT-01").required[0].ask.en in power
    assert client.get(f"{PACKS}/nothing").status_code == 404
    assert client.get(f"{PACKS}/power/edit", params={"at": "fields.gone"}).status_code == 404


def test_a_text_is_found_by_its_words(office: Office) -> None:
    client = office.come_in("supervisor")
    page = client.get(f"{PACKS}/power", params={"find": "neighbours OUT"}).text
    assert 'edit?at=fields.scope">Is it only your home, or are the neighbours out too?</a>' in page
    assert "No text has these words" in client.get(f"{PACKS}/power", params={"find": "xyzzy"}).text


def test_a_wording_is_edited_and_its_history_says_who_and_what_before(office: Office) -> None:
    client = office.come_in("admin")
    field = office.house.packs.category("PWR-OUT-01").field("scope")
    assert field is not None
    status, _ = _edit(client, ASK, fields__scope__ask__en="Only you?", fields__scope__ask__zh="只有您家吗？")
    assert status == 303
    changed = office.house.packs.category("PWR-OUT-01").field("scope")
    assert changed is not None
    assert (changed.ask.zh, changed.ask.en) == ("只有您家吗？", "Only you?")
    page = client.get(f"{PACKS}/power").text
    assert "<del>" + field.ask.en + "</del> → <ins>Only you?</ins>" in page
    log = office.come_in("auditor").get(f"{PREFIX}/audit", params={"action": "edit"}).text
    assert f"{ASK}.en: {field.ask.en} → Only you?" in log


@pytest.mark.parametrize(
    ("said", "cure"),
    [("Only {you}?", "Take them out"), ("", "English wording is missing"), ("One? Two?", "Ask one thing")],
)
def test_what_is_refused_is_named_with_line_and_cure_and_stays_in_the_form(
    office: Office, said: str, cure: str
) -> None:
    client = office.come_in("admin")
    status, page = _edit(client, ASK, fields__scope__ask__zh="新的问法？", fields__scope__ask__en=said)
    assert status == 422
    assert re.search(r"packs/power/pack\.yml:\d+: fields\.scope\.ask", page)
    assert cure in page
    assert "新的问法？" in page
    assert "新的问法？" not in client.get(f"{PACKS}/power").text


def test_a_preview_shows_how_it_reads_and_saves_nothing(office: Office) -> None:
    client = office.come_in("admin")
    status, page = _edit(client, "sla.PW-F", **{"sla.PW-F.first_response": "2 hours", "preview": "1"})
    assert status == 200
    assert "Fri 20 Nov, 14:00" in page  # it is noon
    assert "has steps of its own" in page
    assert "Never edited" in client.get(f"{PACKS}/power").text


def test_a_promise_that_is_edited_counts_for_new_cases_and_moves_no_clock(office: Office) -> None:
    before = office.told()
    assert before.promise is not None
    sla = office.house.packs.category(before.intake.category if before.intake else before.category).sla
    client = office.come_in("admin")
    at = f"sla.{sla.code}"
    page = client.get(f"{PACKS}/government/edit", params={"at": at}).text
    answer = client.post(
        f"{PACKS}/government/edit",
        data={"at": at, "seen": _seen(page), f"{at}.resolution": "20 working_days"},
    )
    assert answer.status_code == 303
    with office.store.reading() as work:
        standing = work.tickets.by_number(before.number)
    assert standing is not None
    assert standing.promise == before.promise
    after = office.told("bob")
    assert after.promise is not None
    assert after.promise.resolution_at > before.promise.resolution_at


def test_an_earlier_version_comes_back(office: Office) -> None:
    client = office.come_in("admin")
    _edit(client, ASK, fields__scope__ask__en="First?")
    _edit(client, ASK, fields__scope__ask__en="Second?")
    page = client.get(f"{PACKS}/power").text
    (first,) = re.findall(r'name="to" value="([1-9]\d*)"', page)
    assert client.post(f"{PACKS}/power/back", data={"to": first, "seen": _seen(page)}).status_code == 303
    field = office.house.packs.category("PWR-OUT-01").field("scope")
    assert field is not None
    assert field.ask.en == "First?"
    client.post(f"{PACKS}/power/back", data={"to": "0", "seen": _seen(client.get(f"{PACKS}/power").text)})
    assert "as in the file" in client.get(f"{PACKS}/power").text


def test_of_two_who_edit_one_text_the_second_is_told(office: Office) -> None:
    client = office.come_in("admin")
    seen = _seen(client.get(f"{PACKS}/power/edit", params={"at": ASK}).text)
    _edit(client, ASK, fields__scope__ask__en="First?")
    answer = client.post(f"{PACKS}/power/edit", data={"at": ASK, "seen": seen, f"{ASK}.en": "Mine?"})
    assert answer.status_code == 422
    assert "admin changed it" in answer.text


def test_packs_are_switched_and_one_stays(office: Office) -> None:
    client = office.come_in("admin")

    def switch(pack: str, on: str) -> int:
        seen = _seen(client.get(PACKS).text)
        return client.post(PACKS, data={"pack": pack, "on": on, "seen": seen}).status_code

    assert switch("urban", "1") == 303
    assert switch("power", "0") == 303
    codes = office.house.packs.codes
    assert "URB-ROD-01" in codes
    assert "PWR-OUT-01" not in codes
    assert switch("government", "0") == 303
    assert switch("urban", "0") == 422
    assert switch("nothing", "1") == 404
    assert "tingsu train" in client.get(PACKS).text  # the tests have no model


def test_edits_that_no_longer_fit_are_shown_and_mended_one_by_one(office: Office) -> None:
    with office.store.writing() as work:  # as a file of a later release would have it
        for document, key in (
            ("power", f"{ASK}.en"),
            ("government", "name.en"),
            ("power", "name.zh"),
        ):
            work.edits.add(Edit(document, key, "{", "…", "chen", office.now))
    client = office.come_in("admin")
    office.desk.keeper.look()
    assert "does not fit the files any more" in client.get(PACKS).text
    page = client.get(f"{PACKS}/power").text
    assert re.search(r"packs/power/pack\.yml:\d+: fields\.scope\.ask\.en", page)
    assert "packs/government" not in page
    reply = {"name_zh": "甲", "name_en": "A", "text_zh": "您好。", "text_en": "Hello.", "seen": "0"}
    assert client.post(f"{PREFIX}/setup/replies/new", data=reply).status_code == 303  # other work goes on
    assert _edit(client, ASK, fields__scope__ask__en="Only {you}?")[0] == 422
    assert _edit(client, ASK, fields__scope__ask__en="Only you?")[0] == 303
    for name in ("power", "government"):
        seen = _seen(client.get(f"{PACKS}/{name}").text)
        assert client.post(f"{PACKS}/{name}/back", data={"to": "0", "seen": seen}).status_code == 303
    assert office.desk.keeper.unfit == ()
    assert "does not fit" not in client.get(PACKS).text
