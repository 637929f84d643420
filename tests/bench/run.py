"""`make bench`: measure the product beside its floor and a naive host, in one run.

Writes docs/performance.md with machine and date. Trust the ratios, not the absolutes.
`make bench ONLY=feel` measures only the section of that name and keeps the others as they stand.
"""

import os
import platform
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import browser
import cases
import engine as steps
import feel
import growth
import idle
import migration
import periods
import queue_filters
import redating
import scale
import services

from onething.testing import postgres

REPORT = Path(__file__).parents[2] / "docs" / "performance.md"


def main(chosen: list[str]) -> None:
    """Measure the chosen sections, all when none is named, and write the report."""
    for name in chosen or SECTIONS:
        began = time.monotonic()
        put(SECTIONS[name]())
        sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    sys.stdout.write(REPORT.read_text(encoding="utf-8"))


def put(section: str) -> None:
    """Write a section in the place of the one with its heading, else at the end."""
    told = f"{section.rstrip()}\n\nMeasured on {machine()}.\n"
    intro, *others = REPORT.read_text(encoding="utf-8").split("\n## ")
    heading, text = told.removeprefix("## ").split("\n", 1)
    bodies = {one.split("\n", 1)[0]: one.split("\n", 1)[1].rstrip() for one in others}
    bodies[heading] = text.rstrip()
    parts = [f"## {name}\n{body}\n" for name, body in bodies.items()]
    REPORT.write_text("\n".join([intro.rstrip() + "\n", *parts]), encoding="utf-8")


def machine() -> str:
    """Return date and machine of a measurement."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_postgres()}"
    )


def _postgres() -> str:
    """Return the version of the PostgreSQL server that is measured on."""
    programs = postgres.programs()
    if programs is None:
        return "no PostgreSQL"
    told = subprocess.run([programs / "postgres", "-V"], capture_output=True, text=True, check=True)
    return f"PostgreSQL {told.stdout.split()[2]}"


SECTIONS: Final[dict[str, Callable[[], str]]] = {
    "cases": cases.on_sqlite,
    "postgres": cases.on_postgres,
    "services": services.report,
    "growth": growth.report,
    "idle": idle.report,
    "engine": steps.report,
    "feel": feel.report,
    "migration": migration.report,
    "periods": periods.report,
    "queue": queue_filters.report,
    "redating": redating.report,
    "browser": browser.report,
    "scale": scale.report,
}

if __name__ == "__main__":
    main(sys.argv[1:])
