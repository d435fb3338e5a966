"""The OpenID provider of the settings, and what ``tingsu doctor`` says of it."""

from __future__ import annotations

from app.settings import Settings
from app.wiring import utc_now
from casework.access.sign_on import member_named
from casework.storage.work import Work
from casework.tickets.states import Role
from desk.desk import PREFIX
from desk.openid import OpenIdProvider, ProviderAway, Registration


def provider_of(settings: Settings) -> OpenIdProvider | None:
    """None where staff come in by password."""
    if not settings.oidc_issuer:
        return None
    return OpenIdProvider(
        Registration(
            settings.oidc_issuer,
            settings.oidc_client_id,
            settings.oidc_client_secret,
            settings.oidc_claims,
            f"{settings.address}{PREFIX}/sign-on/back",
        )
    )


def trouble(settings: Settings, work: Work) -> tuple[str, str] | None:
    """What is wrong and its cure; none when staff can come in."""
    provider = provider_of(settings)
    if provider is None:
        return None
    try:
        provider.look(now=utc_now())
    except ProviderAway as away:
        return f"the OpenID provider cannot be used ({away})", "Check TINGSU_OIDC_ISSUER, and the way to it."
    if settings.emergency_login:
        member = member_named(work, settings.emergency_login)
        if member is None or not member.has(Role.ADMINISTRATOR):
            return (
                f"{settings.emergency_login} is no active administrator",
                "Name one in TINGSU_EMERGENCY_LOGIN, see: tingsu staff list",
            )
        if work.access.credentials(settings.emergency_login) is None:
            return (
                f"{settings.emergency_login} has no password",
                f"Set one: tingsu staff password {settings.emergency_login}",
            )
    return None
