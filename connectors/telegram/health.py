"""The channel's state in words, with a cure for what is wrong. Pure; asking Telegram is the sender's work."""

from __future__ import annotations

from datetime import datetime, timedelta

from telegram import WebhookInfo

from casework.conversations.ports import ChannelHealth
from casework.text import Reason
from connectors.telegram.settings import TelegramSettings

#: How long an error that Telegram met at our door counts as a present one.
_RECENT = timedelta(minutes=15)

#: Failures of ours to use Telegram, by the code of a DeliveryError or our own: what it is, what helps.
_NETWORK = Reason("telegram_network_cure", "Check the network, the proxy (HTTPS_PROXY) and the API base.")
_TROUBLES = {
    "token_refused": (
        Reason("telegram_token_refused", "Telegram refuses the token"),
        Reason("telegram_token_cure", "Copy the token from @BotFather again; check the API base."),
    ),
    "conflict": (
        Reason("telegram_conflict", "another program fetches this bot's updates"),
        Reason("telegram_conflict_cure", "Stop the other program, or give the bot a token of its own."),
    ),
    "network": (Reason("telegram_network", "Telegram cannot be reached"), _NETWORK),
    "timeout": (Reason("telegram_timeout", "Telegram does not answer in time"), _NETWORK),
    "flood": (
        Reason("telegram_flood", "Telegram asked us to slow down"),
        Reason("telegram_flood_cure", "Wait; it goes on by itself."),
    ),
    "no_public_url": (
        Reason("telegram_no_url", "no webhook: the public URL is not set"),
        Reason(
            "telegram_no_url_cure",
            "Set the public URL to the https address of the gateway, or use polling.",
        ),
    ),
}

#: Cures for failures of Telegram to reach us, by words of its ``last_error_message``.
_CERTIFICATE = Reason(
    "telegram_door_certificate",
    "Telegram does not trust the certificate: serve the full chain of a public authority.",
)
_DOOR_CURES = (
    ("certificate", _CERTIFICATE),
    ("ssl", _CERTIFICATE),
    (
        "403",
        Reason(
            "telegram_door_403",
            "Something answers 403: let the proxy or firewall pass POSTs from Telegram with all their headers.",
        ),
    ),
    (
        "404",
        Reason(
            "telegram_door_404",
            "The address is not served: compare the public URL with what the reverse proxy forwards.",
        ),
    ),
    ("resolve host", Reason("telegram_door_dns", "The host name of the public URL is not in the DNS.")),
    (
        "refused",
        Reason(
            "telegram_door_refused",
            "Nothing listens at the public URL: start the gateway and open port 443, 80, 88 or 8443.",
        ),
    ),
    (
        "timed out",
        Reason(
            "telegram_door_closed",
            "Telegram cannot reach the public URL: open port 443, 80, 88 or 8443 to the internet.",
        ),
    ),
    ("502", Reason("telegram_door_502", "The reverse proxy does not reach the gateway: start it.")),
    (
        "500",
        Reason(
            "telegram_door_500", "The gateway could not store updates: look at its log and at the database."
        ),
    ),
)
_DOOR_CURE = Reason("telegram_door_other", "Open the public URL from outside and look at the gateway's log.")


def trouble(code: str) -> ChannelHealth:
    """A failure of ours to use Telegram, by its code."""
    other = Reason("telegram_other_cure", "Look at the log of the gateway.")
    summary, cure = _TROUBLES.get(code, (code.replace("_", " "), other))
    return ChannelHealth(ok=False, summary=summary, cure=cure)


def judge(info: WebhookInfo, settings: TelegramSettings, *, now: datetime) -> ChannelHealth:
    """What Telegram says of our registration and of its last tries to reach us."""
    waiting = info.pending_update_count
    if settings.mode == "polling":
        if info.url:
            said = Reason(
                "telegram_registered", "a webhook is registered; {waiting} updates waiting", waiting=waiting
            )
            return ChannelHealth(False, said, _TROUBLES["conflict"][1])
        return ChannelHealth(
            True, Reason("telegram_polling", "polling; {waiting} updates waiting", waiting=waiting)
        )
    if not settings.webhook_url:
        return trouble("no_public_url")
    if info.url != settings.webhook_url:
        return ChannelHealth(
            False,
            Reason(
                "telegram_foreign",
                "the webhook is not registered or belongs to another installation; {waiting} updates waiting",
                waiting=waiting,
            ),
            Reason(
                "telegram_foreign_cure",
                "Restart the gateway; if it comes back, another installation uses the same token.",
            ),
        )
    if info.last_error_date and info.last_error_date > now - _RECENT:
        told = (info.last_error_message or "unknown error").replace(settings.token, "…")
        reason = Reason(
            "telegram_undelivered",
            "Telegram cannot deliver: {told}; {waiting} updates waiting",
            told=told,
            waiting=waiting,
        )
        return ChannelHealth(False, reason, _door_cure(told))
    return ChannelHealth(
        True, Reason("telegram_webhook", "webhook; {waiting} updates waiting", waiting=waiting)
    )


def _door_cure(said: str) -> Reason:
    lowered = said.lower()
    return next((cure for words, cure in _DOOR_CURES if words in lowered), _DOOR_CURE)
