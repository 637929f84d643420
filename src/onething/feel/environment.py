"""What an evaluation reads from outside, and the bounds it may not pass."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from onething.errors import ExpressionLimitExceeded
from onething.feel.values import Value


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one evaluation; passing one raises ExpressionLimitExceeded."""

    text_chars: int = 100_000
    """Longest text of one expression."""
    nesting: int = 100
    """Deepest nesting of brackets, keywords and operators."""
    rounds: int = 250_000
    """Rounds of one evaluation together: of loops, filters, built-ins, and parts of values made."""
    call_depth: int = 120
    """Deepest call of functions inside functions."""
    value_chars: int = 1_000_000
    """Longest text that an evaluation may make."""
    match_s: float = 1.0
    """Longest search of one regular expression, in seconds."""
    evaluation_s: float = 5.0
    """Longest evaluation, in seconds; the other bounds end what is hostile long before."""


class _Bounds:
    """The bounds of this process."""

    limits = Limits()


def set_limits(limits: Limits) -> None:
    """Set the bounds that this process compiles and evaluates with; done once, at its start."""
    _Bounds.limits = limits


def limits() -> Limits:
    """Return the bounds of this process."""
    return _Bounds.limits


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - the word of the DMN standard; the built-in class is never used here
    """One reason why an expression gave null."""

    message: str


@dataclass(slots=True)
class Environment:
    """Everything an evaluation reads from outside."""

    now: datetime
    """The present instant, aware, in the legal time zone: `now()` and `today()`."""
    limits: Limits = field(default_factory=limits)
    warnings: list[Warning] = field(default_factory=list)
    functions: Mapping[str, Callable[..., Value]] = field(default_factory=dict)
    """Further built-in functions by name, called with FEEL values."""


class Run:
    """The counters of one evaluation."""

    __slots__ = ("_deadline", "depth", "env", "rounds_left")

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.rounds_left = env.limits.rounds
        self.depth = 0
        self._deadline: float | None = None

    def spend(self, rounds: int) -> None:
        """Count rounds; raise ExpressionLimitExceeded when too many were used."""
        self.rounds_left -= rounds
        if self.rounds_left < 0:
            raise ExpressionLimitExceeded(
                f"the expression needs more than {self.env.limits.rounds} rounds"
            )
        self.seconds_left()

    def seconds_left(self) -> float:
        """Return the seconds left, counted from the first call; raise when none is.

        An evaluation without rounds never asks: the length of its text bounds it.
        """
        clock = monotonic()
        if self._deadline is None:
            self._deadline = clock + self.env.limits.evaluation_s
        left = self._deadline - clock
        if left <= 0:
            raise ExpressionLimitExceeded(
                f"the expression takes longer than {self.env.limits.evaluation_s} seconds"
            )
        return left

    def may_warn(self) -> bool:
        """Tell whether another warning is kept: a hostile loop cannot fill memory with them."""
        return len(self.env.warnings) < MOST_WARNINGS

    def warn(self, message: str) -> None:
        """Record why something gave null."""
        if self.may_warn():
            self.env.warnings.append(Warning(message))


MOST_WARNINGS = 100


class Scope:
    """One level of names during an evaluation."""

    __slots__ = ("names", "parent", "run")

    def __init__(self, names: Mapping[str, Value], parent: "Scope | None", run: Run) -> None:
        self.names = names
        self.parent = parent
        self.run = run


Code = Callable[[Scope], Value]
"""A compiled expression."""
