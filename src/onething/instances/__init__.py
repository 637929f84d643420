"""Instances: where each run's history stands, and its snapshot."""

from onething.instances.changes import add, advance, keep_state
from onething.instances.queries import (
    InstanceRow,
    count,
    every,
    find,
    get,
    lock,
    stored_state,
)

__all__ = [
    "InstanceRow",
    "add",
    "advance",
    "count",
    "every",
    "find",
    "get",
    "keep_state",
    "lock",
    "stored_state",
]
