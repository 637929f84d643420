"""Put a load through faults and prove what came of it.

Usage: ``python -m faults.run [--cases N] [--seconds S] [--seed N] [--json FILE]``.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg

from faults import checker
from faults.client import Client
from faults.journal import Journal
from faults.load import SERVICE, Actors, Load, people
from faults.places import NODES, PACKAGE, SIMULATOR, Places
from faults.processes import HOUR_S, Cluster
from faults.schedule import Schedule
from faults.site import prepare, tell_departments

SETTLING_S = 3600
MOST_HOURS = 40
"""That pass in all: tokens hold for two days, messages for seven."""


@dataclass(frozen=True)
class Plan:
    """What a run is asked for."""

    cases: int
    seconds: float
    """The longest time in which cases are opened under faults."""
    seed: int
    pause_s: float = 2.0
    """Between two faults."""
    length_s: float = 3.0
    """Of a fault that lasts."""
    settling_s: float = SETTLING_S
    standing_s: float = 6.0
    """Nothing came to an end for so long while settling: two more hours pass on all clocks."""
    window_pause_s: float = 0.0
    """Of each window between two cases."""
    server: str = "gunicorn"
    """Of each node: `gunicorn`, or `waitress`, which starts in half the time."""
    least: int = 0
    """So many cases are opened even where every fault has come before."""
    rounds: int | None = None
    """So often every kind of fault comes; None: as long as cases are opened."""


class Run:
    """One run in a folder of its own."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.folder = Path(tempfile.mkdtemp(prefix="onething-faults-"))
        self.places = Places(self.folder)
        self.cluster = Cluster(self.places, plan.cases, plan.server)
        self.journal = Journal(self.folder / "journal.jsonl")
        self.schedule = Schedule(
            self.cluster,
            plan.seed,
            pause_s=plan.pause_s,
            length_s=plan.length_s,
            rounds=plan.rounds,
        )
        self.times: dict[str, float] = {}

    def go(self) -> dict:
        """Start, load, hurt, settle, check; return the report."""
        try:
            tokens = self._set_up()
            load = self._load(tokens)
            self._settle(load)
            exits = self._timed("stop", self.cluster.stop)
            found = self._timed("check", self._check)
            return self._report(load, found, exits)
        finally:
            self.journal.close()
            self.cluster.remove()

    def remove(self) -> None:
        """Take the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _timed(self, name: str, step, *words):
        began = time.monotonic()
        try:
            return step(*words)
        finally:
            self.times[name] = round(time.monotonic() - began, 1)
            say(f"{name}: {self.times[name]} s")

    def _set_up(self) -> dict[str, str]:
        def begin() -> dict[str, str]:
            self.cluster.departments.start()
            self.cluster.database.create()
            tokens = prepare(self.places, [PACKAGE], SERVICE)
            self.cluster.start()
            return tokens

        tokens = self._timed("start", begin)
        tell_departments(self.places.near[SIMULATOR], people(self.plan.cases))
        return tokens

    def _load(self, tokens: dict[str, str]) -> Load:
        ports = [self.places.far[name] for name in NODES]
        actors = Actors(lambda name, user: Client(name, ports, tokens[user], self.journal))
        load = Load(actors, self.plan.cases, pause_s=self.plan.window_pause_s)
        until = time.monotonic() + self.plan.seconds

        def is_enough() -> bool:
            is_done = self.schedule.is_over and load.started >= self.plan.least
            is_done = is_done or not load.is_opening
            return is_done and self.schedule.has_dealt_all

        def work() -> None:
            load.start()
            self.schedule.start()
            while not is_enough() and time.monotonic() < until:
                time.sleep(0.5)
            load.cases = 0  # nobody opens another
            self.schedule.stop()

        self._timed("load", work)
        return load

    def _settle(self, load: Load) -> None:
        """Faults are over: hours pass, operators mend, until every case has come to an end.

        A breaker that opened again and again waits for long, and what a wrong clock put off is
        due an hour later: whenever nothing comes to an end any more, time goes on.
        """
        load.operator.start()
        until, hours = time.monotonic() + self.plan.settling_s, 0

        def pass_hours() -> None:
            nonlocal hours
            while time.monotonic() < until and self._open_work():
                hours = min(hours + 2, MOST_HOURS)
                for one in self.cluster.product:
                    self.cluster.set_clock(one.name, hours * HOUR_S)
                self._wait_while_it_moves(until)

        self._timed("settle", pass_hours)
        load.finish()

    def _wait_while_it_moves(self, until: float) -> None:
        """Return when nothing is open any more, or what is open has stood still for a while."""
        least, since = self._open_work(), time.monotonic()
        while least and time.monotonic() < min(until, since + self.plan.standing_s):
            time.sleep(0.5)
            left = self._open_work()
            if left < least:
                least, since = left, time.monotonic()

    def _open_work(self) -> int:
        """Count the cases that have not ended and the jobs that are not done."""
        for one in self.cluster.processes:
            one.keep_alive()
        with psycopg.connect(self.cluster.database.url()) as conn:
            open_now = "SELECT count(*) FROM instance WHERE service = %s AND status = 'active'"
            jobs = "SELECT count(*) FROM outbox WHERE state NOT IN ('done', 'failed', 'cancelled')"
            return (
                conn.execute(open_now, (SERVICE,)).fetchone()[0] + conn.execute(jobs).fetchone()[0]
            )

    def _check(self) -> checker.Findings:
        with ThreadPoolExecutor(2) as both:
            command = self.cluster.command
            replayed = both.submit(self._timed, "replay", command, "replay", "--all", "--json")
            verified = both.submit(self._timed, "verify", command, "verify", "--json")
            evidence = checker.read(
                self.cluster.database.url(),
                self.cluster.departments_file,
                self.folder / "journal.jsonl",
                self.places.data,
            )
            found = checker.Checker(evidence).check()
            found.divergent += _divergent(replayed.result())
            found.broken += _faults(verified.result())
        return found

    def _report(self, load: Load, found: checker.Findings, exits: dict) -> dict:
        ends = [end for one in self.cluster.processes for end in one.ends]
        report = {
            "seed": self.plan.seed,
            "asked for": self.plan.cases,
            **found.to_json(),
            "faults": dict(sorted(self.schedule.done.items())),
            "hurt": dict(sorted(self.cluster.proxy.counts().items())),
            "clients": dict(sorted(load.seen.items())),
            "unexpected answers": Counter(load.unexpected).most_common(20),
            "ended by themselves": {one.name: len(one.ends) for one in self.cluster.processes},
            "ends": [str(one) for one in ends],
            "ended wrongly": [str(one) for one in ends if not one.is_right],
            "exit codes": exits,
            "seconds": self.times,
            "small disks": self.cluster.database.disk.is_own and self.cluster.data.is_own,
        }
        report["passed"] = found.is_clean and not load.unexpected and not report["ended wrongly"]
        (self.folder / "report.json").write_text(
            json.dumps(report, ensure_ascii=False, indent=1, default=str), "utf-8"
        )
        (self.folder / "faults.log").write_text("\n".join(self.schedule.told), "utf-8")
        return report


def _divergent(replayed) -> list[str]:
    """Return what `onething replay` found, or how it failed."""
    try:
        verdicts = json.loads(replayed.stdout)
    except ValueError:
        return [f"replay: {replayed.stderr[-500:]}"]
    bad = [one for one in verdicts if one["problem"] or one["diverges_at"] is not None]
    return [f"{one['case_no']}: {one['diverges_at']} {one['problem']}" for one in bad]


def _faults(verified) -> list[str]:
    """Return what `onething verify` found, or how it failed."""
    try:
        return [f"verify: {one}" for one in json.loads(verified.stdout)["faults"]]
    except ValueError:
        return [f"verify: {verified.stderr[-500:]}"]


def say(text: str) -> None:
    """Tell whoever watches."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def tell(report: dict) -> None:
    """Print the figures, a line each, what must be 0 last."""
    for group in ("faults", "hurt", "clients", "ended by themselves", "seconds", "figures"):
        say(f"\n{group}")
        for name, value in report[group].items():
            say(f"  {name:<36}{value if value is not None else '-'}")
    for one in report["ends"]:
        say(f"ended by itself: {one}")
    for name, times in report["unexpected answers"]:
        say(f"unexpected answer, {times} times: {name}")
    for kind, found in report["first"].items():
        for one in found:
            say(f"{kind}: {one}")
    say("\n" + ", ".join(f"{report[kind]} {kind}" for kind in report["first"]))


def main(words: list[str] | None = None) -> int:
    """Run, print the figures, keep the folder of a run that failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))  # noqa: S311
    parser.add_argument("--pause", type=float, default=Plan.pause_s)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", action="store_true", help="keep the folder in any case")
    asked = parser.parse_args(words)
    say(f"seed {asked.seed}")
    run = Run(Plan(asked.cases, asked.seconds, asked.seed, asked.pause))
    say(f"folder {run.folder}")
    report = run.go()
    tell(report)
    if asked.json:
        text = json.dumps(report, ensure_ascii=False, indent=1, default=str)
        asked.json.write_text(text + "\n", "utf-8")
    if report["passed"] and not asked.keep:
        run.remove()
    else:
        say(f"{'passed' if report['passed'] else 'FAILED'}; all is kept in {run.folder}")
    return 0 if report["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
