"""Coming in through the organisation's own OpenID provider: to its page and back."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from casework.access import sign_on
from casework.access.model import SignOn
from desk.desk import Desk
from desk.openid import OpenIdProvider, ProviderAway, TokenRefused
from desk.sign_in import SignIn, safe_page
from desk.visits import SAFE_HEADERS, Door

logger = logging.getLogger(__name__)


class SignOnPages:
    """``/desk/sign-on`` and ``/desk/sign-on/back``"""

    def __init__(self, desk: Desk, door: Door, sign_in: SignIn) -> None:
        self._desk, self._door, self._sign_in = desk, door, sign_in

    def begin(self, request: Request, _form: Mapping[str, str]) -> Response:
        """To the provider's page. What its answer must bear is kept, and its name in a cookie of this browser."""
        desk, provider = self._desk, self._desk.provider
        if provider is None:
            return self._sign_in.page(request, "sign_on_off", status=404)
        begun = SignOn(
            desk.fresh_token(),
            desk.fresh_token(),
            desk.fresh_token(),
            safe_page(request.query_params.get("next", "")),
        )
        try:
            address = provider.way_in(begun, now=desk.clock())
        except ProviderAway as away:
            return self._away(request, away)
        with desk.store.writing() as work:
            sign_on.begin(work, begun, now=desk.clock())
        response = RedirectResponse(address, status_code=303, headers=SAFE_HEADERS)
        self._door.set_cookie(response, self._cookie, begun.state, lasts=sign_on.WITHIN)
        return response

    def back(self, request: Request, _form: Mapping[str, str]) -> Response:
        """From the provider's page. Only the browser that went there comes in, once, as the member it names."""
        desk, provider = self._desk, self._desk.provider
        if provider is None:
            return self._sign_in.page(request, "sign_on_off", status=404)
        answer = request.query_params
        state = answer.get("state", "")
        if not state or not hmac.compare_digest(
            state.encode(), request.cookies.get(self._cookie, "").encode()
        ):
            return self._sign_in.page(request, "sign_on_over", status=400)
        with desk.store.writing() as work:
            begun = sign_on.take(work, state, now=desk.clock())
        if begun is None:
            return self._sign_in.page(request, "sign_on_over", status=400)
        try:
            if "code" not in answer or not provider.is_issuer(answer.get("iss", "")):
                raise TokenRefused(f"no code: {answer.get('error', '')[:40]!r}")
            claims = provider.claims_of(answer["code"], begun, now=desk.clock())
        except ProviderAway as away:
            return self._away(request, away)
        except TokenRefused as refused:
            logger.warning("sign_on.refused: %s", refused)
            return self._sign_in.page(request, "sign_on_refused", status=403)
        return self._come_in(request, provider, begun, claims)

    def _come_in(
        self, request: Request, provider: OpenIdProvider, begun: SignOn, claims: Mapping[str, object]
    ) -> Response:
        desk, token = self._desk, self._desk.fresh_token()
        name = sign_on.named(claims, provider.registration.claims)
        with desk.store.writing() as work:
            member = sign_on.member_named(work, name) if name else None
            if member is None:
                sign_on.turned_away(work, name, now=desk.clock())
            else:
                device = request.headers.get("user-agent", "")
                sign_on.let_in(work, member, token=token, device=device, now=desk.clock())
        if member is None:
            return self._sign_in.page(request, "sign_on_unknown", status=403, name=name)
        response = self._door.let_in(begun.next_page, token)
        response.delete_cookie(self._cookie, path="/", secure=desk.secure, httponly=True)
        return response

    def _away(self, request: Request, away: ProviderAway) -> Response:
        logger.warning("sign_on.provider_away: %s", away)
        return self._sign_in.page(request, "sign_on_away", status=503)

    @property
    def _cookie(self) -> str:
        return f"{self._door.cookie}-sign-on"
