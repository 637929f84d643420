"""Tasks: work for people, and their worklist."""

from onething.tasks.changes import assign, close_all, move_all, move_office, open_all, redate
from onething.tasks.queries import (
    LIVE,
    Beside,
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
    "Beside",
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
    "move_office",
    "open_all",
    "redate",
    "region_prefix",
    "split_id",
    "worklist",
]
