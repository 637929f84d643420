"""Subscriptions: other systems that are told of events by signed webhooks."""

from onething.subscriptions.changes import (
    add,
    advance,
    defer,
    lease,
    note,
    pause,
    release,
    remove,
    resume,
    rotate,
)
from onething.subscriptions.queries import (
    LONGEST_WAIT,
    ChangeRow,
    SubscriptionRow,
    changes,
    count,
    due,
    get,
    listing,
)

__all__ = [
    "LONGEST_WAIT",
    "ChangeRow",
    "SubscriptionRow",
    "add",
    "advance",
    "changes",
    "count",
    "defer",
    "due",
    "get",
    "lease",
    "listing",
    "note",
    "pause",
    "release",
    "remove",
    "resume",
    "rotate",
]
