"""The engine worker process, and the same engine inside ``tingsu chat``."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from actions.librarian import librarian_of
from app.bus import Bus
from app.chat import Chat
from app.observing.serving import Pulse, figures_served
from app.settings import Settings
from app.training import model_for, train_with_progress
from app.turns import TurnRunner
from app.wiring import load_house, open_store, utc_now
from bot.engine import Engine, EngineUnavailable
from casework.storage.work import Store

logger = logging.getLogger(__name__)


def _model(settings: Settings) -> Path:
    model = model_for(settings)
    if model is None:
        raise EngineUnavailable(
            "There is no model for the project as it is now.", cure="Train one: tingsu train."
        )
    return model


def _runner(settings: Settings, store: Store, model: Path) -> TurnRunner:
    house = load_house(settings)
    engine = Engine.load(model)
    librarian_of(house.knowledge, cache=settings.data_dir / "cache" / "knowledge.npz")
    return TurnRunner(store=store, engine=engine, house=house, bus=Bus(settings.redis_url), clock=utc_now)


def run_worker(settings: Settings) -> int:
    """Answer until asked to stop; the turn under way is finished first. Gives the exit code."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    runner = _runner(settings, open_store(settings), _model(settings))
    logger.info("engine.ready")
    # The supervisor reads this line: from here on messages are answered.
    print("ready", flush=True)
    pulse = Pulse()

    def stopped() -> bool:
        pulse.beat()
        return bool(stopping)

    with figures_served(settings.host, settings.metrics_port, pulse):
        runner.run_forever(stopped=stopped)
    logger.info("engine.stopped")
    return 0


@contextmanager
def open_chat(settings: Settings, *, identity: str, quiet: bool) -> Iterator[Chat]:
    """A chat with an engine of its own. Trains first when there is no model."""
    model = model_for(settings) or train_with_progress(settings, quiet=quiet)
    store = open_store(settings)
    yield Chat(store=store, runner=_runner(settings, store, model), clock=utc_now, identity=identity)
    store.database.dispose()
