"""The limits of manifests and diagrams, as clocks count them."""

import re
from functools import lru_cache
from typing import Any

from onething import clocks
from onething.calendar import Limit
from onething.errors import CalendarError

ON_THE_SPOT = str(Limit("WD", 0))
"""What is done on the spot is done on its day."""
_HOURS = re.compile(r"PT([0-9]{1,4})([HM])")
_SAME_DAY = ("on-the-spot", "same-day")


@lru_cache(maxsize=1024)
def _counted(text: str) -> str | None:
    if text in _SAME_DAY:
        return ON_THE_SPOT
    hours = _HOURS.fullmatch(text)
    text = f"W{hours[2]}({hours[1]})" if hours else text
    try:
        clocks.limits(text)
    except CalendarError:
        return None
    return text


def legal_limit(text: Any) -> str | None:  # noqa: ANN401 - the value of a property
    """Return a limit as clocks count it; None for no limit and for exact ISO durations."""
    return _counted(text.strip()) if isinstance(text, str) and text.strip() else None
