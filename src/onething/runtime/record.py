"""How a command stands in history: a public part, a personal part, and back again."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from onething.engine import (
    Cancel,
    Command,
    CompleteJob,
    CompleteTask,
    Correlate,
    Enable,
    FireTimer,
    Move,
    Redate,
    Retry,
    SetVariables,
    Start,
    ThrowError,
)
from onething.errors import HistoryBroken

_KINDS: dict[str, type[Start | Command]] = {
    kind.__name__: kind
    for kind in (
        Start,
        CompleteTask,
        CompleteJob,
        ThrowError,
        FireTimer,
        Correlate,
        SetVariables,
        Retry,
        Enable,
        Move,
        Redate,
        Cancel,
    )
}
_PERSONAL = frozenset({"variables", "answer", "payload", "message", "reason"})


def split(command: Start | Command) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what of a command everybody with access to history sees, and what is personal."""
    public: dict[str, Any] = {"command": type(command).__name__}
    personal: dict[str, Any] = {}
    for one in fields(command):
        part = personal if one.name in _PERSONAL else public
        part[one.name] = getattr(command, one.name)
    return public, personal


def join(public: Mapping[str, Any], personal: Mapping[str, Any]) -> Start | Command | None:
    """Return the engine's command that an event records, or None for an event without one.

    Raises:
        HistoryBroken: The event names a command that the engine does not know.
    """
    name = public.get("command")
    if name is None:
        return None
    kind = _KINDS.get(name)
    if kind is None:
        raise HistoryBroken(f"The history names an unknown command {name}")
    known = {one.name for one in fields(kind)}
    values = {key: value for key, value in {**public, **personal}.items() if key in known}
    return kind(**values)
