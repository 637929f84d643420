"""Running numbers where several nodes open cases at once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from onething import cases, runtime
from onething.catalog import Catalog
from onething.identity import SYSTEM
from onething.runtime import Host
from onething.settings import Settings
from onething.testing import databases

PACKAGES = Path(__file__).parents[2] / "bench" / "package"
SERVICE = "three-tasks"
SCOPE = "case 370502 001 2026-11-30"


@pytest.fixture
def nodes(postgresql, tmp_path) -> Iterator[list[Host]]:
    """Two nodes on one database of PostgreSQL."""
    with databases.copied(postgresql) as database:
        database.create()
        hosts = [runtime.open_host(Settings(data_dir=tmp_path), database=database) for _ in "ab"]
        runtime.deploy(hosts[0], SYSTEM, Catalog([PACKAGES]).package(SERVICE))
        yield hosts


def draw(host: Host, count: int = 1) -> list[int]:
    return host.write(lambda conn: host.serials.next(conn, [SCOPE] * count))


def opened(host: Host, key: str) -> str:
    return runtime.start_case(host, SYSTEM, SERVICE, {"note": "n"}, key=key).case_no


def test_an_opening_that_hangs_lets_nobody_wait_for_a_number(nodes):
    hanging, other = nodes
    began, goes_on = threading.Event(), threading.Event()

    def hang(conn):
        numbers = hanging.serials.next(conn, [SCOPE])
        began.set()
        assert goes_on.wait(30)
        return numbers

    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(hanging.write, hang)
        assert began.wait(30)
        second = draw(other)
        goes_on.set()

        assert first.result(30) != second


def test_nodes_that_open_at_the_same_instant_never_get_the_same_number(nodes):
    at_once = 8  # each of them may have found no number left and drawn some
    with ThreadPoolExecutor(at_once) as threads:
        told = list(threads.map(lambda at: opened(nodes[at % 2], f"key {at}"), range(48)))

    assert len(set(told)) == 48
    assert max(int(one[18:23]) for one in told) <= 48 + at_once * cases.BLOCK


def test_the_number_of_a_command_that_fails_is_left_out(nodes):
    def fail(conn):
        nodes[0].serials.next(conn, [SCOPE])
        raise KeyError

    with pytest.raises(KeyError):
        nodes[0].write(fail)

    assert draw(nodes[0]) == [2]


def test_a_command_may_need_more_numbers_than_are_drawn_at_once(nodes):
    numbers = draw(nodes[0], 3 * cases.BLOCK)

    assert len(set(numbers)) == 3 * cases.BLOCK
    assert numbers == sorted(numbers)


def test_a_command_that_needs_endlessly_many_numbers_fails(nodes):
    with pytest.raises(cases.NotDrawn, match=SCOPE):
        draw(nodes[0], 10_000)


def test_numbers_of_days_gone_by_are_forgotten():
    serials = cases.Serials()
    for day in range(3_000):
        serials.keep({f"case {day}": 10}, 10)

    assert len(serials._left) <= 1_000
