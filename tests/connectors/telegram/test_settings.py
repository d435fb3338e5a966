"""Settings refuse what cannot work, and keep the token to themselves."""

from __future__ import annotations

import re
from typing import Any

import pytest

from connectors.telegram.commands import MENU_LANGUAGES, menu
from connectors.telegram.settings import DEFAULT_COMMANDS
from tests.connectors.telegram.fakes import BOT_ID, TOKEN, settings


def test_the_secrets_are_not_shown() -> None:
    shown = repr(settings(secret_token="my-own-secret"))
    assert TOKEN not in shown
    assert "my-own-secret" not in shown


def test_the_secret_is_derived_from_the_token_and_acceptable_to_telegram() -> None:
    derived = settings().secret_token
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", derived)
    assert derived == settings().secret_token
    assert derived != settings(token=f"{BOT_ID}:another").secret_token
    assert TOKEN.partition(":")[2] not in derived


def test_the_webhook_address_changes_with_the_secret_and_hides_it() -> None:
    first, second = settings(secret_token="one-secret"), settings(secret_token="another-secret")
    assert first.webhook_url.startswith("https://complaints.example.org/webhooks/telegram?v=")
    assert first.webhook_url != second.webhook_url
    assert "one-secret" not in first.webhook_url
    assert settings(public_url="").webhook_url == ""


def test_the_bot_id_comes_from_the_token() -> None:
    assert settings().bot_id == BOT_ID


@pytest.mark.parametrize(
    ("change", "cure"),
    [
        ({"token": "forgotten-colon-secret"}, "BotFather"),
        ({"token": ""}, "BotFather"),
        ({"mode": "push"}, "webhook or polling"),
        ({"secret_token": "with space"}, "A-Z"),
        ({"secret_token": "x" * 257}, "256"),
        ({"public_url": "complaints.example.org"}, "https://"),
        ({"api_base": "ftp://example.org"}, "https://"),
    ],
)
def test_a_wrong_value_is_refused_with_its_cure(change: dict[str, Any], cure: str) -> None:
    with pytest.raises(ValueError, match=cure) as refused:
        settings(**change)
    assert "forgotten-colon-secret" not in str(refused.value)


@pytest.mark.parametrize("language", MENU_LANGUAGES)
def test_the_menu_shows_every_allowed_command_in_each_language(language: str) -> None:
    shown = dict(menu(language, allowed=DEFAULT_COMMANDS))
    assert set(shown) == {"start", *DEFAULT_COMMANDS}
    assert all(
        re.fullmatch(r"[a-z0-9_]{1,32}", name) and 1 <= len(text) <= 256 for name, text in shown.items()
    )


def test_a_command_that_is_not_allowed_is_not_in_the_menu() -> None:
    assert set(dict(menu("en", allowed=("help",)))) == {"start", "help"}
