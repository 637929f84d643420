"""`onething verify` on a database that was served: every way to tamper with it is named."""
# ruff: noqa: S608 - the tests forge rows of their own throw-away databases

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from onething import cli
from onething.db import Database
from onething.feel.json import canonical
from onething.history.events import event_hash
from onething.history.hashes import hash_by_name
from onething.history.models import event
from onething.main import wiring

CASES = 3


@pytest.fixture(scope="module")
def archive(tmp_path_factory, new_served) -> Path:
    """The data folder of a server that handled three cases and stopped."""
    served = new_served(tmp_path_factory.mktemp("served"))
    served.start()
    for number in range(CASES):
        body = {"data": {"note": f"case {number}"}}
        _status, case = served.call(
            "POST", "/api/v1/services/three-tasks/cases", body, f"k{number}"
        )
        for _ in range(3):
            path = f"/api/v1/tasks?case_no={case['case_no']}"
            task = served.call("GET", path)[1]["items"][0]["id"]
            served.call("POST", f"/api/v1/tasks/{task}/complete", body)
    assert served.stop() == 0
    return served.folder


class Copy:
    """A copy of the data folder in the hands of somebody who owns the database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with closing(sqlite3.connect(folder / "onething.db")) as conn:
            rows = conn.execute("SELECT DISTINCT instance_id FROM event ORDER BY 1").fetchall()
        self.chains = [row[0] for row in rows]

    def tamper(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.folder / "onething.db")) as conn, conn:
            conn.execute("DROP TRIGGER IF EXISTS event_no_update")
            conn.execute("DROP TRIGGER IF EXISTS event_no_delete")
            for statement in statements:
                conn.execute(statement)

    def move(self, chain: str, at: int, to: int) -> list[str]:
        return [
            f"UPDATE {table} SET sequence = {to} WHERE instance_id = '{chain}' AND sequence = {at}"
            for table in ("event", "event_value")
        ]

    def rows(self, chain: str) -> list[dict]:
        query = event.select().where(event.c.instance_id == chain).order_by(event.c.sequence)
        url = f"sqlite:///{self.folder / 'onething.db'}"
        with Database(url) as database, database.read() as conn:
            return [dict(row) for row in conn.execute(query).mappings()]

    def forge(self, chain: str, place: int) -> str:
        """Return the statement of a row that follows its predecessor but was never a command."""
        row = self.rows(chain)[place - 2]
        row |= {"sequence": place, "kind": "Forged", "key": None, "previous_hash": row["hash"]}
        row["hash"] = event_hash(row, hash_by_name("sha256"))
        return (
            f"INSERT INTO event SELECT instance_id, {place}, 'Forged', actor, post, on_behalf_of, "
            f"at, NULL, input, effects, commitment, x'{row['previous_hash'].hex()}', "
            f"x'{row['hash'].hex()}', 10000 "
            f"FROM event WHERE instance_id='{chain}' AND sequence={place - 1}"
        )

    def recompute(self, chain: str, since: int) -> list[str]:
        """Edit a row, then compute its hash, all later ones and the instance's own anew."""
        statements = []
        previous = b""
        for row in self.rows(chain):
            if row["sequence"] >= since:
                row["actor"] = "forger"
                row["input"] = canonical({"forged": True}).decode()
                row["previous_hash"] = previous
                row["hash"] = event_hash(row, hash_by_name("sha256"))
                statements.append(
                    f"UPDATE event SET actor='forger', input='{row['input']}', "
                    f"hash=x'{row['hash'].hex()}', previous_hash=x'{previous.hex()}' "
                    f"WHERE instance_id='{chain}' AND sequence={row['sequence']}"
                )
            previous = row["hash"]
        told = f"UPDATE instance SET hash=x'{previous.hex()}' WHERE instance_id='{chain}'"
        return [*statements, told]


@pytest.fixture
def copy(archive, tmp_path, monkeypatch) -> Copy:
    folder = tmp_path / "data"
    shutil.copytree(archive, folder)
    monkeypatch.setenv("ONETHING_DATA_DIR", str(folder))
    return Copy(folder)


@pytest.fixture
def verify(capsys) -> Callable:
    """Run `onething verify --json` and return its exit code and report."""

    def run():
        capsys.readouterr()
        code = cli.run(wiring(), ["verify", "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


def kinds(report) -> list[str]:
    return [fault["kind"] for fault in report["faults"]]


def test_untouched_database_is_clean(copy, verify):
    code, report = verify()

    assert (code, report["faults"]) == (0, [])
    assert (report["instances"], report["unproven"]) == (CASES, 0)


def test_edited_row_is_found(copy, verify):
    where = f"WHERE instance_id = '{copy.chains[0]}' AND sequence = 2"
    copy.tamper(f"UPDATE event SET actor = 'somebody' {where}")

    code, report = verify()

    assert (code, kinds(report)) == (1, ["edited row"])


@pytest.mark.parametrize("sequence", [2, 4])
def test_deleted_row_is_found_the_last_one_as_well(copy, verify, sequence):
    where = f"WHERE instance_id = '{copy.chains[0]}' AND sequence = {sequence}"
    copy.tamper(f"DELETE FROM event_value {where}", f"DELETE FROM event {where}")

    code, report = verify()

    assert (code, kinds(report)) == (1, ["deleted row"])


def test_deleted_instance_is_found(copy, verify):
    names = ("event_value", "event", "case_key", "instance", "task", "case", "item", "snapshot")
    with closing(sqlite3.connect(copy.folder / "onething.db")) as conn:
        here = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    where = f"WHERE instance_id = '{copy.chains[0]}'"
    copy.tamper(*(f'DELETE FROM "{name}" {where}' for name in names if name in here))

    code, report = verify()

    assert (code, kinds(report)) == (1, ["deleted row"])


def test_swapped_pair_is_found(copy, verify):
    chain = copy.chains[1]
    moves = [*copy.move(chain, 2, 99), *copy.move(chain, 3, 2), *copy.move(chain, 99, 3)]
    copy.tamper(*moves)

    code, report = verify()

    assert (code, kinds(report)) == (1, ["swapped rows"])


def test_inserted_row_is_found(copy, verify):
    chain = copy.chains[2]
    forged = copy.forge(chain, 3)
    copy.tamper(*copy.move(chain, 4, 5), *copy.move(chain, 3, 4), forged)

    code, report = verify()

    (fault,) = report["faults"]
    assert (code, fault["chain"], fault["place"]) == (1, chain, 3)
    assert fault["kind"] in ("inserted row", "unreadable value")


def test_recomputed_chain_is_found(copy, verify):
    copy.tamper(*copy.recompute(copy.chains[0], since=2))

    code, report = verify()

    assert (code, kinds(report)) == (1, ["recomputed chain"])
