"""Training with a progress bar, and finding the model that fits the files."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.settings import Settings
from app.wiring import ROOT, models_dir
from bot.models import current_model
from bot.training import train


def model_for(settings: Settings) -> Path | None:
    """The model trained from the files as they are now, or ``None``."""
    return current_model(ROOT, models_dir(settings))


def model_to_run(settings: Settings) -> Path | None:
    """The model that fits the files or, while they are being changed and not trained yet, the newest there is."""
    fitting = model_for(settings)
    if fitting is not None:
        return fitting
    found = sorted(models_dir(settings).glob("tingsu-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else None


def train_with_progress(settings: Settings, *, force: bool = False, quiet: bool = False) -> Path:
    """Train, showing where it stands on standard error; an up-to-date model is kept unless ``force``."""
    console = Console(stderr=True, quiet=quiet)
    found = model_for(settings)
    if found is not None and not force:
        console.print(f"The model is up to date: {found.name}", highlight=False)
        return found
    bar = Progress(
        TextColumn("{task.description:<34}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn(),
        console=console,
    )  # fmt: skip
    with bar:
        task = bar.add_task("Training", total=1.0)
        model = train(
            ROOT,
            models_dir(settings),
            lambda step, done: bar.update(task, description=f"Training: {step}", completed=done),
        )
        bar.update(task, description="Training: done", completed=1.0)
    console.print(f"New model: {model.name}", highlight=False)
    return model
