"""What may be asked of the engine: one small record a command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Variables = Mapping[str, Any]
"""JSON values by name; numbers are int or Decimal, dates are ISO texts."""


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a new root instance of a process."""

    process_id: str
    variables: Variables = field(default_factory=dict)
    start_event: str | None = None
    """Id of the start event; None takes the none start event, else the only one there is."""


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """A person has completed the user task that waits at a token."""

    token: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompleteJob:
    """A machine has answered the job that waits at a token."""

    token: str
    answer: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThrowError:
    """The work at a token ends with a BPMN error."""

    token: str
    code: str
    message: str = ""
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FireTimer:
    """A timer has come due."""

    timer: str


@dataclass(frozen=True, slots=True)
class Correlate:
    """A message or signal reaches one waiting subscription."""

    subscription: str
    payload: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetVariables:
    """Set variables of the root scope; conditional events react."""

    variables: Variables


@dataclass(frozen=True, slots=True)
class Retry:
    """Try a token again that stopped with an incident."""

    token: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enable:
    """Begin one activity of a waiting ad-hoc sub-process."""

    activity: str


@dataclass(frozen=True, slots=True)
class Move:
    """Take a token off one node and put one at another, against the model's flows."""

    cancel: str | None = None
    """Id of the node whose token ends; `node#token` where several stand there."""
    start: str | None = None
    """Id of the node where a token begins."""


@dataclass(frozen=True, slots=True)
class Redate:
    """Legal timers are due at other instants: a new calendar has come."""

    dues: Mapping[str, tuple[str, bool]]
    """Instant in ISO 8601 and whether it is provisional, by the timer's id."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the whole instance; nothing of it goes on."""

    reason: str = ""


Command = (
    CompleteTask
    | CompleteJob
    | ThrowError
    | FireTimer
    | Correlate
    | SetVariables
    | Retry
    | Enable
    | Move
    | Redate
    | Cancel
)
