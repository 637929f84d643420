"""The engine: BPMN 2.0 as a pure function, on SpiffWorkflow in its deep form.

`compile` turns a bundle of files into a Process. `start` and `apply` take a command
and answer with a Step; the state inside is opaque, `snapshot` and `restore` store it,
`digest` compares it. No database, no wall clock and no random number is read here.

A signal that an instance throws is caught inside the instance at once and stands in
`Step.thrown` for all others; a thrown message only stands there.
"""

from onething.engine.commands import (
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
from onething.engine.context import Context, Limits
from onething.engine.migration import Counterparts, Migration, Remark, migrate
from onething.engine.outcome import (
    DecisionTaken,
    IncidentRaised,
    JobOpened,
    Mark,
    Moved,
    Passage,
    Status,
    Step,
    Subscribed,
    Taken,
    TaskOpened,
    Thrown,
    TimerSet,
)
from onething.engine.process import ActivityInfo, Bundle, EventStart, Process, compile  # noqa: A004 - the verb of the engine's face, as in `re`
from onething.engine.reading import timers_reading
from onething.engine.redating import redated
from onething.engine.runtime.instance import Instance as State
from onething.engine.state import digest, restore, snapshot, variables
from onething.engine.step import apply, start

__all__ = [
    "ActivityInfo",
    "Bundle",
    "Cancel",
    "Command",
    "CompleteJob",
    "CompleteTask",
    "Context",
    "Correlate",
    "Counterparts",
    "DecisionTaken",
    "Enable",
    "EventStart",
    "FireTimer",
    "IncidentRaised",
    "JobOpened",
    "Limits",
    "Mark",
    "Migration",
    "Move",
    "Moved",
    "Passage",
    "Process",
    "Redate",
    "Remark",
    "Retry",
    "SetVariables",
    "Start",
    "State",
    "Status",
    "Step",
    "Subscribed",
    "Taken",
    "TaskOpened",
    "ThrowError",
    "Thrown",
    "TimerSet",
    "apply",
    "compile",
    "digest",
    "migrate",
    "redated",
    "restore",
    "snapshot",
    "start",
    "timers_reading",
    "variables",
]
