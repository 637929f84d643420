"""Copies of a site, and the way back to an instant."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from deploy.conftest import DEPLOY, needs, onething, site, start
from onething import history
from onething.db import Database
from onething.history import Ed25519Signer
from onething.runtime import Host
from onething.settings import Settings, secret
from onething.testing import postgres


class Archived:
    """A PostgreSQL server that archives its log by the scripts of `deploy/backup`."""

    def __init__(self, stack: ExitStack) -> None:
        self.folder = postgres.new_folder("onething-backup-")
        stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        # The server's user must reach them: a checkout may lie in somebody's home.
        shutil.copytree(DEPLOY / "backup", self.folder / "bin")
        self.wal = self.folder / "wal"
        self.copies = self.folder / "copies"
        for one in (self.wal, self.copies):
            one.mkdir()
            shutil.chown(one, self.folder.owner(), self.folder.group())
        command = f"{self.folder}/bin/archive-wal {self.wal} %p %f"
        server = postgres.server(
            settings={
                "archive_mode": "on",
                "wal_level": "replica",
                "archive_command": f"'{command}'",
            }
        )
        self.server = stack.enter_context(server)

    def script(self, name: str, *words: object) -> None:
        postgres.run(self.folder / "bin" / name, *words)

    def archive_all(self, database: Database) -> None:
        """Let the server archive what it has written, and wait until it has."""
        query = "SELECT pg_walfile_name(pg_switch_wal())"
        with database.engine.connect() as conn:
            name = conn.execute(text(query)).scalar_one()
        until = time.monotonic() + 60
        while not (self.wal / name).exists():
            assert time.monotonic() < until, sorted(self.wal.iterdir())
            time.sleep(0.05)

    def instant(self, database: Database) -> str:
        with database.engine.connect() as conn:
            return str(conn.execute(text("SELECT clock_timestamp()")).scalar_one())


@pytest.fixture
def archived():
    needs()
    with ExitStack() as stack:
        yield Archived(stack)


def checkpoint(host: Host) -> None:
    signer = Ed25519Signer(secret(host.settings, "checkpoint"))
    signer.publish(host.settings.data_dir / "checkpoint.pub")
    host.database.write(
        lambda conn: history.checkpoint(
            conn, signer, host.settings.checkpoints, datetime.now(UTC), host.settings.hash_name
        )
    )


def cases(settings: Settings) -> list[str]:
    with Database.of(settings) as database, database.read() as conn:
        return sorted(conn.execute(text('SELECT case_no FROM "case"')).scalars())


def test_postgresql_is_brought_back_to_the_noted_instant(archived, tmp_path):
    url = postgres.new_database(archived.server, "onething")
    settings = Settings(data_dir=tmp_path / "site", database_url=url)
    with site(settings) as host:
        before = [start(host, "before the copy")]
        folder = archived.server.partition("host=")[2]
        archived.script("base-backup", archived.copies, "-h", folder, "-U", postgres.USER)
        before.append(start(host, "after the copy"))
        checkpoint(host)
        noted = archived.instant(host.database)
        start(host, "what must go")
        checkpoint(host)
        archived.archive_all(host.database)
    (base,) = archived.copies.iterdir()

    data = archived.folder / "restored"
    archived.script("restore-to", noted, base, archived.wal, data)
    with postgres.running(data) as restored:
        again = Settings(
            data_dir=settings.data_dir,
            database_url=restored.replace("/postgres?", "/onething?"),
        )
        wait_until_promoted(again)
        refused = onething(again, "verify", "--json")
        settings.checkpoints.rename(tmp_path / "evidence.jsonl")
        proof = onething(again, "verify", "--json")
        replayed = onething(again, "replay", "--all", "--json")
        kept = cases(again)
        with site(again) as host:
            later = start(host, "life goes on")
            checkpoint(host)

    assert kept == sorted(before)
    assert refused.returncode == 1  # the file proves what was lost
    assert (proof.returncode, json.loads(proof.stdout)["faults"]) == (0, [])
    assert replayed.returncode == 0, replayed.stdout
    assert later not in before


def wait_until_promoted(settings: Settings) -> None:
    until = time.monotonic() + 60
    with Database.of(settings) as database:
        while True:
            with database.engine.connect() as conn:
                if not conn.execute(text("SELECT pg_is_in_recovery()")).scalar_one():
                    return
            assert time.monotonic() < until
            time.sleep(0.05)


def test_archive_keeps_the_first_of_two_files_of_one_name(tmp_path):
    (tmp_path / "archive").mkdir()
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("one")
    other.write_text("other")

    codes = [archive(tmp_path / "archive", path) for path in (one, one, other)]

    assert codes == [0, 0, 1]
    assert (tmp_path / "archive" / "0001").read_text() == "one"


def archive(folder: Path, path: Path) -> int:
    words = [str(DEPLOY / "backup" / "archive-wal"), str(folder), str(path), "0001"]
    return subprocess.run(words, check=False, capture_output=True).returncode


@pytest.mark.parametrize("kind", ["used", "no-copy"])
def test_restore_refuses_what_would_destroy_or_cannot_work(tmp_path, kind):
    base, wal, data = (tmp_path / name for name in ("base", "wal", "data"))
    for one in (base, wal, data):
        one.mkdir()
    if kind == "used":
        (base / "backup_manifest").touch()
        (data / "PG_VERSION").write_text("15")
    before = sorted(one.name for one in data.iterdir())

    words = [str(DEPLOY / "backup" / "restore-to"), "latest", str(base), str(wal), str(data)]
    done = subprocess.run(words, check=False, capture_output=True, text=True)

    assert done.returncode == 1
    assert ("holds something" if kind == "used" else "is no copy") in done.stderr
    assert sorted(one.name for one in data.iterdir()) == before


def test_embedded_site_is_copied_whole_while_it_is_written_and_comes_back(tmp_path):
    settings = Settings(data_dir=tmp_path / "site")
    words = [
        str(DEPLOY / "backup" / "site-backup"),
        str(tmp_path / "copies"),
        str(tmp_path / "keys"),
    ]
    env = {
        **os.environ,
        "ONETHING_DATA_DIR": str(settings.data_dir),
        "ONETHING": f"{sys.executable} -m onething",
    }
    with site(settings) as host:
        first = start(host, "first")
        name = host.store.put(b"a material")
        checkpoint_embedded(host)
        process = subprocess.Popen(words, env=env, stdout=subprocess.PIPE, text=True)
        number = 0
        while process.poll() is None:
            number += 1
            start(host, f"meanwhile {number}")
        copy = Path(process.communicate()[0].strip())

    back = Settings(data_dir=tmp_path / "back")
    back.data_dir.mkdir()
    for key in (tmp_path / "keys").iterdir():
        shutil.copy2(key, back.data_dir)
    shutil.copytree(copy / "contents", back.data_dir / "contents")
    shutil.copy(copy / "checkpoints.jsonl", back.data_dir)
    restored = onething(back, "restore", str(copy / "onething.db"))
    proof = onething(back, "verify", "--json")

    assert process.returncode == 0
    assert number > 0
    assert restored.returncode == 0, restored.stderr
    assert (proof.returncode, json.loads(proof.stdout)["faults"]) == (0, [])
    assert first in cases(back)
    with site(back) as host:
        assert host.store.get(name) == b"a material"


def checkpoint_embedded(host: Host) -> None:
    signer = Ed25519Signer(secret(host.settings, "checkpoint"))
    with host.database.read() as conn:
        history.checkpoint(
            conn, signer, host.settings.checkpoints, datetime.now(UTC), host.settings.hash_name
        )
