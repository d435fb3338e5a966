"""Telegram: verify, parse and store what comes in; render, split and send what goes out. See README.md."""
