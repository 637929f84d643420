"""What one command did: the engine's answer, a Step, and its parts.

Everything here is plain data in JSON values. Ids of tokens, timers and subscriptions are
texts that the engine counts per instance, so that the same history gives the same ids.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Status = Literal["active", "completed", "cancelled", "failed"]
"""failed: an error that nothing in the model catches ended the instance."""


@dataclass(frozen=True, slots=True)
class Passage:
    """An activity, event or gateway that began, ended or was cancelled."""

    activity: str
    token: str
    process: str
    """Id of the process that the node stands in (a called one, maybe)."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A sequence flow that a token went over."""

    flow: str
    process: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A node with `onething:` properties has ended; values are evaluated."""

    activity: str
    token: str
    process: str
    properties: dict[str, Any]
    """By name with the prefix `onething:` taken off."""


@dataclass(frozen=True, slots=True)
class TaskOpened:
    """A person has something to do."""

    token: str
    activity: str
    process: str
    name: str
    lane: str | None
    form: str | None
    candidate_groups: tuple[str, ...] = ()
    due_at: datetime | None = None
    inputs: dict[str, Any] = field(default_factory=dict)
    """Local variables by input mapping."""
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobOpened:
    """A machine has something to do: one call of one connector operation."""

    token: str
    activity: str
    process: str
    name: str
    operation: str
    inputs: dict[str, Any] = field(default_factory=dict)
    retries: int = 3
    headers: dict[str, str] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimerSet:
    """A timer now runs."""

    timer: str
    activity: str
    due_at: datetime
    provisional: bool = False
    """The due date crosses a year for which no holiday data exist."""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The instance now waits for a message or signal."""

    subscription: str
    kind: Literal["message", "signal"]
    name: str
    key: str | None
    """Correlation key; None correlates by name alone."""
    activity: str


@dataclass(frozen=True, slots=True)
class Thrown:
    """The instance throws a message or signal at others."""

    kind: Literal["message", "signal"]
    name: str
    key: str | None
    payload: dict[str, Any]
    activity: str


@dataclass(frozen=True, slots=True)
class DecisionTaken:
    """A decision was evaluated, with the rules that matched."""

    activity: str
    decision: str
    inputs: dict[str, Any]
    value: Any
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentRaised:
    """A token cannot go on by itself; a person must act."""

    token: str
    activity: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A token that migration put at a node of another version."""

    token: str
    activity: str
    process: str
    name: str
    form: str | None
    waits_for: str
    """`task`, `job`, or empty."""
    was: str
    """Id of the node before."""
    is_renamed: bool
    """Whether its node or process has another id now."""


@dataclass(slots=True)
class Step:
    """What one command did to a state."""

    state: Any
    """The next state: opaque outside the engine."""
    status: Status = "active"
    began: list[Passage] = field(default_factory=list)
    ended: list[Passage] = field(default_factory=list)
    cancelled: list[Passage] = field(default_factory=list)
    flows: list[Taken] = field(default_factory=list)
    """The sequence flows taken, in order."""
    marks: list[Mark] = field(default_factory=list)
    tasks_opened: list[TaskOpened] = field(default_factory=list)
    tasks_closed: list[str] = field(default_factory=list)
    """Tokens whose task is over: completed or cancelled."""
    jobs_opened: list[JobOpened] = field(default_factory=list)
    jobs_closed: list[str] = field(default_factory=list)
    timers_set: list[TimerSet] = field(default_factory=list)
    timers_cleared: list[str] = field(default_factory=list)
    timers_moved: list[TimerSet] = field(default_factory=list)
    """Running timers that are due at another instant now."""
    subscribed: list[Subscribed] = field(default_factory=list)
    unsubscribed: list[str] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    decisions: list[DecisionTaken] = field(default_factory=list)
    incidents: list[IncidentRaised] = field(default_factory=list)
    incidents_cleared: list[str] = field(default_factory=list)
    """Tokens whose incident is over; they come before those raised in the same step."""
    variables: dict[str, Any] = field(default_factory=dict)
    """Root-scope variables that changed, with their new values."""
    moved: list[Moved] = field(default_factory=list)
    """Every token of a migrated instance, at its new node."""
    waits_moved: dict[str, str] = field(default_factory=dict)
    """The new nodes of a migrated instance's timers and subscriptions, where ids differ."""
    error: str | None = None
    """Code of the error that ended a failed instance."""
