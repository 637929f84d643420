"""How often workers look into the queue of jobs."""

from onething.worker.pace import OFTEN_S, SELDOM_S, Pace


class Watched:
    """A pace with a clock of its own."""

    def __init__(self) -> None:
        self.now = 100.0
        self.told: list[float] = []
        self.pace = Pace(self.told.append, lambda: self.now)

    def note(self, handed: int, after_s: float) -> list[float]:
        self.now += after_s
        self.told.clear()
        self.pace.note(handed)
        return list(self.told)


def test_a_quiet_queue_is_left_alone():
    watched = Watched()

    assert [watched.note(0, 1) for _ in range(5)] == [[]] * 5


def test_looks_are_often_while_jobs_come_and_seldom_afterwards():
    watched = Watched()

    assert watched.note(3, 1) == [OFTEN_S]
    assert watched.note(1, 0.1) == []
    assert watched.note(0, 1) == []
    assert watched.note(0, 1) == [SELDOM_S]
    assert watched.note(0, 1) == []


def test_a_busy_worker_sets_again_what_another_took_back():
    watched = Watched()
    watched.note(1, 1)

    assert watched.note(1, 1) == [OFTEN_S]


def test_what_could_not_be_set_is_tried_again():
    tries = []

    def fail(interval: float) -> None:
        tries.append(interval)
        if len(tries) == 1:
            raise OSError

    pace = Pace(fail, lambda: 5.0)
    try:
        pace.note(1)
    except OSError:
        pace.note(1)

    assert tries == [OFTEN_S, OFTEN_S]
