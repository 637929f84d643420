import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from onething import history, identity, runtime, simulator
from onething.catalog import Catalog
from onething.connectors import HttpConnector
from onething.identity import SYSTEM
from onething.main import create_app
from onething.now import FakeClock
from onething.settings import Settings
from onething.testing import databases

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PACKAGE = Path(__file__).parent / "package"
PEOPLE = {
    "reader": {"roles": ["clerk"], "department_code": "window"},
    "colleague": {"roles": ["clerk"], "department_code": "window"},
    "stranger": {"roles": ["clerk"], "department_code": "police"},
    "citizen": {"roles": ["applicant"]},
    "neighbour": {"roles": ["applicant"]},
    "officer": {"roles": ["clerk", "helper"], "department_code": "window"},
    "designer": {"roles": ["designer"]},
    "auditor": {"roles": ["auditor"]},
    "operator": {"roles": ["operator"]},
}


class Site:
    """The product as served, in memory: its people, their tokens, simulated departments."""

    def __init__(self, folder: Path, **settings) -> None:
        self.clock = FakeClock(MONDAY)
        self.records = simulator.Records()
        simulator.load_seed(self.records)
        departments = simulator.create_app(self.records, self.clock, lambda _seconds: None)
        self.departments = httpx.Client(
            transport=httpx.WSGITransport(departments), base_url="http://departments"
        )
        self.host = runtime.open_host(
            Settings(data_dir=folder, services=(PACKAGE,), retry_wait_s=1, demo=True, **settings),
            clock=self.clock,
            departments=HttpConnector({"*": "http://departments"}, self.departments),
            database=databases.throwaway(),
        )
        self.host.database.create()
        runtime.deploy(self.host, SYSTEM, Catalog([PACKAGE]).package("letter"))
        self._enrol()
        self.client = create_app(self.host).test_client()
        self._keys = itertools.count()

    def _enrol(self) -> None:
        database, now = self.host.database, MONDAY
        for code in ("window", "police"):
            identity.put_department(database, SYSTEM, now, code=code, name=code)
        self.tokens = {}
        for user, post in PEOPLE.items():
            identity.add_person(
                database, SYSTEM, now, user=user, name=user, settings=self.host.settings
            )
            identity.give_post(database, SYSTEM, now, user=user, **post)
            self.tokens[user] = identity.issue_token(
                database, SYSTEM, now, user=user, name="test", days=30
            )

    def call(self, method: str, path: str, user: str | None = "reader", **more):
        """Call the API as a person."""
        headers = dict(more.pop("headers", {}))
        if user is not None:
            headers.setdefault("Authorization", f"Bearer {self.tokens[user]}")
        if "key" in more:
            headers["Idempotency-Key"] = more.pop("key")
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    def get(self, path: str, user: str | None = "reader", **more):
        return self.call("GET", path, user, **more)

    def post(self, path: str, body=None, user: str | None = "reader", **more):
        if body is not None:
            more["json"] = body
        return self.call("POST", path, user, **more)

    def start(self, user: str = "citizen", **data) -> str:
        """Open a case and return its number."""
        sender = {"name": "陈志远", "idNo": "37050219680412991X"}
        body = {"data": {"sender": sender, "note": "你好"} | data}
        answer = self.post("/services/letter/cases", body, user, key=f"start-{next(self._keys)}")
        assert answer.status_code == 201, answer.text
        return answer.json["case_no"]

    def task(self, user: str = "reader") -> str:
        """Return the first task of a person's queue."""
        return self.get("/tasks", user).json["items"][0]["id"]

    def readings(self, case_no: str | None = None):
        self.host.access_log.flush()
        with self.host.database.read() as conn:
            return [one for _number, one in history.readings(conn, case_no=case_no, limit=100)]

    def close(self) -> None:
        self.host.access_log.flush()
        self.host.database.close()
        self.departments.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.close()


@pytest.fixture
def site_with(tmp_path: Path) -> Iterator:
    made: list[Site] = []

    def make(**settings) -> Site:
        made.append(Site(tmp_path, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()
