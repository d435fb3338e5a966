"""Log lines: an event name and references, as text or as one JSON object a line.

A line of ours reads ``turn.done: conversation=7 ms=12``. What other libraries say, and the messages of exceptions
that are not ours, may quote a person or a token: of them only the kind and the place are kept.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import datetime, timezone
from types import TracebackType
from typing import Any

#: Packages whose lines and exceptions we wrote ourselves, with references only.
OURS = ("app", "bot", "actions", "connectors", "casework", "understanding", "desk")

_EVENT = re.compile(r"([a-z_]+(?:\.[a-z_0-9]+)+)(?:: (.*))?", re.DOTALL)
_REFERENCE = re.compile(r"\b([a-z_]+)=(\S+?)(?=[,;]?(?:\s|$))")


def configure(*, level: str, form: str) -> None:
    """Send log lines to standard error. ``form``: ``text`` or ``json``; ``level`` holds for our own packages,
    others speak from ``warning`` on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for package in (*OURS, "__main__"):
        logging.getLogger(package).setLevel(level.upper())


class TextLines(logging.Formatter):
    """One line an event; an exception follows as lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{_moment(record)} {record.levelname} {record.name} {_said(record)}"
        failure = _failure(record)
        return f"{line}\n{failure}" if failure else line


class JsonLines(logging.Formatter):
    """One JSON object a line: ``at level part event``, then the references of the event."""

    def format(self, record: logging.LogRecord) -> str:
        said = _said(record)
        line: dict[str, Any] = {
            "at": _moment(record),
            "level": record.levelname.lower(),
            "part": record.name,
            "process": record.process,
        }
        found = _EVENT.fullmatch(said) if _is_ours(record.name) else None
        line["event"] = found[1] if found else said
        if found and found[2]:
            for name, value in _REFERENCE.findall(found[2]):
                line.setdefault(name, _number(value))
            rest = _REFERENCE.sub("", found[2]).strip(" ,;")
            if rest:
                line["note"] = rest
        failure = _failure(record)
        if failure:
            line["failure"] = failure
        return json.dumps(line, ensure_ascii=False)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds")


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in (*OURS, "__main__")


def _said(record: logging.LogRecord) -> str:
    """The line as it was meant; of others' lines the pattern without what was put into it."""
    if _is_ours(record.name):
        return record.getMessage()
    return f"{record.module}.{record.funcName} line {record.lineno}"


def _failure(record: logging.LogRecord) -> str:
    if not record.exc_info or record.exc_info[1] is None:
        return ""
    return failure_lines(record.exc_info[1])


def failure_lines(error: BaseException) -> str:
    """A stack without the words of foreign exceptions: kinds, files, lines and functions, causes first."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    earlier = f"{failure_lines(cause)}\n  which led to\n" if cause is not None else ""
    return f"{earlier}{_places(error.__traceback__)}{_kind(error)}"


def _places(stack: TracebackType | None) -> str:
    return "".join(f"  {f.filename}:{f.lineno} in {f.name}\n" for f in traceback.extract_tb(stack))


def _kind(error: BaseException) -> str:
    """Our own exceptions say what they mean; of an `OSError` its number tells all that matters."""
    kind = type(error)
    if kind.__module__.partition(".")[0] in OURS:
        return f"{kind.__name__}: {error}"
    if isinstance(error, OSError) and error.strerror:
        return f"{kind.__name__}: {error.strerror}"
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


def _number(value: str) -> str | int | float:
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        return value
