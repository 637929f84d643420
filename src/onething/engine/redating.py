"""Timers counted again by another calendar: those whose time text is a legal period."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from onething.engine import timing
from onething.engine.commands import Redate
from onething.engine.context import Context
from onething.engine.outcome import TimerSet
from onething.engine.runtime.instance import Instance
from onething.errors import NotFound


def redated(
    state: Instance, armed: Mapping[str, datetime], context: Context
) -> dict[str, tuple[str, bool]]:
    """Return the legal timers that are due at another instant by the context's calendar.

    Args:
        state: The instance; it is only looked at.
        armed: The instant at which each timer was set, by its id; others are left alone.
        context: What is read from outside now.

    Returns:
        Instant in ISO 8601 and whether it is provisional, by the timer's id.
    """
    found = {}
    for timer, since in armed.items():
        listener = state.listeners.get(timer)
        if listener is None or listener.kind != "timer" or not timing.is_legal(listener.name):
            continue
        due = timing.first(listener.name, replace(context, now=since))
        counted = timing.text(due.at), due.provisional
        if counted != (listener.due, listener.value):
            found[timer] = counted
    return found


def redate(state: Instance, command: Redate) -> None:
    """Set when timers are due; raise NotFound for one that does not run."""
    for timer, (due, provisional) in command.dues.items():
        listener = state.listeners.get(timer)
        if listener is None or listener.kind != "timer":
            raise NotFound(f"there is no timer {timer}")
        listener.due, listener.value = due, provisional
        moved = TimerSet(timer, listener.node, timing.instant(due), provisional)
        state.step.timers_moved.append(moved)
