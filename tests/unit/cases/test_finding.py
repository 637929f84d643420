"""Cases are found by any part of their number or title, the same ones on every database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from onething import cases
from onething.cases import CaseRow
from onething.cases.models import case
from onething.cases.sought import sought
from onething.testing import databases

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
TITLES = (
    "收养登记一件事 · 魏*",
    "收养登记一件事 · 欧阳**",
    "身后事一站式联办 · 佚*",
    "事一件登记 · 司马*",
    "O'Hara & Sons | 100%_\\ · (X)",
)
NUMBERS = [
    cases.case_number("370502", theme, NOW.date() + timedelta(days=days), running)
    for theme in ("001", "002")
    for days in (0, 9, 40)
    for running in (1, 12345, 50999)
]


@pytest.fixture(scope="module")
def database():
    with databases.throwaway() as database:
        database.create()
        database.write(lambda conn: [cases.add(conn, row, (), None) for row in rows()])
        yield database


def rows():
    """Cases with every number, the titles by turns."""
    for at, case_no in enumerate(NUMBERS):
        yield CaseRow(
            instance_id=f"{at:024x}",
            case_no=case_no,
            query_code=f"{at:064x}",
            service="adoption",
            number=1,
            name="收养登记一件事",
            title=TITLES[at % len(TITLES)],
            state="IN_PROGRESS",
            result=None,
            region="370502",
            channel="web",
            submitted_by="somebody",
            submitted_at=NOW + timedelta(minutes=at),
            accepted_at=None,
            closed_at=None,
        )


@pytest.mark.parametrize(
    "wanted",
    [
        *(
            "魏*",
            "魏",
            "欧阳",
            "阳**",
            "一件事",
            "件事 · 魏",
            "事一件",
            "登记一件事 · 司马",
            "佚名",
        ),
        *("'", "O'Hara", "\\", "%", "_", "100%_\\", "|", "&", "(X)", ":*", "nobody"),
        *("1", "99", "123", "2026", "12345", "261123", "20261123", "0120261202", "123450", "9" * 9),
        *(NUMBERS[0], NUMBERS[3][8:20], NUMBERS[4][-6:], NUMBERS[4][1:], NUMBERS[5][:23]),
    ],
)
def test_a_text_finds_the_cases_that_hold_it(database, wanted):
    with database.read() as conn:
        found = cases.listing(conn, text=wanted, limit=100)

    held = [one for one in rows() if wanted in one.case_no or wanted in one.title]
    assert [one.case_no for one in found] == [one.case_no for one in reversed(held)]


def test_a_text_that_no_database_keeps_finds_nothing(database):
    with database.read() as conn:
        assert cases.listing(conn, text="魏\0*") == []


@pytest.mark.parametrize("wanted", ["佚名", "9X", NUMBERS[3][8:20]])
def test_on_postgresql_what_few_hold_is_answered_from_the_index(database, wanted):
    if database.is_sqlite:
        pytest.skip("SQLite reads the cases")

    with database.read() as conn:
        conn.execute(text("SET LOCAL enable_seqscan = off"))  # so few cases are read sooner
        query = select(func.count()).where(sought(wanted, "postgresql"))
        compiled = query.select_from(case).compile(
            conn, compile_kwargs={"literal_binds": True, "render_postcompile": True}
        )
        plan = "\n".join(conn.exec_driver_sql(f"EXPLAIN {compiled}").scalars())

    assert "ix_case_grams" in plan
