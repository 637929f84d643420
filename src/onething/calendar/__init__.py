"""Working days and legal periods: pure, from data with their notice numbers.

A period is ``WD(n)`` (working days), ``ND(n)`` (natural days, the last one rolled off a day
of rest) or ``PN(n)`` (public notice: n full days must pass). The day of the event never
counts.

Source: 民法典 201–203; 行政许可法 82; 国务院办公厅 holiday notices of each year.
"""

from onething.calendar.days import (
    Calendar,
    DayKind,
    jurisdiction_of,
    load,
    load_default,
    load_versions,
)
from onething.calendar.due import CountedDay, DueDate, Pause, due, due_at, explain
from onething.calendar.hours import office_time
from onething.calendar.limits import Limit, LimitKind, parse_limit
from onething.calendar.notices import Notice, parse_notice

__all__ = [
    "Calendar",
    "CountedDay",
    "DayKind",
    "DueDate",
    "Limit",
    "LimitKind",
    "Notice",
    "Pause",
    "due",
    "due_at",
    "explain",
    "jurisdiction_of",
    "load",
    "load_default",
    "load_versions",
    "office_time",
    "parse_limit",
    "parse_notice",
]
