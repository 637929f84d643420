"""Tasks: work for people, and their worklist."""

from onething.tasks.changes import assign, close_all, move_all, open_all
from onething.tasks.queries import (
    LIVE,
    Filter,
    TaskRow,
    count,
    get,
    instance_ids,
    region_prefix,
    split_id,
    worklist,
)

__all__ = [
    "LIVE",
    "Filter",
    "TaskRow",
    "assign",
    "close_all",
    "count",
    "get",
    "instance_ids",
    "move_all",
    "open_all",
    "region_prefix",
    "split_id",
    "worklist",
]
