import json
import stat
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from onething.errors import HistoryBroken
from onething.history import Ed25519Signer, Ed25519Verifier, checkpoints
from onething.history.hashes import hash_by_name
from onething.history.merkle import MerkleTree


def test_nothing_new_writes_no_line(archive):
    archive.add("case-a")

    assert [archive.checkpoint(), archive.checkpoint()] == [1, 0]


def test_a_checkpoint_gives_way_to_a_command_that_does_not_end(archive):
    if archive.database.is_sqlite:
        pytest.skip("SQLite has one writer")
    archive.add("case-a")
    engine = archive.database.another_engine(1)
    with engine.begin() as command:
        command.exec_driver_sql("LOCK TABLE event IN ROW EXCLUSIVE MODE")
        began = time.monotonic()

        with pytest.raises(OperationalError, match="lock timeout"):
            archive.checkpoint()

        assert time.monotonic() - began < 8  # commands wait for no longer than ten seconds
    engine.dispose()
    assert archive.checkpoint() == 1


def test_an_empty_database_writes_no_line(archive):
    assert archive.checkpoint() == 0


def test_a_line_holds_the_heads_of_the_instances_that_moved(archive):
    archive.add("case-a", 2)
    archive.checkpoint()
    archive.add("case-b", 3)
    archive.checkpoint()

    first, second = map(json.loads, archive.file.read_text().splitlines())

    assert [head[:2] for head in first["heads"]] == [["case-a", 2]]
    assert [head[:2] for head in second["heads"]] == [["case-b", 3]]
    assert (second["number"], second["count"]) == (2, 3)
    assert second["heads"][0][2] == archive.heads["case-b"][1].hex()


def test_many_events_are_spread_over_several_lines(archive, monkeypatch):
    monkeypatch.setattr(checkpoints, "EVENTS_PER_LINE", 4)
    archive.add("case-a", 6)
    archive.add("case-b", 4)

    assert archive.checkpoint() == 3
    assert archive.verify(keys=archive.keys).is_clean


def test_a_torn_last_line_is_written_anew(archive):
    archive.add("case-a")
    archive.checkpoint()
    whole = archive.file.read_bytes()
    archive.add("case-a")
    archive.checkpoint()
    torn = archive.file.read_bytes()[: len(whole) + 40]
    archive.file.write_bytes(torn)

    assert archive.checkpoint() == 1

    assert archive.file.read_bytes().startswith(whole)
    assert archive.verify(keys=archive.keys).is_clean


def test_a_torn_last_line_is_told_by_verify(archive):
    archive.add("case-a")
    archive.checkpoint()
    archive.file.write_bytes(archive.file.read_bytes()[:-40])

    assert archive.verify().first.kind == "checkpoint"


def test_a_database_that_lost_proven_events_gets_no_new_line(archive, new_archive, tmp_path):
    archive.add("case-a", 3)
    archive.checkpoint()
    older = new_archive(tmp_path)
    older.add("case-a", 2)

    with pytest.raises(HistoryBroken, match="does not hold"):
        older.checkpoint()
    older.database.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda line: {**line, "count": line["count"] + 1},
        lambda line: {**line, "root": "00" * 32},
        lambda line: {**line, "heads": []},
        lambda line: {**line, "signature": "00" * 64},
        lambda line: {**line, "at": "2020-01-01T00:00:00.000000+00:00"},
    ],
)
def test_an_edited_line_is_named(archive, change):
    archive.add("case-a")
    archive.checkpoint()
    archive.add("case-a")
    archive.checkpoint()
    lines = archive.file.read_text().splitlines()
    lines[0] = json.dumps(change(json.loads(lines[0])))
    archive.file.write_text("\n".join(lines) + "\n")

    first = archive.verify().first

    assert (first.kind, first.place) == ("checkpoint", 1)


def test_a_removed_line_is_named(archive):
    for _ in range(3):
        archive.add("case-a")
        archive.checkpoint()
    lines = archive.file.read_text().splitlines()
    archive.file.write_text("\n".join([lines[0], lines[2]]) + "\n")

    first = archive.verify().first

    assert (first.kind, first.place) == ("checkpoint", 2)


def test_a_line_by_another_signer_is_named(archive):
    archive.add("case-a")
    archive.signer = Ed25519Signer(b"x" * 32)
    archive.checkpoint()

    assert archive.verify().first.message == "its signature is not the signer's"


def test_rubbish_in_the_file_is_named(archive):
    archive.add("case-a")
    archive.file.write_text("[1, 2]\n")

    assert archive.verify().first.kind == "checkpoint"


def test_without_any_checkpoint_everything_is_unproven(archive):
    archive.add("case-a", 3)

    report = archive.verify()

    assert report.is_clean
    assert (report.checkpoints, report.unproven) == (0, 3)


def test_the_file_is_readable_by_its_owner_alone(archive):
    archive.add("case-a")
    archive.checkpoint()

    assert stat.S_IMODE(archive.file.stat().st_mode) == 0o600


def test_a_published_key_verifies(archive, tmp_path):
    archive.add("case-a")
    archive.checkpoint()
    archive.signer.publish(tmp_path / "public.key")

    archive.verifier = Ed25519Verifier(bytes.fromhex((tmp_path / "public.key").read_text()))

    assert archive.verify().is_clean


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_a_root_is_that_of_the_recursive_definition(leaves):
    tree = MerkleTree(hash_by_name("sha256"))
    for leaf in leaves:
        tree.add(leaf)

    assert tree.root() == recursive_root(leaves)


def recursive_root(leaves: list[bytes]) -> bytes:
    """Source: RFC 6962 §2.1."""
    sha256 = hash_by_name("sha256")
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + recursive_root(leaves[:split]) + recursive_root(leaves[split:]))
