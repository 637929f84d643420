"""What a diagram says of clocks is known: its properties, kinds of clock and limits.

A misspelt property moves no clock, and nobody notices before a court does.

Source: 行政许可法 第四十二条、第四十五条.
"""

from collections.abc import Iterator, Mapping

from onething.catalog.subject import Fault, Subject, at
from onething.clocks import KINDS
from onething.errors import Severity

SEVERITY: Severity = "error"
_PREFIX = "clock."
_KINDS_OF = ("start", "stop", "expire", "pause", "exclude", "resume", "deem", "check")
_OTHERS = (
    "limit",
    "promised",
    "since",
    "extend",
    "item",
    "reason",
    "basis",
    "approver",
    "approval",
    "materials",
)
_WITHOUT_LIMIT = ("", "handling")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield nodes whose properties of clocks cannot mean anything."""
    for node in subject.nodes():
        told = {
            name.removeprefix(_PREFIX): value
            for name, value in node.properties.items()
            if name.startswith(_PREFIX)
        }
        for message, remedy in _faults(told):
            yield at(node, message, remedy)


def _faults(told: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    known = (*_KINDS_OF, *_OTHERS)
    for name in told:
        if name not in known:
            yield f"onething:clock.{name} is unknown", f"Use one of {', '.join(known)}."
    for name in _KINDS_OF:
        for kind in _literal(told.get(name, "")):
            if kind not in KINDS:
                yield f"onething:clock.{name} is {kind}", f"Use one of {', '.join(KINDS)}."
    starts = told.get("start", "")
    if starts not in _WITHOUT_LIMIT and not starts.startswith("=") and not _is_limited(told):
        yield f"the {starts} clock has no limit", "Add onething:clock.limit."


def _is_limited(told: Mapping[str, str]) -> bool:
    return bool(told.get("limit") or told.get("promised"))


def _literal(value: str) -> list[str]:
    """Return the kinds that a property names without FEEL."""
    parts = [] if value.startswith("=") else value.split(",")
    return [part.strip() for part in parts if part.strip()]
