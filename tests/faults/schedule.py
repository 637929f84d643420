"""Faults in an order that a seed gives: every kind comes as often as every other."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable

from faults.places import FAKETIME, NODES, SIMULATOR
from faults.processes import HOUR_S, Cluster

_LINKS = ("cut", "stall", "hold", "swallow")
_SHARES = {"cut": 0.1, "stall": 1.0, "hold": 0.2, "swallow": 0.2, "twice": 0.7}
_MODES = {"timeout": 2, "rubbish": 2, "down": 6, "slow": 6}


class Schedule:
    """Deals faults, one at a time or several at once, until told to stop."""

    def __init__(
        self,
        cluster: Cluster,
        seed: int,
        *,
        pause_s: float,
        length_s: float,
        rounds: int | None = None,
    ) -> None:
        self.cluster = cluster
        self.rounds = rounds
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.pause_s = pause_s
        self.length_s = length_s
        self.done: Counter[str] = Counter()
        self.told: list[str] = []
        self._deck: list[Callable[[], None]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="faults", daemon=True)

    def start(self) -> None:
        """Begin to deal."""
        self._thread.start()

    def stop(self) -> None:
        """Stop dealing, once the fault that is under way is over; then mend everything."""
        self._over.set()
        self._thread.join(300)
        self.cluster.proxy.mend()
        self.cluster.database.free()
        self.cluster.free_data()
        self.cluster.start()
        self.cluster.mend_departments()

    @property
    def has_dealt_all(self) -> bool:
        """Whether every kind has come at least once."""
        return set(self.kinds()) <= set(self.done)

    @property
    def is_over(self) -> bool:
        """Whether every kind has come as often as it shall."""
        return self._thread.ident is not None and not self._thread.is_alive()

    def kinds(self) -> dict[str, Callable[[], None]]:
        """Return every kind of fault by its name."""
        chance = self.chance
        product = self.cluster.product
        all_kinds: dict[str, Callable[[], None]] = {
            "kill node": lambda: self._kill(chance.choice(self.cluster.nodes)),
            "kill worker": lambda: self._kill(chance.choice(self.cluster.workers)),
            "kill departments": lambda: self._kill(self.cluster.departments),
            "crash database": self._crash,
            "disk full": self._fill,
            "materials disk full": self._fill_data,
        }
        if self.cluster.has_children:
            all_kinds["kill process of node"] = lambda: self._kill_child(
                chance.choice(self.cluster.nodes)
            )
        for fault in _LINKS:
            all_kinds[f"clients {fault}"] = lambda one=fault: self._hurt(chance.choice(NODES), one)
            all_kinds[f"database {fault}"] = lambda one=fault: self._hurt("database", one)
        for fault in ("cut", "stall", "swallow", "twice"):
            all_kinds[f"departments {fault}"] = lambda one=fault: self._hurt(SIMULATOR, one)
        for mode, times in _MODES.items():
            all_kinds[f"departments {mode}"] = lambda mode=mode, times=times: self._fail(
                mode, times
            )
        if FAKETIME is not None:
            for name, ahead in (("ahead", HOUR_S), ("behind", -HOUR_S)):
                all_kinds[f"clock {name}"] = lambda ahead=ahead: self._step(
                    chance.choice(product).name, ahead
                )
        return all_kinds

    def _run(self) -> None:
        kinds = self.kinds()
        while not self._over.is_set():
            if not self._deck:
                if self.rounds == sum(self.done.values()) // len(kinds):
                    return
                self._deck = list(kinds)
                self.chance.shuffle(self._deck)
            kind = self._deck.pop()
            self.told.append(f"{time.time():.1f} {kind}")
            kinds[kind]()
            self.done[kind] += 1
            self._over.wait(self.pause_s * (0.5 + self.chance.random()))
            self._keep_alive()

    def _keep_alive(self) -> None:
        for one in self.cluster.processes:
            one.keep_alive()

    def _kill(self, process) -> None:
        """Kill a process while the others serve: two that start at once are no fault more."""
        self.cluster.wait_until_ready()
        process.kill()
        self._over.wait(self.length_s * self.chance.random())
        process.start()

    def _kill_child(self, process) -> None:
        process.kill_child(self.chance)
        process.keep_alive()

    def _crash(self) -> None:
        self.cluster.database.crash()
        self._over.wait(self.length_s * self.chance.random())
        self.cluster.database.start()

    def _fill(self) -> None:
        self.cluster.database.fill()
        self._over.wait(self.length_s)
        self.cluster.database.free()

    def _fill_data(self) -> None:
        self.cluster.fill_data()
        self._over.wait(self.length_s)
        self.cluster.free_data()

    def _hurt(self, link: str, fault: str) -> None:
        # A command is many chunks to the database: each is hurt more seldom.
        share = _SHARES[fault] / (5 if (link, fault) == ("database", "cut") else 1)
        self.cluster.proxy.hurt(link, fault, share, self.length_s)

    def _fail(self, mode: str, times: int) -> None:
        self.cluster.fail_department(mode, times)

    def _step(self, name: str, ahead_s: int) -> None:
        self.cluster.set_clock(name, ahead_s)
        self._over.wait(self.length_s)
        self.cluster.set_clock(name, 0)
