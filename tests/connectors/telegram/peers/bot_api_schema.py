"""Holds requests and updates against the Bot API as aiogram's authors read it from Telegram's page.

Checked: known method or type, known fields, required fields, types, and the lengths named in the
descriptions.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_LENGTH = re.compile(r"(\d+)-(\d+) (characters|bytes)")
_AT_MOST = re.compile(r"At most (\d+) ")
_RANGE = re.compile(r"Values between (\d+)-(\d+) are accepted")
_SUBTYPE = re.compile(r"^ - (\w+)$", re.MULTILINE)
_TAG = re.compile(r"</?([a-z][a-z0-9-]*)[^<>]*>")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
#: Source: Bot API, formatting options, HTML style.
_TAGS = {
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "span",
    "tg-spoiler",
    "a",
    "tg-emoji",
    "tg-time",
}
_TAGS |= {"code", "pre", "blockquote"}


class BotApiSchema:
    """One version of the Bot API."""

    def __init__(self, file: Path) -> None:
        content = json.loads(file.read_text(encoding="utf-8"))
        self.version: str = content["api"]["version"]
        self._entries: dict[str, dict[str, Any]] = {
            entry["name"]: entry for section in content["items"] for entry in section["children"]
        }

    def fields(self, name: str) -> dict[str, str]:
        """Field names of a type, or parameters of a method, with their descriptions."""
        return {field["name"]: field["description"] for field in self._entries[name]["annotations"]}

    def is_method(self, name: str) -> bool:
        return self._entries.get(name, {}).get("category") == "methods"

    def returns_message(self, method: str) -> bool:
        return "Message is returned" in self._entries[method]["description"]

    def check_request(self, method: str, form: Mapping[str, str]) -> list[str]:
        """What is wrong with a form-encoded request; empty if nothing is."""
        if not self.is_method(method):
            return [f"{method}: no such method"]
        fields = {field["name"]: field for field in self._entries[method]["annotations"]}
        parameters = {
            name: _from_form(value, fields[name]["type"]) if name in fields else value
            for name, value in form.items()
        }
        return self._check_fields(method, parameters, is_html=form.get("parse_mode") == "HTML")

    def check(self, type_name: str, value: object) -> list[str]:
        """What is wrong with a value of a type, such as an Update."""
        return self._check_value(type_name, value, path=type_name, described="", is_html=False)

    def _check_fields(
        self, name: str, values: Mapping[str, Any], *, is_html: bool, path: str = ""
    ) -> list[str]:
        path = path or name
        fields = {field["name"]: field for field in self._entries[name]["annotations"]}
        problems = [f"{path}.{key}: no such field" for key in values if key not in fields]
        problems += [
            f"{path}.{key}: missing"
            for key, field in fields.items()
            if field["required"] and key not in values
        ]
        for key in values.keys() & fields.keys():
            field = fields[key]
            problems += self._check_value(
                field["type"],
                values[key],
                path=f"{path}.{key}",
                described=field["description"],
                is_html=is_html,
            )
        return problems

    def _check_value(
        self, wanted: str, value: object, *, path: str, described: str, is_html: bool
    ) -> list[str]:
        if wanted.startswith("Array of "):
            return self._check_array(wanted.removeprefix("Array of "), value, path, described)
        choices = re.split(r" or |, | and ", wanted)
        if len(choices) == 1:
            choices = self._one_of(wanted) or choices
        attempts = [
            self._check_single(choice, value, path=path, described=described, is_html=is_html)
            for choice in choices
        ]
        return min(attempts, key=len)

    def _one_of(self, name: str) -> list[str]:
        """The types a type stands for, as its description lists them; empty if it stands for itself."""
        entry = self._entries.get(name)
        if entry is None or entry["annotations"]:
            return []
        plain = ["String"] if "String for plain text" in entry["description"] else []
        array = [f"Array of {name}"] if f"an Array of {name}" in entry["description"] else []
        return plain + array + _SUBTYPE.findall(entry["description"])

    def _check_array(self, wanted: str, value: object, path: str, described: str) -> list[str]:
        if not isinstance(value, list):
            return [f"{path}: no array"]
        problems = []
        if (most := _AT_MOST.search(described)) and len(value) > int(most[1]):
            problems.append(f"{path}: more than {most[1]}")
        for index, item in enumerate(value):
            problems += self._check_value(wanted, item, path=f"{path}[{index}]", described="", is_html=False)
        return problems

    def _check_single(
        self, wanted: str, value: object, *, path: str, described: str, is_html: bool
    ) -> list[str]:
        if wanted.startswith("Array of "):
            return self._check_array(wanted.removeprefix("Array of "), value, path, described)
        if wanted == "String":
            return _check_string(value, path, described, is_html=is_html)
        if wanted == "Integer":
            right = isinstance(value, int) and not isinstance(value, bool)
            return _check_range(value, path, described) if right else [f"{path}: no integer"]
        if wanted == "Float":
            return (
                []
                if isinstance(value, (int, float)) and not isinstance(value, bool)
                else [f"{path}: no number"]
            )
        if wanted in ("Boolean", "True"):
            right = isinstance(value, bool) if wanted == "Boolean" else value is True
            return [] if right else [f"{path}: not {wanted}"]
        if wanted not in self._entries:
            return [f"{path}: cannot check {wanted}"]
        if not isinstance(value, Mapping):
            return [f"{path}: no {wanted}"]
        return self._check_fields(wanted, value, is_html=is_html, path=path)


def _from_form(value: str, wanted: str) -> object:
    """Form values are text; everything but text is JSON."""
    if wanted == "String":
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _check_string(value: object, path: str, described: str, *, is_html: bool) -> list[str]:
    if not isinstance(value, str):
        return [f"{path}: no string"]
    limits = _LENGTH.search(described)
    if limits is None:
        return []
    problems = []
    if "after entities parsing" in described and is_html:
        problems = [f"{path}: {problem}" for problem in html_problems(value)]
        value = html.unescape(_TAG.sub("", value))
    # Telegram cuts white space at both ends before it counts.
    counted = value.strip() if "after entities parsing" in described else value
    size = len(counted.encode()) if limits[3] == "bytes" else len(counted.encode("utf-16-le")) // 2
    if not int(limits[1]) <= size <= int(limits[2]):
        problems.append(f"{path}: {size} {limits[3]}, allowed {limits[1]}-{limits[2]}")
    return problems


def _check_range(value: object, path: str, described: str) -> list[str]:
    limits = _RANGE.search(described)
    if limits and isinstance(value, int) and not int(limits[1]) <= value <= int(limits[2]):
        return [f"{path}: {value}, allowed {limits[1]}-{limits[2]}"]
    return []


def html_problems(text: str) -> list[str]:
    """Why Telegram could not parse the text as HTML; empty if it can."""
    problems = [f"unknown tag {name}" for name in _TAG.findall(text) if name not in _TAGS]
    rest = _ENTITY.sub("", _TAG.sub("", text))
    return problems + [f"bare {sign}" for sign in "<>&" if sign in rest]
