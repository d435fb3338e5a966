"""OpenTelemetry traces, when ``TINGSU_TRACES_URL`` is set and the extra ``traces`` is installed. Else nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_tracer: list[Any] = []


class TracesUnavailable(Exception):
    """Traces are asked for and cannot be sent; the message names the cure."""


class Trace:
    """One operation and its stages. Without a tracer it does nothing."""

    def __init__(self, span: Any = None) -> None:
        self._span = span

    def lap(self, stage: str, *, seconds: float) -> None:
        """A stage that ended now and took ``seconds``."""
        if self._span is None:
            return
        from opentelemetry.trace import set_span_in_context

        now = time.time_ns()
        child = _tracer[0].start_span(
            stage, context=set_span_in_context(self._span), start_time=now - int(seconds * 1e9)
        )
        child.end(now)

    def end(self, outcome: str) -> None:
        if self._span is not None:
            self._span.set_attribute("tingsu.outcome", outcome)
            self._span.end()


def begin(name: str, **references: str | int) -> Trace:
    """Start a span; ``references`` are ids and words of ours, never a person's."""
    if not _tracer:
        return Trace()
    attributes = {f"tingsu.{key}": value for key, value in references.items()}
    return Trace(_tracer[0].start_span(name, attributes=attributes))


@contextmanager
def sent_to(url: str, *, part: str) -> Iterator[None]:
    """Send the spans of this process to ``url`` (OTLP over HTTP), if there is one. Raises: TracesUnavailable."""
    if not url:
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise TracesUnavailable(
            "TINGSU_TRACES_URL is set, but OpenTelemetry is not installed: uv sync --extra traces"
        ) from error
    provider = TracerProvider(resource=Resource.create({"service.name": f"tingsu-{part}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    _tracer[:] = [provider.get_tracer("tingsu")]
    try:
        yield
    finally:
        _tracer.clear()
        provider.shutdown()
