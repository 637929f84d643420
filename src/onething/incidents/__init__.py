"""Incidents: jobs and steps that gave up."""

from onething.incidents.records import (
    IncidentRow,
    add,
    count_open,
    get,
    listing,
    move_all,
    of_job,
    resolve,
)

__all__ = ["IncidentRow", "add", "count_open", "get", "listing", "move_all", "of_job", "resolve"]
