"""What staff write with: canned replies and knowledge in the composer, and the pages where they are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

import pytest
from starlette.testclient import TestClient

from casework.tickets.model import Ticket
from desk.desk import PREFIX
from tests.desk.conftest import OFFICE, Office

PART = {"x-part": "1"}
#: What the database does with edits is tested where they are kept.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def ticket(office: Office) -> Ticket:
    return office.told()


def _inserts(client: TestClient, ticket: Ticket, kind: str, query: str = "") -> str:
    path = f"{PREFIX}/talks/{ticket.conversation_id}/{kind}?case={ticket.number}{query}"
    answer = client.get(path, headers=PART)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


REPLY = {
    "name_zh": "催料", "name_en": "Chase it", "department": "",
    "text_zh": "单号{number}在催。", "text_en": "Case {number} is being chased.",
}  # fmt: skip


def _add(client: TestClient, **changes: str) -> str:
    """A new reply. Gives its page."""
    answer = client.post(f"{PREFIX}/setup/replies/new", data={**REPLY, **changes})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


def _seen(client: TestClient, page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', client.get(page).text)
    assert found is not None
    return found[1]


# -- in the composer --------------------------------------------------------------------------------------------


def test_replies_come_in_the_persons_language_filled_in_for_the_case(office: Office, ticket: Ticket) -> None:
    agent = office.come_in("agent", language="en")
    listed = _inserts(agent, ticket, "replies")
    assert f"单号{ticket.number}现在是" in listed  # the person writes Chinese
    assert "Where it stands" in listed  # who reads the list reads English
    assert "{number}" not in listed
    assert "我是Test town的Agent" in listed


def test_a_variable_without_a_value_stays_marked(office: Office, ticket: Ticket) -> None:
    agent = office.come_in("agent")
    listed = unescape(
        agent.get(f"{PREFIX}/talks/{ticket.conversation_id}/replies", headers=PART).text
    )  # no case named
    assert "no value for: case number state department date of the answer" in listed
    assert "单号{number}现在是" in listed


def test_a_case_of_another_talk_fills_nothing(office: Office, ticket: Ticket) -> None:
    other = office.told("bob")
    agent = office.come_in("agent")
    path = f"{PREFIX}/talks/{ticket.conversation_id}/replies?case={other.number}"
    assert agent.get(path, headers=PART).status_code == 404


def test_braces_are_never_sent_to_the_person(office: Office) -> None:
    talk = office.waits()
    agent = office.come_in("agent")
    for text in ("单号{number}在办", "答复时间{ due }", "空的{}"):
        answer = agent.post(f"{PREFIX}/talks/{talk}/say", data={"text": text, "to": "person"})
        assert answer.status_code == 422, text
    assert "date of the answer" in agent.post(f"{PREFIX}/talks/{talk}/say", data={"text": "{due}"}).text
    with office.store.reading() as work:
        assert not any("{" in message.text for message in work.messages.transcript(talk))
    note = agent.post(f"{PREFIX}/talks/{talk}/say", data={"text": "用{number}那条", "to": "colleagues"})
    assert note.status_code == 303


def test_a_reply_of_a_department_is_for_its_staff_and_its_cases(office: Office, ticket: Ticket) -> None:
    assert ticket.department == OFFICE
    supervisor = office.come_in("supervisor")
    _add(supervisor, department=OFFICE)
    _add(supervisor, name_zh="查电表", name_en="Meter", department="power.billing")
    listed = _inserts(office.come_in("agent"), ticket, "replies")
    assert "Chase it" in listed
    assert "Meter" not in listed
    assert listed.index("Chase it") < listed.index("Where it stands")


def test_answers_are_searched_as_the_bot_searches(office: Office, ticket: Ticket) -> None:
    agent = office.come_in("agent")
    listed = _inserts(agent, ticket, "answers", "&q=投诉要收钱吗")
    entry = office.house.knowledge.entry("common/free", language="zh", on=office.now.date())
    assert entry is not None
    assert listed.index(entry.title) < 60
    assert f"{entry.answer}\n（依据：{entry.source}，截至{entry.compared}）" in listed
    held = _inserts(agent, ticket, "answers", "&q=电表")
    assert "电表" in held


def test_without_a_question_the_last_words_of_the_person_are_looked_up(office: Office) -> None:
    ticket = office.told(text="投诉要收钱吗")
    listed = _inserts(office.come_in("agent"), ticket, "answers")
    assert "依据" in listed


def test_without_script_the_same_stands_on_a_page_with_forms(office: Office) -> None:
    talk = office.waits()
    agent = office.come_in("agent")
    page = unescape(agent.get(f"{PREFIX}/talks/{talk}/replies").text)
    assert "我是Test town的Agent" in page
    said = re.search(r"<textarea[^>]*>([^<]*我是[^<]*)</textarea>", page)
    assert said is not None
    assert agent.post(f"{PREFIX}/talks/{talk}/say", data={"text": said[1]}).status_code == 303
    asked = unescape(agent.get(f"{PREFIX}/talks/{talk}/answers?q=投诉要收钱吗").text)
    assert "依据" in asked


# -- where replies are kept -------------------------------------------------------------------------------------


def test_a_reply_is_added_changed_retired_and_brought_back(office: Office, ticket: Ticket) -> None:
    supervisor = office.come_in("supervisor")
    page = _add(supervisor)
    changed = {**REPLY, "name_en": "Chase them", "seen": _seen(supervisor, page)}
    assert supervisor.post(page, data=changed).status_code == 303
    assert "Chase them" in _inserts(supervisor, ticket, "replies")
    assert supervisor.post(f"{page}/retire", data={"seen": _seen(supervisor, page)}).status_code == 303
    assert "Chase them" not in _inserts(supervisor, ticket, "replies")
    assert page.removeprefix(PREFIX) in supervisor.get(f"{PREFIX}/setup/replies").text
    shown = supervisor.get(page).text
    assert "This one is retired" in shown
    assert shown.count("<time") == 3
    assert 'value="Chase them"' in shown
    assert supervisor.post(page, data={**changed, "seen": _seen(supervisor, page)}).status_code == 303
    assert "Chase them" in _inserts(supervisor, ticket, "replies")


def test_what_is_refused_stays_in_the_form_with_the_reason(office: Office) -> None:
    supervisor = office.come_in("supervisor", language="zh")
    answer = supervisor.post(f"{PREFIX}/setup/replies/new", data={**REPLY, "text_zh": "我们尽快办{nr}。"})
    assert answer.status_code == 200
    assert "填不了" in answer.text
    assert "我们尽快办{nr}。" in answer.text
    again = supervisor.post(f"{PREFIX}/setup/replies/new", data={**REPLY, "text_zh": "我们尽快办。"})
    assert "“尽快”不要这样说" in again.text


def test_the_slower_of_two_editors_is_told(office: Office) -> None:
    supervisor, lead = office.come_in("supervisor"), office.come_in("admin")
    page = _add(supervisor)
    seen = _seen(lead, page)
    assert supervisor.post(page, data={**REPLY, "name_en": "One", "seen": seen}).status_code == 303
    slower = lead.post(page, data={**REPLY, "name_en": "Other", "seen": seen})
    assert slower.status_code == 422
    assert "Supervisor changed it" in slower.text


def test_a_lead_keeps_the_replies_of_the_own_department_alone(office: Office) -> None:
    supervisor, lead = office.come_in("supervisor"), office.come_in("lead")
    house, foreign = (
        _add(supervisor),
        _add(supervisor, name_zh="电", name_en="Power", department="power.billing"),
    )
    own = _add(lead, name_zh="本科室", name_en="Ours", department=OFFICE)
    for page in (house, foreign):
        data: Mapping[str, str] = {**REPLY, "department": OFFICE, "seen": _seen(lead, page)}
        assert lead.get(page).status_code == 200
        assert lead.post(page, data=data).status_code == 422
        assert lead.post(f"{page}/retire", data={"seen": _seen(lead, page)}).status_code == 422
    assert lead.post(f"{PREFIX}/setup/replies/new", data=REPLY).status_code == 422  # of the whole house
    assert lead.post(own, data={**REPLY, "department": "power.billing"}).status_code == 422
    assert lead.post(f"{own}/retire", data={"seen": _seen(lead, own)}).status_code == 303
    assert "/setup/replies" in lead.get(f"{PREFIX}/talks").text


# -- where the knowledge base is kept ---------------------------------------------------------------------------


def _entry(client: TestClient, path: str) -> dict[str, str]:
    """The form of an entry as it stands, compared on a day that has been."""
    page = client.get(path).text
    form = page[page.index('method="post"') :]
    found = {
        name: unescape(value)
        for name, value in re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form)
    }
    found.update(
        {n: unescape(v) for n, v in re.findall(r'<textarea name="(\w+)"[^>]*>([^<]*)</textarea>', form)}
    )
    return found | {"as_of": "2026-11-01"}


def test_what_staff_publish_is_what_the_bot_would_answer(office: Office) -> None:
    supervisor = office.come_in("supervisor")
    page = f"{PREFIX}/setup/knowledge/common/free"
    data = _entry(supervisor, page) | {
        "answer_zh": "不收钱，{hours}都可以来。",
        "answer_en": "It costs nothing, {hours}.",
    }
    assert supervisor.post(page, data=data).status_code == 303
    tried = unescape(supervisor.get(f"{PREFIX}/setup/knowledge?ask=投诉要收钱吗").text)
    assert f"不收钱，{office.house.office.hours}都可以来。" in tried
    tried = unescape(supervisor.get(f"{PREFIX}/setup/knowledge?ask=is there a fee for complaining").text)
    assert f"It costs nothing, {office.house.office.hours}." in tried
    assert "edited" in tried


def test_a_new_way_of_asking_is_found_at_once(office: Office) -> None:
    supervisor = office.come_in("supervisor")
    asked = f"{PREFIX}/setup/knowledge?ask=哪里可以给电动车换电池"
    assert "换电柜在大厅东门" not in unescape(supervisor.get(asked).text)
    said = {"title": "换电", "source": "服务指南", "answer": "换电柜在大厅东门外。"}
    said_en = {
        "title": "Battery swap",
        "source": "Guide",
        "answer": "The swap cabinet stands at the east gate.",
    }
    data = {f"{name}_zh": text for name, text in said.items()} | {f"{n}_en": t for n, t in said_en.items()}
    data |= {
        "questions_zh": "哪里换电瓶车电池\n电动车换电池去哪\n有没有换电柜",
        "questions_en": "where can I swap my e-bike battery\nis there a swap cabinet\nbattery swap place",
        "pack": "common", "as_of": "2026-11-01", "valid_from": "2026-01-01", "valid_until": "2027-12-31",
    }  # fmt: skip
    answer = supervisor.post(f"{PREFIX}/setup/knowledge/new", data=data)
    assert answer.headers["location"].startswith(f"{PREFIX}/setup/knowledge/common/battery-swap")
    assert "换电柜在大厅东门外。" in unescape(supervisor.get(asked).text)


def test_a_preview_shows_what_would_be_said_and_publishes_nothing(office: Office) -> None:
    supervisor = office.come_in("supervisor")
    page = f"{PREFIX}/setup/knowledge/common/free"
    data = _entry(supervisor, page) | {
        "answer_zh": "不收钱，{hours}。",
        "answer_en": "Free, {hours}.",
        "preview": "1",
    }
    shown = unescape(supervisor.post(page, data=data).text)
    assert f"Free, {office.house.office.hours}." in shown
    assert "not published yet" in shown
    assert "Free, {hours}." not in supervisor.get(page).text


def test_an_entry_that_cannot_be_said_stays_in_the_form_with_the_reason(office: Office) -> None:
    supervisor = office.come_in("supervisor", language="zh")
    page = f"{PREFIX}/setup/knowledge/common/free"
    shown = supervisor.post(page, data=_entry(supervisor, page) | {"questions_en": "one way only"}).text
    assert "每种语言至少3种问法" in shown
    assert "one way only" in shown
    assert supervisor.post(page, data=_entry(supervisor, page) | {"as_of": "soon"}).status_code == 422


def test_an_entry_is_retired_and_brought_back(office: Office) -> None:
    supervisor = office.come_in("supervisor")
    page = f"{PREFIX}/setup/knowledge/common/free"
    before = _entry(supervisor, page)
    assert supervisor.post(f"{page}/retire", data=before).status_code == 303
    on = office.now.date()
    assert "common/free" not in office.house.knowledge.keys(language="zh", on=on)
    again = _entry(supervisor, page)
    assert again["answer_zh"] == before["answer_zh"]
    assert supervisor.post(page, data=again).status_code == 303
    assert "common/free" in office.house.knowledge.keys(language="zh", on=on)
    assert supervisor.get(page).text.count("<time") == 2


def test_entries_are_found_by_a_word_and_by_their_pack(office: Office) -> None:
    supervisor = office.come_in("supervisor", language="zh")
    listed = supervisor.get(f"{PREFIX}/setup/knowledge?pack=power&q=电表").text
    assert "power/meter-test" in listed
    assert "common/free" not in listed
    assert "没有符合的条目" in supervisor.get(f"{PREFIX}/setup/knowledge?q=没有这样的词").text
    assert supervisor.get(f"{PREFIX}/setup/knowledge/power/none").status_code == 404
