"""The engine worker process, and the same engine inside ``tingsu chat``."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.bus import Bus
from app.chat import Chat
from app.life import RENEW, Life
from app.observing.figures import are_shared
from app.observing.serving import Pulse, figures_served
from app.settings import Settings
from app.training import model_for, model_to_run, train_with_progress
from app.turns import TurnRunner
from app.wiring import keep_house, load_searched_house, models_dir, open_store, utc_now
from bot.engine import Engine, EngineUnavailable
from casework.storage.work import Store

logger = logging.getLogger(__name__)


def _model(settings: Settings) -> Path:
    model = model_to_run(settings)
    if model is None:
        raise EngineUnavailable("There is no model yet.", cure="Train one: tingsu train.")
    if model_for(settings) is None:
        logger.warning("engine.older_model: the files have changed since %s; tingsu train", model.name)
    return model


def _runner(settings: Settings, store: Store, model: Path) -> TurnRunner:
    keeper = keep_house(settings, store, load=load_searched_house)
    engine = Engine.load(model)
    return TurnRunner(
        store=store,
        engine=engine,
        house=keeper.house,
        renew_house=keeper.look,
        bus=Bus(settings.redis_url),
        clock=utc_now,
    )


def run_worker(settings: Settings) -> int:
    """Answer until asked to stop, or until a newer model is there; the turn under way is finished first.

    Gives the exit code; with `life.RENEW` or `life.HUNG` the worker wants to be started again.
    """
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    store, model = open_store(settings), _model(settings)
    life = Life(
        store,
        model=model,
        busy_since=lambda: runner.busy_since,
        newest=lambda: model_to_run(settings) if _has_other_model(settings, model) else model,
        clock=utc_now,
    )
    life.starting()
    runner = _runner(settings, store, model)
    life.start()
    logger.info("engine.ready")
    # The supervisor reads this line: from here on messages are answered.
    print("ready", flush=True)
    pulse = Pulse()

    def stopped() -> bool:
        pulse.beat()
        return bool(stopping) or life.gives_way

    with figures_served(settings.host, 0 if are_shared() else settings.metrics_port, pulse):
        runner.run_forever(stopped=stopped)
    life.stop()
    logger.info("engine.stopped")
    return RENEW if life.gives_way and not stopping else 0


def _has_other_model(settings: Settings, model: Path) -> bool:
    """A look that costs nothing: finding the model that fits reads all files."""
    return any(path.name != model.name for path in models_dir(settings).glob("tingsu-*.tar.gz"))


@contextmanager
def open_chat(settings: Settings, *, identity: str, quiet: bool) -> Iterator[Chat]:
    """A chat with an engine of its own. Trains first when there is no model."""
    model = model_for(settings) or train_with_progress(settings, quiet=quiet)
    store = open_store(settings)
    yield Chat(store=store, runner=_runner(settings, store, model), clock=utc_now, identity=identity)
    store.database.dispose()
