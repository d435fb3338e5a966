"""The channel's state in words, with a cure for what is wrong. Pure; asking Telegram is the sender's work."""

from __future__ import annotations

from datetime import datetime, timedelta

from telegram import WebhookInfo

from casework.conversations.ports import ChannelHealth
from connectors.telegram.settings import TelegramSettings

#: How long an error that Telegram met at our door counts as a present one.
_RECENT = timedelta(minutes=15)

#: Failures of ours to use Telegram, by the code of a DeliveryError or our own: what it is, what helps.
_TROUBLES = {
    "token_refused": (
        "Telegram refuses the token",
        "Copy the token from @BotFather again; check the API base.",
    ),
    "conflict": (
        "another program fetches this bot's updates",
        "Stop the other program, or give the bot a token of its own.",
    ),
    "network": (
        "Telegram cannot be reached",
        "Check the network, the proxy (HTTPS_PROXY) and the API base.",
    ),
    "timeout": (
        "Telegram does not answer in time",
        "Check the network, the proxy (HTTPS_PROXY) and the API base.",
    ),
    "flood": ("Telegram asked us to slow down", "Wait; it goes on by itself."),
    "no_public_url": (
        "no webhook: the public URL is not set",
        "Set the public URL to the https address of the gateway, or use polling.",
    ),
}

#: Cures for failures of Telegram to reach us, by words of its ``last_error_message``.
_DOOR_CURES = (
    ("certificate", "Telegram does not trust the certificate: serve the full chain of a public authority."),
    ("ssl", "Telegram does not trust the certificate: serve the full chain of a public authority."),
    (
        "403",
        "Something answers 403: let the proxy or firewall pass POSTs from Telegram with all their headers.",
    ),
    ("404", "The address is not served: compare the public URL with what the reverse proxy forwards."),
    ("resolve host", "The host name of the public URL is not in the DNS."),
    ("refused", "Nothing listens at the public URL: start the gateway and open port 443, 80, 88 or 8443."),
    ("timed out", "Telegram cannot reach the public URL: open port 443, 80, 88 or 8443 to the internet."),
    ("502", "The reverse proxy does not reach the gateway: start it."),
    ("500", "The gateway could not store updates: look at its log and at the database."),
)
_DOOR_CURE = "Open the public URL from outside and look at the gateway's log."


def trouble(code: str) -> ChannelHealth:
    """A failure of ours to use Telegram, by its code."""
    summary, cure = _TROUBLES.get(code, (code.replace("_", " "), "Look at the log of the gateway."))
    return ChannelHealth(ok=False, summary=summary, cure=cure)


def judge(info: WebhookInfo, settings: TelegramSettings, *, now: datetime) -> ChannelHealth:
    """What Telegram says of our registration and of its last tries to reach us."""
    waiting = f"{info.pending_update_count} updates waiting"
    if settings.mode == "polling":
        if info.url:
            return ChannelHealth(False, f"a webhook is registered; {waiting}", _TROUBLES["conflict"][1])
        return ChannelHealth(True, f"polling; {waiting}")
    if not settings.webhook_url:
        return trouble("no_public_url")
    if info.url != settings.webhook_url:
        return ChannelHealth(
            False,
            f"the webhook is not registered or belongs to another installation; {waiting}",
            "Restart the gateway; if it comes back, another installation uses the same token.",
        )
    if info.last_error_date and info.last_error_date > now - _RECENT:
        said = (info.last_error_message or "unknown error").replace(settings.token, "…")
        return ChannelHealth(False, f"Telegram cannot deliver: {said}; {waiting}", _door_cure(said))
    return ChannelHealth(True, f"webhook; {waiting}")


def _door_cure(said: str) -> str:
    lowered = said.lower()
    return next((cure for words, cure in _DOOR_CURES if words in lowered), _DOOR_CURE)
