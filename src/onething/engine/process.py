"""A compiled bundle: every process, sub-process and decision of a deployment."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onething import decisions, feel
from onething.engine import timing
from onething.engine.context import Context
from onething.engine.modification import barred
from onething.engine.parsing.findings import Findings
from onething.engine.parsing.reader import Reader
from onething.engine.runtime.instance import Instance, StepFailed
from onething.engine.runtime.propagation import is_caught
from onething.engine.specs.definitions import Message, Signal, Timer
from onething.engine.specs.process import ScopeSpec
from onething.errors import Conflict, Finding, ModelRefused, NotFound


@dataclass(frozen=True, slots=True)
class Bundle:
    """The BPMN and DMN files that are deployed together, by name."""

    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class EventStart:
    """A start event that something from outside triggers."""

    process: str
    event: str
    name: str
    """Name of the message or signal, or the time text."""
    key: Any = None
    """Compiled correlation key of a message, or None."""
    expression: Any = None
    """Compiled expression of the name."""

    def first(self, context: Context) -> tuple[datetime, int]:
        """Return when a timer start fires first, UTC, and how often more; -1 without end.

        Raises ExpressionError for an expression that gives no time.
        """
        due = timing.first(self._written(context), context)
        return due.at, due.left

    def following(
        self, previous: datetime, left: int, context: Context
    ) -> tuple[datetime, int] | None:
        """Return when a timer start fires after it fired, and how often more; None at its end."""
        return timing.following(self._written(context), timing.text(previous), left, context)

    def _written(self, context: Context) -> str:
        value = feel.to_json(self.expression.evaluate({}, context.environment()))
        return timing.spoken(value, self.name)


@dataclass(frozen=True, slots=True)
class ActivityInfo:
    """One node of a diagram, as others need to know it."""

    id: str
    name: str
    type: str
    """Class of the node: UserTask, JobTask, StartEvent and so on."""
    lane: str | None
    process: str
    properties: dict[str, str] = field(default_factory=dict)
    """The `onething:` properties as written, without the prefix."""
    form: str | None = None
    operation: str | None = None
    scope: str = ""
    """The process or sub-process that holds the node, by its key."""
    is_enterable: bool = True
    """Whether an operator may put a token there."""
    behind: tuple[str, ...] = ()
    """Ids of the nodes to which its flows lead."""


class Process:
    """Everything compiled from one bundle; immutable, shared by all its instances."""

    def __init__(self, scopes: dict[str, ScopeSpec], roots: list[str], content_hash: str) -> None:
        self.scopes = scopes
        self.process_ids = tuple(roots)
        self.hash = content_hash
        """SHA-256 over the files, in hexadecimal."""
        self.decisions: dict[str, Any] = {}

    @property
    def names(self) -> dict[str, str]:
        """The processes' names by id."""
        return {key: self.scopes[key].description for key in self.process_ids}

    def scope_name(self, key: str) -> str:
        """Return what a process or sub-process is called, by its key."""
        return str(self.scopes[key].description)

    def root(self, process_id: str) -> ScopeSpec:
        """Return a process by id; raise NotFound, or Conflict for a drawing."""
        if process_id not in self.process_ids:
            raise NotFound(f"there is no process {process_id} in this deployment")
        spec = self.scopes[process_id]
        if not spec.executable:
            raise Conflict(f"the process {process_id} is a drawing: isExecutable is false")
        return spec

    def called(self, process_id: str) -> ScopeSpec:
        """Return a process that is called; raise StepFailed when there is none."""
        if process_id not in self.process_ids:
            raise StepFailed("no-process", f"there is no process {process_id} in this deployment")
        return self.scopes[process_id]

    def decision_model(self, decision: str) -> Any:
        """Return the decision model that has a decision; raise StepFailed when there is none."""
        if decision not in self.decisions:
            raise StepFailed("no-decision", f"there is no decision {decision} in this deployment")
        return self.decisions[decision]

    def activities(self, process_id: str) -> list[ActivityInfo]:
        """Return every node of a process, those of its sub-processes too."""
        return [
            _info(node, spec)
            for spec in self.scopes.values()
            if spec.process == process_id
            for node in spec.nodes.values()
        ]

    def _starts(self, kind: type) -> list[EventStart]:
        found: list[EventStart] = []
        for key in self.process_ids:
            spec = self.scopes[key]
            for node in spec.outside_starts if spec.executable else ():
                found.extend(
                    _event_start(key, node.bpmn_id, definition)
                    for definition in node.definitions
                    if isinstance(definition, kind)
                )
        return found

    @property
    def messages(self) -> list[EventStart]:
        """The messages that start an instance."""
        return self._starts(Message)

    @property
    def signals(self) -> list[EventStart]:
        """The signals that start an instance."""
        return self._starts(Signal)

    @property
    def timer_starts(self) -> list[EventStart]:
        """The timers that start instances from deploy on."""
        return self._starts(Timer)

    def catches(self, state: Instance, token: str, code: str) -> bool:
        """Say whether the model catches an error code at a token."""
        found = state.tokens.get(token)
        return found is not None and is_caught(state, found, code)


def _event_start(process: str, event: str, definition: Any) -> EventStart:
    expression = definition.expression if isinstance(definition, Timer) else definition.title
    value = feel.to_json(expression.evaluate({}, Context.unset().environment()))
    name = value if isinstance(value, str) else expression.text
    return EventStart(process, event, name, getattr(definition, "key", None), expression)


def _info(node: Any, spec: ScopeSpec) -> ActivityInfo:
    operation = getattr(node, "operation", None)
    return ActivityInfo(
        node.bpmn_id,
        node.bpmn_name or node.bpmn_id,
        type(node).__name__,
        node.lane,
        spec.process,
        {name: value.text for name, value in node.properties.items()},
        getattr(node, "form", None),
        None if operation is None else operation.text,
        spec.key,
        not barred(node),
        tuple(flow.target for flow in node.outgoing_flows),
    )


def compile(bundle: Bundle) -> Process:  # noqa: A001 - the verb of the engine's face, as in `re`
    """Compile a bundle; raise ModelRefused with everything that is wrong in it."""
    findings = Findings()
    reader = Reader(findings)
    reader.read({name: data for name, data in bundle.files.items() if not name.endswith(".dmn")})
    process = Process(reader.specs, reader.processes, _hash(bundle))
    for name in sorted(bundle.files):
        if name.endswith(".dmn"):
            _decisions(process, name, bundle.files[name], findings)
    findings.settle()
    if not process.process_ids:
        raise ModelRefused(
            [Finding("", "", "no-process", "the bundle has no process", "Add a BPMN process.")]
        )
    return process


def _decisions(process: Process, name: str, data: bytes, findings: Findings) -> None:
    try:
        model = decisions.parse(data, name)
    except ModelRefused as refused:
        findings.found.extend(refused.findings)
        return
    for decision in model.decisions:
        if decision in process.decisions:
            message = f"the decision {decision} is defined twice"
            findings.add(
                name, None, "duplicate-decision", message, "Give every decision its own id."
            )
        process.decisions[decision] = model


def _hash(bundle: Bundle) -> str:
    digest = hashlib.sha256()
    for name in sorted(bundle.files):
        data = bundle.files[name]
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()
