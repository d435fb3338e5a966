"""An OpenID provider as this house talks to it: authorization code with PKCE, and what its signed token must be.

Source: OpenID Connect Core 1.0, 3.1 and 5.3; Discovery 1.0, 4; RFC 7636; RFC 9207.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from casework.access.model import SignOn

#: Longest wait for the provider, in seconds: threads of the gateway wait with it.
_PATIENCE_S = 5.0
#: How long its addresses and keys are believed. A token with a key that is not known has them fetched anew.
_BELIEVED = timedelta(hours=1)
#: Seconds by which its clock may differ from ours.
_LEEWAY_S = 60
#: Signatures that are taken: none that a client secret could make.
_SIGNATURES = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
)


class ProviderAway(Exception):
    """The provider does not answer, or not with what a provider answers; the message says what was missing."""


class TokenRefused(Exception):
    """What the provider sent is not taken; the message says why, and holds nothing of the token."""


@dataclass(frozen=True)
class Registration:
    """How this house is known at the provider. ``claims``: the ones that name the login, the first that is there
    counts. ``back``: where the provider sends people back to."""

    issuer: str
    client_id: str
    client_secret: str
    claims: tuple[str, ...]
    back: str


class _Metadata(msgspec.Struct):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Keys(msgspec.Struct):
    keys: list[dict[str, Any]]


class _Tokens(msgspec.Struct):
    id_token: str
    access_token: str = ""


_T = TypeVar("_T")


class OpenIdProvider:
    """One provider; its addresses and keys are fetched when first needed."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self._metadata: _Metadata | None = None
        self._keys: KeySet | None = None
        self._until: datetime | None = None

    def look(self, *, now: datetime) -> None:
        """Fetch addresses and keys, unless they are known. Raises: ProviderAway."""
        if self._until is None or now >= self._until:
            self._fetch(now)

    def way_in(self, sign_on: SignOn, *, now: datetime) -> str:
        """The address of the provider's page. Raises: ProviderAway."""
        self.look(now=now)
        assert self._metadata is not None
        asked = {
            "response_type": "code",
            "client_id": self.registration.client_id,
            "redirect_uri": self.registration.back,
            "scope": "openid profile email",
            "state": sign_on.state,
            "nonce": sign_on.nonce,
            "code_challenge": _challenge(sign_on.verifier),
            "code_challenge_method": "S256",
        }
        address = self._metadata.authorization_endpoint
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def is_issuer(self, named: str) -> bool:
        """Whether an answer that names its issuer comes from this one; one that names none may."""
        return not named or (self._metadata is not None and named == self._metadata.issuer)

    def claims_of(self, code: str, sign_on: SignOn, *, now: datetime) -> Mapping[str, object]:
        """What the provider says of whom it sent with ``code``. Raises: ProviderAway, TokenRefused."""
        self.look(now=now)
        tokens = self._tokens(code, sign_on.verifier)
        claims = self.checked(tokens.id_token, nonce=sign_on.nonce, now=now)
        if tokens.access_token and not any(name in claims for name in self.registration.claims):
            claims = {**self._told(tokens.access_token, str(claims["sub"])), **claims}
        return claims

    def checked(self, token: str, *, nonce: str, now: datetime) -> dict[str, Any]:
        """The claims of an ID token, once its signature and all that binds it to us hold. Raises: TokenRefused."""
        assert self._metadata is not None
        client = self.registration.client_id
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": self._metadata.issuer},
            aud={"essential": True, "value": client},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            claims = self._decoded(token, now).claims
            rules.validate(claims)
        except (JoseError, ValueError) as error:
            raise TokenRefused(f"{type(error).__name__}: {getattr(error, 'claim', '')}") from error
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise TokenRefused("nonce")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != client:
            raise TokenRefused("azp: the token was made for somebody else")
        return claims

    # -- what is asked of it --------------------------------------------------------------------------

    def _decoded(self, token: str, now: datetime) -> jwt.Token:
        registry = JWSRegistry(algorithms=_SIGNATURES, strict_check_header=False)
        assert self._keys is not None
        try:
            return jwt.decode(token, self._keys, algorithms=_SIGNATURES, registry=registry)
        except InvalidKeyIdError:  # it has a new key
            self._fetch(now)
            return jwt.decode(token, self._keys, algorithms=_SIGNATURES, registry=registry)

    def _fetch(self, now: datetime) -> None:
        issuer = self.registration.issuer.rstrip("/")
        metadata = _read(self._asked("GET", f"{issuer}/.well-known/openid-configuration"), _Metadata)
        if metadata.issuer.rstrip("/") != issuer:
            raise ProviderAway(f"it calls itself {metadata.issuer}")
        kept = [key for key in _read(self._asked("GET", metadata.jwks_uri), _Keys).keys if _signs(key)]
        try:
            self._keys = KeySet.import_key_set({"keys": kept})
        except (JoseError, ValueError) as error:
            raise ProviderAway("its keys cannot be read") from error
        self._metadata, self._until = metadata, now + _BELIEVED

    def _tokens(self, code: str, verifier: str) -> _Tokens:
        assert self._metadata is not None
        own = self.registration
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": own.back,
            "code_verifier": verifier,
        }
        headers = {}
        ways = self._metadata.token_endpoint_auth_methods_supported
        if own.client_secret and ("client_secret_basic" in ways or "client_secret_post" not in ways):
            pair = f"{quote(own.client_id, safe='')}:{quote(own.client_secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form["client_id"] = own.client_id
            form |= {"client_secret": own.client_secret} if own.client_secret else {}
        answer = self._asked("POST", self._metadata.token_endpoint, data=form, headers=headers)
        if 400 <= answer.status_code < 500:
            raise TokenRefused(f"the provider does not take the code ({answer.status_code})")
        return _read(answer, _Tokens)

    def _told(self, access_token: str, subject: str) -> dict[str, Any]:
        """Claims that are not in the token, of the same person."""
        assert self._metadata is not None
        if not self._metadata.userinfo_endpoint:
            return {}
        headers = {"Authorization": f"Bearer {access_token}"}
        told = _read(self._asked("GET", self._metadata.userinfo_endpoint, headers=headers), dict[str, Any])
        if told.get("sub") != subject:
            raise TokenRefused("userinfo speaks of somebody else")
        return told

    def _asked(self, method: str, address: str, **more: Any) -> httpx.Response:
        try:
            return httpx.request(method, address, timeout=_PATIENCE_S, **more)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderAway(f"{type(error).__name__} at {address}") from error


def _read(answer: httpx.Response, shape: type[_T]) -> _T:
    if answer.status_code != 200:
        raise ProviderAway(f"{answer.status_code} at {answer.url.copy_with(query=None)}")
    try:
        return msgspec.json.decode(answer.content, type=shape)
    except msgspec.DecodeError as error:
        raise ProviderAway(f"{answer.url.copy_with(query=None)}: {error}") from error


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _signs(key: Mapping[str, Any]) -> bool:
    return key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"
