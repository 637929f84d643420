"""The watch over workers: dead is whose beats stay the same before this process's own clock."""

from datetime import datetime, timedelta

import pytest

from onething.nodes import NodeRow
from onething.worker.watch import Watch
from unit.runtime.node import MONDAY

DEAD_AFTER_S = 20.0


class Watching:
    """A watch whose monotonic clock the test moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.watch = Watch(DEAD_AFTER_S, lambda: self.now)

    def at(self, now: float, *nodes: NodeRow, wanted: str = "a") -> set[str]:
        self.now = now
        return self.watch.look(nodes, wanted.split())


@pytest.fixture
def watching() -> Watching:
    return Watching()


def node(beats: int = 0, run: str = "first", name: str = "a", **given: datetime) -> NodeRow:
    times = {"started_at": MONDAY, "beat_at": MONDAY} | given
    return NodeRow(
        name=name, kind="worker", run=run, version="1", address="m", pid=1, beats=beats, **times
    )


def test_a_worker_is_dead_when_nothing_new_was_seen_of_it_for_long_enough(watching):
    looks = [watching.at(at, node(7)) for at in (0, 19.9, 20)]

    assert looks == [set(), set(), {"a"}]


def test_each_beat_begins_the_wait_anew(watching):
    looks = [watching.at(at, node(beats)) for at, beats in ((0, 1), (19, 2), (38, 3), (57, 4))]

    assert looks == [set()] * 4
    assert watching.at(77, node(4)) == {"a"}


def test_a_worker_that_beats_again_is_no_longer_dead(watching):
    watching.at(0, node(1))
    assert watching.at(30, node(1)) == {"a"}

    assert watching.at(31, node(2)) == set()


def test_a_worker_started_again_under_its_name_lives_though_it_counts_from_the_beginning(watching):
    watching.at(0, node(5, "first"))

    assert watching.at(30, node(5, "second")) == set()


def test_a_worker_that_said_that_it_stopped_is_dead_at_once(watching):
    assert watching.at(0, node(5, stopped_at=MONDAY)) == {"a"}


def test_a_worker_without_a_record_is_as_one_that_does_not_beat(watching):
    assert [watching.at(at) for at in (0, 19, 20)] == [set(), set(), {"a"}]


def test_a_worker_whose_record_goes_gets_the_whole_wait_from_then(watching):
    watching.at(0, node(1))

    assert [watching.at(at) for at in (19, 38, 39)] == [set(), set(), {"a"}]


def test_only_who_is_asked_for_is_told(watching):
    both = node(1), node(1, name="b")
    watching.at(0, *both, wanted="a")

    assert watching.at(20, *both, wanted="b c") == {"b"}


def test_the_wait_of_one_that_is_not_asked_for_runs_all_the_same(watching):
    watching.at(0, node(1), wanted="")

    assert watching.at(20, node(1)) == {"a"}


@pytest.mark.parametrize("step", [timedelta(days=-400), timedelta(0), timedelta(days=400)])
def test_what_the_clocks_of_machines_say_does_not_matter(watching, step):
    """However a worker's clock steps, its beats alone tell."""
    watching.at(0, node(1))

    assert watching.at(19, node(2, beat_at=MONDAY + step)) == set()
    assert watching.at(39, node(2, beat_at=MONDAY + 2 * step)) == {"a"}
