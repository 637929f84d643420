"""What a process counts and times of itself, in the words of Prometheus.

Several processes of one node add up where the environment names a folder for their counts.

Source: prometheus-client, multiprocess mode (`PROMETHEUS_MULTIPROC_DIR`).
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from onething import tracing
from onething.errors import OnethingError

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable with the folder of the counts; read when this module is imported."""

_commands = Counter(
    "onething_commands",
    "Commands by verb and by result: done or an error's code.",
    ["verb", "result"],
)
_command_seconds = Histogram(
    "onething_command_seconds",
    "Time from a command's request to its commit.",
    ["verb"],
    buckets=_SECONDS,
)
_step_seconds = Histogram(
    "onething_step_seconds", "Time that the engine takes for one step.", buckets=_SECONDS
)
_states = Counter(
    "onething_states", "States of instances by source: cache, or rebuilt from history.", ["source"]
)
_replayed = Counter("onething_replayed_events", "Events of histories that were executed again.")
_webhooks = Counter(
    "onething_webhook_deliveries",
    "Calls of webhooks by result: delivered, refused, gone or failed.",
    ["result"],
)


@contextmanager
def command(work: Callable[..., object]) -> Iterator[None]:
    """Count and time one transaction under the verb of the function that it is written in."""
    verb, began, result = tracing.verb(work), time.perf_counter(), "failed"
    try:
        yield
        result = "done"
    except OnethingError as error:
        result = error.code
        raise
    finally:
        _commands.labels(verb, result).inc()
        _command_seconds.labels(verb).observe(time.perf_counter() - began)


@contextmanager
def step() -> Iterator[None]:
    """Time one step of the engine."""
    with _step_seconds.time():
        yield


def state_found(*, is_cached: bool) -> None:
    """Count where the state of an instance came from."""
    _states.labels("cache" if is_cached else "history").inc()


def event_replayed() -> None:
    """Count one event that was executed again."""
    _replayed.inc()


def webhook(result: str) -> None:
    """Count one call of a webhook by what came of it."""
    _webhooks.labels(result).inc()


def exposition(now: Collector) -> bytes:
    """Return every metric in Prometheus' text format.

    Args:
        now: Collects what is measured at this moment and not counted before.
    """
    if os.environ.get(SHARED_FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # untyped in the library
    else:
        registry = REGISTRY
    moment = CollectorRegistry()
    moment.register(now)
    return generate_latest(registry) + generate_latest(moment)
