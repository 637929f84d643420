"""One command on one instance: lock, step, project, append."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from onething import (
    cases,
    clocks,
    db,
    engine,
    feel,
    history,
    instances,
    jobs,
    metrics,
    tasks,
    tracing,
)
from onething.calendar import jurisdiction_of
from onething.definitions import Definition
from onething.engine import Cancel, Command, Context, Redate, Start, Step
from onething.errors import (
    CaseArchived,
    CaseOnHold,
    Conflict,
    InstanceSuspended,
    InvalidInput,
    KeyReused,
)
from onething.history import CaseKey, NewEvent
from onething.identity import Actor
from onething.instances import InstanceRow
from onething.runtime.host import Host, Kept
from onething.runtime.locking import Locked, lock, lock_with_task
from onething.runtime.messages.tell import About
from onething.runtime.messages.tell_parties import tell_tasks
from onething.runtime.permissions import require_sight
from onething.runtime.projection import Projection
from onething.runtime.rebuild import ARCHIVED, rebuild
from onething.runtime.record import split
from onething.runtime.sealing import CaseSeal
from onething.runtime.tasks.queue_terms import keep_terms
from onething.tasks import TaskRow

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command answers: where the history stands now."""

    instance_id: str
    case_no: str
    sequence: int
    repeated: bool = False
    """The request was made before under the same key; nothing was done again."""


LONGEST_KEY = 200
_WHILE_SUSPENDED = (Redate, Cancel)
"""What goes on in a suspended instance: the law's calendar, and the end."""


def require_key(key: str | None) -> None:
    """Raise InvalidInput for an idempotency key that is empty or longer than 200 characters."""
    if key is not None and not 0 < len(key) <= LONGEST_KEY:
        raise InvalidInput(f"An idempotency key has 1 to {LONGEST_KEY} characters")


class Turn:
    """One command on one locked instance, inside the caller's transaction."""

    def __init__(
        self, host: Host, conn: Connection, actor: Actor, row: InstanceRow, key: CaseKey
    ) -> None:
        self.host = host
        self.conn = conn
        self.actor = actor
        self.row = row
        self.key = key
        tracing.about(row.case_no)
        self.now = max(host.clock(), row.updated_at)
        self.occurred_at: datetime | None = None
        """When it happened by law where that is not now: a timer may be swept late."""
        if row.status == ARCHIVED:
            raise CaseArchived
        self.definition = host.definitions.get(conn, row.service, row.number)
        self.seal = CaseSeal(key)
        self._known: Kept | None = None
        self._is_moved = False

    @classmethod
    def on(cls, host: Host, conn: Connection, actor: Actor, instance_id: str) -> "Turn":
        """Lock an instance and begin a turn on it; raise NotFound when there is none."""
        return cls._begin(host, conn, actor, lock(conn, instance_id, actor))

    @classmethod
    def on_task(
        cls, host: Host, conn: Connection, actor: Actor, task_id: str
    ) -> "tuple[Turn, TaskRow]":
        """Lock the instance of a task and begin a turn on it; NotFound where nobody sees it."""
        locked, task = lock_with_task(conn, *tasks.split_id(task_id), actor)
        require_sight(actor, conn, task)
        return cls._begin(host, conn, actor, locked), task

    @classmethod
    def _begin(cls, host: Host, conn: Connection, actor: Actor, locked: Locked) -> "Turn":
        host.take_in(conn, locked.newest_notice, locked.redirects)
        row = locked.row
        if locked.hash_name is not None and locked.wrapped is not None:
            key = host.keys.opened(row.instance_id, locked.hash_name, locked.wrapped)
        else:
            key = host.keys.of_case(conn, row.instance_id)
        return cls(host, conn, actor, row, key)

    @property
    def _kept(self) -> Kept:
        """What the cache knows of the instance, taken out of it: a turn that fails drops it."""
        if self._known is None:
            found = self.host.states.take(self.row.instance_id, self.row.sequence)
            self._known = found or Kept()
        return self._known

    @property
    def state(self) -> Any:  # noqa: ANN401 - the engine's opaque state
        """The instance's state: from the cache, else rebuilt from snapshot and history."""
        if self._known is None:
            metrics.state_found(is_cached=self._kept.state is not None)
        kept = self._kept
        if kept.state is None:
            kept.state = rebuild(self.host, self.conn, self.row)
        return kept.state

    def adopt(self, state: Any) -> None:  # noqa: ANN401 - the engine's opaque state
        """Take the state of an instance that was just started: it has no clocks yet."""
        self._known = Kept(state, [])

    def go_on_in(self, definition: Definition, state: Any) -> None:  # noqa: ANN401 - as above
        """Let the instance go on in another deployment, with the state that was moved there.

        Its next event takes a snapshot: no state of the old deployment is read any more.
        """
        self.definition, self._known, self._is_moved = definition, Kept(state), True
        instances.move(self.conn, self.row.instance_id, definition.number)
        cases.move(self.conn, self.row.instance_id, definition.number)
        never = -self._every
        self.row = replace(self.row, number=definition.number, snapshot_sequence=never)

    def set_status(self, status: str) -> None:
        """Let the instance be suspended or active from its next event on."""
        self.row = replace(self.row, status=status)

    @cached_property
    def context(self) -> Context:
        """What the engine may read from outside in this turn."""
        return self.host.context(self.now, self._outside)

    @property
    def environment(self) -> feel.Environment:
        """FEEL's environment in this turn: the legal calendar of the case's region."""
        return self.context.environment()

    @cached_property
    def _outside(self) -> dict[str, Any]:
        return self.host.outside_in(self.row.region)

    @property
    def frame(self) -> clocks.Frame:
        """What the clocks of the case read from outside in this turn."""
        return clocks.Frame(
            calendar=self.host.calendar,
            zone=self.host.zone,
            now=self.now,
            sequence=self.row.sequence + 1,
            jurisdiction=jurisdiction_of(self.row.region),
            occurred_at=self.occurred_at,
        )

    def register(self) -> clocks.Register:
        """Return the clocks of the case, to be moved."""
        kept, frame = self._kept, self.frame
        version = frame.calendar.version
        if kept.clocks is None or any(
            one.is_open and one.calendar_version != version for one in kept.clocks
        ):
            # Clocks of another calendar may have been stamped since, without an event.
            kept.clocks = clocks.of_case(self.conn, self.row.instance_id)
        return clocks.Register(self.row.instance_id, kept.clocks, frame)

    def keep(self) -> None:
        """Give the state back to the cache: this turn only looked at it."""
        if self._known is not None and self._known.state is not None:
            self.host.states.put(self.row.instance_id, self.row.sequence, self._known)

    def repeated(self, key: str | None, request: Any) -> Receipt | None:  # noqa: ANN401 - any JSON value
        """Return the answer that was given under this key before, or None.

        Raises:
            KeyReused: The key was used with another request.
        """
        if key is None:
            return None
        instance_id = self.row.instance_id
        earlier = history.by_key(self.conn, instance_id, self._key(key))
        if earlier is None:
            return None
        if earlier.input.get("request") != self.host.keys.digest(request):
            raise KeyReused
        return Receipt(instance_id, self.row.case_no, earlier.sequence, repeated=True)

    def unchanged(self) -> Receipt:
        """Answer a request for what is so already: nothing is written."""
        return Receipt(self.row.instance_id, self.row.case_no, self.row.sequence, repeated=True)

    def require_running(self) -> None:
        """Raise InstanceSuspended for one that rests, Conflict for one that has ended.

        It is CaseOnHold where a supervisor's hold is why it rests.
        """
        if self.row.is_suspended and cases.hold_of(self.conn, self.row.instance_id) is not None:
            told = f"The case {self.row.case_no} is on hold until its review or lawsuit is over"
            raise CaseOnHold(told)
        if self.row.is_suspended:
            raise InstanceSuspended(f"The case {self.row.case_no} is suspended by the operators")
        if not self.row.is_live:
            raise Conflict(f"The case {self.row.case_no} has ended")

    def apply(self, command: Command) -> Step:
        """Step the engine.

        Raises:
            Conflict: The instance has ended.
            InstanceSuspended: An operator has suspended it.
        """
        if not (self.row.is_suspended and isinstance(command, _WHILE_SUSPENDED)):
            self.require_running()
        state = self.state
        with metrics.step(), tracing.span("engine step"):
            return engine.apply(self.definition.process, state, command, self.context)

    def step(
        self,
        kind: str,
        command: Command,
        *,
        key: str | None = None,
        request: Any = None,  # noqa: ANN401 - any JSON value
        note: dict[str, Any] | None = None,
    ) -> tuple[Step, Receipt]:
        """Step the engine and put what follows into tables and history."""
        step = self.apply(command)
        receipt = self.append(kind, command=command, step=step, key=key, request=request, note=note)
        return step, receipt

    def append(  # noqa: PLR0913 - the parts of one event
        self,
        kind: str,
        *,
        command: Command | Start | None = None,
        step: Step | None = None,
        register: clocks.Register | None = None,
        note: dict[str, Any] | None = None,
        private: dict[str, Any] | None = None,
        key: str | None = None,
        request: Any = None,  # noqa: ANN401 - any JSON value
    ) -> Receipt:
        """Append one event and move the instance on.

        Args:
            kind: The event's kind, in the past tense.
            command: The engine's command, where there was one.
            step: The engine's answer to it; its marks move the clocks.
            register: Clocks that were moved otherwise.
            note: What everybody with access to history may see besides.
            private: Personal values besides those of command and step.
            key: Idempotency key of the request.
            request: The request itself, to know a repetition from a re-used key.
        """
        public, personal = split(command) if command is not None else ({}, {})
        public |= note or {}
        if key is not None:
            public["request"] = self.host.keys.digest(request)
        values = {"input": personal, **(private or {})}
        effects: dict[str, Any] = {}
        status = self.row.status
        if step is not None:
            effects = self._project(step)
            status = self._status_after(step)
            values |= self._step_values(step)
            public |= self._outside
        if register is not None:
            effects["clocks"] = self._save(register)
            public |= self._outside
        new = NewEvent(
            instance_id=self.row.instance_id,
            sequence=self.row.sequence + 1,
            previous_hash=self.row.hash,
            kind=kind,
            actor=self.actor.user,
            post=self.actor.post_name,
            on_behalf_of=self.actor.on_behalf_of,
            at=self.now,
            input=public,
            effects=effects,
            personal=values,
            key=self._key(key) if key is not None else None,
        )
        _log.debug("event", kind=kind, case_no=self.row.case_no, sequence=new.sequence)
        return self._write(new, status)

    def _status_after(self, step: Step) -> str:
        """Return the status after a step; a suspended instance that was migrated stays so."""
        if not self.row.is_suspended or step.status != "active":
            return step.status
        jobs.suspend(self.conn, self.row.instance_id)
        return self.row.status

    def _write(self, new: NewEvent, status: str) -> Receipt:
        """Write the event and everything that waits; the instance stands at it then.

        Raises:
            KeyReused: Another request wrote an event of the instance under the same key.
        """
        try:
            receipt = self._move_on(history.append(self.conn, self.key, new), status)
            db.send(self.conn)
        except IntegrityError as error:
            if history.is_of_key(error):
                raise KeyReused from error
            raise
        return receipt

    def _save(self, register: clocks.Register) -> list[dict[str, Any]]:
        """Write what a step or a person changed in the clocks; return it for the event."""
        clocks.save(self.conn, [register])
        self._kept.clocks = clocks.oldest_first(register.clocks.values())
        return clocks.effects(register)

    def _step_values(self, step: Step) -> dict[str, Any]:
        return {
            "variables": step.variables,
            "decisions": [
                {
                    "activity": one.activity,
                    "decision": one.decision,
                    "inputs": one.inputs,
                    "value": one.value,
                    "rules": list(one.rules),
                }
                for one in step.decisions
            ],
            "reasons": {
                mark.activity: mark.properties["item.reason"]
                for mark in step.marks
                if mark.properties.get("item.reason")
            },
            "problems": {one.token: one.message for one in step.incidents},
            "digest": engine.digest(step.state).hex(),
        }

    def _project(self, step: Step) -> dict[str, Any]:
        keep_terms(self.conn, self.host.keys, self.definition, self.row, step, anew=self._is_moved)
        projection = Projection(
            conn=self.conn,
            service=self.definition.service,
            seal=self.seal,
            site=self.host.keys,
            instance_id=self.row.instance_id,
            case_no=self.row.case_no,
            region=self.row.region,
            sequence=self.row.sequence + 1,
            now=self.now,
            actor=self.actor.user,
            variables=engine.variables(step.state),
            env=self.environment,
            redirects=self.host.redirects.holding,
            register=self.register,
            save=self._save,
        )
        effects = projection.write(step)
        self._tell(projection.opened)
        return effects

    def _tell(self, opened: list[TaskRow]) -> None:
        """Tell parties of the tasks that they have to do now."""
        asked = [one for one in opened if one.party is not None and one.is_live]
        if asked:
            instance_id = self.row.instance_id
            about = About(instance_id, self.row.case_no, self.seal)
            case = cases.of_instance(self.conn, instance_id)
            tell_tasks(self.host, self.conn, case, about, self.definition, asked)

    def _move_on(self, new_hash: bytes, status: str) -> Receipt:
        row, sequence = self.row, self.row.sequence + 1
        snapshot_sequence = row.snapshot_sequence
        known = self._known.state if self._known is not None else None
        if known is not None and sequence - snapshot_sequence >= self._every:
            sealed = self.seal.close_state(engine.snapshot(known))
            instances.keep_state(self.conn, row.instance_id, sequence, sealed)
            snapshot_sequence = sequence
        instances.advance(
            self.conn,
            row,
            new_hash=new_hash,
            status=status,
            at=self.now,
            snapshot_sequence=snapshot_sequence,
        )
        self._keep_after_commit(sequence)
        self.row = replace(
            row,
            sequence=sequence,
            hash=new_hash,
            status=status,
            updated_at=self.now,
            snapshot_sequence=snapshot_sequence,
        )
        return Receipt(row.instance_id, row.case_no, sequence)

    @property
    def _every(self) -> int:
        return self.host.settings.snapshot_every

    def _keep_after_commit(self, sequence: int) -> None:
        kept, instance_id, states = self._kept, self.row.instance_id, self.host.states
        if kept.state is not None:
            db.after_commit(self.conn, lambda: states.put(instance_id, sequence, kept))

    def _key(self, key: str) -> str:
        return f"{self.actor.user}:{key}"
