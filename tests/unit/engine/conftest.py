"""A player that stores and revives the instance before every command, and replays it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onething import calendar, engine

HERE = Path(__file__).parent
BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)  # a Monday, 09:00 in Shanghai


class Player:
    """Drives one instance of the diagram that has the test's name."""

    def __init__(self, process, process_id="p"):
        self.process = process
        self.process_id = process_id
        self.now = BEGIN
        self.limits = engine.Limits()
        self.calendar = calendar.load_default()
        self.log = []
        self.ended, self.cancelled, self.thrown, self.steps = [], [], [], []
        self.opened, self.timers, self.waits, self.incidents = {}, {}, {}, {}
        self.variables = {}

    @property
    def context(self):
        return engine.Context(now=self.now, calendar=self.calendar, limits=self.limits)

    def start(self, variables=None, event=None):
        command = engine.Start(self.process_id, variables or {}, event)
        self.log.append((command, self.now))
        return self._take(engine.start(self.process, command, self.context))

    def apply(self, command):
        self.log.append((command, self.now))
        revived = engine.restore(self.process, engine.snapshot(self.state))
        return self._take(engine.apply(self.process, revived, command, self.context))

    def _take(self, step):
        self.steps.append(step)
        self.state, self.status = step.state, step.status
        stored = engine.snapshot(self.state)
        assert engine.snapshot(engine.restore(self.process, stored)) == stored
        self.ended += [one.activity for one in step.ended]
        self.cancelled += [one.activity for one in step.cancelled]
        self.thrown += step.thrown
        self._keep(self.opened, [*step.tasks_opened, *step.jobs_opened], "token")
        self._keep(self.timers, step.timers_set, "timer")
        self._keep(self.waits, step.subscribed, "subscription")
        self._drop(self.opened, [*step.tasks_closed, *step.jobs_closed])
        self._drop(self.timers, step.timers_cleared)
        self._drop(self.waits, step.unsubscribed)
        self._drop(self.incidents, step.incidents_cleared)
        self._keep(self.incidents, step.incidents, "token")
        self.variables.update(step.variables)
        return step

    @staticmethod
    def _keep(known, new, key):
        known.update({getattr(one, key): one for one in new})

    @staticmethod
    def _drop(known, gone):
        for one in gone:
            known.pop(one, None)

    @property
    def counts(self):
        return Counter(self.ended)

    @property
    def open(self):
        return sorted(one.activity for one in self.opened.values())

    def token(self, activity):
        return next(key for key, one in self.opened.items() if one.activity == activity)

    def complete(self, activity, **variables):
        token = self.token(activity)
        if isinstance(self.opened[token], engine.JobOpened):
            return self.apply(engine.CompleteJob(token, variables))
        return self.apply(engine.CompleteTask(token, variables))

    def fail(self, activity, code):
        return self.apply(engine.ThrowError(self.token(activity), code))

    def send(self, name, **payload):
        subscription = next(key for key, one in self.waits.items() if one.name == name)
        return self.apply(engine.Correlate(subscription, payload))

    def advance(self, **delta):
        until = self.now + timedelta(**delta)
        while due := [one for one in self.timers.values() if one.due_at <= until]:
            first = min(due, key=lambda one: one.due_at)
            self.now = max(self.now, first.due_at)
            self.apply(engine.FireTimer(first.timer))
        self.now = until

    def replayed(self):
        state = None
        for command, now in self.log:
            context = engine.Context(now=now, calendar=self.calendar, limits=self.limits)
            if isinstance(command, engine.Start):
                state = engine.start(self.process, command, context).state
            else:
                state = engine.apply(self.process, state, command, context).state
        return engine.digest(state)


def compiled(name):
    """Compile a diagram beside the tests, with the decisions of the same name."""
    names = [f"{name}.bpmn", f"{name}.dmn"]
    files = {one: (HERE / one).read_bytes() for one in names if (HERE / one).exists()}
    return engine.compile(engine.Bundle(files))


@pytest.fixture
def player_of():
    """Return a function that makes a player of a compiled process."""
    return Player


@pytest.fixture
def play_named():
    """Return a function that makes the player of another test's diagram."""
    return lambda name: Player(compiled(name))


@pytest.fixture
def play(request):
    """Return a player; when the test ends, the history must replay to the same state."""
    player = Player(compiled(request.node.originalname.removeprefix("test_")))
    yield player
    if player.log:
        assert player.replayed() == engine.digest(player.state)


@pytest.fixture(scope="session")
def player_class():
    """Return the player itself, for properties that need many of them."""
    return Player
