"""A real node with a fake clock, the simulated departments and one small service."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from onething import cases, history, incidents, jobs, runtime, tasks
from onething.cases import CaseRow
from onething.history import Event, Reading
from onething.identity import Actor
from onething.incidents import IncidentRow
from onething.jobs import JobRow
from onething.tasks import LIVE, Filter, TaskRow
from onething.testing.world import World

MONDAY = datetime(2026, 9, 28, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
APPLICANT = Actor("zhang", "张三", frozenset({"applicant"}))
OTHER = Actor("li", "李四", frozenset({"applicant"}))
CLERK = Actor("clerk", "王五", frozenset({"clerk"}), "police", "household", "370502")
COLLEAGUE = Actor("colleague", "赵六", frozenset({"clerk"}), "police", "household", "370502")
OPERATOR = Actor("operator", "运维", frozenset({"operator"}))
ID_NO = "370502198504129810"


class Node:
    """The world of one test, in the words that the tests use."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.host = world.host

    def start(self, way: str = "check", actor: Actor = APPLICANT, **options: Any) -> str:
        """Open a case that goes one way; return its number."""
        key = options.pop("key", None)
        person = {"name": "张三", "idNo": ID_NO, "division": "370502"} | options
        answers = {"way": way, "person": person}
        return runtime.start_case(self.host, actor, "permit", answers, key=key).case_no

    def instance(self, case_no: str) -> str:
        with self.host.database.read() as conn:
            return cases.get(conn, case_no).instance_id

    def case(self, case_no: str) -> CaseRow:
        with self.host.database.read() as conn:
            return cases.get(conn, case_no)

    def tasks(self, case_no: str, states: tuple[str, ...] = LIVE) -> list[TaskRow]:
        with self.host.database.read() as conn:
            return tasks.worklist(conn, Filter(case_no=case_no, states=states))

    def task(self, case_no: str) -> TaskRow:
        """Return the one live task."""
        (found,) = self.tasks(case_no)
        return found

    def events(self, case_no: str) -> list[Event]:
        instance_id = self.instance(case_no)
        with self.host.database.read() as conn:
            return list(history.read(conn, self.host.keys, instance_id))

    def kinds(self, case_no: str) -> list[str]:
        return [event.kind for event in self.events(case_no)]

    def jobs(self, case_no: str) -> list[JobRow]:
        instance_id = self.instance(case_no)
        with self.host.database.read() as conn:
            return jobs.of_instance(conn, instance_id)

    def incidents(self, case_no: str) -> list[IncidentRow]:
        instance_id = self.instance(case_no)
        with self.host.database.read() as conn:
            return incidents.listing(conn, instance_id=instance_id)

    def perform(self) -> int:
        return runtime.perform_due(self.host)

    def know(self, name: str = "张三", id_no: str = ID_NO) -> None:
        """Let the police know a person."""
        person = {"idNo": id_no, "name": name, "sex": "男", "birth": "1985-04-12"}
        self.world.give({"record": "people", "division": "370502", **person})

    def readings(self, case_no: str | None) -> list[Reading]:
        self.host.access_log.flush()
        with self.host.database.read() as conn:
            return [reading for _number, reading in history.readings(conn, case_no=case_no)]


def id_no(at: int) -> str:
    """Return the at-th of many identity numbers, its check digit worked out (GB 11643)."""
    body = f"37050219850412{at:03d}"
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]
