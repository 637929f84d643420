"""From 1 December on, whoever operates a node is told that next year's holidays are missing."""

from datetime import UTC, datetime

import pytest

from onething import calendar, identity
from onething.identity import SYSTEM
from unit.web.conftest import PASSWORD

EVE = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
"""A minute before 1 December in the legal zone."""
NOTICE = """
jurisdiction = "CN"
year = 2027
notice = "a notice for the tests"
"""


@pytest.fixture
def operator(host, browse):
    """A browser of whoever operates the node."""
    identity.add_person(
        host.database,
        SYSTEM,
        host.clock(),
        user="operator",
        name="operator",
        password=PASSWORD,
        must_change_password=False,
        settings=host.settings,
    )
    identity.give_post(host.database, SYSTEM, host.clock(), user="operator", roles=["operator"])
    return browse("operator")


def told(operator) -> tuple[bool, bool]:
    """Return whether readiness and the operators' page tell of the missing year."""
    ready, page = operator.get("/readyz"), operator.get("/incidents")
    assert (ready.status_code, page.status_code) == (200, 200)
    return "2027 is missing" in ready.text, "缺少 2027 年节假日安排通知" in page.text


def test_until_the_end_of_november_nothing_is_told(operator, clock):
    clock.move_to(EVE)

    assert told(operator) == (False, False)


def test_from_december_on_the_missing_year_is_told(operator, clock):
    clock.move_to(EVE.replace(day=30, hour=16, minute=0))

    assert told(operator) == (True, True)


def test_with_the_notice_it_is_told_no_more(operator, clock, host):
    clock.move_to(EVE.replace(day=30, hour=16, minute=0))

    host.calendar = host.calendar.replaced(calendar.parse_notice(NOTICE, "CN-2027.toml"))

    assert told(operator) == (False, False)
