"""The limits of manifests and diagrams, as clocks count them."""

from functools import lru_cache
from typing import Any

from onething import clocks
from onething.calendar import Limit, parse_limit
from onething.errors import CalendarError

ON_THE_SPOT = str(Limit("WD", 0))
"""What is done on the spot is done on its day."""
_SAME_DAY = ("on-the-spot", "same-day")


@lru_cache(maxsize=1024)
def _counted(text: str) -> str | None:
    if text in _SAME_DAY:
        return ON_THE_SPOT
    try:
        parts = clocks.limits(text)
    except CalendarError:
        return None
    is_legal = len(parts) == 1 or all(part.counts_days for part in parts)
    return text if is_legal else None


_WORDS = {"WD": "{}个工作日", "ND": "{}日", "PN": "{}日", "WH": "{}个工作小时", "WM": "{}分钟"}


def in_words(limit: str) -> str:
    """Return a limit as a Chinese notice says it: `WD(5)` is 5个工作日.

    Raises:
        CalendarError: It cannot be read.
    """
    parsed = parse_limit(limit)
    return _WORDS[parsed.kind].format(parsed.n)


def legal_limit(text: Any) -> str | None:  # noqa: ANN401 - the value of a property
    """Return a limit as clocks count it; None for none.

    Clocks count legal time: hours of the clock on the wall (``PT4H``) are held by timers.
    """
    return _counted(text.strip()) if isinstance(text, str) and text.strip() else None
