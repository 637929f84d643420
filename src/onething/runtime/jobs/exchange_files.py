"""Exchange files with departments that have no API: write due calls, apply what has come."""

from collections.abc import Sequence
from pathlib import Path

import structlog

from onething.connectors import Drop, Told
from onething.connectors.sheets import Row, read
from onething.errors import InvalidInput, OnethingError
from onething.runtime.host import Host
from onething.runtime.jobs.answer_job import answer_job, refuse_job

_log = structlog.get_logger()


def exchange_files(host: Host) -> int:
    """Send and take in what is due in every exchange folder; return how many files that were.

    A folder that is missing or full is logged and tried again: it holds up no other.
    """
    return sum(_tried(host, drop) for drop in host.drops.values())


def _tried(host: Host, drop: Drop) -> int:
    try:
        with drop.alone() as is_mine:
            return _exchange(host, drop) if is_mine else 0
    except OSError as error:
        _log.warning("exchange folder", department=drop.department, error=error.strerror)
        return 0


def _exchange(host: Host, drop: Drop) -> int:
    now = host.clock()
    sent = drop.send(now)
    arrived = drop.arrived()
    for file in arrived:
        _take_in(host, drop, file)
    drop.forget(now)
    return sent + len(arrived)


def _take_in(host: Host, drop: Drop, file: Path) -> None:
    """Apply the rows of one file, each by itself; wrong ones are given back with their reasons.

    A crash in between is harmless: the file is read again, and what was applied is known.
    """
    try:
        header, rows = read(file)
    except InvalidInput as error:
        _log.warning("answer file refused", department=drop.department, error=error.message)
        drop.refuse(file, error.message, host.clock())
        return
    wrong = _apply_all(host, drop, rows)
    drop.put_away(file, header, wrong, host.clock())
    counts = {"rows": len(rows), "wrong": len(wrong)}
    _log.info("answer file taken", department=drop.department, **counts)


def _apply_all(host: Host, drop: Drop, rows: Sequence[Row]) -> list[tuple[Row, str]]:
    wrong = []
    for row in rows:
        try:
            _apply(host, drop.read(row))
        except OnethingError as error:
            wrong.append((row, error.message))
    return wrong


def _apply(host: Host, told: Told) -> None:
    if told.reason:
        refuse_job(host, told.key, told.operation, told.reason, told.message, way="file")
    else:
        answer_job(host, told.key, told.operation, told.answer, way="file")
