"""A pool takes part at least once, and not more often than at most.

Source: BPMN 2.0.2 §9.3, table 9.3.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_MOST_DIGITS = 18


def check(subject: Subject) -> Iterator[Fault]:
    """Yield participant multiplicities whose bounds contradict each other."""
    for diagram, one in subject.elements("participantMultiplicity"):
        least, most = _number(one.get("minimum", "0")), _number(one.get("maximum", "1"))
        if least is None or most is None or most < 1 or least > most:
            message = "minimum and maximum are no whole numbers that go together"
            yield on(diagram, one, message, "Let maximum be at least 1 and at least minimum.")


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None
