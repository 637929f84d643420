"""A process that counts open clocks again by a new notice, a case a transaction, and says how far.

Run as `python -m unit.clocks.redating_process DATA_DIR NOTICES`: a test kills it on its way.
"""

import sys
from pathlib import Path

from onething import calendar, runtime
from onething.now import FakeClock
from onething.runtime import Host
from onething.settings import Settings
from unit.clocks.node import OPERATOR, at

DECEMBER = at("2026-12-30")


def opened(folder: Path, clock: FakeClock, notices: Path | None = None) -> Host:
    """Return a host on a data folder; with a folder of notices it counts by those."""
    host = runtime.open_host(Settings(data_dir=folder), clock=clock)
    if notices is not None:
        host.calendars = {**host.calendars, host.calendar.version: host.calendar}
        host.calendar = calendar.load(notices)
    return host


def main(folder: str, notices: str) -> None:
    """Redate, and print the number of cases after every transaction."""
    host = opened(Path(folder), FakeClock(DECEMBER), Path(notices))
    for done in runtime.redate_clocks(host, OPERATOR, at_once=1):
        sys.stdout.write(f"{done.cases}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
