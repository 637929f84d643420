"""A redating that is killed in the middle is run again, and every case is counted once."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from onething import db, runtime
from onething.cards import Filter
from onething.catalog import Catalog
from onething.identity import SYSTEM
from onething.now import FakeClock
from unit.clocks.node import OPERATOR, Node, at
from unit.clocks.redating_process import DECEMBER, opened

CASES = 30
TESTS = Path(__file__).parents[2]


def filled(folder: Path) -> list[str]:
    """Open cases whose clocks are provisional and return their numbers."""
    clock = FakeClock(DECEMBER)
    host = opened(folder, clock)
    db.upgrade(host.database)
    runtime.deploy(host, SYSTEM, Catalog([Path(__file__).parent / "package"]).package("licence"))
    node = Node(SimpleNamespace(host=host, clock=clock))
    numbers = [node.accepted() for _ in range(CASES)]
    host.database.close()
    return numbers


def killed(folder: Path, notices: Path, after: int) -> None:
    """Run the process and kill it once some transactions are done."""
    words = [sys.executable, "-m", "unit.clocks.redating_process", str(folder), str(notices)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, cwd=TESTS, env=os.environ) as process:
        assert process.stdout is not None
        for _ in range(after):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)


def redatings(node: Node, case_no: str) -> int:
    return [one.kind for one in node.events(case_no)].count("ClocksRedated")


def versions(node: Node, numbers: list[str]) -> set[str]:
    """Return the calendars by which open clocks stand."""
    found = [one for case_no in numbers for one in node.clocks(case_no).values()]
    return {one.calendar_version for one in found if one.is_open}


def test_a_killed_redating_goes_on_where_it_was(tmp_path, notices):
    folder = tmp_path / "data"
    numbers = filled(folder)
    killed(folder, notices, after=7)
    clock = FakeClock(DECEMBER)
    node = Node(SimpleNamespace(host=opened(folder, clock, notices), clock=clock))
    before = sum(redatings(node, one) for one in numbers)

    (*_, rest) = runtime.redate_clocks(node.host, OPERATOR)
    clock.move_to(at("2027-01-05"))
    runtime.raise_cards(node.host, every=True)
    found = runtime.list_cards(node.host, SYSTEM, Filter())

    assert 7 <= before < CASES
    assert rest.moved == CASES - before
    assert {one.rule for one in found} == {"approaching"}, "by the old calendar all had passed"
    assert [redatings(node, one) for one in numbers] == [1] * CASES
    assert versions(node, numbers) == {node.host.calendar.version}
    assert [one.problem for one in runtime.replay_all(node.host) if not one.is_clean] == []
    node.host.database.close()
