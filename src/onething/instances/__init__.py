"""Instances: where each run's history stands, and its snapshot."""

from onething.instances.changes import add, advance, advance_all, keep_state, move
from onething.instances.queries import (
    LIVE,
    InstanceRow,
    count,
    count_of,
    every,
    find,
    get,
    live_after,
    lock,
    lock_all,
    of_deployment,
    running,
    stored_state,
    suspended_among,
)

__all__ = [
    "LIVE",
    "InstanceRow",
    "add",
    "advance",
    "advance_all",
    "count",
    "count_of",
    "every",
    "find",
    "get",
    "keep_state",
    "live_after",
    "lock",
    "lock_all",
    "move",
    "of_deployment",
    "running",
    "stored_state",
    "suspended_among",
]
