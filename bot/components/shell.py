"""What the components have in common: how Rasa makes them, what a message says, what may be put into it."""

from __future__ import annotations

import hashlib
import logging
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

logger = logging.getLogger(__name__)

_UNTRAINED = "nothing-to-train-from"


class Shell(GraphComponent):  # type: ignore[misc]
    """A component without a model: sets ``key`` of each message to what `read` finds.

    A text that makes the language code fail is answered all the same: ``key`` is then `unknown`.
    """

    key = ""
    unknown: Any = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Shell:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            try:
                found = self.read(text_of(message), Client.of(message))
            except Exception as error:  # the door to the language code
                # no stack: an exception's own text may quote what the person wrote
                logger.error(
                    "component.failed: %s %s at %s", self.key, type(error).__name__, _place_of(error)
                )
                found = self.unknown
            self.put(message, found)
        return messages

    def put(self, message: Message, found: Any) -> None:
        message.set(self.key, plain(found), add_to_output=True)

    def read(self, text: str, client: Client) -> Any:
        """The JSON-able value of ``key`` for ``text``."""
        raise NotImplementedError


class TrainedShell(Shell):
    """A component around a model with ``train``, ``save(directory)`` and ``load(directory)``.

    ``model`` is ``None`` in a project that has nothing to train it from; `unknown` is then the value of
    ``key``.
    """

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: Any = None
    ) -> None:
        self.config = config
        self._storage = model_storage
        self._resource = resource
        self.model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TrainedShell:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TrainedShell:
        with model_storage.read_from(resource) as directory:
            model = None if (directory / _UNTRAINED).exists() else cls.read_model(directory)
        return cls(config, model_storage, resource, model)

    @classmethod
    def read_model(cls, directory: Path) -> Any:
        """The model that was saved into ``directory``."""
        raise NotImplementedError

    def persist(self) -> Resource:
        with self._storage.write_to(self._resource) as directory:
            if self.model is None:
                (directory / _UNTRAINED).touch()
            else:
                self.model.save(directory)
        return self._resource

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa trains anew when the corpora that it does not read itself change."""
        root = Path(config["root"])
        return digest_of(path for pattern in config["corpora"] for path in root.glob(pattern))


class Client:
    """What the message's metadata says about the person's side."""

    def __init__(self, metadata: dict[str, Any]) -> None:
        self.context: str | None = metadata.get("context") or None
        self.timezone = str(metadata.get("timezone") or "Asia/Shanghai")
        self.region = str(metadata.get("region") or "CN")
        self.is_sorted = bool(metadata.get("is_sorted"))
        among = metadata.get("categories")
        self.categories: frozenset[str] | None = None if among is None else frozenset(map(str, among))
        self._now = metadata.get("now")

    @classmethod
    def of(cls, message: Message) -> Client:
        return cls(message.get("metadata") or {})

    @property
    def now(self) -> datetime:
        """Aware. Without one in the metadata (`rasa shell`) it is the clock's."""
        if not self._now:
            return datetime.now(timezone.utc)
        told = datetime.fromisoformat(str(self._now).replace("Z", "+00:00"))
        return told if told.tzinfo else told.replace(tzinfo=timezone.utc)


def _place_of(error: BaseException) -> str:
    """File and line where ``error`` was raised."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def text_of(message: Message) -> str:
    return str(message.get(TEXT) or "")


def plain(value: Any) -> Any:
    """``value`` (dataclasses, tuples, dates) as JSON-able dicts, lists and scalars."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(part) for part in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def digest_of(paths: Iterable[Path]) -> str:
    """One digest over names and contents of files."""
    found = hashlib.blake2b(digest_size=16)
    for path in sorted(set(paths)):
        if path.is_file():
            found.update(path.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()
