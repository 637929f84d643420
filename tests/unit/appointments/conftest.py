"""A site with two offices and the people who book there and work there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onething import identity, runtime
from onething.catalog import Catalog
from onething.identity import SYSTEM, Actor
from onething.now import FakeClock
from onething.settings import Settings
from onething.testing import databases

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Nine o'clock in the legal zone."""
PACKAGE = Path(__file__).parent / "package"
CLERK = Actor("clerk", "李", frozenset({"clerk"}), "window", None, "370502")
HEAD = Actor("head", "王", frozenset({"supervisor"}), "window", None, "370500")
CITIZEN = Actor("citizen", "陈志远", frozenset({"applicant"}))
OTHER = Actor("other", "钱立群", frozenset({"applicant"}))
HELPER = Actor("helper", "村里", frozenset({"helper"}))
OFFICE = {
    "office_id": "east",
    "name": "东营区会面中心",
    "name_en": "East meeting centre",
    "address": "样例路 1 号",
    "address_en": "1 Example Road",
    "department": "window",
    "division": "370502",
    "slot_minutes": 30,
    "horizon_days": 14,
    "no_show_minutes": 15,
    "hours": {str(day): ["09:00-12:00", "13:30-17:00"] for day in range(1, 6)},
    "closed": ["2026-11-26"],
    "extra": {"2026-11-28": ["09:00-11:00"]},
    "posts": [
        {"post": "main", "name": "会面", "name_en": "Meetings", "capacity": 2,
         "services": ["meeting"]},
    ],
}  # fmt: skip


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(MONDAY)


@pytest.fixture
def host(tmp_path, clock) -> Iterator[runtime.Host]:
    opened = runtime.open_host(
        Settings(data_dir=tmp_path, services=(PACKAGE,)),
        clock=clock,
        database=databases.throwaway(),
    )
    opened.database.create()
    runtime.deploy(opened, SYSTEM, Catalog([PACKAGE]).package("meeting"))
    identity.put_department(opened.database, SYSTEM, MONDAY, code="window", name="综合窗口")
    runtime.save_office(opened, HEAD, OFFICE, 0)
    yield opened
    opened.access_log.flush()
    opened.database.close()


def at(text: str) -> datetime:
    """Return an instant of the legal zone: `24 10:00` in November 2026."""
    day, _, time = text.partition(" ")
    return datetime.fromisoformat(f"2026-11-{int(day):02d}T{time}:00+08:00").astimezone(UTC)
