"""The OpenAPI 3.1 document, made from the endpoints that are served."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from api.layer import Endpoint
from api.problems import CONTENT_TYPE, KINDS, Problem
from casework.clients.model import Scope

_REF = "#/components/schemas/{name}"
#: Problems that every endpoint can end with.
EVERYWHERE = ("no-token", "not-in-scope", "wrong-values", "too-many", "away")
_PATH: dict[str, tuple[str, dict[str, Any]]] = {
    "number": ("Of the ticket, such as TS261121-482913", {"type": "string", "minLength": 1, "maxLength": 40}),
    "id": ("As the list gives it", {"type": "integer", "minimum": 1, "maximum": 2**53}),
}
_WITH_BODY = ("malformed", "too-large", "not-json")
_ABOUT = {
    Scope.READ: "lists, tickets with details masked, tasks, alarms, departments",
    Scope.PERSONAL: "what people wrote, and files",
    Scope.ACT: "take steps with tickets, finish tasks",
    Scope.FILE: "file tickets for others",
    Scope.CHAT: "read and take over conversations",
}


def document(endpoints: Sequence[Endpoint], *, title: str, prefix: str) -> dict[str, Any]:
    """``prefix``: path under which the endpoints are served."""
    shapes = [Problem, *(e.gives for e in endpoints if e.gives is not bytes)]
    shapes += [shape for e in endpoints for shape in (e.body, e.query) if shape is not None]
    schemas, components = msgspec.json.schema_components(dict.fromkeys(shapes), ref_template=_REF)
    by_shape = dict(zip(dict.fromkeys(shapes), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        operation = _operation(endpoint, by_shape, components)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    queries = {e.query.__name__ for e in endpoints if e.query}
    scopes = "\n".join(f"- `{scope.value}`: {about}" for scope, about in _ABOUT.items())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": "1",
            "description": f"Everything staff can do. Tokens are made by `tingsu tokens add`. Scopes:\n\n{scopes}",
        },
        "servers": [{"url": prefix}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in components.items() if name not in queries},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint, by_shape: dict[Any, Any], components: dict[str, Any]) -> dict[str, Any]:
    parameters = [_path_parameter(name) for name in _names(endpoint.path)]
    if endpoint.query is not None:
        parameters += _query_parameters(components[endpoint.query.__name__])
    if endpoint.method == "POST":
        parameters.append(
            _header("Idempotency-Key", "The same key and request get the same answer for 24 h", "^[!-~]+$")
        )
    if endpoint.conditional:
        parameters.append(_header("If-Match", "ETag of the ticket as it was seen", r'^("[0-9]{1,9}"|\*)$'))
    codes = [*EVERYWHERE, *endpoint.codes]
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": f"Scope: {', '.join(scope.value for scope in endpoint.scopes)}."
        if endpoint.scopes
        else "",
        "tags": [endpoint.tag],
        "parameters": parameters,
    }
    if endpoint.method == "POST":
        codes += [*_WITH_BODY, "key-reused"] if endpoint.body else ["key-reused", "too-large"]
    if endpoint.body is not None:
        content = {"application/json": {"schema": by_shape[endpoint.body]}}
        operation["requestBody"] = {"required": True, "content": content}
    operation["responses"] = {str(endpoint.status): _success(endpoint, by_shape), **_failures(codes)}
    return operation


def _success(endpoint: Endpoint, by_shape: dict[Any, Any]) -> dict[str, Any]:
    if endpoint.gives is bytes:
        return {"description": "The file", "content": {"*/*": {}}}
    return {"description": "Done", "content": {"application/json": {"schema": by_shape[endpoint.gives]}}}


def _failures(codes: Iterable[str]) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(KINDS[code][0], []).append(code)
    return {
        str(status): {
            "description": "; ".join(f"`{code}`: {KINDS[code][1].en}" for code in found),
            "content": {CONTENT_TYPE: {"schema": {"$ref": _REF.format(name="Problem")}}},
        }
        for status, found in sorted(by_status.items())
    }


def _names(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _path_parameter(name: str) -> dict[str, Any]:
    about, schema = _PATH[name]
    return {"name": name, "in": "path", "required": True, "description": about, "schema": schema}


def _query_parameters(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": False, "schema": each}
        for name, each in schema["properties"].items()
    ]


def _header(name: str, about: str, pattern: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": pattern, "maxLength": 255}
    return {"name": name, "in": "header", "required": False, "description": about, "schema": schema}
