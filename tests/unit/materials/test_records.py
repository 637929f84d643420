"""Materials of a case, as rows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from onething import materials
from onething.errors import InvalidInput, NotFound
from onething.materials import MaterialRow
from onething.testing import databases

ROW = MaterialRow(
    instance_id="i1",
    id="m1",
    kind="divorce-agreement",
    item=None,
    name="协议.pdf",
    sha256="0" * 64,
    size_bytes=10,
    type=materials.PDF,
    trust="C",
    source="UPLOAD",
    given_by="citizen",
    at=datetime(2026, 6, 1, 1, tzinfo=UTC),
)


def unseal(sealed):
    assert sealed == b"sealed"
    return ROW.name


@pytest.fixture
def database():
    database = databases.throwaway()
    database.create()
    yield database
    database.close()


def test_materials_of_a_case_come_in_the_order_given(database):
    later = replace(ROW, id="m0", at=datetime(2026, 6, 2, tzinfo=UTC))

    database.write(lambda conn: [materials.add(conn, one, b"sealed") for one in (later, ROW)])

    with database.read() as conn:
        assert materials.of_case(conn, "i1", unseal) == [ROW, later]
        assert materials.of_case(conn, "i2", unseal) == []
        assert materials.ids(conn, "i1") == {"m0", "m1"}


def test_a_material_of_another_case_is_not_found(database):
    database.write(lambda conn: materials.add(conn, ROW, b"sealed"))

    with database.read() as conn, pytest.raises(NotFound):
        materials.get(conn, "i2", "m1", unseal)


def test_seeing_the_original_raises_trust(database):
    database.write(lambda conn: materials.add(conn, ROW, b"sealed"))

    database.write(lambda conn: materials.judge(conn, ROW, "accepted", "B"))

    with database.read() as conn:
        assert materials.get(conn, "i1", "m1", unseal) == replace(ROW, state="accepted", trust="B")


@pytest.mark.parametrize("wrong", [{"trust": "E"}, {"source": "FAX"}, {"state": "lost"}])
def test_unknown_words_are_refused(database, wrong):
    with pytest.raises(InvalidInput):
        database.write(lambda conn: materials.add(conn, replace(ROW, **wrong), b""))
