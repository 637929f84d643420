"""What a command asks of the database: a count that may fall and must not rise.

On PostgreSQL each is a round trip, beside BEGIN and COMMIT; on SQLite each row of a statement
counts.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from onething import runtime
from onething.catalog import Catalog
from onething.identity import SYSTEM
from onething.runtime import Host
from onething.settings import Settings
from onething.testing import databases
from onething.testing.statements import noted

PACKAGES = Path(__file__).parents[2] / "bench" / "package"
SERVICE = "three-tasks"
ANSWER = {"note": "n"}


@pytest.fixture
def on_sqlite(tmp_path) -> Iterator[Host]:
    settings = Settings(data_dir=tmp_path, database_url="sqlite://")
    with runtime.open_host(settings).database as database:
        yield opened(tmp_path, database)


@pytest.fixture
def on_postgresql(postgresql, tmp_path) -> Iterator[Host]:
    with databases.copied(postgresql) as database:
        yield opened(tmp_path, database)


def opened(folder: Path, database) -> Host:
    host = runtime.open_host(Settings(data_dir=folder), database=database)
    database.create()
    runtime.deploy(host, SYSTEM, Catalog([PACKAGES]).package(SERVICE))
    started(host, "first")  # what is read once a process is read now
    return host


def started(host: Host, key: str) -> str:
    return runtime.start_case(host, SYSTEM, SERVICE, ANSWER, key=key).receipt.instance_id


def asked(host: Host, command) -> list[str]:
    """Return the statements that a command sends."""
    with noted(host.database) as sent:
        command()
    return sent


def complete(host: Host, instance_id: str, token: int) -> list[str]:
    task = f"{instance_id}-{token}"
    return asked(host, lambda: runtime.complete(host, SYSTEM, task, ANSWER, key=f"k{token}"))


@pytest.mark.parametrize(
    ("where", "start", "completion", "last", "claim"),
    [("on_sqlite", 16, 8, 11, 5), ("on_postgresql", 5, 2, 2, 3)],
)
def test_a_command_sends_no_more_statements_than_it_did(
    request, where, start, completion, last, claim
):
    host = request.getfixturevalue(where)
    instance_id = started(host, "second")
    task = f"{instance_id}-3"

    counts = [
        asked(host, lambda: started(host, "third")),
        asked(host, lambda: runtime.claim(host, SYSTEM, task)),
        complete(host, instance_id, 3),
        complete(host, instance_id, 4),
        complete(host, instance_id, 5),
    ]

    assert [len(one) for one in counts] == [start, claim, completion, completion, last], counts
