"""Messages: who waits for what, and what came early."""

from onething.messages.records import (
    EarlyMessage,
    KeyedMessage,
    SubscriptionRow,
    drop_early,
    drop_expired,
    is_waiting,
    keep_early,
    kept_for_waiting,
    move_all,
    note_key,
    of_instance,
    sent_under,
    subscribe,
    take_early,
    unsubscribe,
    waiting,
)

__all__ = [
    "EarlyMessage",
    "KeyedMessage",
    "SubscriptionRow",
    "drop_early",
    "drop_expired",
    "is_waiting",
    "keep_early",
    "kept_for_waiting",
    "move_all",
    "note_key",
    "of_instance",
    "sent_under",
    "subscribe",
    "take_early",
    "unsubscribe",
    "waiting",
]
