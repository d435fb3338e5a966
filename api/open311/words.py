"""Answers in the two formats of GeoReport: XML and JSON, made of the same values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.responses import Response

#: What is in a list, by the name of the list.
_ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
}
_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}


def moment(value: datetime | None) -> str | None:
    """W3C date and time, as GeoReport asks for."""
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def answer(root: str, value: Any, *, form: str, status: int = 200) -> Response:
    """``value``: a mapping or a list of them. JSON leaves ``root`` out, as the specification does."""
    if form == "json":
        content = json.dumps(value, ensure_ascii=False)
    else:
        content = '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(_element(root, value), "unicode")
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(content, status, media_type=_TYPES[form], headers=headers)


def errors(code: int, description: str, *, form: str, headers: Mapping[str, str] | None = None) -> Response:
    response = answer("errors", [{"code": code, "description": description}], form=form, status=code)
    response.headers.update(dict(headers or {}))
    return response


def _element(name: str, value: Any) -> Element:
    element = Element(name)
    _fill(element, name, value)
    return element


def _fill(element: Element, name: str, value: Any) -> None:
    if isinstance(value, Mapping):
        for key, each in value.items():
            _fill(SubElement(element, key), key, each)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            _fill(SubElement(element, _ITEMS[name]), _ITEMS[name], each)
    elif value is not None:
        element.text = str(value).lower() if isinstance(value, bool) else _printable(str(value))


def _printable(text: str) -> str:
    """Without what XML 1.0 cannot hold."""
    return "".join(
        c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
