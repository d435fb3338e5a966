"""The model that tests run, trained once for however many run at the same time."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from bot.models import current_model

ROOT = Path(__file__).resolve().parent.parent


def find_model() -> Path:
    """The model named by ``TINGSU_TEST_MODEL``, else the one of the project as it is, trained if need be."""
    if given := os.environ.get("TINGSU_TEST_MODEL"):
        return Path(given)
    models = ROOT / "var" / "models"
    models.mkdir(parents=True, exist_ok=True)
    with (models / ".tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if current_model(ROOT, models) is None:
            # In a process of its own: training leaves Rasa's training half imported.
            plain = {name: value for name, value in os.environ.items() if not name.startswith("TINGSU_")}
            subprocess.run([sys.executable, "-m", "app.cli", "train"], check=True, cwd=ROOT, env=plain)
    # The sources may have changed while it learned; then the newest is still the one meant.
    found = current_model(ROOT, models) or max(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    assert found is not None
    return found
