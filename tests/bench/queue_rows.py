"""Open tasks in numbers: rows of tasks, of instances, and of what clerks filter by."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from random import Random
from typing import Any

from onething.definitions import Definition, FilterField, comparable
from onething.history import GENESIS
from onething.runtime import Host
from onething.runtime.tasks.queue_terms import TAILS, tail_term, term
from onething.testing.generation import loading

SERVICES = ("after-death", "marriage-status-change", "adoption-registration")
DISTRICTS = ("370502", "370503", "370505", "370522", "370523")
NAMES = ("核对信息", "办理登记", "审核材料", "复核", "核发证件", "登记结果", "通知当事人", "归档")
FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉红"
MOST_AT_ONCE = 4
CASES_AT_ONCE = 4_000
KEPT = 0.05
"""Share of the tasks that may be asked for."""
DAY_MINUTES = 1_440
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Made:
    """One open task with what its clerk may know."""

    case_no: str
    instance_id: str
    department: str
    region: str
    name: str
    due_at: datetime | None
    service: str
    values: dict[str, str]
    """Values of the fields that its department sees, by key."""


@dataclass(slots=True)
class Filled:
    """What a database was filled with."""

    some: list[Made]
    cases: int = 0
    tasks: int = 0
    terms: int = 0


class Filler:
    """Draws cases: the same ones each time."""

    def __init__(self, host: Host, total: int) -> None:
        self.host, self.total = host, total
        self.random = Random(1)  # noqa: S311 - made-up data must come again
        self.now = host.clock()
        self.filled = Filled([])
        with host.database.read() as conn:
            self.services = [host.definitions.newest(conn, code) for code in SERVICES]
        self.term = lru_cache(1_000_000)(self._term)

    def run(self) -> Filled:
        """Write tasks, instances and terms."""
        put_off = loading.put_indexes_off(self.host.database)
        while self.filled.tasks < self.total:
            rows: Rows = {"instance": [], "task": [], "queue_term": []}
            while self.filled.tasks < self.total and len(rows["instance"]) < CASES_AT_ONCE:
                self._add_case(rows)
            self.filled.terms += len(rows["queue_term"])
            self.host.database.write(partial(loading.load, rows=rows))
        loading.make_indexes(self.host.database, put_off)
        return self.filled

    def _add_case(self, rows: Rows) -> None:
        of, at = self.random.choice(self.services), self.filled.cases
        instance_id = f"{self.random.getrandbits(96):024x}"
        region = self.random.choice(DISTRICTS)
        case_no = f"L{region}{of.service.theme}20261130{at:05d}{at % 10}"
        rows["instance"].append(instance(instance_id, case_no, region, of, self.now))
        values = {one.key: self._value(one) for one in of.filters if self.random.random() < 0.8}
        found = {tail_term(self.host.keys, case_no[-length:]) for length in TAILS}
        for one in of.filters:
            if one.key in values:
                told = comparable(one.kind, values[one.key])
                found.add(self.term(one.key, one.readers, told))
        rows["queue_term"] += [{"instance_id": instance_id, "term": one} for one in found]
        self._add_tasks(rows, of, (case_no, instance_id, region), values)
        self.filled.cases += 1

    def _add_tasks(
        self, rows: Rows, of: Definition, case: tuple[str, str, str], values: dict[str, str]
    ) -> None:
        case_no, instance_id, region = case
        most = min(len(of.service.items), MOST_AT_ONCE, self.total - self.filled.tasks)
        items = self.random.sample(of.service.items, self.random.randint(1, most))
        is_kept = self.random.random() < KEPT
        for token, item in enumerate(items):
            due = self.now + timedelta(
                minutes=self.random.randint(-5 * DAY_MINUTES, 40 * DAY_MINUTES)
            )
            seen = {
                one.key: values[one.key]
                for one in of.filters
                if item.department in one.readers and one.key in values
            }
            task = Made(
                case_no,
                instance_id,
                item.department,
                region,
                self.random.choice(NAMES),
                None if self.random.random() < 0.1 else due,
                of.service.code,
                seen,
            )
            rows["task"].append(self._row(task, token, item.id))
            self.filled.some += [task] if is_kept else []
            self.filled.tasks += 1

    def _term(self, key: str, among: tuple[str, ...], value: str) -> int:
        return term(self.host.keys, key, among, value)

    def _value(self, one: FilterField) -> str:
        """Draw a value: the first choice of a list more often than the others."""
        random = self.random
        if one.kind == "choice":
            options = [str(option.value) for option in one.component.options.fixed]
            return options[0] if random.random() < 0.5 else random.choice(options)
        if is_name(one):
            return random.choice(FAMILY) + "".join(random.choices(GIVEN, k=random.randint(1, 2)))
        month, day = f"{random.randint(1, 12):02d}", f"{random.randint(1, 28):02d}"
        return {
            "boolean": random.choice(("true", "false")),
            "division": random.choice(DISTRICTS),
            "month": f"20{random.randint(10, 26)}-{month}",
            "date": f"19{random.randint(40, 99)}-{month}-{day}",
        }.get(one.kind, f"{random.randrange(10**11):011d}")

    def _row(self, task: Made, token: int, item: str) -> dict[str, Any]:
        is_held = self.random.random() < 0.2
        nothing = dict.fromkeys(
            ("form", "post", "party", "delegated_by", "held_for", "closed_at"), None
        )
        return nothing | {
            "instance_id": task.instance_id,
            "token": str(token),
            "case_no": task.case_no,
            "service": task.service,
            "activity": f"activity-{token}",
            "process": task.service,
            "name": task.name,
            "item": item,
            "department": task.department,
            "region": task.region,
            "state": "claimed" if is_held else "open",
            "assignee": f"clerk-{self.random.randrange(500)}" if is_held else None,
            "opened_at": self.now - timedelta(minutes=self.random.randrange(50_000)),
            "due_at": task.due_at,
            "properties": {},
        }


def is_name(one: FilterField) -> bool:
    """Whether a field holds a person's name."""
    return one.component.element is not None and one.component.element.rule == "name"


def instance(
    instance_id: str, case_no: str, region: str, of: Definition, now: datetime
) -> dict[str, Any]:
    """Return the row that the floor is read from."""
    return {
        "instance_id": instance_id,
        "case_no": case_no,
        "region": region,
        "service": of.service.code,
        "number": of.number,
        "status": "active",
        "sequence": 0,
        "hash": GENESIS,
        "snapshot_sequence": 0,
        "started_at": now,
        "updated_at": now,
        "ended_at": None,
    }
