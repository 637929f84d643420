"""Pages of the worklist: together they are the whole list, in the order it is due."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from onething import tasks
from onething.db import Database
from onething.tasks import Filter, TaskRow
from onething.testing import databases

NOW = datetime(2026, 9, 28, 9, tzinfo=UTC)
DAYS = [3, None, 1, 1, None, 2, None, 1]


def row(at: int, days: int | None) -> TaskRow:
    """A task of the police, opened at one of two instants."""
    return TaskRow(
        instance_id=f"i{at % 3}",
        token=str(at),
        case_no=f"L{at}",
        service="permit",
        activity="check",
        process="permit",
        name="核查",
        form=None,
        item=None,
        department="police",
        post=None,
        region=None,
        party=None,
        state="open" if at % 2 else "claimed",
        assignee=None,
        delegated_by=None,
        opened_at=NOW + timedelta(hours=at % 2),
        due_at=None if days is None else NOW + timedelta(days=days),
        closed_at=None,
        properties={},
    )


@pytest.fixture
def database() -> Iterator[Database]:
    """Eight live tasks, some due, some at the same instant, some never; and a closed one."""
    with databases.throwaway() as database:
        database.create()
        rows = [row(at, days) for at, days in enumerate(DAYS)]
        database.write(lambda conn: tasks.open_all(conn, [*rows, row(9, 1)]))
        database.write(lambda conn: tasks.close_all(conn, "i0", {"9": "completed"}, NOW))
        yield database


def page(database: Database, after: str | None = None, limit: int = 50, **more) -> list[TaskRow]:
    with database.read() as conn:
        return tasks.worklist(conn, Filter(department="police", **more), after=after, limit=limit)


def test_what_is_due_comes_first_and_the_rest_by_its_age(database):
    found = page(database)

    last = datetime.max.replace(tzinfo=UTC)
    order = [(one.due_at or last, one.opened_at, one.instance_id, one.token) for one in found]
    assert order == sorted(order)
    assert len(found) == len(DAYS)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 8, 9])
def test_pages_of_any_size_are_the_whole_list(database, limit):
    whole = [one.id for one in page(database)]

    pages, after = [], None
    while found := page(database, after, limit):
        pages += [one.id for one in found]
        after = found[-1].id

    assert pages == whole


def test_closed_tasks_are_found_where_they_are_asked_for(database):
    found = page(database, states=("completed",))

    assert [one.id for one in found] == ["i0-9"]
