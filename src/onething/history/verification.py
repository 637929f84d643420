"""Prove a whole database: every chain, every value, every checkpoint."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from heapq import merge
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from onething.db import Database
from onething.errors import HistoryBroken
from onething.feel.json import canonical
from onething.history.access import access_hash
from onething.history.archive_shelf import ArchiveShelf
from onething.history.chain import ChainWalk
from onething.history.checkpoints import Checkpoint, byte_order, lines, read_line
from onething.history.hashes import GENESIS, hash_by_name
from onething.history.heads import Head, Heads, Roots
from onething.history.keys import Keys
from onething.history.models import access_log, access_log_cut, case_key, event, event_value
from onething.history.report import Fault, Kind, Report
from onething.history.signing import Verifier

_ROWS_AT_ONCE = 500
_HASH_NAMES = ("sha256", "sm3")

KnownHeads = Callable[[Connection], Iterable[tuple[str, int, bytes]]]
"""Gives (instance id, sequence, hash) as every instance's own row has them."""


def verify(  # noqa: PLR0913 - what a proof is made of
    database: Database,
    file: Path,
    verifier: Verifier,
    keys: Keys | None = None,
    known: KnownHeads | None = None,
    archive_folder: Path | None = None,
) -> Report:
    """Check history, log of readings and checkpoint file against each other.

    Rows are streamed; what the checkpoints promise is kept in a temporary file. The checkpoint
    file is read before the database, so that a server may go on writing meanwhile.

    Args:
        database: The database to prove.
        file: The checkpoint file.
        verifier: Knows the signer's public key.
        keys: Opens sealed values, to compare them with their commitments; without it only
            chains and checkpoints are checked.
        known: The heads as the instances' own rows have them: they catch what was done since
            the last checkpoint.
        archive_folder: Where archive files lie; of those that are not there, manifests and the
            heads of the chains are checked.
    """
    report = Report()
    with closing(Heads()) as heads:
        roots = _read_file(file, verifier, heads, report)
        with database.read() as conn:
            if known is not None:
                heads.know(known(conn))
            shelf = ArchiveShelf(conn, archive_folder, verifier, report)
            shelf.open(heads, roots)
            _Events(conn, heads, roots, report, keys, shelf).walk()
            _walk_readings(conn, heads.of("access_log"), report)
        for chain, place in heads.unseen():
            message = f"the whole instance is missing, {place} rows"
            report.faults.append(Fault("deleted row", chain, 1, message))
    if not report.faults:
        for number in roots.wrong():
            message = "its Merkle root is not that of its events"
            report.faults.append(Fault("checkpoint", file.name, number, message))
    return report


def _read_file(file: Path, verifier: Verifier, heads: Heads, report: Report) -> Roots:
    """Take what the lines promise; a line that does not prove itself promises nothing."""
    roots = Roots()
    before = b""
    for number, raw in enumerate(lines(file), start=1):
        report.checkpoints += 1
        try:
            line = _proven(raw, before, number, verifier)
        except HistoryBroken as error:
            report.faults.append(Fault("checkpoint", file.name, number, error.message))
        else:
            heads.promise(line)
            roots.expect(line)
        before = raw
    return roots


def _proven(raw: bytes, before: bytes, number: int, verifier: Verifier) -> Checkpoint:
    line, signature = read_line(raw)
    if line.algorithm != verifier.algorithm or not verifier.accepts(
        canonical(line.body()), signature
    ):
        raise HistoryBroken("its signature is not the signer's")
    previous = hash_by_name(line.hash_name)(before).hex() if number > 1 else ""
    if line.number != number or line.previous != previous:
        raise HistoryBroken("it does not follow the line before")
    return line


@dataclass(slots=True)
class _Events:
    """Streams all events and hands each instance's rows to a walk of their own."""

    conn: Connection
    heads: Heads
    roots: Roots
    report: Report
    keys: Keys | None
    shelf: ArchiveShelf

    def walk(self) -> None:
        walk: ChainWalk | None = None
        current: str | None = None
        here: Iterable[Any] = self.conn.execution_options(yield_per=_ROWS_AT_ONCE).execute(
            self._query()
        )
        rows: Iterable[Any] = merge(
            here, self.shelf.rows(), key=lambda row: (row.instance_id, row.sequence)
        )
        for row in rows:
            if walk is None or row.instance_id != current:
                if walk is not None:
                    walk.end()
                current = row.instance_id
                walk = self._begin(row.instance_id)
            walk.take(row)
        if walk is not None:
            walk.end()

    def _begin(self, instance_id: str) -> ChainWalk:
        self.report.instances += 1
        return ChainWalk(
            self.conn,
            instance_id,
            self.heads.of(instance_id),
            roots=self.roots,
            report=self.report,
            keys=self.keys,
        )

    def _query(self) -> Any:  # noqa: ANN401 - SQLAlchemy's type would list every column
        value = (event_value.c.instance_id == event.c.instance_id) & (
            event_value.c.sequence == event.c.sequence
        )
        return (
            select(event, event_value.c.sealed, case_key.c.hash_name, case_key.c.wrapped)
            .select_from(
                event.outerjoin(event_value, value).outerjoin(
                    case_key, case_key.c.instance_id == event.c.instance_id
                )
            )
            .order_by(byte_order(self.conn), event.c.sequence)
        )


def _order(row: Any) -> tuple[str, int]:  # noqa: ANN401 - a row of either kind
    return row.instance_id, row.sequence


def _walk_readings(conn: Connection, heads: list[Head], report: Report) -> None:
    """Check the log of readings: one chain over all of it."""
    promised = {head.place: head for head in heads}
    number, previous = _cut(conn, promised)
    options = conn.execution_options(yield_per=_ROWS_AT_ONCE)
    for row in options.execute(select(access_log).order_by(access_log.c.number)).mappings():
        report.readings += 1
        found = _reading_fault(dict(row), number, previous, promised.get(row["number"]))
        if found is not None:
            report.faults.append(Fault(found[0], "access_log", found[1], found[2]))
            return
        number, previous = row["number"], row["hash"]
    missing = [place for place in promised if place > number]
    if missing:
        message = f"rows up to {max(missing)} are missing"
        report.faults.append(Fault("deleted row", "access_log", number + 1, message))


def _cut(conn: Connection, promised: dict[int, Head]) -> tuple[int, bytes]:
    """Return number and hash of the last reading that was dropped, and drop its promises."""
    last = select(access_log_cut).order_by(access_log_cut.c.number.desc()).limit(1)
    row = conn.execute(last).first()
    if row is None:
        return 0, GENESIS
    head = promised.get(row.number)
    is_its = head is None or head.hash == row.hash
    for place in [one for one in promised if one <= row.number]:
        del promised[place]
    return row.number, row.hash if is_its else b""


def _reading_fault(
    row: dict[str, Any], number: int, previous: bytes, head: Head | None
) -> tuple[Kind, int, str] | None:
    place = row["number"]
    if place != number + 1:
        return "deleted row", number + 1, f"the next row is {place}"
    if all(access_hash(row, hash_by_name(name)) != row["hash"] for name in _HASH_NAMES):
        return "edited row", place, "its content does not give its hash"
    if row["previous_hash"] != previous:
        return "recomputed chain", place, "it does not follow the row before"
    if head is not None and head.hash != row["hash"]:
        return "recomputed chain", place, f"checkpoint {head.line} has another hash for it"
    return None
