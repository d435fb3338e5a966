"""Coming in on the word of the organisation's own OpenID provider instead of a password.

The provider says who somebody is; that they are a member of staff, and what they may do, is ours to say. Whoever is
no member stays outside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from casework.access.model import Audit, SignOn
from casework.access.sessions import hashed_token, open_session
from casework.staff.model import Member
from casework.storage.work import Work

#: How long somebody may take at the provider's page.
WITHIN = timedelta(minutes=10)


def begin(work: Work, sign_on: SignOn, *, now: datetime) -> None:
    """Keep what the answer of the provider is checked against. Those that were never answered go."""
    work.access.sweep_sign_ons(now=now)
    work.access.add_sign_on(hashed_token(sign_on.state), sign_on, ends_at=now + WITHIN)


def take(work: Work, state: str, *, now: datetime) -> SignOn | None:
    """What was begun with ``state``, once; none where it is unknown, over, or was taken before."""
    return work.access.take_sign_on(hashed_token(state), state, now=now)


def named(claims: Mapping[str, object], names: Sequence[str]) -> str:
    """What the first of ``names`` that is among ``claims`` calls them; empty for none. An e-mail address counts only
    when the provider has verified it."""
    for name in names:
        value = claims.get(name)
        if name == "email" and claims.get("email_verified") is not True:
            continue
        if isinstance(value, str) and value.strip():
            return value.strip().lower()
    return ""


def member_named(work: Work, name: str) -> Member | None:
    """The active member with this login or, for an address, this e-mail; none where two share it."""
    if "@" not in name:
        found = work.staff.member(name)
        return found if found is not None and found.active else None
    matching = [member for member in work.staff.members() if member.email.lower() == name]
    return matching[0] if len(matching) == 1 else None


def let_in(work: Work, member: Member, *, token: str, device: str, now: datetime) -> None:
    """Open a session. ``token``: fresh and secret; who has it is in."""
    open_session(work, member.login, token=token, device=device, now=now, by_provider=True)
    work.access.log(Audit(now, member.login, "sign_on"))


def turned_away(work: Work, name: str, *, now: datetime) -> None:
    """Somebody whom the provider knows and we do not, or no more."""
    work.access.log(Audit(now, name[:64], "sign_on_refused"))
