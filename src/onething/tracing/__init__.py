"""Traces of what a node does, sent to a collector where the settings name one.

OpenTelemetry is imported by `configure` alone. Without it every function here returns at once.
Spans hold verbs, routes, operations and case numbers; never a person, a value or an error's
words.

Source: OpenTelemetry semantic conventions (HTTP, database); W3C Trace Context.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from importlib import import_module
from typing import Any, Literal, Protocol

Kind = Literal["internal", "server", "client", "consumer"]
Value = str | int | bool


class _Spans(Protocol):
    """What `onething.tracing.spans` offers; it is not imported before it is needed."""

    def span(
        self, name: str, kind: Kind, parent: str | None, link: str | None, told: dict[str, Value]
    ) -> AbstractContextManager[None]: ...

    def command(self, verb: str) -> AbstractContextManager[None]: ...

    def tell_command(self, told: dict[str, Value]) -> None: ...

    def tell(self, name: str | None, told: dict[str, Value]) -> None: ...

    def headers(self) -> dict[str, str]: ...

    def flush(self) -> None: ...


_NOTHING = nullcontext()
_spans: list[_Spans] = []
"""Empty, or the one that was configured."""


def configure(url: str, version: str, percent: int = 100) -> None:
    """Send traces to an OTLP/HTTP endpoint from now on; nothing happens without a URL.

    Sending is the business of a thread of its own: a collector that is slow or gone costs spans,
    never time.

    Args:
        url: Such as `http://collector:4318/v1/traces`.
        version: Of the product.
        percent: How many traces of a hundred are sent.
    """
    if url and not _spans:
        _spans.append(import_module("onething.tracing.spans").Spans(url, version, percent))


def is_on() -> bool:
    """Whether traces are sent."""
    return bool(_spans)


def span(
    name: str,
    kind: Kind = "internal",
    *,
    parent: str | None = None,
    link: str | None = None,
    **told: Value,
) -> AbstractContextManager[None]:
    """Time what happens inside; `a_b` is written as `onething.a_b`.

    Args:
        name: Few different ones: a verb or a route, never a number.
        kind: Server and client where a network lies between.
        parent: The caller's `traceparent`; None for the span that runs.
        link: `traceparent` of what caused this earlier.
        told: What may be told of it.
    """
    if not _spans:
        return _NOTHING
    return _spans[0].span(name, kind, parent, link, {f"onething.{key}": told[key] for key in told})


def command(work: Callable[..., object]) -> AbstractContextManager[None]:
    """Time a command under the verb of the function that its transaction is written in."""
    return _spans[0].command(verb(work)) if _spans else _NOTHING


def about(case_no: str) -> None:
    """Say which case the command that runs is about."""
    if _spans:
        _spans[0].tell_command({"onething.case_no": case_no})


def tell(name: str | None = None, **told: Any) -> None:  # noqa: ANN401 - values of spans
    """Rename the span that runs, or tell more of it; `http__route` is written `http.route`."""
    if _spans:
        _spans[0].tell(name, {key.replace("__", "."): told[key] for key in told})


def headers() -> dict[str, str]:
    """Return the headers that let another system go on with this trace; empty without one."""
    return _spans[0].headers() if _spans else {}


def flush() -> None:
    """Send what is left; for tests and for the end of a process."""
    if _spans:
        _spans[0].flush()


def verb(work: Callable[..., object]) -> str:
    """Return the outermost function that a transaction stands in: `start_case`, `complete`."""
    function = work.func if isinstance(work, partial) else work
    name = getattr(function, "__qualname__", type(function).__name__)
    return name.partition(".")[0].lstrip("_")
