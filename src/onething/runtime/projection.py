"""From a step to rows: what the engine says has happened becomes tasks, jobs and the rest."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection

from onething import cases, clocks, drafts, feel, incidents, jobs, messages, tasks, tracing
from onething.connectors import department_of
from onething.definitions import Service
from onething.engine import JobOpened, Mark, Step, Subscribed, TaskOpened, Thrown
from onething.errors import AlreadyDone
from onething.feel.json import parse
from onething.history import Keys
from onething.identity import SYSTEM_USER
from onething.incidents import IncidentRow
from onething.jobs import JobRow, TimerRow
from onething.messages import SubscriptionRow
from onething.runtime.clocks.clocking import Clocking
from onething.runtime.operating.relocate import relocate
from onething.runtime.routing import Assignment, assign, redirected
from onething.runtime.sealing import CaseSeal
from onething.runtime.wording import impersonal
from onething.tasks import Redirect, TaskRow


@dataclass(slots=True)
class Projection:
    """Writes the rows that follow from one step of one instance."""

    conn: Connection
    service: Service
    seal: CaseSeal
    site: Keys
    instance_id: str
    case_no: str
    region: str | None
    sequence: int
    now: datetime
    actor: str
    variables: dict[str, Any]
    """The root variables after the step."""
    env: feel.Environment
    redirects: Sequence[Redirect]
    """Where the tasks of offices go that have moved."""
    register: Callable[[], clocks.Register]
    """Reads the clocks of the case."""
    save: Callable[[clocks.Register], list[dict[str, Any]]]
    """Writes what changed in them and returns it for the event."""
    opened: list[TaskRow] = field(default_factory=list)
    """The tasks that the step opened, once they are written."""

    def write(self, step: Step) -> dict[str, Any]:
        """Write all rows and return the public effects for the event."""
        assigned = [(task, self._assign(task)) for task in step.tasks_opened]
        self._tasks(step, assigned)
        self._jobs(step)
        self._waits(step)
        self._marks(step)
        self._incidents(step)
        relocate(self.conn, self.seal, self.instance_id, step)
        if step.status != "active":
            self._close(step.status)
        found = {**_effects(step, assigned), "clocks": self._clocks(step, assigned)}
        return {name: value for name, value in found.items() if value}

    def _assign(self, task: TaskOpened) -> Assignment:
        to = assign(self.service, task, self.variables, self.region, self.env)
        return redirected(to, self.redirects)

    def _tasks(self, step: Step, assigned: list[tuple[TaskOpened, Assignment]]) -> None:
        cancelled = {passage.token for passage in step.cancelled}
        closed = {token: _how(token in cancelled) for token in step.tasks_closed}
        tasks.close_all(self.conn, self.instance_id, closed, self.now, self._person)
        self._let_go(closed)
        rows = [self._task_row(task, to, step) for task, to in assigned]
        tasks.open_all(self.conn, rows)
        self.opened = rows

    def _let_go(self, closed: dict[str, str]) -> None:
        """Delete what was typed into tasks that are over; who waits for a completion is told."""
        ids = {token: f"{self.instance_id}-{token}" for token in closed}
        drafts.drop_of(self.conn, [drafts.subject_of(one) for one in ids.values()])
        gone = [ids[token] for token, state in closed.items() if state == "cancelled"]
        done = [ids[token] for token, state in closed.items() if state == "completed"]
        tasks.release_all(self.conn, done)
        tasks.refuse_all(self.conn, gone, AlreadyDone.code)

    def _task_row(self, task: TaskOpened, to: Assignment, step: Step) -> TaskRow:
        gone = task.token in step.tasks_closed
        return TaskRow(
            instance_id=self.instance_id,
            token=task.token,
            case_no=self.case_no,
            service=self.service.code,
            activity=task.activity,
            process=task.process,
            name=task.name,
            form=task.form,
            item=task.properties.get("item"),
            department=to.department,
            post=to.post,
            region=to.region,
            party=to.party,
            state="cancelled" if gone else "open",
            assignee=None,
            delegated_by=None,
            opened_at=self.now,
            due_at=task.due_at,
            closed_at=self.now if gone else None,
            properties=_shown(task.properties),
        )

    def _jobs(self, step: Step) -> None:
        jobs.cancel_at(self.conn, self.instance_id, step.jobs_closed)
        self._resolve(step.jobs_closed)
        closed = set(step.jobs_closed)
        rows = [self._job_row(job) for job in step.jobs_opened if job.token not in closed]
        rows += [self._thrown_row(thrown, at) for at, thrown in enumerate(step.thrown)]
        jobs.queue_all(self.conn, rows)

    def _job_row(self, job: JobOpened) -> JobRow:
        payload = {
            "activity": job.activity,
            "name": job.name,
            "inputs": job.inputs,
            "properties": job.properties,
        }
        return self._outbox(f"{self.sequence}-{job.token}", "job", job.operation, payload, job)

    def _thrown_row(self, thrown: Thrown, at: int) -> JobRow:
        payload = {"key": thrown.key, "payload": thrown.payload, "activity": thrown.activity}
        return self._outbox(f"{self.sequence}-m{at}", thrown.kind, thrown.name, payload)

    def _outbox(
        self,
        effect_key: str,
        kind: str,
        operation: str,
        payload: dict[str, Any],
        job: JobOpened | None = None,
    ) -> JobRow:
        return JobRow(
            instance_id=self.instance_id,
            effect_key=effect_key,
            kind=kind,
            token=job.token if job else None,
            operation=operation,
            department=department_of(operation) if job else "",
            payload=self.seal.close(payload | tracing.headers()),
            state="queued",
            round=0,
            attempts=0,
            retries=job.retries if job else 0,
            due_at=self.now,
            asked_at=None,
            error=None,
            answer=None,
            created_at=self.now,
        )

    def _waits(self, step: Step) -> None:
        jobs.clear_timers(self.conn, self.instance_id, step.timers_cleared)
        cleared = set(step.timers_cleared)
        timers = [
            TimerRow(self.instance_id, one.timer, one.activity, one.due_at, int(one.provisional))
            for one in step.timers_set
            if one.timer not in cleared
        ]
        jobs.set_timers(self.conn, timers)
        moved = [
            TimerRow(self.instance_id, one.timer, one.activity, one.due_at, int(one.provisional))
            for one in step.timers_moved
        ]
        jobs.redate_timers(self.conn, moved)
        messages.unsubscribe(self.conn, self.instance_id, step.unsubscribed)
        gone = set(step.unsubscribed)
        waits = [one for one in step.subscribed if one.subscription not in gone]
        messages.subscribe(self.conn, [self._subscription(one) for one in waits])
        self._take_early(waits)

    def _subscription(self, one: Subscribed) -> SubscriptionRow:
        return SubscriptionRow(
            self.instance_id, one.subscription, one.kind, one.name, one.key, one.activity
        )

    def _take_early(self, waits: list[Subscribed]) -> None:
        for one in waits:
            if one.kind != "message":
                continue
            kept = messages.take_early(self.conn, one.name, one.key, self.now)
            if kept is not None:
                payload = {
                    "key": kept.key,
                    "payload": parse(self.site.open(kept.payload)),
                    "activity": one.activity,
                }
                effect = f"{self.sequence}-e{one.subscription}"
                jobs.queue_all(self.conn, [self._outbox(effect, "message", one.name, payload)])

    def _marks(self, step: Step) -> None:
        for mark in step.marks:
            self._item_mark(mark)
            state, result = mark.properties.get("case.state"), mark.properties.get("case.result")
            if state or result:
                cases.set_state(self.conn, self.instance_id, state, result, self.now)

    def _item_mark(self, mark: Mark) -> None:
        item_id, state = mark.properties.get("item"), mark.properties.get("item.state")
        if item_id and state:
            reason = mark.properties.get("item.reason")
            sealed = None
            if isinstance(reason, str) and reason:
                sealed = self.seal.close_text(reason)
            cases.set_item(self.conn, self.instance_id, item_id, state, sealed, self.now)

    def _clocks(
        self, step: Step, assigned: list[tuple[TaskOpened, Assignment]]
    ) -> list[dict[str, Any]]:
        """Move the clocks of the case and return what moved, for the event."""
        if not _moves_clocks(step):
            return []
        register = self.register()
        Clocking(
            register=register,
            service=self.service,
            step=step,
            departments={task.token: to.department for task, to in assigned},
            by=self._person,
            items=cache(self._item_states),
        ).run()
        return self.save(register)

    @property
    def _person(self) -> str | None:
        """Who acts, where it is a person."""
        return None if self.actor == SYSTEM_USER else self.actor

    def _item_states(self) -> dict[str, str]:
        return cases.item_states(self.conn, [self.instance_id])[self.instance_id]

    def _incidents(self, step: Step) -> None:
        self._resolve(step.incidents_cleared)
        for at, one in enumerate(step.incidents):
            row = IncidentRow(
                instance_id=self.instance_id,
                incident_id=f"{self.sequence}i{at}",
                case_no=self.case_no,
                service=self.service.code,
                token=one.token,
                activity=one.activity,
                kind="step",
                code=one.code,
                message=impersonal(one.message, self.variables),
                effect_key=None,
                state="open",
                raised_at=self.now,
            )
            incidents.add(self.conn, row)

    def _resolve(self, tokens: list[str]) -> None:
        """Close the incidents of tokens that have gone on or are gone."""
        if tokens:
            incidents.resolve(self.conn, self.instance_id, tokens, self.actor, self.now)

    def _close(self, status: str) -> None:
        fallback = None if status == "completed" else "TERMINATED"
        cases.close(self.conn, self.instance_id, fallback, self.now)


def _how(is_cancelled: bool) -> str:  # noqa: FBT001 - the one question asked
    return "cancelled" if is_cancelled else "completed"


def _shown(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if isinstance(value, str)}


def _effects(step: Step, assigned: list[tuple[TaskOpened, Assignment]]) -> dict[str, Any]:
    return {
        "status": step.status,
        "began": [[one.activity, one.token, one.process] for one in step.began],
        "ended": [[one.activity, one.token, one.process] for one in step.ended],
        "cancelled": [[one.activity, one.token, one.process] for one in step.cancelled],
        "moved": [[one.activity, one.token, one.process] for one in step.moved if one.is_renamed],
        "flows": [[one.flow, one.process] for one in step.flows],
        "tasks": [
            [task.token, task.activity, to.department, to.post, to.region, to.party]
            for task, to in assigned
        ],
        "redirected": [[task.token, to.redirect] for task, to in assigned if to.redirect],
        "jobs": [[job.token, job.activity, job.operation] for job in step.jobs_opened],
        "timers": [[one.timer, one.activity, one.due_at.isoformat()] for one in step.timers_set],
        "timers_moved": [[one.timer, one.due_at.isoformat()] for one in step.timers_moved],
        "waits": [[one.kind, one.name, one.activity] for one in step.subscribed],
        "thrown": [[one.kind, one.name, one.activity] for one in step.thrown],
        "incidents": [[one.token, one.activity, one.code] for one in step.incidents],
        "items": list(_items(step)),
        "case": [one for mark in step.marks for one in _case_marks(mark)],
    }


def _moves_clocks(step: Step) -> bool:
    """Tell whether a step can concern clocks at all: most steps of machines do not."""
    moves = (step.marks, step.tasks_opened, step.tasks_closed, step.jobs_opened)
    return any(moves) or step.status != "active"


def _items(step: Step) -> Iterator[list[Any]]:
    for mark in step.marks:
        if mark.properties.get("item") and mark.properties.get("item.state"):
            yield [mark.properties["item"], mark.properties["item.state"]]


def _case_marks(mark: Mark) -> Iterator[str]:
    for name in ("case.state", "case.result"):
        if mark.properties.get(name):
            yield mark.properties[name]
