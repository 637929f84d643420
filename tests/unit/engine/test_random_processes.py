"""Random processes on random paths: state, snapshot and history agree after every step."""

import random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onething import engine
from unit.engine.random_process import files

LIMITS = engine.Limits(automatic_steps=150, depth=20, rounds=50)
NUMBERS = st.randoms(use_true_random=False)
# A process found to fail is not made smaller: that takes minutes and finds little.
CALM = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.reuse, Phase.generate),
}
STEPS = 40


class Walk:
    """One random path: what is stored and revived beside a twin that stays in memory."""

    def __init__(self, player, numbers):
        self.player = player
        self.numbers = numbers
        self.digests = []
        self.active = {}
        player.limits = LIMITS
        self._check(player.start({"n": numbers.randint(0, 3)}))
        command, now = player.log[-1]
        self.twin = engine.start(player.process, command, self._at(now)).state

    def go(self):
        """Go on until the end, or until the path is long enough."""
        while self.player.status == "active" and len(self.digests) < STEPS and self.moves():
            self._move()
            command, now = self.player.log[-1]
            engine.apply(self.player.process, self.twin, command, self._at(now))
            assert engine.digest(self.twin) == self.digests[-1]

    def moves(self):
        """Return what may happen now."""
        player = self.player
        timers = sorted(player.timers.values(), key=lambda one: one.due_at)
        return [
            *[("complete", token) for token in player.opened] * 3,
            *[("fail", token) for token in player.opened if self._is_caught(token)],
            *[("correlate", one) for one in player.waits],
            *[("fire", one) for one in timers[:1]] * 2,
            *[("retry", token) for token in player.incidents],
            *[("set", None)] * bool(player.state.conditions),
        ]

    def _is_caught(self, token):
        return self.player.process.catches(self.player.state, token, "E")

    def _move(self):
        moves = self.moves()
        kind, what = moves[self.numbers.randint(0, len(moves) - 1)]
        n = {"n": self.numbers.randint(0, 3)}
        if kind == "fire":
            self.player.now = max(self.player.now, what.due_at)
            command = engine.FireTimer(what.timer)
        elif kind == "complete":
            is_job = isinstance(self.player.opened[what], engine.JobOpened)
            command = (engine.CompleteJob if is_job else engine.CompleteTask)(what, n)
        else:
            command = {
                "fail": lambda: engine.ThrowError(what, "E"),
                "correlate": lambda: engine.Correlate(what, n),
                "retry": lambda: engine.Retry(what, n),
                "set": lambda: engine.SetVariables(n),
            }[kind]()
        self._check(self.player.apply(command))

    def _check(self, step):
        """Hold the step against the state that it left."""
        player, state = self.player, step.state
        stored = engine.snapshot(state)
        assert engine.snapshot(engine.restore(player.process, stored)) == stored
        self.digests.append(engine.digest(state))
        for one in step.began:
            self.active[one.token] = one
        for one in [*step.ended, *step.cancelled]:
            self.active.pop(one.token, None)
        kept = {one.id for one in state.tokens.values() if one.triggered}
        assert set(self.active) == kept
        waiting = {one.id for one in state.tokens.values() if one.wait}
        assert set(player.opened) == waiting
        assert set(player.timers) == {k for k, o in state.listeners.items() if o.kind == "timer"}
        told = {k for k, o in state.listeners.items() if o.kind in {"message", "signal"}}
        assert set(player.waits) == told
        assert set(player.incidents) == set(state.incidents)
        if step.status != "active":
            assert [player.opened, player.timers, player.waits, player.incidents] == [{}] * 4

    def replay(self):
        """Replay the history; every step must leave the state that it left then."""
        state = None
        for (command, now), digest in zip(self.player.log, self.digests, strict=True):
            if state is None:
                state = engine.start(self.player.process, command, self._at(now)).state
            else:
                engine.apply(self.player.process, state, command, self._at(now))
            assert engine.digest(state) == digest

    def _at(self, now):
        return engine.Context(now=now, calendar=self.player.calendar, limits=LIMITS)


def explore(player_class, process, numbers):
    """Take one random path through a process; return the walk."""
    walk = Walk(player_class(process), numbers)
    walk.go()
    walk.replay()
    return walk


def compiled(numbers, *, of_blocks):
    """Return a random process, compiled."""
    return engine.compile(engine.Bundle(files(numbers, of_blocks=of_blocks)))


@settings(max_examples=250, **CALM)
@given(NUMBERS)
def test_a_process_of_blocks_never_gets_stuck_and_replays_after_every_step(player_class, numbers):
    walk = explore(player_class, compiled(numbers, of_blocks=True), numbers)

    player = walk.player
    # Loops in loops may well take more automatic steps than the test's low limit.
    assert {one.code for one in player.incidents.values()} <= {"step-limit"}
    assert player.status != "active" or walk.moves()


@settings(max_examples=40, **CALM)
@given(NUMBERS)
def test_a_process_of_any_flows_replays_after_every_step(player_class, numbers):
    explore(player_class, compiled(numbers, of_blocks=False), numbers)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(200))
def test_every_random_process_replays_on_fifty_paths(player_class, seed):
    process = compiled(random.Random(seed), of_blocks=bool(seed % 2))  # noqa: S311 - paths, not keys

    for path in range(50):
        explore(player_class, process, random.Random(seed * 1000 + path))  # noqa: S311 - as above
