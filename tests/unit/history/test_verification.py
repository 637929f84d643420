# ruff: noqa: S608 - the tests forge rows of their own throw-away databases

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from onething.feel.json import canonical
from onething.history.events import event_hash
from onething.history.hashes import GENESIS, hash_by_name
from onething.history.models import event

BOTH = "UPDATE {table} SET sequence = {to} WHERE instance_id = '{chain}' AND sequence = {at}"


def moved(chain: str, at: int, to: int) -> list[str]:
    return [
        BOTH.format(table=table, chain=chain, at=at, to=to) for table in ("event", "event_value")
    ]


def deleted(chain: str, at: int | None = None) -> list[str]:
    where = f"instance_id = '{chain}'" + (f" AND sequence = {at}" if at else "")
    return [f"DELETE FROM event_value WHERE {where}", f"DELETE FROM event WHERE {where}"]


def filled(archive):
    for instance in ("case-a", "case-b", "case-c"):
        archive.add(instance, 4)
    archive.checkpoint()
    archive.add("case-b", 3)
    archive.checkpoint()
    return archive


def test_an_untouched_history_is_clean(archive):
    filled(archive)

    report = archive.verify(keys=archive.keys, known=archive.known)

    assert report.is_clean, report.faults
    assert (report.instances, report.events, report.values) == (3, 15, 15)
    assert (report.checkpoints, report.unproven) == (2, 0)


def test_events_since_the_last_checkpoint_are_counted_as_unproven(archive):
    filled(archive)
    archive.add("case-a", 2)

    report = archive.verify(keys=archive.keys)

    assert report.is_clean
    assert report.unproven == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "'Forged'"),
        ("actor", "'li'"),
        ("post", "'police'"),
        ("at", "'2026-11-22T00:00:00.000000+00:00'"),
        ("input", "'{}'"),
        ("effects", "'{}'"),
        ("commitment", "x'00'"),
    ],
)
def test_an_edited_row_is_named(archive, column, value):
    filled(archive)

    archive.tamper(f"UPDATE event SET {column} = {value} WHERE instance_id='case-b' AND sequence=3")

    first = archive.verify(keys=archive.keys).first
    assert (first.kind, first.chain, first.place) == ("edited row", "case-b", 3)


def test_an_edited_sealed_value_is_named(archive):
    filled(archive)

    archive.tamper(
        f"UPDATE event_value SET sealed = x'{'00' * 80}' WHERE instance_id='case-c' AND sequence=2"
    )

    first = archive.verify(keys=archive.keys).first
    assert (first.kind, first.chain, first.place) == ("unreadable value", "case-c", 2)


def test_a_deleted_row_in_the_middle_is_named(archive):
    filled(archive)

    archive.tamper(*deleted("case-b", 3))

    first = archive.verify(keys=archive.keys).first
    assert (first.kind, first.chain, first.place) == ("deleted row", "case-b", 3)


def test_a_deleted_row_whose_followers_moved_up_is_named(archive):
    filled(archive)

    archive.tamper(*deleted("case-a", 2), *moved("case-a", 3, 2), *moved("case-a", 4, 3))

    first = archive.verify(keys=archive.keys).first
    assert (first.kind, first.chain, first.place) == ("deleted row", "case-a", 2)


def test_the_deleted_last_row_of_an_instance_is_named(archive):
    filled(archive)

    archive.tamper(*deleted("case-b", 7))

    first = archive.verify(keys=archive.keys).first
    assert (first.kind, first.chain, first.place) == ("deleted row", "case-b", 7)


def test_the_deleted_last_row_is_named_before_any_checkpoint_by_the_instances_own_row(archive):
    archive.add("case-a", 3)

    archive.tamper(*deleted("case-a", 3))

    first = archive.verify(keys=archive.keys, known=archive.known).first
    assert (first.kind, first.chain, first.place) == ("deleted row", "case-a", 3)


def test_a_whole_deleted_instance_is_named(archive):
    filled(archive)

    archive.tamper(*deleted("case-c"), "DELETE FROM case_key WHERE instance_id = 'case-c'")

    report = archive.verify(keys=archive.keys)
    assert [str(one) for one in report.faults] == [
        "deleted row: case-c 1: the whole instance is missing, 4 rows"
    ]


def test_a_swapped_pair_is_named(archive):
    filled(archive)

    archive.tamper(*moved("case-b", 2, 99), *moved("case-b", 5, 2), *moved("case-b", 99, 5))

    first = archive.verify(keys=archive.keys).first
    assert (first.kind, first.chain, first.place) == ("swapped rows", "case-b", 2)


def test_an_inserted_row_in_the_middle_is_named(archive):
    filled(archive)
    forged = forge(archive, "case-a", 3)

    archive.tamper(*moved("case-a", 4, 5), *moved("case-a", 3, 4), forged)

    first = archive.verify().first
    assert (first.kind, first.chain, first.place) == ("inserted row", "case-a", 3)


def test_a_row_inserted_at_the_end_has_no_value_that_opens(archive):
    filled(archive)

    archive.tamper(forge(archive, "case-a", 5))

    first = archive.verify(keys=archive.keys).first
    assert (first.kind, first.chain, first.place) == ("unreadable value", "case-a", 5)


def test_a_row_inserted_at_the_end_is_named_by_the_instances_own_row(archive):
    filled(archive)

    archive.tamper(forge(archive, "case-a", 5))

    first = archive.verify(known=archive.known).first
    assert (first.kind, first.chain, first.place) == ("inserted row", "case-a", 5)


def test_a_recomputed_chain_is_named_by_the_checkpoint(archive):
    filled(archive)

    archive.tamper(*recomputed(archive, "case-b", since=6))

    first = archive.verify(keys=archive.keys).first
    assert (first.kind, first.chain) == ("recomputed chain", "case-b")
    assert first.place == 5, "rows up to 4 are proven by the first checkpoint"


def test_without_its_key_a_case_keeps_a_valid_chain(archive):
    filled(archive)

    archive.database.write(lambda conn: archive.keys.erase(conn, "case-b"))

    report = archive.verify(keys=archive.keys)
    assert report.is_clean
    assert (report.erased, report.values) == (1, 8)


def test_a_chain_under_sm3_is_proven_and_its_forgery_named(new_archive, tmp_path):
    archive = filled(new_archive(tmp_path, "sm3"))
    assert archive.verify(keys=archive.keys).is_clean

    archive.tamper("UPDATE event SET actor = 'li' WHERE instance_id='case-a' AND sequence=1")

    first = archive.verify(keys=archive.keys).first
    archive.database.close()
    assert (first.kind, first.chain, first.place) == ("edited row", "case-a", 1)


@given(
    what=st.sampled_from(["edit", "delete", "swap", "recompute"]),
    chain=st.sampled_from(["case-a", "case-b", "case-c"]),
    place=st.integers(1, 4),
    other=st.integers(1, 4),
)
@settings(max_examples=40, deadline=None)
def test_whatever_is_done_to_a_proven_row_is_found(new_archive, what, chain, place, other):
    with tempfile.TemporaryDirectory() as folder:
        archive = filled(new_archive(Path(folder)))
        if what == "swap" and place == other:
            other = place % 4 + 1

        archive.tamper(*forgery(archive, what, chain, place, other))

        first = archive.verify(keys=archive.keys).first
        archive.database.close()
    assert first is not None
    assert first.chain == chain
    assert first.place <= min(place, other if what == "swap" else place)


def forgery(archive, what: str, chain: str, place: int, other: int) -> list[str]:
    if what == "edit":
        where = f"instance_id='{chain}' AND sequence={place}"
        return [f"UPDATE event SET input='{{\"x\":1}}' WHERE {where}"]
    if what == "delete":
        return deleted(chain, place)
    if what == "swap":
        return [*moved(chain, place, 99), *moved(chain, other, place), *moved(chain, 99, other)]
    return recomputed(archive, chain, since=place)


def recomputed(archive, chain: str, since: int) -> list[str]:
    """Edit one row and compute its hash and all later ones anew, as a database's owner can."""
    statements = []
    previous = GENESIS
    for row in rows(archive, chain):
        if row["sequence"] >= since:
            row["input"] = canonical({"forged": row["sequence"]}).decode()
            row["previous_hash"] = previous
            row["hash"] = event_hash(row, hash_by_name("sha256"))
            statements.append(
                f"UPDATE event SET input='{row['input']}', hash=x'{row['hash'].hex()}', "
                f"previous_hash=x'{previous.hex()}' "
                f"WHERE instance_id='{chain}' AND sequence={row['sequence']}"
            )
        previous = row["hash"]
    return statements


def forge(archive, chain: str, place: int) -> str:
    """A row that follows the one before it rightly, but was never a command."""
    row = rows(archive, chain)[place - 2]
    row["previous_hash"], row["sequence"], row["kind"] = row["hash"], place, "Forged"
    row["hash"] = event_hash(row, hash_by_name("sha256"))
    return (
        "INSERT INTO event SELECT instance_id, "
        f"{place}, 'Forged', actor, post, on_behalf_of, at, NULL, input, effects, commitment, "
        f"x'{row['previous_hash'].hex()}', x'{row['hash'].hex()}', 10000 "
        f"FROM event WHERE instance_id='{chain}' AND sequence={place - 1}"
    )


def rows(archive, chain: str) -> list[dict]:
    query = select(event).where(event.c.instance_id == chain).order_by(event.c.sequence)
    with archive.database.read() as conn:
        return [dict(row) for row in conn.execute(query).mappings()]
