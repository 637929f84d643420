"""The conformance driver: one JSON object a line in, one out, on the real engine.

Instances live in memory and the clock stands still until `advance` moves it. What a
model throws is delivered to the other instances before the answer.
"""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from onething import calendar, catalog, engine, feel
from onething.errors import OnethingError
from onething.now import FakeClock

_EPOCH = datetime(2026, 1, 5, 1, tzinfo=UTC)
_MOST_DELIVERIES = 10_000


class Run:
    """One instance and what it told so far."""

    def __init__(self, state: engine.State) -> None:
        self.state = state
        self.status: str = "active"
        self.error: str | None = None
        self.completed: list[str] = []
        self.tasks: dict[str, engine.TaskOpened | engine.JobOpened] = {}
        self.timers: dict[str, engine.TimerSet] = {}
        self.subscriptions: dict[str, engine.Subscribed] = {}
        self.incidents: dict[str, str] = {}
        self.variables: dict[str, Any] = {}

    def take(self, step: engine.Step) -> None:
        """Take in what a step says."""
        self.status, self.error = step.status, step.error
        self.completed.extend(passage.activity for passage in step.ended)
        self.tasks.update({task.token: task for task in step.tasks_opened})
        self.tasks.update({job.token: job for job in step.jobs_opened})
        for token in (*step.tasks_closed, *step.jobs_closed):
            self.tasks.pop(token, None)
        self.timers.update({one.timer: one for one in step.timers_set})
        for timer in step.timers_cleared:
            self.timers.pop(timer, None)
        self.subscriptions.update({one.subscription: one for one in step.subscribed})
        for subscription in step.unsubscribed:
            self.subscriptions.pop(subscription, None)
        for token in step.incidents_cleared:
            self.incidents.pop(token, None)
        self.incidents.update({one.token: one.message for one in step.incidents})
        self.variables.update(step.variables)

    def waiting_events(self) -> list[str]:
        """Return the events and receive tasks that wait."""
        armed = [timer.activity for timer in self.timers.values()]
        armed.extend(one.activity for one in self.subscriptions.values())
        held = [token.spec.bpmn_id for token in self.state.tokens.values() if token.state]
        return sorted({*armed, *held})


class Driver:
    """The twelve operations of the conformance protocol."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> dict[str, Any]:
        """Forget everything."""
        self.clock = FakeClock(_EPOCH)
        self.process: engine.Process | None = None
        self.runs: list[Run] = []
        self.calendar = calendar.load_default()
        return {"ok": True}

    def deploy(self, files: list[str]) -> dict[str, Any]:
        """Check the files by the rules of BPMN and compile them as one bundle."""
        contents = {_named(Path(name)): Path(name).read_bytes() for name in files}
        errors = [one for one in catalog.check_standard(contents) if one.severity == "error"]
        if errors:
            found = [f"{one.element}: {one.message} ({one.rule})" for one in errors]
            return {"ok": False, "error": "; ".join(found), "error_kind": "clean"}
        self.process = engine.compile(engine.Bundle(contents))
        return {"ok": True, "error": None, "error_kind": "clean"}

    @property
    def context(self) -> engine.Context:
        """What a step reads from outside."""
        return engine.Context(now=self.clock(), calendar=self.calendar)

    @property
    def compiled(self) -> engine.Process:
        """The deployed bundle; raises InvalidInput before a deploy."""
        if self.process is None:
            raise OnethingError("nothing is deployed")
        return self.process

    def start(self, process: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Start an instance at its none start event, else at its only start."""
        self._begin(engine.Start(process, variables))
        return {"ok": True}

    def _begin(self, command: engine.Start) -> None:
        step = engine.start(self.compiled, command, self.context)
        run = Run(step.state)
        self.runs.append(run)
        self._deliver(run, step)

    def _apply(self, run: Run, command: engine.Command) -> None:
        # Stored and revived before every command: a state must survive both.
        run.state = engine.restore(self.compiled, engine.snapshot(run.state))
        self._deliver(run, engine.apply(self.compiled, run.state, command, self.context))

    def _deliver(self, run: Run, step: engine.Step) -> None:
        """Deliver what a step throws, and what that throws in turn."""
        run.take(step)
        for thrown in step.thrown:
            self._budget -= 1
            if self._budget < 0:
                run.incidents["deliveries"] = "messages and signals are thrown without end"
            elif thrown.kind == "message":
                self._message(thrown.name, thrown.payload, thrown.key)
            else:
                self._signal(thrown.name, thrown.payload, run)

    def message(self, name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Correlate to one waiting receiver, else start a process."""
        delivered = self._message(name, payload, None)
        return {"ok": delivered > 0, "delivered": delivered}

    def _message(self, name: str, payload: Mapping[str, Any], key: str | None) -> int:
        for run in self.runs:
            for one in run.subscriptions.values():
                if one.kind == "message" and one.name == name and key in {None, one.key}:
                    self._apply(run, engine.Correlate(one.subscription, payload))
                    return 1
        for start in self.compiled.messages:
            if start.name == name:
                self._begin(engine.Start(start.process, payload, start.event))
                return 1
        return 0

    def signal(self, name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Broadcast to every receiver and every signal start event."""
        return {"ok": True, "delivered": self._signal(name, payload, None)}

    def _signal(self, name: str, payload: Mapping[str, Any], thrower: Run | None) -> int:
        delivered = 0
        waiting = [
            (run, one.subscription)
            for run in self.runs
            if run is not thrower
            for one in run.subscriptions.values()
            if one.kind == "signal" and one.name == name
        ]
        for run, subscription in waiting:
            if subscription in run.subscriptions:
                self._apply(run, engine.Correlate(subscription, payload))
                delivered += 1
        for start in self.compiled.signals:
            if start.name == name:
                self._begin(engine.Start(start.process, payload, start.event))
                delivered += 1
        return delivered

    def open_tasks(self) -> dict[str, Any]:
        """List what people and machines have to do."""
        tasks = [
            {"element": one.activity, "name": one.name, "handle": f"{index}:{one.token}"}
            for index, run in enumerate(self.runs)
            if run.status == "active"
            for one in run.tasks.values()
        ]
        return {"ok": True, "tasks": tasks}

    def _find(self, handle: str) -> tuple[Run, str]:
        index, _, token = handle.partition(":")
        return self.runs[int(index)], token

    def complete(self, handle: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Complete a task or job."""
        run, token = self._find(handle)
        if isinstance(run.tasks.get(token), engine.JobOpened):
            self._apply(run, engine.CompleteJob(token, variables))
        else:
            self._apply(run, engine.CompleteTask(token, variables))
        return {"ok": True}

    def throw_error(self, handle: str, code: str) -> dict[str, Any]:
        """Report a BPMN error at a task or job."""
        run, token = self._find(handle)
        self._apply(run, engine.ThrowError(token, code))
        return {"ok": True}

    def set_variables(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Set process variables of the running instances."""
        for run in self.runs:
            if run.status == "active":
                self._apply(run, engine.SetVariables(variables))
        return {"ok": True}

    def enable(self, element: str) -> dict[str, Any]:
        """Begin one activity of an ad-hoc sub-process."""
        for run in self.runs:
            if run.status == "active":
                self._apply(run, engine.Enable(element))
        return {"ok": True}

    def advance(self, seconds: float) -> dict[str, Any]:
        """Move the clock on, firing each timer at its time."""
        until = self.clock() + timedelta(seconds=float(seconds))
        for _ in range(_MOST_DELIVERIES):
            due = [
                (timer.due_at, index, name)
                for index, run in enumerate(self.runs)
                if run.status == "active"
                for name, timer in run.timers.items()
                if timer.due_at <= until
            ]
            if not due:
                break
            at, index, name = min(due)
            self.clock.move_to(max(at, self.clock()))
            self._apply(self.runs[index], engine.FireTimer(name))
        self.clock.move_to(until)
        return {"ok": True}

    def state(self) -> dict[str, Any]:
        """Tell how all instances since the last reset stand."""
        errors = [text for run in self.runs for text in run.incidents.values()]
        uncaught = [run.error or "" for run in self.runs if run.status == "failed"]
        active = sum(run.status == "active" for run in self.runs)
        status = "error" if errors or uncaught else "waiting" if active else "completed"
        variables: dict[str, Any] = {}
        for run in self.runs:
            variables.update(run.variables)
        return {
            "ok": True,
            "status": status,
            "active_instances": active,
            "completed": [name for run in self.runs for name in run.completed],
            "waiting_events": sorted(
                {one for run in self.runs if run.status == "active" for one in run.waiting_events()}
            ),
            "variables": variables,
            "errors": errors,
            "uncaught": uncaught,
        }

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer one request; an error of ours is an answer, too."""
        self._budget = _MOST_DELIVERIES
        operation = request.pop("op")
        if operation.startswith("_") or operation not in _OPERATIONS:
            return {"ok": False, "error": f"there is no operation {operation}"}
        try:
            answered: dict[str, Any] = getattr(self, operation)(**request)
        except OnethingError as failure:
            return {"ok": False, "error": failure.message}
        return answered


_OPERATIONS = {
    "reset",
    "deploy",
    "start",
    "message",
    "signal",
    "open_tasks",
    "complete",
    "throw_error",
    "set_variables",
    "advance",
    "enable",
    "state",
}


def _named(path: Path) -> str:
    """Return a name that says what a file is: diagrams come under many endings."""
    return path.name if path.suffix in {".bpmn", ".dmn"} else f"{path.name}.bpmn"


def main() -> None:
    """Answer requests from standard input until it ends."""
    driver = Driver()
    for line in sys.stdin:
        if line.strip():
            answer = feel.canonical(driver.answer(feel.parse_json(line)))
            sys.stdout.write(answer.decode() + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
