"""The agent as a library: one conversation turn in, the bot's messages out. No HTTP, no database of its own.

The application calls `Engine` from plain (not async) code, in the thread that holds its transaction: actions
and the tracker store run in that very thread.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import tarfile
import threading
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from datetime import timezone as timezones
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import lean

if TYPE_CHECKING:
    from rasa.core.agent import Agent

    from bot.stores import TrackerStates, Window, WindowTrackerStore

logger = logging.getLogger(__name__)


class EngineUnavailable(Exception):
    """The agent cannot be started. ``cure`` says what to do about it."""

    def __init__(self, reason: str, *, cure: str) -> None:
        super().__init__(f"{reason} {cure}")
        self.reason = reason
        self.cure = cure


@dataclass(frozen=True)
class BotButton:
    """A choice under a message; ``url`` opens a page instead of sending ``payload``."""

    title: str
    payload: str = ""
    url: str = ""


@dataclass(frozen=True)
class BotMessage:
    """One message of the bot. ``text`` may be empty when ``custom`` carries everything.

    ``response`` names the response of the domain it came from; empty for a text an action composed.
    """

    text: str
    buttons: tuple[BotButton, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)
    response: str = ""


class Engine:
    """A loaded model, ready for turns. Turns of one engine run one after the other."""

    def __init__(self, agent: Agent, store: WindowTrackerStore) -> None:
        self._agent = agent
        self._store = store
        self._loop = asyncio.new_event_loop()
        self._one_at_a_time = threading.Lock()
        agent.processor.on_circuit_break = _listen_again

    @classmethod
    def load(
        cls,
        model: Path,
        *,
        actions: Sequence[Any] = ("actions",),
        states: TrackerStates | None = None,
        lean_imports: bool = True,
    ) -> Engine:
        """Load the model file ``model``. Takes seconds; the engine is ready when this returns.

        ``actions``: packages of custom actions. ``states``: where trackers are kept; in memory without it.
        Raises: EngineUnavailable.
        """
        if not model.is_file():
            raise EngineUnavailable(f"There is no model at {model}.", cure="Train one: tingsu train.")
        try:
            entered = lean.enter(lean_imports=lean_imports and lean.suits(_components(model)))
            with lean.quietly():
                engine = cls._load(model, actions, states)
            now = datetime.now(timezones.utc)
            engine.understand("ok", context=None, now=now, timezone="UTC", region="CN")  # loads the encoder
        except EngineUnavailable:
            raise
        except Exception as error:  # the door: whatever Rasa raises here, the operator needs a cure
            logger.exception("engine.not_loaded")
            raise EngineUnavailable(
                f"The model {model.name} could not be loaded ({type(error).__name__}: {error}).",
                cure="Train it again: tingsu train. If that does not help, the log has the stack.",
            ) from error
        lean.settle()
        logger.info("engine.ready: %s lean=%s", model.name, entered.lean_imports)
        return engine

    @classmethod
    def _load(cls, model: Path, actions: Sequence[Any], states: TrackerStates | None) -> Engine:
        from rasa.core.agent import Agent

        from bot.actions_in_process import InProcessActions
        from bot.stores import ConversationLockStore, WindowTrackerStore
        from bot.wording import BilingualNLG

        warnings.filterwarnings("ignore", "Slot auto-fill has been removed")  # said of every domain
        store = WindowTrackerStore(states=states)
        agent = Agent.load(
            model_path=str(model),
            generator=BilingualNLG(),
            tracker_store=store,
            lock_store=ConversationLockStore(),
            action_endpoint=InProcessActions(actions),
        )
        if agent.processor is None or agent.domain is None:
            raise EngineUnavailable("The model has no dialogue part.", cure="Train it again: tingsu train.")
        # Rasa wraps the store so that a database error gives the person a new, empty conversation. Ours must
        # fail.
        agent.tracker_store = agent.processor.tracker_store = store
        store.window = window_for(agent)
        _refuse_missing_actions(agent)
        return cls(agent, store)

    @property
    def model_id(self) -> str:
        return str(self._agent.model_id)

    def bind(self, states: TrackerStates) -> None:
        """Keep trackers in the application's ``states``."""
        self._store.bind(states)

    def understand(
        self,
        text: str,
        *,
        context: str | None,
        now: datetime,
        timezone: str,
        region: str,
        categories: Collection[str] | None = None,
        is_sorted: bool = False,
    ) -> dict[str, Any]:
        """What the text says.

        Keys: ``text intent intent_ranking margin entities language emotion emergency categories complaints details``.
        ``context``: key of the question asked last, ``None`` if none was. ``now``: aware. ``timezone``: IANA
        name. ``region``: two-letter country code. ``categories``: the codes in question, ``None`` for all.
        ``is_sorted``: the category is known, so that none is looked for in a plain answer.
        Touches no tracker and no database.
        """
        from rasa.core.channels.channel import UserMessage

        metadata = {
            "context": context,
            "now": now.isoformat(),
            "timezone": timezone,
            "region": region,
            "categories": None if categories is None else sorted(categories),
            "is_sorted": is_sorted,
        }
        with self._one_at_a_time:
            parsed: dict[str, Any] = self._loop.run_until_complete(
                self._agent.processor.parse_message(UserMessage(_no_command(text) or " ", metadata=metadata))
            )
        parsed.pop("text_tokens", None)
        return {"emergency": None, **parsed, "text": text}

    def details(self, text: str, *, now: datetime, timezone: str, region: str) -> list[dict[str, Any]]:
        """The ``details`` of `understand` alone, for a text of which no more can be learned."""
        from bot.components.shell import plain
        from understanding.details import extract_details

        found: list[dict[str, Any]] = plain(extract_details(text, now=now, timezone=timezone, region=region))
        return found

    def turn(
        self, *, conversation_id: str, text: str, parse_data: Mapping[str, Any], metadata: Mapping[str, Any]
    ) -> tuple[BotMessage, ...]:
        """Let the bot answer ``text``, understood as ``parse_data`` (see `understand`).

        ``metadata`` is what actions may know of the message besides its text; small and JSON-able. ``turn``
        in it names the turn (wording is chosen by it), ``channel`` the channel. An action that raises is
        answered by `utter_internal_error`; anything else that fails is raised and the tracker stays as it
        was.
        """
        from rasa.core.channels.channel import UserMessage

        channel = _collector()
        message = UserMessage(
            text,
            channel,
            conversation_id,
            parse_data={
                "entities": [],
                "intent": {"name": None, "confidence": 0.0},
                **parse_data,
                "text": text,
            },
            input_channel=str(metadata.get("channel", "")) or None,
            metadata=dict(metadata),
        )
        with self._one_at_a_time:
            self._loop.run_until_complete(self._agent.handle_message(message))
            if channel.went_in_circles and not channel.collected:
                self._loop.run_until_complete(self._apologise(conversation_id, channel))
        return tuple(channel.collected)

    async def _apologise(self, conversation_id: str, channel: Any) -> None:
        from bot.actions_in_process import UTTER_INTERNAL_ERROR

        tracker = await self._store.get_or_create_tracker(conversation_id)
        said = await self._agent.nlg.generate(
            UTTER_INTERNAL_ERROR, tracker, channel.name(), reference=secrets.token_hex(4)
        )
        await channel.send_response(conversation_id, {**(said or {}), "utter_action": UTTER_INTERNAL_ERROR})

    def reset(self, conversation_id: str) -> None:
        """Forget the conversation's tracker: the next turn starts a new session."""
        self._store.forget(conversation_id)

    def close(self) -> None:
        with self._one_at_a_time:
            self._loop.close()


def window_for(agent: Agent) -> Window:
    """The window that the model's own policies need."""
    from bot.stores import Window

    stock = Window()
    rule_states, story_states = stock.rule_states, stock.story_states
    for node in agent.processor.graph_runner._instantiated_nodes.values():
        policy = getattr(node, "_component", None)
        lookup = getattr(policy, "lookup", None)
        if not isinstance(lookup, dict):
            continue
        if isinstance(lookup.get("rules"), dict):
            keys = [key for part in lookup.values() if isinstance(part, dict) for key in part]
            rule_states = max([rule_states, *(len(json.loads(key)) + 1 for key in keys)])
        else:
            story_states = max(story_states, int(getattr(policy, "config", {}).get("max_history") or 0) + 2)
    return Window(rule_states=rule_states, story_states=story_states)


def _listen_again(tracker: Any, output_channel: Any, nlg: Any) -> None:
    """The policies went in circles: end the turn, or every later turn would stay silent too."""
    from rasa.shared.core.events import ActionExecuted

    logger.error("turn.in_circles: after %s", tracker.latest_action_name)
    tracker.update(ActionExecuted("action_listen"))
    output_channel.went_in_circles = True


def _refuse_missing_actions(agent: Agent) -> None:
    missing = sorted(set(agent.domain.user_actions) - agent.action_endpoint.action_names)
    missing = [name for name in missing if not name.startswith("utter_")]
    if missing:
        raise EngineUnavailable(
            f"The domain names actions that do not exist: {', '.join(missing)}.",
            cure="Add them to the package actions or remove them from domain.yml.",
        )


def _no_command(text: str) -> str:
    """``text`` as something that Rasa cannot take for `/intent{…}`, of the same length."""
    start = len(text) - len(text.lstrip())
    return text[:start] + "／" + text[start + 1 :] if text[start : start + 1] == "/" else text


def _components(model: Path) -> list[str]:
    """Module paths of everything the model's prediction graph uses."""
    with tarfile.open(model, "r:gz") as archive:
        for member in archive:
            if member.name.lstrip("./") == "metadata.json":
                content = archive.extractfile(member)
                assert content is not None
                nodes = json.load(content)["predict_schema"]["nodes"]
                used = [str(node["uses"]) for node in nodes.values()]
                return [name for name in used if name.startswith(("rasa.nlu", "rasa.core.policies"))]
    raise EngineUnavailable(f"{model.name} is not a model file.", cure="Train one: tingsu train.")


def _collector() -> Any:
    from rasa.core.channels.channel import OutputChannel

    class Collector(OutputChannel):  # type: ignore[misc]
        """Keeps the bot's messages of one turn, in order."""

        def __init__(self) -> None:
            self.collected: list[BotMessage] = []
            self.went_in_circles = False

        @classmethod
        def name(cls) -> str:
            return "collector"

        async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
            made = _bot_message(message)
            if made != (self.collected[-1] if self.collected else None):
                self.collected.append(made)

    return Collector()


def _bot_message(message: Mapping[str, Any]) -> BotMessage:
    custom = dict(message.get("custom") or {})
    custom.update({key: message[key] for key in ("image", "attachment", "elements") if message.get(key)})
    buttons = [*(message.get("buttons") or []), *(message.get("quick_replies") or [])]
    return BotMessage(
        text=str(message.get("text") or ""),
        buttons=tuple(
            BotButton(str(button["title"]), str(button.get("payload") or ""), str(button.get("url") or ""))
            for button in buttons
        ),
        custom=custom,
        response=str(message.get("utter_action") or ""),
    )
