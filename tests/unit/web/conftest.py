"""The pages as served, in memory, with the people who open them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import argon2
import pytest

from onething import identity, runtime
from onething.catalog import Catalog
from onething.identity import SYSTEM, Actor, passwords
from onething.main import create_app
from onething.now import FakeClock
from onething.settings import Settings
from onething.tasks import Filter
from onething.testing import databases

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PACKAGE = Path(__file__).parent / "package"
PASSWORD = "Morgenstern-7"
PEOPLE = {
    "citizen": {"roles": ["applicant"]},
    "other": {"roles": ["applicant"]},
    "village": {"roles": ["helper"]},
    "reader": {"roles": ["clerk"], "department_code": "window"},
    "auditor": {"roles": ["auditor"]},
}
APPLICATION = {
    "sender.name": "陈志远",
    "sender.idNo": "37050219680412991X",
    "kind": "hill",
}
READER = Actor("reader", "reader", frozenset({"clerk"}), "window")
COLLEAGUES = {"head": "supervisor", "second": "clerk", "third": "clerk"}
"""More people of the window, by user, with their role."""


class Browser:
    """One person at the pages: follows the forms' tokens as a browser does."""

    def __init__(self, client) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **more):
        """Open a page."""
        return self._seen(self.client.get(path, **more))

    def post(self, path: str, data=None, **more):
        """Send a form."""
        return self._seen(
            self.client.post(path, data={"csrf_token": self.token, **(data or {})}, **more)
        )

    def sign_in(self, user: str) -> "Browser":
        """Sign in as a person."""
        self.get("/sign-in")
        self.post("/sign-in", {"user": user, "password": PASSWORD})
        self.get("/")
        return self

    def hidden(self, page) -> dict[str, list[str]]:
        """Return the hidden fields of the page's main form."""
        text = page.text.partition("<main")[2]
        found: dict[str, list[str]] = {}
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text):
            if name != "csrf_token":
                found.setdefault(name, []).append(value)
        return found

    def apply(self, **answers) -> str:
        """Apply and return the case number."""
        checked = self.post("/services/outing/apply", {**APPLICATION, **answers})
        sent = self.post("/services/outing/cases", self.hidden(checked))
        return sent.location.split("/")[-2]

    def _seen(self, page):
        found = (
            re.search(r'name="csrf_token" value="([^"]+)"', page.text)
            if page.mimetype == "text/html"
            else None
        )
        self.token = found[1] if found else self.token
        return page


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """Real argon2id with parameters that do not slow the tests down."""
    quick = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    passwords._nobodys.cache_clear()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(MONDAY)


@pytest.fixture
def host(tmp_path, clock) -> Iterator[runtime.Host]:
    opened = runtime.open_host(
        Settings(
            data_dir=tmp_path,
            services=(PACKAGE,),
            demo=True,
            undo_seconds=0,
            sign_in_per_minute=50,
            lockout_failures=3,
        ),
        clock=clock,
        database=databases.throwaway(),
    )
    opened.database.create()
    runtime.deploy(opened, SYSTEM, Catalog([PACKAGE]).package("outing"))
    identity.put_department(opened.database, SYSTEM, MONDAY, code="window", name="综合窗口")
    identity.put_region(opened.database, SYSTEM, MONDAY, code="370502", name="东营区")
    for user, post in PEOPLE.items():
        identity.add_person(
            opened.database,
            SYSTEM,
            MONDAY,
            user=user,
            name=user,
            password=PASSWORD,
            must_change_password=False,
            settings=opened.settings,
        )
        identity.give_post(opened.database, SYSTEM, MONDAY, user=user, **post)
    yield opened
    opened.access_log.flush()
    opened.database.close()


@pytest.fixture
def app(host):
    return create_app(host)


@pytest.fixture
def browse(app):
    """Open a browser, signed in when a person is named."""

    def opened(user: str | None = None) -> Browser:
        browser = Browser(app.test_client())
        return browser.sign_in(user) if user else browser

    return opened


def holder(host) -> str | None:
    """Return who holds the one task that is not done."""
    (found,) = runtime.list_tasks(host, SYSTEM, Filter(states=("open", "claimed")))
    return found.assignee


@pytest.fixture
def held_task(browse, host) -> str:
    """The id of a task that the reader holds, in a department of four."""
    for user, role in COLLEAGUES.items():
        told = {"user": user, "name": f"<b>{user}", "password": PASSWORD}
        told |= {"must_change_password": False, "settings": host.settings}
        identity.add_person(host.database, SYSTEM, host.clock(), **told)
        where = {"department_code": "window", "roles": [role]}
        identity.give_post(host.database, SYSTEM, host.clock(), user=user, **where)
    case_no = browse("citizen").apply()
    (first,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    runtime.complete(host, SYSTEM, first.id, {"words": "带伞"})
    (found,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    runtime.claim(host, READER, found.id)
    return found.id
