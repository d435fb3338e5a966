"""The one screen: what stands on it, and what staff do there."""

from __future__ import annotations

import re

import pytest

from casework.conversations.model import Owner
from casework.tickets.alarms import open_alarms, raise_alarm
from casework.tickets.model import Ticket
from casework.tickets.states import STEPS, State
from desk.desk import PREFIX, ROOM
from desk.wording import load_words
from tests.desk.conftest import Office

LANGUAGES = ("zh", "en")


def _state(office: Office, ticket: Ticket) -> State:
    with office.store.reading() as work:
        return work.tickets.get(ticket.id).state


def test_two_take_one_talk_one_has_it_and_the_other_is_told_who(office: Office) -> None:
    talk = office.waits()
    first, second = office.come_in("agent"), office.come_in("lead")
    assert first.post(f"{PREFIX}/talks/{talk}/claim").status_code == 303
    late = second.post(f"{PREFIX}/talks/{talk}/claim")
    assert late.status_code == 422
    assert "Agent has this talk already" in late.text
    with office.store.reading() as work:
        assert work.conversations.get(talk).owner_name == "agent"


def test_an_answer_goes_out_and_a_note_does_not(office: Office) -> None:
    talk = office.waits()
    agent = office.come_in("agent")
    say = f"{PREFIX}/talks/{talk}/say"
    assert agent.post(say, data={"text": "我是小李，您说", "to": "person"}).status_code == 303
    assert agent.post(say, data={"text": "老客户，上月也来过", "to": "colleagues"}).status_code == 303
    assert agent.post(say, data={"text": ""}).status_code == 422
    with office.store.reading() as work:
        said = {m.text: m.internal for m in work.messages.transcript(talk)}
        assert work.conversations.get(talk).owner is Owner.STAFF
    assert said["我是小李，您说"] is False
    assert said["老客户，上月也来过"] is True
    assert ("send", "") in office.live.told
    assert ("chat", str(talk)) in office.live.told


def test_a_note_does_not_take_the_talk_over(office: Office) -> None:
    talk = office.waits()
    office.come_in("agent").post(f"{PREFIX}/talks/{talk}/say", data={"text": "看一下", "to": "colleagues"})
    with office.store.reading() as work:
        assert work.conversations.get(talk).owner is Owner.QUEUE


def test_giving_back_without_an_engine_is_refused_with_a_way_out(office: Office) -> None:
    talk = office.waits()
    agent = office.come_in("agent")
    agent.post(f"{PREFIX}/talks/{talk}/claim")
    answer = agent.post(f"{PREFIX}/talks/{talk}/release", data={"agreed": "周三回电"})
    assert answer.status_code == 422
    assert "The bot is not running" in answer.text


def test_passing_on_needs_a_colleague_who_is_there(office: Office) -> None:
    talk = office.waits()
    agent = office.come_in("agent")
    agent.post(f"{PREFIX}/talks/{talk}/claim")
    assert agent.post(f"{PREFIX}/talks/{talk}/transfer", data={"to": "nobody"}).status_code == 422
    assert agent.post(f"{PREFIX}/talks/{talk}/transfer", data={"to": "lead"}).status_code == 303
    with office.store.reading() as work:
        assert work.conversations.get(talk).owner_name == "lead"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_lives_its_whole_life_at_the_desk(office: Office, language: str) -> None:
    ticket = office.told()
    agent = office.come_in("agent", language=language)
    case = f"{PREFIX}/cases/{ticket.number}"

    def act(action: str, **given: str) -> None:
        version = re.search(r'name="seen" value="(\d+)"', agent.get(f"{case}/acts/{action}").text)
        assert version is not None
        office.later(minutes=5)
        answer = agent.post(f"{case}/acts/{action}", data={"seen": version[1], **given})
        assert answer.status_code == 303, answer.text
        assert agent.get(answer.headers["location"]).status_code == 200

    act("accept", handler="agent")
    act("sign")
    act("contact", note="电话联系")
    act("resolve", finding="属实", remedy="退款", basis="承诺第4条")
    assert _state(office, ticket) is State.RESOLVED


def test_a_form_is_a_page_of_its_own_and_for_script_a_piece_of_the_version_on_the_screen(
    office: Office,
) -> None:
    ticket = office.told()
    agent, lead = office.come_in("agent"), office.come_in("lead")
    form = f"{PREFIX}/cases/{ticket.number}/acts/accept"
    whole = agent.get(f"{form}?view=mine").text
    assert "<main" in whole
    assert f'action="{form}?view=mine"' in whole
    on_screen = ticket.version
    data = {"level": "P1", "reason": "老人"}
    assert lead.post(f"{PREFIX}/cases/{ticket.number}/acts/set_priority", data=data).status_code == 303
    piece = agent.get(f"{form}?seen={on_screen}&view=mine", headers={"x-part": "act"}).text
    assert "<main" not in piece
    assert f'action="{form}?view=mine"' in piece
    assert (
        f'name="seen" value="{on_screen}"' in piece
    )  # whoever looks at what is no longer so is told on sending
    late = agent.post(form, data={"seen": str(on_screen), "handler": "agent"})
    assert "Lead changed it" in late.text


def test_filters_and_a_batch_are_asked_for(office: Office) -> None:
    office.told()
    lead = office.come_in("lead")
    plain = lead.get(f"{PREFIX}/cases?view=unassigned").text
    assert "<select" not in plain  # hundreds of names and categories come only when they are wanted
    for path, field in (("filters", "category"), ("batch", "handler")):
        address = f"{PREFIX}/cases/{path}?view=unassigned"
        whole, piece = lead.get(address).text, lead.get(address, headers={"x-part": path}).text
        assert f'<select name="{field}"' in whole
        assert f'<select name="{field}"' in piece
        assert "<main" in whole
        assert "<main" not in piece
        assert "view=unassigned" in whole


def test_who_was_slower_is_told_what_changed_and_by_whom(office: Office) -> None:
    ticket = office.told()
    agent, lead = office.come_in("agent"), office.come_in("lead")
    case = f"{PREFIX}/cases/{ticket.number}"
    seen = {"seen": str(ticket.version)}
    assert lead.post(f"{case}/acts/accept", data={**seen, "handler": "agent"}).status_code == 303
    late = agent.post(f"{case}/acts/set_priority", data={**seen, "level": "P1", "reason": "老人"})
    assert late.status_code == 422
    assert "Lead changed it" in late.text
    assert "Accepted" in late.text


def test_only_legal_steps_are_shown_and_others_are_refused(office: Office) -> None:
    ticket = office.told()
    agent = office.come_in("agent")
    case = f"{PREFIX}/cases/{ticket.number}"
    page = agent.get(case).text
    assert f"{case}/acts/accept" in page
    assert f"{case}/acts/resolve" not in page
    assert f"{case}/acts/reject" not in page
    assert f"{case}/acts/reject" in office.come_in("lead").get(case).text
    assert f"{case}/acts/" not in office.come_in("auditor").get(case).text
    assert "This step is not possible now" in agent.get(f"{case}/acts/resolve").text
    assert agent.get(f"{case}/acts/resolve", headers={"x-part": "act"}).status_code == 422
    answer = agent.post(f"{case}/acts/resolve", data={"finding": "a", "remedy": "b", "basis": "c"})
    assert answer.status_code == 422
    assert _state(office, ticket) is State.TRIAGE


def test_hidden_values_show_for_a_reason_that_is_logged(office: Office) -> None:
    ticket = office.told(text="窗口没人，打我电话13912345678", contact="13912345678")
    agent = office.come_in("agent")
    case = f"{PREFIX}/cases/{ticket.number}"
    for page in (case, f"{case}/print", f"{PREFIX}/talks/{ticket.conversation_id}", f"{PREFIX}/talks"):
        assert "13912345678" not in agent.get(page).text
    assert "••••5678" in agent.get(case).text
    assert agent.post(f"{case}/reveal/contact", data={"reason": "x"}).status_code == 422
    shown = agent.post(f"{case}/reveal/contact", data={"reason": "回电确认时间"})
    assert "13912345678" in shown.text
    assert agent.post(f"{case}/reveal/shoe_size", data={"reason": "回电确认时间"}).status_code == 404
    log = office.come_in("supervisor").get(f"{PREFIX}/audit?action=reveal").text
    assert ticket.number in log
    assert "回电确认时间" in log
    assert "contact" in log


def test_the_sentence_a_hidden_value_came_from_is_hidden_with_it(office: Office) -> None:
    ticket = office.told(contact="陈家大院东屋", window_no="七号窗口")
    page = office.come_in("agent").get(f"{PREFIX}/cases/{ticket.number}").text
    assert "陈家大院东屋" not in page
    assert "七号窗口" in page


def test_somebody_in_danger_stands_on_every_list_until_one_of_staff_sees_to_it(office: Office) -> None:
    ticket = office.told()
    with office.store.writing() as work:
        raise_alarm(work, work.tickets.get(ticket.id), code="live_wire", now=office.now)
    stranger = office.come_in("supervisor")
    for page in ("/talks", "/cases"):
        assert 'class="alarm"' in stranger.get(PREFIX + page).text
    assert stranger.post(f"{PREFIX}/talks/{ticket.conversation_id}/alarm").status_code == 303
    with office.store.reading() as work:
        assert not open_alarms(work)


def test_many_cases_are_given_to_one_colleague_and_what_cannot_be_is_named(office: Office) -> None:
    first, second = office.told("ann"), office.told("bob")
    lead = office.come_in("lead")
    batch = f"{PREFIX}/cases/batch"
    assert lead.post(batch, data={"handler": "agent"}).status_code == 422
    given = lead.post(batch, data={"handler": "agent", "number": [first.number, second.number]})
    assert given.status_code == 200
    assert given.text.count("given to Agent") == 2
    with office.store.reading() as work:
        assert {work.tickets.get(t.id).handler for t in (first, second)} == {"agent"}
    third = office.told("eve")
    office.come_in("supervisor").post(
        f"{PREFIX}/cases/{first.number}/acts/force_assign",
        data={"department": "power.billing", "handler": "stranger", "reason": "x"},
    )
    mixed = lead.post(
        batch, data={"handler": "agent", "number": [first.number, third.number, "TS000000-000000"]}
    )
    assert "1 assigned, 2 not" in mixed.text
    assert mixed.text.count("There is no such thing") == 2  # it is of another department now
    assert "1 assigned, 2 not" not in lead.get(batch).text  # the same address again does nothing twice


def test_lists_filter_by_state_department_handler_and_number(office: Office) -> None:
    ticket, other = office.told("ann"), office.told("bob")
    agent = office.come_in("agent")
    agent.post(f"{PREFIX}/cases/{ticket.number}/acts/accept", data={"handler": "agent"})

    def listed(query: str) -> set[str]:
        page = agent.get(f"{PREFIX}/cases?{query}").text
        return {t.number for t in (ticket, other) if f">{t.number}<" in page}

    both = {ticket.number, other.number}
    assert listed("") == both
    assert listed("view=mine") == {ticket.number}
    assert listed("view=unassigned") == {other.number}
    assert listed("state=assigned") == {ticket.number}
    assert listed(f"q={other.number.lower()}") == {other.number}
    assert listed(f"q={other.number[:8]}") == both
    assert listed(f"department={ticket.department}") == both
    assert listed("department=power.billing") == set()
    office.later(days=30)
    agent = office.come_in("agent")
    assert listed("view=overdue") == both
    assert listed("view=over") == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_thread_shows_feelings_doubts_and_who_spoke(office: Office, language: str) -> None:
    talk = office.waits()
    page = office.come_in("agent", language=language).get(f"{PREFIX}/talks/{talk}").text
    words = {
        "zh": ("当事人", "生气", "没把握", "等人工接手"),
        "en": ("Complainant", "angry", "unsure", "Waiting for a person"),
    }
    for word in words[language]:
        assert word in page


def test_a_gap_in_the_thread_is_filled_from_the_last_place(office: Office) -> None:
    talk = office.waits()
    agent = office.come_in("agent")
    for number in range(3):
        agent.post(f"{PREFIX}/talks/{talk}/say", data={"text": f"第{number}句"})
    whole = agent.get(f"{PREFIX}/talks/{talk}").text
    places = [int(place) for place in re.findall(r'data-seq="(\d+)">\s*<p', whole)]
    part = agent.get(f"{PREFIX}/talks/{talk}/messages?after={places[-3]}").text
    assert "第0句" not in part
    assert "第1句" in part
    assert "第2句" in part


def test_the_desk_has_a_word_in_both_languages_for_every_step(office: Office) -> None:
    agent = office.come_in("agent")
    assert agent.get(f"{PREFIX}/cases").status_code == 200
    words = load_words(ROOM / "words")
    for action in {action for steps in STEPS.values() for action in steps}:
        for language in LANGUAGES:
            assert words[language].get(f"act_{action}"), action
            assert words[language].get(f"event_{action}"), action


def test_every_reason_of_the_core_has_its_words_here() -> None:
    """Found in the code itself, so that a new reason without words fails."""
    words = load_words(ROOM / "words")
    room = ROOM.parent / "casework" / "tickets"
    found = {
        code
        for path in room.glob("*.py")
        for code in re.findall(r'\bReason\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert len(found) > 20
    for language in LANGUAGES:
        known = {key for kind in ("refused_", "unfit_") for key in words[language].beginning(kind)}
        assert found <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_said_in_the_language_of_who_reads_it(office: Office, language: str) -> None:
    ticket = office.told()
    lead = office.come_in("lead", language=language)
    case = f"{PREFIX}/cases/{ticket.number}/acts"
    early = lead.post(f"{case}/resolve", data={"finding": "a", "remedy": "b", "basis": "c"})
    unknown = lead.post(f"{case}/accept", data={"handler": "nobody.here"})
    empty = lead.post(f"{case}/reject", data={"reason": "x"})
    said = {
        "zh": ("当前状态没有这一步", "没有这位同事：nobody.here", "缺少必填内容"),
        "en": ("there is no such step from here", "there is no colleague nobody.here", "was left empty"),
    }
    for answer, words in zip((early, unknown, empty), said[language], strict=True):
        assert answer.status_code == 422
        assert words in answer.text
