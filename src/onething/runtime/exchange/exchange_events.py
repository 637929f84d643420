"""What an event of a history is called in the exchange between departments. Pure.

Source: the ten event types of provincial exchanges, domain report §1.3 [S84e]. Which step of a
case stands for which type is an assumption of this product.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from onething.history import Event


class ExchangeType(Enum):
    """The ten types, by their names in the exchange."""

    APPLIED = "申报"
    PRE_ACCEPTED = "网上预受理"
    ACCEPTED = "受理"
    HANDLED = "审批"
    SUPPLEMENT_TOLD = "补正告知"
    SUPPLEMENT_ACCEPTED = "补正受理"
    SPECIAL_APPLIED = "特别程序申请"
    SPECIAL_RESULT = "特别程序结果"
    CONCLUDED = "办结"
    COLLECTED = "领取登记"


@dataclass(frozen=True, slots=True)
class ExchangeEvent:
    """One thing that happened to a case, in the exchange's words."""

    type: ExchangeType
    item_id: str | None = None
    """The item that it concerns; None for the whole case."""
    state: str | None = None
    """The state that the item came to."""


_PASSED = {
    ("shared-intake", "application-received"): ExchangeType.PRE_ACCEPTED,
    ("shared-intake", "application-accepted"): ExchangeType.ACCEPTED,
    ("shared-intake", "acceptance-deemed"): ExchangeType.ACCEPTED,
    ("shared-supplement", "supplement-needed"): ExchangeType.SUPPLEMENT_TOLD,
    ("shared-supplement", "supplement-provided"): ExchangeType.SUPPLEMENT_ACCEPTED,
    ("shared-pause", "pause-requested"): ExchangeType.SPECIAL_APPLIED,
    ("shared-pause", "pause-refused"): ExchangeType.SPECIAL_RESULT,
    ("shared-pause", "time-extended"): ExchangeType.SPECIAL_RESULT,
    ("shared-pause", "pause-finished"): ExchangeType.SPECIAL_RESULT,
    ("shared-deliver", "result-delivered"): ExchangeType.COLLECTED,
}
"""Nodes of the shared processes whose passing is an event of the exchange."""


def exchange_events(event: Event) -> Iterator[ExchangeEvent]:
    """Yield what one event of a history means to the exchange, in a fixed order."""
    if event.kind == "CaseStarted":
        yield ExchangeEvent(ExchangeType.APPLIED)
    for activity, _token, process in event.effects.get("ended", ()):
        kind = _PASSED.get((process, activity))
        if kind is not None:
            yield ExchangeEvent(kind)
    for item_id, state in event.effects.get("items", ()):
        yield ExchangeEvent(ExchangeType.HANDLED, item_id, state)
    if event.effects.get("status", "active") != "active":
        yield ExchangeEvent(ExchangeType.CONCLUDED)
