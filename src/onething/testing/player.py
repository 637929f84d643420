"""Plays a scenario on the real runtime, step by step."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from onething import calendar, cases, history, incidents, jobs, messages, runtime, tasks
from onething.definitions import Package
from onething.errors import CaseAlreadyOpen, OnethingError
from onething.feel.json import canonical, parse
from onething.identity import SYSTEM, Actor
from onething.tasks import Filter, TaskRow
from onething.testing.expectation import Failure, check
from onething.testing.scenario import Scenario
from onething.testing.world import PARTIES, Records, SimulatorApp, World, person

_DAYS = re.compile(r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)?")
MOST_ROUNDS = 2_000
"""So many jobs and timers one step may cause; more is a loop without end."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision that was asked."""

    decision: str
    inputs: Mapping[str, Any]
    rules: Sequence[str]
    """Ids of the rules that matched."""
    now: datetime
    """When, in the legal time zone."""


@dataclass(slots=True)
class Played:
    """What playing one scenario showed."""

    scenario: Scenario
    failures: list[Failure] = field(default_factory=list)
    flows: set[tuple[str, str]] = field(default_factory=set)
    """(process, flow) of every sequence flow that was taken."""
    decided: list[Decided] = field(default_factory=list)
    """Every decision that was asked, in order."""

    @property
    def is_green(self) -> bool:
        """Whether everything came as expected."""
        return not self.failures

    @property
    def uses(self) -> set[str]:
        """What was used: ids of flows and of rules that matched, paths of fields refused."""
        rules = {rule for one in self.decided for rule in one.rules}
        return {flow for _, flow in self.flows} | rules | set(self.scenario.refused)


def play(
    scenario: Scenario, packages: list[Package], simulator: SimulatorApp, records: Records
) -> Played:
    """Play one scenario in a world of its own and replay its cases at the end."""
    played = Played(scenario)
    with World(scenario.now, simulator, records) as world:
        for package in packages:
            world.deploy(package)
        for given in scenario.given:
            world.give(given)
        Run(world, scenario, played).run()
    return played


class Run:
    """One scenario being played."""

    def __init__(self, world: World, scenario: Scenario, played: Played) -> None:
        self.world = world
        self.host = world.host
        self.scenario = scenario
        self.played = played
        self.case_nos: list[str] = []
        self.errors: dict[int, OnethingError] = {}

    def run(self) -> None:
        """Play every step, check every expectation, replay."""
        for at, step in enumerate(self.scenario.steps, 1):
            try:
                self.take(step)
            except OnethingError as error:
                self.errors[at] = error
            for expect in self._expected_at(at):
                self._check(expect)
            if at in self.errors and not self._is_expected(at):
                self._fail(f"step {at}: {_told(self.errors[at])}")
                return
        for expect in self._expected_at(None):
            self._check(expect)
        self._look_back()

    def take(self, step: Mapping[str, Any]) -> None:
        """Play one step, and what machines do at once because of it.

        Raises:
            OnethingError: The step was refused.
        """
        self._do(step)
        self._settle()

    @property
    def case_no(self) -> str:
        """The case that the scenario is about: the one opened last."""
        return self.case_nos[-1] if self.case_nos else ""

    def cast(self, role: str) -> Actor:
        """Return who acts where a scenario says `as`."""
        return person(role)

    def _expected_at(self, at: int | None) -> list[Mapping[str, Any]]:
        return [one for one in self.scenario.expect if one.get("at_step") == at]

    def _is_expected(self, at: int) -> bool:
        return any(one.get("error", {}).get("step") == at for one in self.scenario.expect)

    def _check(self, expect: Mapping[str, Any]) -> None:
        self.played.failures += check(self, expect)

    def _fail(self, message: str) -> None:
        self.played.failures.append(Failure(message))

    def _do(self, step: Mapping[str, Any]) -> None:
        actor = self.cast(str(step.get("as", "applicant")))
        if "apply" in step:
            self._apply(step, actor)
        elif "complete" in step:
            task = self._task(str(step["complete"]), actor)
            runtime.complete(self.host, self._who(task, actor), task.id, step.get("data", {}))
        elif "claim" in step:
            runtime.claim(self.host, actor, self._task(str(step["claim"]), actor).id)
        elif "withdraw" in step:
            runtime.withdraw(self.host, actor, self.case_no, str(step["withdraw"]))
        elif "message" in step:
            self._message(step, actor)
        elif "retry" in step:
            self._retry(step)
        else:
            self._move(step)

    def _apply(self, step: Mapping[str, Any], actor: Actor) -> None:
        service = str(step.get("service", self.scenario.service))
        data = parse(canonical(step.get("data", {})))
        channel = str(data.pop("channel", "web")) if isinstance(data.get("channel"), str) else "web"
        if channel not in cases.CHANNELS:
            data["channel"], channel = channel, "web"
        started = runtime.start_case(self.host, actor, service, data, channel=channel)
        self.case_nos.append(started.case_no)

    def _task(self, activity: str, actor: Actor) -> TaskRow:
        """Return the live task of an activity; with several, the first this person may see.

        Raises:
            NotFound: There is none.
        """
        with self.host.database.read() as conn:
            rows = [row for row in self.live_tasks(conn) if row.activity == activity]
            seen = [row for row in rows if runtime.sees_task(self._who(row, actor), conn, row)]
        if not rows:
            live = ", ".join(sorted(self.open_tasks())) or "none"
            raise OnethingError(f"no task {activity} is open (open: {live})")
        if not seen:
            belongs = f"{rows[0].department}.{rows[0].post}@{rows[0].region} {rows[0].party or ''}"
            raise OnethingError(f"{activity} is not the task of {actor.user} but of {belongs}")
        return seen[0]

    def _who(self, task: TaskRow, actor: Actor) -> Actor:
        """A party's task is done by whoever filed the case."""
        if task.party is None or actor.user not in PARTIES:
            return actor
        with self.host.database.read() as conn:
            submitted_by = cases.of_instance(conn, task.instance_id).submitted_by
        return PARTIES.get(submitted_by, actor)

    def _message(self, step: Mapping[str, Any], actor: Actor) -> None:
        name, payload = str(step["message"]), parse(canonical(step.get("data", {})))
        if name == "Withdrawn" and "key" not in step and actor.user in PARTIES:
            runtime.withdraw(self.host, actor, self.case_no, str(payload.get("reason", "")))
            return
        with self.host.database.read() as conn:
            instance_id = cases.get(conn, self.case_no).instance_id
            waiting = messages.waiting(conn, "message", name, None, instance_id)
            every = [one for one in messages.of_instance(conn, instance_id) if one.name == name]
        key = step.get("key") or (every[0].key if every else None)
        receipt = runtime.correlate(
            self.host,
            SYSTEM,
            name,
            correlation_key=None if key is None else str(key),
            payload=payload,
            instance_id=instance_id if (waiting or every) else None,
            keep_for=timedelta(days=30),
        )
        if receipt is None and not step.get("key"):
            raise OnethingError(f"nobody waits for the message {name}")

    def _retry(self, step: Mapping[str, Any]) -> None:
        operator = person("operator")
        with self.host.database.read() as conn:
            instance_id = cases.get(conn, self.case_no).instance_id
            rows = incidents.listing(conn, instance_id=instance_id)
        found = [row for row in rows if row.activity == step["retry"]]
        if not found:
            raise OnethingError(f"no incident at {step['retry']}")
        runtime.retry(self.host, operator, found[0].id, inputs=step.get("inputs"))

    def _move(self, step: Mapping[str, Any]) -> None:
        """Move the clock, and let everything that falls due on the way happen at its instant."""
        goal = step["until"] if "until" in step else self._after(str(step["after"]))
        for _ in range(MOST_ROUNDS):
            with self.host.database.read() as conn:
                instants = (jobs.next_timer(conn), jobs.next_due(conn))
            due = min((one for one in instants if one is not None), default=goal)
            if due > goal:
                break
            self.world.clock.move_to(max(due, self.world.clock()))
            if not self._settle():
                break
        self.world.clock.move_to(goal)

    def _after(self, text: str) -> datetime:
        now = self.world.clock()
        days = _DAYS.fullmatch(text)
        if days is not None:
            return now + timedelta(**{name: int(n) for name, n in days.groupdict("0").items()})
        limit = calendar.parse_limit(text)
        return calendar.due_at(
            now.astimezone(self.host.zone), limit, self.host.calendar, self.host.zone
        )

    def _settle(self) -> int:
        """Perform jobs and fire timers that are due now; return how many."""
        done = 0
        for _ in range(MOST_ROUNDS):
            busy = runtime.perform_due(self.host, limit=50)
            busy += runtime.fire_timers(self.host)
            if not busy:
                return done
            done += busy
        raise OnethingError("jobs and timers go on without end")

    def open_tasks(self) -> list[str]:
        """Return the activities of the case's live tasks."""
        with self.host.database.read() as conn:
            return [row.activity for row in self.live_tasks(conn)]

    def live_tasks(self, conn: Connection) -> list[TaskRow]:
        """Return the case's live tasks."""
        instance_id = cases.get(conn, self.case_no).instance_id
        return tasks.worklist(conn, Filter(instance_id=instance_id), limit=500)

    def _look_back(self) -> None:
        """Collect coverage from the histories, and replay each case."""
        for case_no in self.case_nos:
            with self.host.database.read() as conn:
                instance_id = cases.get(conn, case_no).instance_id
                for event in history.read(conn, self.host.keys, instance_id):
                    self._note(event.effects, event.personal or {}, event.at)
            verdict = runtime.replay(self.host, case_no)
            if not verdict.is_clean:
                self._fail(f"replay: event {verdict.diverges_at}: {verdict.problem or 'diverges'}")

    def _note(self, effects: Mapping[str, Any], personal: Mapping[str, Any], at: datetime) -> None:
        self.played.flows |= {(process, flow) for flow, process in effects.get("flows", ())}
        now = at.astimezone(self.host.zone)
        self.played.decided += [
            Decided(one["decision"], one["inputs"], one["rules"], now)
            for one in personal.get("decisions", ())
        ]


def _told(error: OnethingError) -> str:
    fields = getattr(error, "fields", {})
    told = "; ".join(f"{path}: {message}" for path, message in fields.items())
    case = f" {error.case_no}" if isinstance(error, CaseAlreadyOpen) else ""
    return f"{error.message}{case}{' — ' if told else ''}{told}"
