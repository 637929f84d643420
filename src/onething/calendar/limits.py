"""The kinds of legal period and how they are written."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from onething.errors import CalendarError

LimitKind = Literal["WD", "ND", "PN", "WH", "WM"]
"""Working days, natural days with roll, days of a public notice; working hours and minutes."""

LONGEST_YEARS = 10
LONGEST: dict[LimitKind, int] = {
    "WD": LONGEST_YEARS * 250,
    "ND": LONGEST_YEARS * 366,
    "PN": LONGEST_YEARS * 366,
    "WH": LONGEST_YEARS * 250 * 8,
    "WM": LONGEST_YEARS * 250 * 8 * 60,
}
"""The most days, hours or minutes that a limit may name: about ten years."""

_WRITTEN = re.compile(r"(WD|ND|PN|WH|WM)(?:\((\d{1,9})\)|(\d{1,9}))", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of legal time: kind, and number of days, hours or minutes.

    Raises:
        CalendarError: the number is negative or longer than ten years.
    """

    kind: LimitKind
    n: int

    def __post_init__(self) -> None:
        if self.kind not in LONGEST:
            raise CalendarError(f"a limit is of kind WD, ND, PN, WH or WM, not {self.kind!r}")
        if self.n < 0:
            raise CalendarError(f"a limit cannot be negative: {self.kind}({self.n})")
        if self.n > LONGEST[self.kind]:
            raise CalendarError(f"a limit is at most {LONGEST_YEARS} years: {self.kind}({self.n})")

    @property
    def counts_days(self) -> bool:
        """Whether it ends with a day; else within one, by office hours."""
        return self.kind in {"WD", "ND", "PN"}

    def __str__(self) -> str:
        return f"{self.kind}({self.n})"


@lru_cache(maxsize=1024)
def parse_limit(text: str) -> Limit:
    """Read ``WD(5)`` or ``WD5``, ``ND(30)``, ``PN(60)``, ``WH(4)``, ``WM(30)``.

    Raises:
        CalendarError: the text is no limit, or names more than ten years.
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise CalendarError(f"no limit like WD(5), ND(30) or PN(60): {text[:40]!r}")
    kind, in_brackets, bare = written.groups()
    return Limit(cast("LimitKind", kind), int(in_brackets or bare))
