"""Tasks: work for people, and their worklist."""

from onething.tasks.changes import assign, close_all, move_all, open_all, redate
from onething.tasks.queries import (
    LIVE,
    Filter,
    TaskRow,
    count,
    dated_of,
    get,
    instance_ids,
    loads,
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
    "dated_of",
    "get",
    "instance_ids",
    "loads",
    "move_all",
    "open_all",
    "redate",
    "region_prefix",
    "split_id",
    "worklist",
]
