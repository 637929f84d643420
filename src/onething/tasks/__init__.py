"""Tasks: work for people, and their worklist."""

from onething.tasks.changes import assign, close_all, move_all, move_office, open_all, redate
from onething.tasks.counts import Counts, Moments, counts
from onething.tasks.filters import LIVE, Beside, Filter, region_prefix
from onething.tasks.queries import (
    TaskRow,
    count,
    dated_of,
    get,
    instance_ids,
    loads,
    split_id,
    worklist,
)
from onething.tasks.saved import (
    SavedFilter,
    add_filter,
    change_filter,
    drop_filter,
    filters_of,
    get_filter,
)
from onething.tasks.terms import add_terms, drop_terms, terms_of

__all__ = [
    "LIVE",
    "Beside",
    "Counts",
    "Filter",
    "Moments",
    "SavedFilter",
    "TaskRow",
    "add_filter",
    "add_terms",
    "assign",
    "change_filter",
    "close_all",
    "count",
    "counts",
    "dated_of",
    "drop_filter",
    "drop_terms",
    "filters_of",
    "get",
    "get_filter",
    "instance_ids",
    "loads",
    "move_all",
    "move_office",
    "open_all",
    "redate",
    "region_prefix",
    "split_id",
    "terms_of",
    "worklist",
]
