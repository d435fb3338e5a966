"""Reading the training sentences from YAML, with errors that name file and line. Nothing learns here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from understanding.emergency import LEVELS
from understanding.emotion import EmotionExample
from understanding.intent import IntentExample
from understanding.model import ACTS, Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")
EMOTIONS = ("angry", "anxious", "disappointed", "sad", "sarcastic", "grateful", "neutral")

_FOLDERS = ("nlu/context", "emotion")
_CODE = re.compile(r"[A-Z]{2,4}-[A-Z]{2,4}-\d{2}")
#: Rasa's entity marks: ``[words](name)`` and ``[words]{"entity": …}``.
_MARKED = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


class CorpusError(ValueError):
    """A training file cannot be used as it is. The text starts with ``file:line:``."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")


def corpus_files(data_root: Path) -> set[Path]:
    """The files under ``data_root`` that are read here, as far as they are there."""
    names = [
        name
        for language in LANGUAGES
        for name in (f"nlu/{language}_*.yml", *(f"{folder}/{language}.yml" for folder in _FOLDERS))
    ]
    return {path for name in (*names, "nlu/openings.yml", "emergency/*.yml") for path in data_root.glob(name)}


def read_intents(data_root: Path) -> list[IntentExample]:
    """``nlu/{zh,en}_*.yml`` and ``nlu/context/{zh,en}.yml`` under ``data_root``.

    A repeated example counts once.

    Raises: CorpusError.
    """
    found: dict[tuple[str, str, str | None], IntentExample] = {}
    for language in LANGUAGES:
        examples = [
            example
            for path in sorted((data_root / "nlu").glob(f"{language}_*.yml"))
            for example in _read_nlu_file(path, language)
        ]
        context = data_root / "nlu" / "context" / f"{language}.yml"
        examples.extend(_read_context_file(context, language) if context.is_file() else ())
        for example in examples:
            found.setdefault((example.text, example.act, example.context), example)
    return list(found.values())


def read_emotions(data_root: Path) -> list[tuple[Language, EmotionExample]]:
    """``emotion/{zh,en}.yml`` under ``data_root``; empty when there are none.

    Raises: CorpusError.
    """
    return [
        (language, example)
        for language in LANGUAGES
        for path in [data_root / "emotion" / f"{language}.yml"]
        if path.is_file()
        for example in _read_emotion_file(path)
    ]


def read_emergencies(data_root: Path) -> list[tuple[Language, str, str | None]]:
    """``emergency/{zh,en}.yml`` under ``data_root``; empty when there are none.

    The last element is the code of the danger, ``None`` for what only sounds like one. A repeated text counts once.

    Raises: CorpusError.
    """
    found: dict[tuple[Language, str], str | None] = {}
    for language in LANGUAGES:
        path = data_root / "emergency" / f"{language}.yml"
        for text, trigger in _read_emergency_file(path) if path.is_file() else ():
            found.setdefault((language, text), trigger)
    return [(language, text, trigger) for (language, text), trigger in found.items()]


def read_categories(packs: Sequence[Path]) -> dict[str, list[tuple[Language, str]]]:
    """``examples.{zh,en}.yml`` of each pack folder: code -> sentences with their language.

    Raises: CorpusError.
    """
    found: defaultdict[str, list[tuple[Language, str]]] = defaultdict(list)
    for pack in packs:
        for language in LANGUAGES:
            path = pack / f"examples.{language}.yml"
            if path.is_file():
                for code, text in _read_examples_file(path):
                    if (language, text) not in found[code]:
                        found[code].append((language, text))
    return dict(found)


def read_openings(data_root: Path, packs: Sequence[Path]) -> list[IntentExample]:
    """Openings of categories that teach a dialogue act, as ``nlu/openings.yml`` says; none without that file.

    Of each category and language the same ``each`` sentences every time, spread over its list.

    Raises: CorpusError.
    """
    path = data_root / "nlu" / "openings.yml"
    if not path.is_file():
        return []
    fields = _fields(path, _compose(path), required=("act", "each", "categories"), optional=())
    act, each = _act(path, fields["act"]), int(_text(path, fields["each"]))
    wanted = tuple(_text(path, node) for node in _sequence(path, fields["categories"]))
    found = []
    for code, pairs in read_categories(packs).items():
        for language in LANGUAGES if code.startswith(wanted) else ():
            texts = [text for spoken, text in pairs if spoken == language]
            step = max(1, len(texts) // each)
            found += [IntentExample(text, act, None, language) for text in texts[::step][:each]]
    return found


def read_ordinary(data_root: Path, packs: Sequence[Path]) -> dict[str, str]:
    """Texts in which no danger is told, as ``emergency/ordinary.yml`` says, and the kind of each: ``turn`` or the
    sector of an opening. Nothing without that file.

    Of each act and each category the same sentences every time, so that the others can measure.

    Raises: CorpusError.
    """
    path = data_root / "emergency" / "ordinary.yml"
    if not path.is_file():
        return {}
    fields = _fields(path, _compose(path), required=("acts_kept_back", "openings", "except"), optional=())
    kept_back, each_opening = (int(_text(path, fields[name])) for name in ("acts_kept_back", "openings"))
    dangerous = tuple(_text(path, node) for node in _sequence(path, fields["except"]))
    texts: dict[str, str] = {}
    acts: defaultdict[str, list[str]] = defaultdict(list)
    for example in read_intents(data_root):
        acts[example.act].append(example.text)
    for act, said in acts.items():
        if act not in dangerous:
            texts |= {text: "turn" for number, text in enumerate(said) if number % kept_back}
    for code, pairs in read_categories(packs).items():
        if not code.startswith(dangerous):
            texts |= dict.fromkeys([text for _, text in pairs][::each_opening], code.split("-")[0])
    return texts


def _read_nlu_file(path: Path, language: Language) -> Iterator[IntentExample]:
    root = _mapping(path, _compose(path))
    if "nlu" not in root:
        raise CorpusError(path, 1, "no 'nlu:' list")
    for entry in _sequence(path, root["nlu"]):
        fields = _mapping(path, entry)
        if "intent" not in fields or "examples" not in fields:
            raise CorpusError(path, _line(entry), "expected 'intent:' and 'examples: |'")
        act = _act(path, fields["intent"])
        block = fields["examples"]
        first = _line(block) + 1  # the text of a block starts below its '|'
        for number, raw in enumerate(_text(path, block, blank=True).split("\n")):
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            if not line.startswith("- ") or not line[2:].strip():
                raise CorpusError(path, first + number, f"an example starts with '- ': {line[:40]!r}")
            yield IntentExample(_MARKED.sub(r"\1", line[2:].strip()), act, None, language)


def _read_context_file(path: Path, language: Language) -> Iterator[IntentExample]:
    for entry in _sequence(path, _compose(path)):
        fields = _fields(path, entry, required=("text", "act"), optional=("context",))
        context = fields.get("context")
        asked = None if context is None or _is_null(context) else _text(path, context)
        yield IntentExample(_text(path, fields["text"]), _act(path, fields["act"]), asked, language)


def _read_emotion_file(path: Path) -> Iterator[EmotionExample]:
    for entry in _sequence(path, _compose(path)):
        fields = _fields(path, entry, required=("text", "label", "intensity"), optional=())
        label, intensity = _text(path, fields["label"]), _text(path, fields["intensity"])
        if label not in EMOTIONS:
            raise CorpusError(path, _line(fields["label"]), f"unknown emotion {label!r}; one of {EMOTIONS}")
        if intensity not in {"0", "1", "2", "3"}:
            raise CorpusError(path, _line(fields["intensity"]), f"intensity is 0 to 3, not {intensity!r}")
        yield EmotionExample(_text(path, fields["text"]), label, int(intensity))


def _read_emergency_file(path: Path) -> Iterator[tuple[str, str | None]]:
    for entry in _sequence(path, _compose(path)):
        fields = _fields(path, entry, required=("text", "trigger"), optional=())
        code = None if _is_null(fields["trigger"]) else _text(path, fields["trigger"])
        if code is not None and code not in LEVELS:
            raise CorpusError(path, _line(fields["trigger"]), f"unknown trigger {code!r}")
        yield _text(path, fields["text"]), code


def _read_examples_file(path: Path) -> Iterator[tuple[str, str]]:
    root = _mapping(path, _compose(path))
    for code, texts in root.items():
        if not _CODE.fullmatch(code):
            raise CorpusError(path, _line(texts), f"{code!r} is no category code such as GOV-ATT-01")
        for text in _sequence(path, texts):
            yield code, _text(path, text)


def _compose(path: Path) -> yaml.Node:
    """The YAML tree with line marks, scalars untouched (``yes`` stays ``yes``)."""
    try:
        with path.open(encoding="utf-8") as stream:
            node = yaml.compose(stream, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CorpusError(path, line, f"not YAML: {error.problem}") from error
    except UnicodeDecodeError as error:
        raise CorpusError(path, 1, f"not UTF-8: {error.reason}") from error
    if node is None:
        raise CorpusError(path, 1, "the file is empty")
    return node


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _mapping(path: Path, node: yaml.Node) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise CorpusError(path, _line(node), "expected 'key: value' lines")
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if key.value in found:
            raise CorpusError(path, _line(key), f"{key.value!r} is there twice")
        found[str(key.value)] = value
    return found


def _sequence(path: Path, node: yaml.Node) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise CorpusError(path, _line(node), "expected a list ('- ' lines)")
    return list(node.value)


def _fields(
    path: Path, node: yaml.Node, *, required: Sequence[str], optional: Sequence[str]
) -> dict[str, yaml.Node]:
    fields = _mapping(path, node)
    for name in required:
        if name not in fields:
            raise CorpusError(path, _line(node), f"{name!r} is missing")
    for name in fields:
        if name not in required and name not in optional:
            raise CorpusError(path, _line(fields[name]), f"unknown key {name!r}")
    return fields


def _text(path: Path, node: yaml.Node, *, blank: bool = False) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise CorpusError(path, _line(node), "expected one text (quote it if it holds ':' or brackets)")
    text = str(node.value) if blank else str(node.value).strip()
    if not text and not blank:
        raise CorpusError(path, _line(node), "the text is empty")
    return text


def _act(path: Path, node: yaml.Node) -> str:
    act = _text(path, node)
    if act not in ACTS:
        raise CorpusError(path, _line(node), f"unknown dialogue act {act!r}")
    return act


def _is_null(node: yaml.Node) -> bool:
    return node.tag == "tag:yaml.org,2002:null"
