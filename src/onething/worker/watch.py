"""Tell which workers are dead and which work is stranded, by this process's own clock alone.

What counts is what grows or stays before these eyes: machines' clocks may differ or step.
"""

import time
from collections.abc import Callable, Iterable

from onething.nodes import NodeRow


class Watch:
    """Remembers when each worker last beat, as this process saw it.

    A machine's clock may step or differ; what counts is that nothing new was seen of a worker
    for so many seconds of this process's own monotonic clock.
    """

    def __init__(
        self, dead_after_s: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._dead_after_s = dead_after_s
        self._monotonic = monotonic
        self._seen: dict[str, tuple[object, float]] = {}

    def look(self, nodes: Iterable[NodeRow], wanted: Iterable[str]) -> set[str]:
        """Return those of the wanted workers that are dead.

        One that said that it stopped is dead at once; one that is not listed at all is as one
        that does not beat.
        """
        rows = {row.name: row for row in nodes}
        now, dead = self._monotonic(), set()
        for name in {*rows, *wanted}:
            row = rows.get(name)
            sign = None if row is None else (row.run, row.beats)
            seen = self._seen.get(name)
            if seen is None or seen[0] != sign:
                self._seen[name] = (sign, now)
            elif now - seen[1] >= self._dead_after_s:
                dead.add(name)
            if row is not None and row.stopped_at is not None:
                dead.add(name)
        return dead & set(wanted)


class Stranded:
    """Remembers since when work that this process has claimed is not performed by it.

    The answer to a claim can be lost with the connection that it should come by: then the
    database says that the work is ours, and nobody here knows of it.
    """

    def __init__(self, after_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._after_s = after_s
        self._monotonic = monotonic
        self._since: dict[str, float] = {}

    def look(self, idle: Iterable[str]) -> set[str]:
        """Return what of the idle work has been so at every look for long enough."""
        now = self._monotonic()
        self._since = {one: self._since.get(one, now) for one in idle}
        return {one for one, since in self._since.items() if now - since >= self._after_s}
