"""Puts programs of others into an environment of their own, once: they do not resolve with ours."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.connectors.telegram.peers import install

#: What judges the API, the webhooks and Open311.
PACKAGES = (
    "schemathesis==4.32.5",
    "standardwebhooks==1.1.0",
    "cloudevents==2.2.0",
    "georeport==0.3.1",
)


@pytest.fixture(scope="session")
def peer_python() -> Path:
    """An interpreter that has ``PACKAGES``."""
    name = hashlib.sha256(" ".join(PACKAGES).encode()).hexdigest()[:12]
    try:
        return install.environment(f"programs-{name}", PACKAGES)
    except install.PeerMissing as missing:
        install.give_up(missing)
