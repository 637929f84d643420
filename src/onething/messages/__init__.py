"""Messages: who waits for what, and what came early."""

from onething.messages.records import (
    EarlyMessage,
    SubscriptionRow,
    drop_expired,
    keep_early,
    of_instance,
    subscribe,
    take_early,
    unsubscribe,
    waiting,
)

__all__ = [
    "EarlyMessage",
    "SubscriptionRow",
    "drop_expired",
    "keep_early",
    "of_instance",
    "subscribe",
    "take_early",
    "unsubscribe",
    "waiting",
]
