"""Cards: the signals of electronic supervision, amber, yellow and red (预警, 黄牌, 红牌)."""

from onething.cards.changes import add, answer, escalate, review, waive
from onething.cards.queries import (
    BUREAU,
    COLOURS,
    STATES,
    CardRow,
    Filter,
    count,
    get,
    known,
    listing,
    of_case,
    tally,
    unanswered,
    waiting,
)

__all__ = [
    "BUREAU",
    "COLOURS",
    "STATES",
    "CardRow",
    "Filter",
    "add",
    "answer",
    "count",
    "escalate",
    "get",
    "known",
    "listing",
    "of_case",
    "review",
    "tally",
    "unanswered",
    "waiting",
    "waive",
]
