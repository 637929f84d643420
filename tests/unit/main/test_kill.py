"""A server that is killed in the middle of a load: what was answered is there, once."""

import itertools
import json
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

CLIENTS = 4
ENOUGH = 120


@dataclass(frozen=True)
class Answered:
    """One command and the answer that its client holds."""

    path: str
    body: dict[str, Any]
    key: str
    answer: dict[str, Any]


class Load:
    """Clients that start cases and complete their tasks until the server is gone."""

    def __init__(self, served) -> None:
        self.served = served
        self.answered: list[Answered] = []
        self.sent: list[str] = []
        self.enough = threading.Event()
        self.problems: list[str] = []

    def run(self, client: int) -> None:
        for number in itertools.count():
            try:
                self.one_case(f"{client}-{number}")
            except OSError:
                return

    def one_case(self, name: str) -> None:
        started = self.send(
            "/api/v1/services/three-tasks/cases", {"data": {"note": name}}, f"start-{name}"
        )
        case_no = started.get("case_no", "")
        for place in range(3):
            task = self.task(case_no)
            self.send(
                f"/api/v1/tasks/{task}/complete", {"data": {"note": name}}, f"task-{name}-{place}"
            )

    def task(self, case_no: str) -> str:
        _status, page = self.served.call("GET", f"/api/v1/tasks?case_no={case_no}")
        return page["items"][0]["id"] if page.get("items") else "none"

    def send(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        self.sent.append(key)
        status, answer = self.served.call("POST", path, body, key)
        if status >= 300:
            self.problems.append(f"{status} {answer}")
        self.answered.append(Answered(path, body, key, answer))
        if len(self.answered) >= ENOUGH:
            self.enough.set()
        return answer


def load_and_kill(served) -> Load:
    load = Load(served)
    clients = [threading.Thread(target=load.run, args=(one,)) for one in range(CLIENTS)]
    for one in clients:
        one.start()
    assert load.enough.wait(120), load.problems
    served.kill()
    for one in clients:
        one.join(60)
    return load


@pytest.mark.parametrize("served", ["sqlite", "postgresql"], indirect=True)
def test_killed_server_kept_every_answered_command_and_none_twice(served):
    served.start()
    load = load_and_kill(served)

    served.start()
    again = [served.call("POST", one.path, one.body, one.key) for one in load.answered]
    events = Counter(
        (one["case_no"], event["kind"], str(event["input"].get("activity")))
        for one in cases_of(served)
        for event in served.call("GET", f"/api/v1/cases/{one['case_no']}/history")[1]["items"]
    )
    served.stop()
    proof = served.command("verify", "--json")
    replayed = served.command("replay", "--all", "--json")

    assert load.problems == []
    assert [answer for _status, answer in again] == [one.answer for one in load.answered]
    assert set(events.values()) == {1}
    assert len(load.answered) <= sum(events.values()) <= len(load.sent)
    assert (proof.returncode, json.loads(proof.stdout)["faults"]) == (0, [])
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr


def cases_of(served) -> list[dict[str, Any]]:
    found, after = [], ""
    while True:
        _status, page = served.call("GET", f"/api/v1/cases?limit=200{after}")
        found += page["items"]
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


def test_second_server_on_the_same_folder_is_refused(served):
    served.start()

    second = served.command("serve", "--demo", "--port", str(served.port + 1))

    assert second.returncode == 75
    assert "Another server runs" in second.stderr


def test_server_that_is_asked_to_stop_ends_well(served):
    served.start()

    assert served.stop() == 0
