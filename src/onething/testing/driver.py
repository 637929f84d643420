"""The conformance driver: one JSON object a line in, one out, on the real runtime.

The node runs on a database in memory and the clock stands still until `advance` moves it.
What a model throws is delivered before the answer.
"""

import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from onething import catalog, engine, feel
from onething.errors import OnethingError
from onething.testing.node import Node, Work


class Driver:
    """The twelve operations of the conformance protocol."""

    def __init__(self) -> None:
        self.node = Node()

    def reset(self) -> dict[str, Any]:
        """Forget everything."""
        self.node.close()
        self.node = Node()
        return {"ok": True}

    def deploy(self, files: list[str]) -> dict[str, Any]:
        """Check the files by the rules of BPMN and deploy them as one bundle."""
        contents = {_named(Path(name)): Path(name).read_bytes() for name in files}
        errors = [one for one in catalog.check_standard(contents) if one.severity == "error"]
        if errors:
            found = [f"{one.element}: {one.message} ({one.rule})" for one in errors]
            return {"ok": False, "error": "; ".join(found), "error_kind": "clean"}
        self.node.deploy(contents)
        return {"ok": True, "error": None, "error_kind": "clean"}

    def start(self, process: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Start an instance at its none start event, else at its only start."""
        self.node.start(process, variables)
        return {"ok": True}

    def message(self, name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Correlate to one waiting receiver, else start a process."""
        delivered = self.node.message(name, payload)
        return {"ok": delivered > 0, "delivered": delivered}

    def signal(self, name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Broadcast to every receiver and every signal start event."""
        return {"ok": True, "delivered": self.node.signal(name, payload)}

    def open_tasks(self) -> dict[str, Any]:
        """List what people and machines have to do."""
        tasks = [
            {
                "element": one.activity,
                "name": one.name,
                "handle": f"{one.instance_id}:{one.token}",
            }
            for one in self.node.work()
        ]
        return {"ok": True, "tasks": tasks}

    def _find(self, handle: str) -> Work:
        for one in self.node.work():
            if handle == f"{one.instance_id}:{one.token}":
                return one
        raise OnethingError(f"there is no open task {handle}")

    def complete(self, handle: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Complete a task or job."""
        self.node.complete(self._find(handle), variables)
        return {"ok": True}

    def throw_error(self, handle: str, code: str) -> dict[str, Any]:
        """Report a BPMN error at a task or job."""
        work = self._find(handle)
        self.node.apply(work.instance_id, "JobRefused", engine.ThrowError(work.token, code))
        return {"ok": True}

    def set_variables(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Set process variables of the running instances."""
        return self._to_all("VariablesSet", engine.SetVariables(variables))

    def enable(self, element: str) -> dict[str, Any]:
        """Begin one activity of an ad-hoc sub-process."""
        return self._to_all("ActivityEnabled", engine.Enable(element))

    def _to_all(self, kind: str, command: engine.Command) -> dict[str, Any]:
        for row in self.node.instances():
            if row.status == "active":
                self.node.apply(row.instance_id, kind, command)
        return {"ok": True}

    def advance(self, seconds: float) -> dict[str, Any]:
        """Move the clock on, firing each timer at its time."""
        self.node.advance(timedelta(seconds=float(seconds)))
        return {"ok": True}

    def state(self) -> dict[str, Any]:
        """Tell how all instances since the last reset stand."""
        rows, errors = self.node.instances(), self.node.problems()
        failed = [row.case_no for row in rows if row.status == "failed"]
        active = sum(row.status == "active" for row in rows)
        completed: list[str] = []
        variables: dict[str, Any] = {}
        for event in self.node.events():
            completed += [one[0] for one in event.effects.get("ended", ())]
            variables |= (event.personal or {}).get("variables", {})
        return {
            "ok": True,
            "status": "error" if errors or failed else "waiting" if active else "completed",
            "active_instances": active,
            "completed": completed,
            "waiting_events": self.node.waiting_events(),
            "variables": variables,
            "errors": errors,
            "uncaught": failed,
        }

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer one request; an error of ours is an answer, too."""
        operation = request.pop("op")
        if operation not in _OPERATIONS:
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
