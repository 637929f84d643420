"""Jobs: work for machines. The outbox of calls and messages, and the timers."""

from onething.jobs.changes import (
    cancel_at,
    clear_timers,
    finish,
    is_held,
    keep_answer,
    lease,
    put_off,
    put_off_timer,
    queue_again,
    queue_all,
    set_timers,
)
from onething.jobs.queries import (
    JobRow,
    TimerRow,
    at_token,
    due_timers,
    get,
    next_due,
    next_timer,
    of_instance,
    timers_of,
)

__all__ = [
    "JobRow",
    "TimerRow",
    "at_token",
    "cancel_at",
    "clear_timers",
    "due_timers",
    "finish",
    "get",
    "is_held",
    "keep_answer",
    "lease",
    "next_due",
    "next_timer",
    "of_instance",
    "put_off",
    "put_off_timer",
    "queue_again",
    "queue_all",
    "set_timers",
    "timers_of",
]
