"""Batches: one command on many cases, chosen once, tried first, performed line by line."""

from onething.batches.changes import add, finish, note_line, set_state, start, take
from onething.batches.queries import (
    KINDS,
    OPEN,
    BatchRow,
    Counts,
    LineRow,
    counts,
    every_line,
    find,
    get,
    lines,
    listing,
    open_batches,
)

__all__ = [
    "KINDS",
    "OPEN",
    "BatchRow",
    "Counts",
    "LineRow",
    "add",
    "counts",
    "every_line",
    "find",
    "finish",
    "get",
    "lines",
    "listing",
    "note_line",
    "open_batches",
    "set_state",
    "start",
    "take",
]
