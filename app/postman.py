"""Sends mails to staff by SMTP: one at once, those that follow within a minute together, urgent ones always at once.

A mail that was being sent when its process died is sent again after the lease, under the same Message-ID.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from anyio.to_thread import run_sync

from casework.house import House
from casework.notices.staff import Letter, MailWords, letter, plan_for_chats
from casework.storage.mails import Mail
from casework.storage.spreading import Undone
from casework.storage.work import Store

logger = logging.getLogger(__name__)

#: How often it looks, in seconds.
PERIOD_S = 2.0
#: After one mail to somebody the next ones wait so long and go together. Source: product default.
TOGETHER = timedelta(seconds=60)
#: How long one attempt may hold its mails, well above the time-out of the server.
LEASE = timedelta(seconds=120)
TIMEOUT_S = 20.0
#: Waits after each failed attempt; then the mail is given up. Source: product default, some six hours.
_BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15, 30, 60, 120, 120))
#: Things in one mail.
_MOST = 50


@dataclass(frozen=True)
class MailServer:
    """``security``: ``starttls``, ``tls`` (from the first byte) or ``none``. ``sender``: ``Name <address>``."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str

    def send(self, message: EmailMessage) -> None:
        """Raises: smtplib.SMTPException, OSError."""
        context = ssl.create_default_context()
        if self.security == "tls":
            with smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_S, context=context) as server:
                self._hand_over(server, message)
        else:
            with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S) as server:
                if self.security == "starttls":
                    server.starttls(context=context)
                self._hand_over(server, message)

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage) -> None:
        if self.user:
            server.login(self.user, self.password)
        server.send_message(message)


class Postman:
    """Runs until cancelled. Any number may run; a lease makes each mail one postman's."""

    def __init__(
        self,
        store: Store,
        server: MailServer,
        *,
        house: House,
        words: MailWords,
        url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._server, self._clock = store, server, clock
        self._house, self._words, self._url = house, words, url

    async def run(self) -> None:
        while True:
            try:
                while await run_sync(self.look):
                    pass
            except Exception:  # its door: the look is repeated
                logger.exception("postman.round_failed")
            await asyncio.sleep(PERIOD_S)

    def look(self) -> bool:
        """Send one mail, to one member of staff. ``False``: none is to be sent now."""
        now, token = self._clock(), secrets.token_hex(8)
        with self._store.writing() as work:
            plan_for_chats(work, now, house=self._house)
            mails = work.mails.claim(
                now=now, sent_before=now - TOGETHER, token=token, until=now + LEASE, limit=_MOST
            )
            member = work.staff.member(mails[0].login) if mails else None
            if not mails:
                return False
            if member is None or not member.email or not member.active:
                work.mails.settle(mails, token=token, state="dropped", error="no address", settled_at=now)
                return True
            try:
                with work.spreading.part():
                    text = letter(work, mails, member, house=self._house, words=self._words, url=self._url)
            except Undone as failure:  # it must not hold up what others are told
                logger.error("mail.not_made: mails=%d", len(mails), exc_info=failure.__cause__)
                work.mails.settle(mails, token=token, due_at=now + _BACK_OFF[2], error="not made")
                return True
        error, final = self._try(self._message(text, member.email, mails, now))
        with self._store.writing() as work:
            self._record(work.mails.settle, mails, token, error, final=final)
        return True

    def _message(self, text: Letter, to: str, mails: Sequence[Mail], now: datetime) -> EmailMessage:
        message = EmailMessage()
        sender = self._server.sender
        name = hashlib.sha256(" ".join(mail.key for mail in mails).encode()).hexdigest()[:32]
        message["From"], message["To"], message["Subject"] = sender, to, text.subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{name}@{parseaddr(sender)[1].rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text.text)
        return message

    def _try(self, message: EmailMessage) -> tuple[str, bool]:
        """(error, whether trying again is pointless); no error when the server took it."""
        try:
            self._server.send(message)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            return f"refused {codes[0]}", all(code >= 500 for code in codes)
        except (smtplib.SMTPException, OSError) as error:
            return type(error).__name__, False
        return "", False

    def _record(
        self, settle: Callable[..., int], mails: Sequence[Mail], token: str, error: str, *, final: bool
    ) -> None:
        now = self._clock()
        if not error:
            settle(mails, token=token, state="sent", error=None, settled_at=now)
            return
        tries = max(mail.tries for mail in mails)
        given_up = final or tries >= len(_BACK_OFF)
        logger.warning("mail.%s: mails=%d error=%s", "failed" if given_up else "not_sent", len(mails), error)
        if given_up:
            settle(mails, token=token, state="failed", error=error[:60], settled_at=now)
        else:
            settle(mails, token=token, due_at=now + _BACK_OFF[tries], error=error[:60])
