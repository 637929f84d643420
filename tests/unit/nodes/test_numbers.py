"""Running numbers where several nodes open cases at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from onething import cases, db
from onething.cases import Serials
from onething.testing import databases

SCOPE = "case 370502 001 2026-11-30"


@pytest.fixture
def database(postgresql):
    with databases.copied(postgresql) as one:
        db.upgrade(one)
        yield one


def test_opening_that_hangs_lets_nobody_wait_for_a_number(database):
    hanging, other = Serials(database), Serials(database)

    def hang(conn):
        first = hanging.next(conn, SCOPE)
        with ThreadPoolExecutor(1) as node:
            second = node.submit(database.write, lambda conn: other.next(conn, SCOPE)).result(10)
        return first, second

    first, second = database.write(hang)

    assert first != second


def test_nodes_that_draw_at_the_same_instant_never_get_the_same_number(database):
    nodes = [Serials(database) for _ in range(4)]

    def three(node):
        return [database.write(lambda conn: node.next(conn, SCOPE)) for _ in range(3)]

    with ThreadPoolExecutor(8) as threads:
        drawn = [number for part in threads.map(three, nodes * 4) for number in part]

    assert len(set(drawn)) == len(drawn) == 48
    assert max(drawn) <= 48 + len(nodes) * cases.BLOCK


def test_number_of_a_command_that_fails_is_left_out(database):
    node = Serials(database)

    def fail(conn):
        node.next(conn, SCOPE)
        raise KeyError

    with pytest.raises(KeyError):
        database.write(fail)

    assert database.write(lambda conn: node.next(conn, SCOPE)) == 2
