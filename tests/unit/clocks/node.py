"""A real node with a fake clock and one small service whose every clock can be moved."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from onething import cases, clocks, history, runtime, tasks
from onething.clocks import Clock
from onething.history import Event
from onething.identity import SYSTEM, Actor
from onething.tasks import TaskRow
from onething.testing.world import World

ZONE = ZoneInfo("Asia/Shanghai")
APPLICANT = Actor("zhang", "张三", frozenset({"applicant"}))
CLERK = Actor("clerk", "王五", frozenset({"clerk"}), "civil", "examiner", "370502")
SUPERVISOR = Actor("head", "李主任", frozenset({"supervisor"}), "civil", "examiner", "370502")
OPERATOR = Actor("operator", "运维", frozenset({"operator"}))


def at(day: str, hour: int = 10) -> datetime:
    """Return an instant on a day of Shanghai."""
    return datetime.combine(date.fromisoformat(day), time(hour), ZONE)


class Node:
    """The world of one test, in the words that the tests use."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.host = world.host

    def go_to(self, day: str, hour: int = 10) -> None:
        """Let time pass up to an hour of a day; what comes due on the way fires."""
        self.world.clock.move_to(at(day, hour))
        while runtime.fire_timers(self.host):
            pass

    def apply(self) -> str:
        """Open a case and return its number."""
        person = {"name": "张三", "division": "370502"}
        return runtime.start_case(self.host, APPLICANT, "licence", {"person": person}).case_no

    def accepted(self) -> str:
        """Open a case, accept it on the spot and return its number."""
        case_no = self.apply()
        self.decide(case_no, "accept")
        return case_no

    def task(self, case_no: str) -> TaskRow:
        """Return the one live task."""
        with self.host.database.read() as conn:
            (found,) = tasks.worklist(conn, tasks.Filter(case_no=case_no, states=tasks.LIVE))
        return found

    def decide(self, case_no: str, decision: str) -> None:
        """Complete the one live task with a decision."""
        task = self.task(case_no)
        answers = {"next": decision, "check": {"finding": decision}}
        runtime.complete(self.host, SYSTEM, task.id, answers)

    def instance(self, case_no: str) -> str:
        """Return the instance of a case."""
        with self.host.database.read() as conn:
            return cases.get(conn, case_no).instance_id

    def clocks(self, case_no: str) -> dict[str, Clock]:
        """Return the clocks of a case by id."""
        with self.host.database.read() as conn:
            found = clocks.of_case(conn, cases.get(conn, case_no).instance_id)
        return {one.clock_id: one for one in found}

    def last_day(self, case_no: str, clock_id: str = "handling.licence") -> date:
        """Return the last day of a clock's promise."""
        due_at = self.clocks(case_no)[clock_id].promised_due_at
        assert due_at is not None
        return due_at.astimezone(ZONE).date() - timedelta(days=1)

    def events(self, case_no: str) -> list[Event]:
        """Return the history of a case."""
        instance_id = self.instance(case_no)
        with self.host.database.read() as conn:
            return list(history.read(conn, self.host.keys, instance_id))
