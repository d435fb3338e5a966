"""Staff are told by mail: whom it concerns, in their language, together when much happens, and nothing of anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from app.postman import MailServer, Postman
from casework.conversations.handover import request_person
from casework.notices.staff import MailWords, letter, plan_mails
from casework.staff.model import HOUSE, Member
from casework.storage.mails import Mail
from casework.storage.work import Work
from casework.tickets import acts
from casework.tickets.alarms import raise_alarm, scan
from casework.tickets.model import Actor, Intake
from casework.tickets.spreading import spread
from casework.tickets.states import Role
from tests.casework.test_filing import TOLD
from tests.conftest import ROOT
from tests.connectors.telegram.peers.install import PeerMissing, give_up
from tests.notices.conftest import HOUR, Town
from tests.notices.mail_peer import MailPeer, mail_peer

MINUTE = timedelta(minutes=1)
URL = "https://tingsu.example.org"


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[MailPeer]:
    try:
        with mail_peer(tmp_path / "mails") as running:
            yield running
    except PeerMissing as missing:
        give_up(missing)


class Office:
    """Staff of the town, and its postman."""

    def __init__(self, town: Town, port: int) -> None:
        self.town = town
        server = MailServer("127.0.0.1", port, "none", "", "", "Tingsu <tingsu@example.org>")
        self.postman = Postman(
            town.store,
            server,
            house=town.house,
            words=MailWords.load(ROOT / "packs" / "_words" / "mails.yml"),
            url=URL,
            clock=lambda: self.town.now,
        )
        with town.store.writing() as work:
            for login, role, language in (
                ("Zhao", Role.LEAD, "zh"),
                ("Sun", Role.SUPERVISOR, "en"),
                ("Li", Role.AGENT, "en"),
            ):
                member = Member(
                    login,
                    login,
                    roles={HOUSE: frozenset({role})},
                    email=f"{login.lower()}@example.org",
                    language=language,
                )
                work.staff.add_member(member, now=town.now)

    def tell(self) -> None:
        while True:
            with self.town.store.writing() as work:
                follower = partial(plan_mails, house=self.town.house)
                if not spread(work, self.town.now, (follower,)):
                    return

    def sends(self) -> None:
        while self.postman.look():
            pass

    def mails(self) -> list[Mail]:
        with self.town.store.reading() as work:
            return work.mails.newest(limit=50)[::-1]

    def told(self) -> set[tuple[str, str]]:
        return {(mail.login, mail.kind) for mail in self.mails()}


@pytest.fixture
def office(town: Town, peer: MailPeer) -> Office:
    town.now = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc)  # ten in the morning
    return Office(town, peer.port)


def test_each_event_is_told_to_those_it_concerns(office: Office) -> None:
    town = office.town
    ticket = town.file(silent=False)
    office.tell()
    assert office.told() == {("Zhao", "new")}
    town.does(ticket, "accept", by=Actor(Role.LEAD, "Zhao"), handler="Li")
    town.does(ticket, "return", by=Actor(Role.LEAD, "Wu"), reason="不归我们")
    office.tell()
    assert office.told() >= {("Zhao", "returned")}
    town.does(ticket, "accept", by=Actor(Role.LEAD, "Zhao"), handler="Li")
    office.tell()
    assert ("Li", "given") in office.told()
    with town.store.writing() as work:
        now = town.now + HOUR
        acts.urge(work, work.tickets.get(ticket.id), text="", now=now)
        acts.urge(work, work.tickets.get(ticket.id), text="", now=now + 25 * HOUR)
    office.tell()
    assert {("Li", "urged"), ("Sun", "urged")} <= office.told()
    with town.store.writing() as work:
        scan(work, town.now + timedelta(days=30), calendar=town.house.calendar)
    office.tell()
    assert {("Li", "alarm"), ("Zhao", "alarm"), ("Sun", "alarm")} <= office.told()


def test_who_is_given_a_piece_of_work_is_told_of_it_once(office: Office) -> None:
    town = office.town
    ticket = town.file(silent=False)
    town.does(ticket, "accept", by=Actor(Role.LEAD, "Zhao"), handler="Li")
    town.does(ticket, "sign", by=Actor(Role.AGENT, "Li"))
    town.does(
        ticket,
        "extend_request",
        by=Actor(Role.AGENT, "Li"),
        until="2026-12-04T18:00:00+08:00",
        reason="等检测",
    )
    town.does(ticket, "supervise", by=Actor(Role.SUPERVISOR, "Sun"), reason="催")
    office.tell()
    assert {("Zhao", "task_extension"), ("Zhao", "task_supervision")} <= office.told()
    town.does(ticket, "resolve", by=Actor(Role.AGENT, "Li"), finding="属实", remedy="已修", basis="规定")
    with town.store.writing() as work:
        rated = work.tickets.get(ticket.id)
        acts.rate(work, rated, level=1, text="", now=town.now, calendar=town.house.calendar)
    office.tell()
    assert ("Zhao", "task_follow_up") in office.told()
    assert len([m for m in office.mails() if m.kind.startswith("task_")]) == 3


def test_danger_reaches_lead_and_supervisor_before_anything_is_filed(office: Office, peer: MailPeer) -> None:
    town = office.town
    with town.store.writing() as work:
        chat = work.conversations.open("web", "ann", now=town.now, profile={})
        draft = work.tickets.add_draft(
            conversation_id=chat.id, complainant_id=chat.complainant_id, language="zh",
            intake=Intake(description=("着火了，在幸福路3号",)), now=town.now,
        )  # fmt: skip
        raise_alarm(work, draft, code="fire", now=town.now)
    office.tell()
    office.sends()
    assert office.told() == {("Zhao", "danger"), ("Sun", "danger")}
    subjects = {str(message["To"]): str(message["Subject"]) for message in peer.taken()}
    assert "有人可能正处在危险中" in subjects["zhao@example.org"]
    assert "Somebody may be in danger" in subjects["sun@example.org"]
    assert all("幸福路" not in message.get_content() for message in peer.taken())


def test_a_chat_that_waits_for_a_person_fetches_who_is_there_once(office: Office) -> None:
    town = office.town
    with town.store.writing() as work:
        chat = work.conversations.open("web", "ann", now=town.now, profile={})
        request_person(work, chat, now=town.now)
    office.sends()
    assert office.mails() == []
    town.now += MINUTE
    office.sends()
    office.sends()
    assert office.told() == {("Zhao", "waiting_chat"), ("Li", "waiting_chat")}
    assert len(office.mails()) == 2


def test_one_mail_goes_at_once_and_what_follows_within_a_minute_goes_together(
    office: Office, peer: MailPeer
) -> None:
    town = office.town
    numbers = [town.file(f"p{n}", silent=False, priority="P3").number for n in range(4)]
    office.tell()
    office.sends()
    assert len(peer.taken()) == 1
    (together,) = peer.taken()
    assert str(together["Subject"]) == f"[Test town] 4 件事等您看：新投诉 {numbers[0]}，等待受理"
    text = together.get_content()
    assert all(number in text for number in numbers)
    assert f"{URL}/desk/cases/{numbers[2]}" in text
    more = town.file("q", silent=False, priority="P3")
    office.tell()
    office.sends()
    assert len(peer.taken()) == 1, "the next one waits for a minute"
    town.now += MINUTE + timedelta(seconds=1)
    office.sends()
    assert len(peer.taken()) == 2
    assert {mail.state for mail in office.mails()} == {"sent"}
    assert any(more.number in str(message["Subject"]) for message in peer.taken())


def test_urgent_mail_waits_for_nobody(office: Office, peer: MailPeer) -> None:
    town = office.town
    town.file(silent=False)
    office.tell()
    office.sends()
    urgent = town.file("bob", silent=False, priority="P0")
    office.tell()
    office.sends()
    assert any(urgent.number in message.get_content() for message in peer.taken())


def test_nothing_of_a_person_is_in_a_mail(office: Office, peer: MailPeer) -> None:
    town = office.town
    told = replace(TOLD, description=("我叫张伟，手机13812345678，3号窗口没人",))
    town.file(intake=told, silent=False)
    office.tell()
    office.sends()
    (message,) = peer.taken()
    whole = f"{message['Subject']} {message.get_content()}"
    assert not re.search(r"张伟|138|窗口没人", whole)
    assert "答复期限：11月27日(周五)18:00" in whole
    assert str(message["Auto-Submitted"]) == "auto-generated"


def test_a_server_that_is_down_is_tried_again_and_the_mail_keeps_its_name(town: Town, peer: MailPeer) -> None:
    down, up = Office(town, 1), peer.port
    town.file(silent=False)
    down.tell()
    down.sends()
    (waiting,) = down.mails()
    assert (waiting.state, waiting.error, waiting.tries) == ("waiting", "ConnectionRefusedError", 1)
    down.postman._server = replace(down.postman._server, port=up)
    down.sends()
    assert peer.taken() == []
    town.now += MINUTE
    down.sends()
    (message,) = peer.taken()
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", str(message["Message-ID"]))


def test_who_dies_while_sending_leaves_the_mail_to_the_next_one(office: Office, peer: MailPeer) -> None:
    town = office.town
    town.file(silent=False)
    office.tell()
    with town.store.writing() as work:
        until = town.now + 2 * MINUTE
        assert work.mails.claim(now=town.now, sent_before=town.now, token="x", until=until, limit=9)
    office.sends()
    assert peer.taken() == []
    town.now += 2 * MINUTE
    office.sends()
    assert len(peer.taken()) == 1


def test_who_has_no_address_gets_no_mail_and_holds_up_nobody(office: Office, peer: MailPeer) -> None:
    town = office.town
    with town.store.writing() as work:
        member = work.staff.member("Zhao")
        assert member is not None
        work.staff.save_member(replace(member, email=""))
    town.file(silent=False)
    office.tell()
    office.sends()
    assert [mail.state for mail in office.mails()] == ["dropped"]
    assert peer.taken() == []


def test_a_mail_that_cannot_be_made_holds_up_nobody(
    office: Office, peer: MailPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = office.town
    town.does(town.file(), "accept", by=Actor(Role.LEAD, "Wu"), handler="Li")
    town.file("bob", silent=False)
    office.tell()

    def fails_for_li(work: Work, mails: Any, member: Member, **more: Any) -> Any:
        if member.login == "Li":
            raise ValueError
        return letter(work, mails, member, **more)

    monkeypatch.setattr("app.postman.letter", fails_for_li)
    office.sends()
    assert {mail.login: mail.state for mail in office.mails()} == {"Li": "waiting", "Zhao": "sent"}


# -- the way there ----------------------------------------------------------------------------------------------


def certificate(folder: Path) -> tuple[Path, Path]:
    """(certificate, key) of a mail server on this machine that nobody has signed but itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=timezone.utc))
        .not_valid_after(datetime(2056, 1, 1, tzinfo=timezone.utc))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "mail.pem", folder / "mail.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


def test_a_mail_goes_encrypted_to_a_server_that_is_trusted_and_to_no_other(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.now = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc)
    trusted, secret = certificate(tmp_path)
    try:
        with mail_peer(tmp_path / "mails", "--tlscert", str(trusted), "--tlskey", str(secret)) as peer:
            office = Office(town, peer.port)
            server = office.postman._server
            town.file(silent=False)
            office.tell()
            office.postman._server = replace(server, security="starttls")
            office.sends()
            assert [mail.error for mail in office.mails()] == ["SSLCertVerificationError"]
            town.now += MINUTE
            office.postman._server = replace(server, security="none")
            office.sends()
            assert peer.taken() == [], "this server takes nothing in the clear"
            town.now += 2 * MINUTE
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
            office.postman._server = replace(server, security="starttls")
            office.sends()
            assert len(peer.taken()) == 1
    except PeerMissing as missing:
        give_up(missing)
