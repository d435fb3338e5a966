"""Files that staff send, whether an answer would arrive, and the sign that somebody writes."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from app.files import StoredFiles
from casework.conversations import handover
from casework.conversations.model import Media, StoredMessage
from casework.conversations.ports import Window
from casework.conversations.reaching import State
from casework.media.model import FileState
from casework.media.taking_in import Judged
from casework.media.vault import name_of
from casework.storage.work import Work
from desk.desk import PREFIX
from desk.outgoing import MAX_WITH_FILE, Outgoing
from desk.visits import Visit
from tests.casework.media.test_pictures import photo
from tests.desk.conftest import Office
from tests.desk.ways import MOST

PHOTO = photo("JPEG")
PDF = b"%PDF-1.7 notice"


def say(
    office: Office, talk: int, content: bytes = b"", name: str = "回执.jpg", **form: str
) -> tuple[int, str]:
    """What the desk answers to an agent's answer with a file."""
    client = office.come_in("agent")
    files = {"file": (name, content, "application/octet-stream")} if content or name else None
    answer = client.post(f"{PREFIX}/talks/{talk}/say", data={"text": "", **form}, files=files)
    return answer.status_code, answer.text


def last_said(office: Office, talk: int) -> StoredMessage:
    with office.store.reading() as work:
        return work.messages.transcript(talk)[-1]


def count_said(office: Office, talk: int) -> int:
    with office.store.reading() as work:
        return len([m for m in work.messages.transcript(talk) if m.direction == "out"])


def test_a_photo_goes_out_cleaned_and_is_shown_in_the_thread(office: Office) -> None:
    talk = office.waits()
    assert say(office, talk, PHOTO, text="请看回执")[0] == 303
    said = last_said(office, talk)
    (sent,) = said.media
    assert (said.text, said.state, sent.kind, sent.mime) == ("请看回执", "queued", "photo", "image/jpeg")
    assert (sent.name, sent.size_bytes) == ("回执.jpg", len(office.ways.vault.get(sent.sha) or b""))
    kept = office.ways.vault.get(sent.sha)
    assert kept is not None
    assert b"2026:11:20\0" in PHOTO
    assert b"2026:11:20\0" not in kept, "the place it was taken at is cut out"
    client = office.come_in("agent")
    with office.store.reading() as work:
        (row,) = work.media.of_messages([said.id])
    assert row.state is FileState.KEPT
    assert f"{PREFIX}/files/{row.id}/small" in client.get(f"{PREFIX}/talks/{talk}").text
    assert client.get(f"{PREFIX}/files/{row.id}").content == kept
    small = client.get(f"{PREFIX}/files/{row.id}/small").content
    assert Image.open(io.BytesIO(small)).format == "JPEG"


def test_a_file_needs_no_words_and_takes_the_talk_over(office: Office) -> None:
    talk = office.waits()
    assert say(office, talk, PDF, "C:\\Users\\li\\通知书.pdf")[0] == 303
    said = last_said(office, talk)
    assert (said.text, said.author_name, said.media[0].name) == ("", "agent", "通知书.pdf")
    assert said.media[0].kind == "file"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MZ\x90 program", "Programs cannot be sent"),
        (b"\x00\x01\x02\x03 what is it", "no known type"),
        (b"%PDF-1.7 VIRUS", "virus check"),
        (b"%PDF-1.7" + bytes(MOST), "larger than 1 MB"),
    ],
)
def test_what_may_not_be_kept_is_not_sent_and_the_reason_is_said(
    office: Office, content: bytes, said: str
) -> None:
    talk = office.waits()
    before = count_said(office, talk)
    status, page = say(office, talk, content, "x.pdf", text="请看")
    assert (status, said in page) == (422, True), page
    assert count_said(office, talk) == before


def test_a_form_that_is_far_too_large_is_refused_before_it_is_read(office: Office) -> None:
    talk = office.waits()
    status, page = say(office, talk, bytes(3 * MOST), "x.bin")
    assert (status, "larger than 1 MB" in page) == (413, True)


def test_while_the_scanner_is_away_nothing_goes_out(office: Office) -> None:
    talk = office.waits()
    before = count_said(office, talk)
    office.ways.guard.is_away = True
    status, page = say(office, talk, PDF, "x.pdf")
    assert (status, "cannot be kept just now" in page) == (422, True)
    assert count_said(office, talk) == before


def test_what_the_channel_cannot_carry_is_refused_with_the_way_out(office: Office) -> None:
    talk = office.waits()
    office.ways.window = Window(carries=frozenset({"image/jpeg"}))
    status, page = say(office, talk, PDF, "x.pdf")
    assert (status, "TINGSU_PUBLIC_URL" in page) == (422, True)
    assert say(office, talk, PHOTO)[0] == 303


def test_a_note_holds_no_file_and_words_beside_one_are_short(office: Office) -> None:
    talk = office.waits()
    assert "note cannot hold a file" in say(office, talk, PDF, "x.pdf", text="看", to="colleagues")[1]
    assert "1000 characters" in say(office, talk, PDF, "x.pdf", text="长" * (MAX_WITH_FILE + 1))[1]
    assert say(office, talk, name="", text="长" * (MAX_WITH_FILE + 1))[0] == 303


def test_no_other_form_takes_a_file(office: Office) -> None:
    client, talk = office.come_in("agent"), office.waits()
    files = {"file": ("x.pdf", PDF, "application/pdf")}
    assert client.post(f"{PREFIX}/talks/{talk}/claim", files=files).status_code == 400


def test_a_form_with_a_file_needs_the_mark_of_the_session(office: Office) -> None:
    client, talk = office.come_in("agent"), office.waits()
    del client.headers["x-csrf-token"]
    files = {"file": ("x.pdf", PDF, "application/pdf")}
    for data in ({"text": "hi"}, {"text": "hi", "csrf": "0" * 64}):
        assert client.post(f"{PREFIX}/talks/{talk}/say", data=data, files=files).status_code == 403


async def test_only_the_person_of_that_chat_gets_the_file(office: Office) -> None:
    talk, other = office.waits("ann"), office.waits("ben")
    say(office, talk, PDF, "x.pdf")
    files = StoredFiles(office.store, office.ways.vault)
    opened = await files.opened("web", "ann", name_of(PDF))
    assert opened is not None
    assert (opened.content, opened.mime, opened.name) == (PDF, "application/pdf", "x.pdf")
    assert await files.opened("web", "ben", name_of(PDF)) is None
    assert other != talk


def test_the_file_goes_with_the_data_of_its_person(office: Office) -> None:
    from casework.people import erase

    talk = office.waits()
    say(office, talk, PHOTO)
    sent = last_said(office, talk).media[0]
    with office.store.writing() as work:
        erase(work, work.conversations.get(talk), stand_in="x", now=office.now)
    with office.store.reading() as work:
        assert set(work.media.dead(limit=9)) == {sent.sha, sent.thumb}


@pytest.mark.parametrize(
    ("window", "hours", "said"),
    [
        (Window(), None, "Can be written to at any time."),
        (Window(4), 30, "4 more messages until 11-21 18:00"),
        (Window(0), 30, "quota used up"),
        (Window(4, announces=True), -1, "They are told."),
        (Window(is_known=False), None, "The platform decides"),
        (Window(in_call=True), None, "only with their next message"),
        (Window(is_page=True), None, "Page not open"),
        (Window(is_way_out=False), None, "There is no chat here"),
    ],
)
def test_over_the_text_stands_whether_it_would_arrive(
    office: Office, window: Window, hours: int | None, said: str
) -> None:
    talk, client = office.waits(), office.come_in("agent")
    ends = office.now + timedelta(hours=hours) if hours is not None else None
    office.ways.window = replace(window, until=ends)
    line = client.get(f"{PREFIX}/talks/{talk}/reach").text
    assert said in line
    assert line.strip() in client.get(f"{PREFIX}/talks/{talk}").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_state_has_its_words_in_both_languages(office: Office) -> None:
    for words in office.desk.words.values():
        assert all(words(f"reach_{state.value}", n=1, until="", since="") for state in State)


def test_who_writes_is_shown_to_the_person_of_their_own_talk_alone(office: Office) -> None:
    talk, agent, lead = office.waits(), office.come_in("agent"), office.come_in("lead")
    assert agent.post(f"{PREFIX}/talks/{talk}/typing").status_code == 204
    assert office.ways.shown == [], "nobody has it yet"
    with office.store.writing() as work:
        handover.claim(work, talk, name="agent", now=office.now)
    lead.post(f"{PREFIX}/talks/{talk}/typing")
    assert office.ways.shown == []
    agent.post(f"{PREFIX}/talks/{talk}/typing")
    assert office.ways.shown == [("web", "ann")]
    assert office.come_in("stranger").post(f"{PREFIX}/talks/{talk}/typing").status_code == 404


def test_bytes_that_were_deleted_as_nobodys_in_this_moment_are_there_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = Outgoing.named

    def buried_first(self: Outgoing, work: Work, visit: Visit, judged: Judged | None) -> tuple[Media, ...]:
        office.ways.vault.delete(name_of(PDF))
        return named(self, work, visit, judged)

    monkeypatch.setattr(Outgoing, "named", buried_first)
    assert say(office, office.waits(), PDF, "x.pdf")[0] == 303
    assert office.ways.vault.get(name_of(PDF)) == PDF


def test_a_file_of_which_the_bytes_are_there_already_is_kept_once(office: Office) -> None:
    for address in ("ann", "ben"):
        assert say(office, office.waits(address), PDF, "x.pdf")[0] == 303
    with office.store.reading() as work:
        names = {row.kept.sha for row in work.media.newest(limit=9) if row.kept}
    assert names == {name_of(PDF)}
