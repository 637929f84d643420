"""A promised limit is not longer than the limit of the law.

Source: 行政许可法 第四十二条; a department may promise to be faster, never slower.
"""

from collections.abc import Iterator

from onething import calendar
from onething.calendar import Limit
from onething.catalog.subject import Fault, Subject
from onething.errors import CalendarError, Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True
_WEEK = 7
_WORKING_WEEK = 5


def check(subject: Subject) -> Iterator[Fault]:
    """Yield items that promise less than the law demands."""
    for item in subject.service.items:
        lawful, promised = _limit(item.statutory), _limit(item.promised)
        if lawful and promised and _days(promised) > _days(lawful):
            message = f"{promised} is promised, the law allows {lawful}"
            remedy = "Promise the limit of the law or a shorter one."
            yield Fault(subject.manifest, f"items.{item.id}", message, remedy)


def _limit(text: str) -> Limit | None:
    try:
        return calendar.parse_limit(text)
    except CalendarError:
        return None


def _days(limit: Limit) -> float:
    """Return the length in natural days, for comparison: a working day is 7/5 of one."""
    return limit.n * _WEEK / _WORKING_WEEK if limit.kind == "WD" else float(limit.n)
