from onething.connectors import Pace


class Time:
    """A monotonic time that pauses move."""

    def __init__(self):
        self.now = 100.0
        self.paused = []

    def pause(self, seconds):
        self.paused.append(round(seconds, 6))
        self.now += seconds


def pace():
    time = Time()
    return time, Pace(lambda: time.now, time.pause)


def test_a_seconds_worth_of_calls_goes_through_at_once():
    time, subject = pace()

    assert all(subject.wait("op", 5, at_most_s=1) for _ in range(5))

    assert time.paused == []


def test_the_next_call_waits_for_its_turn():
    time, subject = pace()

    assert all(subject.wait("op", 5, at_most_s=1) for _ in range(7))

    assert time.paused == [0.2, 0.2]


def test_a_call_whose_turn_is_too_far_is_told_so_without_waiting():
    time, subject = pace()
    for _ in range(2):
        subject.wait("op", 2, at_most_s=1)

    assert not subject.wait("op", 2, at_most_s=0.1)

    assert time.paused == []


def test_operations_do_not_wait_for_one_another():
    time, subject = pace()

    assert subject.wait("one", 1, at_most_s=1)
    assert subject.wait("two", 1, at_most_s=1)

    assert time.paused == []
