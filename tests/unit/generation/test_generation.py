"""A database full of made-up cases: most of them rows alone, some with all that a case has."""

from collections import defaultdict

import pytest
from sqlalchemy import func, select

from onething import history, instances, runtime, simulator
from onething.db import metadata
from onething.errors import Conflict
from onething.history import Ed25519Signer, Ed25519Verifier
from onething.identity import SYSTEM, Actor
from onething.tasks import Filter
from onething.testing import generation
from onething.testing.generation import Order
from onething.testing.generation.clones import LEFT_OUT, SEALED
from unit.generation.conftest import NOW, SERVICE

WORDS = ("state", "kind", "status", "activity", "department", "item", "party", "colour", "channel")


def rows(host, table: str, *, played: bool) -> list:
    """Rows of a table: of cases that were played, or of the others."""
    instance, found = metadata.tables["instance"], metadata.tables[table]
    ids = select(instance.c.instance_id).where(
        instance.c.sequence > 0 if played else instance.c.sequence == 0
    )
    with host.database.read() as conn:
        return list(conn.execute(select(found).where(found.c.instance_id.in_(ids))).mappings())


def played_cases(host) -> list[str]:
    return [row["case_no"] for row in rows(host, "case", played=True)]


def test_as_many_cases_are_there_as_were_wanted(host, made):
    with host.database.read() as conn:
        marked = conn.execute(select(metadata.tables["generation"])).mappings().one()

    assert (made.open_cases, made.closed_cases, made.played) == (40, 200, 12)
    assert (marked["open_cases"], marked["closed_cases"]) == (40, 200)
    assert marked["finished_at"] is not None


def test_played_cases_replay_to_their_states(host):
    verdicts = [runtime.replay(host, one) for one in played_cases(host)]

    assert all(one.is_clean and one.events for one in verdicts)


def test_chains_and_sealed_values_of_the_whole_database_are_proved(host, tmp_path):
    signer = Ed25519Signer(b"s" * 32)
    file = tmp_path / "checkpoints.jsonl"
    host.database.write(lambda conn: history.checkpoint(conn, signer, file, NOW))

    report = history.verify(
        host.database,
        file,
        Ed25519Verifier(signer.public_key),
        host.keys,
        lambda conn: ((row.instance_id, row.sequence, row.hash) for row in instances.every(conn)),
    )

    assert report.is_clean
    assert report.instances == 12
    assert report.values == report.events > 12


@pytest.mark.parametrize("table", ["case", "item", "task", "clock", "clock_entry", "document"])
def test_other_cases_have_the_columns_and_words_that_the_runtime_writes(host, table):
    told = defaultdict(set)
    for row in rows(host, table, played=True):
        for column, value in row.items():
            told[column].add(value if column in WORDS else value is None)

    strange = {
        (column, value)
        for row in rows(host, table, played=False)
        for column, value in row.items()
        if (value if column in WORDS else value is None) not in told[column]
    }

    assert [one for one in strange if one[0] not in SEALED] == []


def test_other_cases_have_no_history_and_nothing_sealed(host):
    for table in LEFT_OUT:
        assert rows(host, table, played=False) == []
    assert rows(host, "instance", played=False)


def test_nothing_is_overdue_but_what_supervision_has_warned_of(host):
    warned = {row["instance_id"] for row in rows(host, "card", played=False)}

    overdue = {
        row["instance_id"] for row in rows(host, "timer", played=False) if row["due_at"] < NOW
    }

    assert overdue <= warned


def test_open_cases_are_tasks_of_their_department_and_every_case_opens(host):
    registrar = Actor("li", "李", frozenset({"clerk"}), department="registry", post="registrar")
    found = runtime.list_tasks(host, registrar, Filter(), limit=200)

    seen = [runtime.view_case(host, registrar, one.case_no, "case").case.state for one in found]

    assert len(seen) >= 20
    assert "CLOSED" not in seen


def test_a_new_case_gets_a_number_that_no_made_up_one_has(host):
    with host.database.read() as conn:
        serial = metadata.tables["serial"]
        last = conn.execute(select(func.max(serial.c.last))).scalar_one()

    assert last >= max(int(one[18:23]) for one in played_cases(host))


def test_a_database_that_holds_cases_is_refused(host):
    order = Order(open_cases=1, closed_cases=1, services=(SERVICE,))

    with pytest.raises(Conflict, match="only an empty one"):
        generation.generate(host, order, simulator.create_app, simulator.Records, str)


def test_the_system_sees_every_case(host):
    assert len(runtime.list_cases(host, SYSTEM, limit=500)) == 240
