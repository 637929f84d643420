"""Fill a database with made-up cases for measuring."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from multiprocessing import get_context
from random import Random

import structlog
from sqlalchemy import Connection, func, insert, select, update

from onething import runtime
from onething.catalog import Catalog
from onething.db import Database, metadata
from onething.errors import Conflict, InvalidInput
from onething.history import Keys
from onething.identity import SYSTEM
from onething.materials import Store
from onething.runtime import Host
from onething.settings import Settings, secret
from onething.testing.generation import clones, loading
from onething.testing.generation.plans import Plan, Shelf, plans
from onething.testing.generation.studio import Drawn, Rows, Studio, Take
from onething.testing.world import Records, SimulatorApp

_AT_ONCE = 20
"""Cases that were played and are brought in together."""
_TOLD_EVERY = 100_000
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is wanted."""

    open_cases: int
    closed_cases: int
    seed: int = 1
    played_share: float = 0.01
    """Share of the cases that are really played, with history, keys and state."""
    scenarios: int = 6
    """Scenarios of each service that cases are made after, at most."""
    services: tuple[str, ...] = ()
    """Codes of services; none means all that are shipped."""
    processes: int = 2
    """Processes that play cases, on PostgreSQL."""


@dataclass(slots=True)
class Made:
    """What was made."""

    open_cases: int = 0
    closed_cases: int = 0
    played: int = 0
    rows: int = 0
    size_bytes: int = 0
    seconds: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)
    """Seconds by what was done."""


def generate(
    host: Host, order: Order, simulator: SimulatorApp, records: Records, told: Told
) -> Made:
    """Fill the empty database of a node, and mark it as made up.

    Raises:
        Conflict: It holds cases: such a database is never filled.
    """
    began, made = time.monotonic(), Made()
    host.database.write(lambda conn: _mark(conn, host.clock(), order))
    shelf = _shelf(host, order)
    for code in shelf.codes():
        runtime.deploy(host, SYSTEM, shelf.package(code))
    stage = _Stage(simulator, records, shelf, host.settings)
    with _clocked(made, "patterns"), stage.studio() as studio:
        takes = _audition(studio, order)
        drawn = studio.drawn()
    _check_patterns(takes, order)
    told(f"{len(takes)} patterns of {', '.join(shelf.codes())}")
    put_off = loading.put_indexes_off(host.database)
    with _clocked(made, "cases"):
        plays = _plays(host, order, stage, takes, drawn)
        _fill(host, order, takes, plays, made, told)
    with _clocked(made, "indexes"):
        loading.make_indexes(host.database, put_off)
    _finish(host, made)
    made.seconds = time.monotonic() - began
    return made


@dataclass(frozen=True, slots=True)
class _Stage:
    """What a studio is opened with, in this process or another."""

    simulator: SimulatorApp
    records: Records
    shelf: Shelf
    settings: Settings

    def studio(self) -> Studio:
        """Open a studio whose cases have the site's keys and contents."""
        keys = Keys(secret(self.settings, "master"), self.settings.hash_name)
        store = Store(self.settings.data_dir / "contents", secret(self.settings, "contents"))
        return Studio(self.shelf, self.simulator, self.records, keys, store)


@dataclass(frozen=True, slots=True)
class _Play:
    """What one process plays."""

    stage: _Stage
    place: int
    seed: int
    wanted: Sequence[tuple[Plan, tuple[object, ...], int]]
    """Plans, what each comes to, and how often."""
    drawn: Drawn


def _mark(conn: Connection, now: datetime, order: Order) -> None:
    """Note that the database holds made-up cases; refuse one that holds any."""
    if conn.execute(select(func.count()).select_from(metadata.tables["case"])).scalar_one():
        raise Conflict("The database holds cases: only an empty one is filled")
    conn.execute(
        insert(metadata.tables["generation"]),
        {
            "seed": order.seed,
            "open_cases": order.open_cases,
            "closed_cases": order.closed_cases,
            "begun_at": now,
        },
    )


def _check_patterns(takes: list[Take], order: Order) -> None:
    """Raise InvalidInput where no scenario leads to cases that are wanted."""
    for total, is_open in ((order.open_cases, True), (order.closed_cases, False)):
        if total and not any(one.is_open is is_open for one in takes):
            word = "leaves a case open" if is_open else "closes a case"
            raise InvalidInput(f"No scenario of these services {word}: take more of them")


def _finish(host: Host, made: Made) -> None:
    """Note that all is there, and count it."""
    generation, case = metadata.tables["generation"], metadata.tables["case"]
    host.database.write(
        lambda conn: conn.execute(update(generation).values(finished_at=host.clock()))
    )
    with host.database.read() as conn:
        closed = select(func.count()).where(case.c.state == "CLOSED")
        made.closed_cases = conn.execute(closed).scalar_one()
        every = conn.execute(select(func.count()).select_from(case)).scalar_one()
    made.open_cases = every - made.closed_cases
    made.size_bytes = loading.size_bytes(host.database)


def _shelf(host: Host, order: Order) -> Shelf:
    shelf = Catalog(host.settings.services)
    return Shelf(host.settings.services, order.services or tuple(shelf.codes()))


def _audition(studio: Studio, order: Order) -> list[Take]:
    """Play every plan twice; keep those that come to the same with other people."""
    takes = []
    random = Random(order.seed)  # noqa: S311 - made-up data must come again
    for plan in plans(studio.shelf, order.scenarios):
        first, second = studio.take(plan, random), studio.take(plan, random)
        if first is not None and second is not None and first.shape == second.shape:
            takes.append(first)
    return takes


def _plays(
    host: Host,
    order: Order,
    stage: _Stage,
    takes: list[Take],
    drawn: Drawn,
) -> list[_Play]:
    """Share out what is really played: every plan, and short ones more often than long ones."""
    count = 1 if host.database.is_sqlite else order.processes
    random = Random(order.seed + 1)  # noqa: S311 - made-up data must come again
    wanted: list[dict[str, int]] = [{} for _ in range(count)]
    for is_open, total in ((True, order.open_cases), (False, order.closed_cases)):
        fitting = [one for one in takes if one.is_open is is_open]
        weights = [1 / one.plan.steps for one in fitting]
        count_played = round(total * order.played_share)
        more = random.choices(fitting, weights, k=max(0, count_played - len(fitting)))
        picked = [*fitting, *more][:count_played]
        for place, one in enumerate(picked):
            share = wanted[place % count]
            share[one.plan.name] = share.get(one.plan.name, 0) + 1
    return [
        _Play(
            stage,
            place,
            order.seed,
            [(one.plan, one.shape, share.get(one.plan.name, 0)) for one in takes],
            drawn,
        )
        for place, share in enumerate(wanted)
    ]


def _fill(  # noqa: PLR0913 - all that a database is filled with
    host: Host, order: Order, takes: list[Take], plays: list[_Play], made: Made, told: Told
) -> None:
    """Bring in clones here, while other processes play; embedded, one after the other."""
    if host.database.is_sqlite:
        _clone_all(host, order, takes, made, told)
        done = [_play(one, host.database) for one in plays]
    else:
        url = host.database.url.render_as_string(hide_password=False)
        with ProcessPoolExecutor(len(plays), get_context("spawn")) as pool:
            running = [pool.submit(_play_at, one, url) for one in plays]
            _clone_all(host, order, takes, made, told)
            told("the clones are in; playing goes on")
            done = [one.result() for one in running]
    for played, drawn in done:
        made.played += played
        host.database.write(partial(loading.raise_numbers, drawn=drawn))


def _play_at(play: _Play, url: str) -> tuple[int, Drawn]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with Database(url) as database:
        return _play(play, database)


def _play(play: _Play, database: Database) -> tuple[int, Drawn]:
    """Play cases and bring them in; return how many, and the last numbers drawn."""
    random = Random(play.seed + 100 + play.place)  # noqa: S311 - made-up data must come again
    played = 0
    with play.stage.studio() as studio:
        studio.number_behind(play.drawn, play.place)
        for rows in _batches(studio, play, random):
            database.write(partial(loading.load, rows=rows))
            played += len(rows["instance"])
        return played, studio.drawn()


def _batches(studio: Studio, play: _Play, random: Random) -> Iterator[Rows]:
    """Yield the rows of some cases at a time."""
    batch: Rows = {}
    subjects: set[tuple[str, str]] = set()
    for plan, shape, times in play.wanted:
        left, tries = times, 3 * times
        while left and tries:
            tries -= 1
            take = studio.take(plan, random)
            if take is None or take.shape != shape or not _is_new(take, subjects):
                continue
            left -= 1
            for table, rows in take.rows.items():
                batch.setdefault(table, []).extend(rows)
            if len(batch["instance"]) == _AT_ONCE:
                yield batch
                batch = {}
    if batch:
        yield batch


def _is_new(take: Take, subjects: set[tuple[str, str]]) -> bool:
    """Tell whether no other open case is about the same people, and note these."""
    keys = {(row["service"], row["subject"]) for row in take.rows.get("open_subject", ())}
    if keys & subjects:
        return False
    subjects |= keys
    return True


def _clone_all(host: Host, order: Order, takes: list[Take], made: Made, told: Told) -> None:
    now = host.clock()
    random = Random(order.seed + 2)  # noqa: S311 - made-up data must come again
    share = 1 - order.played_share
    wanted = {True: round(order.open_cases * share), False: round(order.closed_cases * share)}
    namer = clones.Namer(random, sum(wanted.values()))
    done = 0
    for take, on, count in _shares(takes, wanted, now, random):
        pattern = clones.pattern(take, on, now)
        names = pattern.names(count, namer)
        made.rows += host.database.write(partial(loading.load_clones, pattern=pattern, names=names))
        if (done + count) // _TOLD_EVERY > done // _TOLD_EVERY:
            told(f"{done + count:,} cases")
        done += count


def _shares(
    takes: list[Take], wanted: Mapping[bool, int], now: datetime, random: Random
) -> Iterator[tuple[Take, date, int]]:
    """Yield pattern, day and number of clones, oldest day first; small patterns more often."""
    shares: Counter[tuple[date, int]] = Counter()
    for is_open, total in wanted.items():
        fitting = [place for place, one in enumerate(takes) if one.is_open is is_open]
        weights = [takes[place].weight for place in fitting]
        for place in random.choices(fitting, weights, k=total) if fitting else ():
            if is_open:
                on = clones.open_day(takes[place], now, random)
            else:
                on = clones.closed_day(takes[place], now, random)
            shares[on, place] += 1
    for (on, place), count in sorted(shares.items()):
        yield takes[place], on, count


@contextmanager
def _clocked(made: Made, part: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    made.parts[part] = time.monotonic() - began
