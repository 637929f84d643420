"""Spans by OpenTelemetry; imported only where traces are configured."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Link, Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from onething.errors import OnethingError
from onething.tracing import Kind, Value

_KINDS = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "consumer": SpanKind.CONSUMER,
}
_SEND_WITHIN_S = 3
_FLUSH_WITHIN_MS = 5_000
_words = TraceContextTextMapPropagator()
_command: ContextVar[Span | None] = ContextVar("command", default=None)


class Spans:
    """The spans of one process and the thread that sends them."""

    def __init__(self, url: str, version: str, percent: int) -> None:
        instance = f"{socket.gethostname()}-{os.getpid()}"
        resource = Resource.create(
            {
                "service.name": "onething",
                "service.version": version,
                "service.instance.id": instance,
            }
        )
        sampler = ParentBased(TraceIdRatioBased(percent / 100))
        self._provider = TracerProvider(sampler=sampler, resource=resource)
        exporter = OTLPSpanExporter(endpoint=url, timeout=_SEND_WITHIN_S)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("onething", version)

    @contextmanager
    def span(
        self, name: str, kind: Kind, parent: str | None, link: str | None, told: dict[str, Value]
    ) -> Iterator[None]:
        """Time what happens inside."""
        links = [Link(_place(link))] if link else None
        with self._tracer.start_as_current_span(
            name,
            context=_context(parent) if parent else None,
            kind=_KINDS[kind],
            attributes=told,
            links=links,
            record_exception=False,  # an error's words may name a person
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except BaseException as error:
                _fail(span, error)
                raise

    @contextmanager
    def command(self, verb: str) -> Iterator[None]:
        """Time a command; what it is about is told later."""
        with self.span(verb, "internal", None, None, {"onething.verb": verb}):
            token = _command.set(trace.get_current_span())
            try:
                yield
            finally:
                _command.reset(token)

    def tell_command(self, told: dict[str, Value]) -> None:
        """Tell more of the command that runs."""
        span = _command.get()
        if span is not None:
            span.set_attributes(told)

    def tell(self, name: str | None, told: dict[str, Value]) -> None:
        """Rename the span that runs, or tell more of it."""
        span = trace.get_current_span()
        if name is not None:
            span.update_name(name)
        span.set_attributes(told)

    def headers(self) -> dict[str, str]:
        """Return the headers that carry the trace on."""
        carried: dict[str, str] = {}
        _words.inject(carried)
        return carried

    def flush(self) -> None:
        """Send what is left."""
        self._provider.force_flush(_FLUSH_WITHIN_MS)


def _context(traceparent: str) -> Context:
    return _words.extract({"traceparent": traceparent}, Context())


def _place(traceparent: str) -> trace.SpanContext:
    return trace.get_current_span(_context(traceparent)).get_span_context()


def _fail(span: Span, error: BaseException) -> None:
    code = error.code if isinstance(error, OnethingError) else type(error).__name__
    span.set_attribute("error.type", code)
    span.set_status(StatusCode.ERROR)
