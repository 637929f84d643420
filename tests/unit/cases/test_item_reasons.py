"""Why an item came out as it did: kept with it, and gone once it holds no more."""

from datetime import UTC, datetime

import pytest

from onething import cases
from onething.cases import ItemRow
from onething.cases.models import item
from onething.testing import databases

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.fixture
def move():
    """Give a way to move the one item of a case, which tells its reason then."""
    row = ItemRow("i1", "notary", "L1-1", "继承公证", "notary", "waiting", None, None, None)
    plain = {name: getattr(row, name) for name in ItemRow.__slots__ if name != "reason"}
    with databases.throwaway() as database:
        database.create()
        database.write(lambda conn: conn.execute(item.insert(), plain))

        def moved(state, reason=None):
            told = reason.encode() if reason else None
            database.write(lambda conn: cases.set_item(conn, "i1", "notary", state, told, NOW))
            with database.read() as conn:
                (found,) = cases.items(conn, "i1", bytes.decode)
            return found.reason

        yield moved


def test_a_reason_stays_when_none_is_given(move):
    move("denied", "户主不同意入户")

    assert move("withdrawn") == "户主不同意入户"


def test_why_it_was_not_needed_stays_while_it_is_not(move):
    move("not_needed", "申请人未选择此事项")

    assert move("not_needed") == "申请人未选择此事项"


@pytest.mark.parametrize("reason", [None, "凭继承公证书登记"])
def test_why_it_was_not_needed_falls_away_once_it_is_handled(move, reason):
    move("not_needed", "申请人未选择此事项")

    assert move("granted", reason) == reason
