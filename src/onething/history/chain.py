"""Walk one instance's chain and name its first bad row."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, func, select

from onething.errors import HistoryBroken
from onething.history.events import event_hash, open_secret
from onething.history.hashes import GENESIS, Hash, hash_by_name
from onething.history.heads import KNOWN, Head, Roots
from onething.history.keys import CaseKey, Keys
from onething.history.models import event
from onething.history.report import Fault, Kind, Report


class ChainWalk:
    """Takes the rows of one instance in order; stops judging at the first fault."""

    def __init__(  # noqa: PLR0913 - what a chain is compared with
        self,
        conn: Connection,
        instance_id: str,
        heads: list[Head],
        *,
        roots: Roots,
        report: Report,
        keys: Keys | None,
    ) -> None:
        self._conn = conn
        self._id = instance_id
        self._heads = heads
        self._next_head = 0
        self._proven = max((head.place for head in heads if head.line != KNOWN), default=0)
        self._known = max((head.place for head in heads if head.line == KNOWN), default=None)
        self._confirmed = 0
        self._roots = roots
        self._report = report
        self._keys = keys
        self._key: CaseKey | None = None
        self._hash: Hash | None = None
        self._hashes = [GENESIS, GENESIS]
        self._place = 0
        self._fault: Fault | None = None

    def take(self, row: Row[Any]) -> None:
        """Check the next row against the one before, its own hash, its value and the heads."""
        self._report.events += 1
        self._report.unproven += row.sequence > self._proven
        self._roots.add(self._line(row.sequence), row.hash)
        if self._fault is not None:
            return
        if self._hash is None:
            self._begin(row)
        self._check_place(row)
        self._check_link(row)
        self._check_content(row)
        self._check_value(row)
        self._check_head(row)
        self._place = row.sequence
        self._hashes = [self._hashes[1], row.hash]

    def end(self) -> None:
        """Check that the chain is as long as was promised; report the fault, if there is one."""
        if self._fault is None:
            missing = [head.place for head in self._heads if head.place > self._place]
            if missing:
                self._found("deleted row", self._place + 1, f"rows up to {missing[-1]} are missing")
            elif self._known is not None and self._place > self._known:
                self._found(
                    "inserted row", self._known + 1, "the instance never came to this sequence"
                )
        if self._fault is not None:
            self._report.faults.append(self._fault)

    def _found(self, kind: Kind, place: int, message: str) -> None:
        if self._fault is None:
            self._fault = Fault(kind, self._id, place, message)

    def _begin(self, row: Row[Any]) -> None:
        self._hash = hash_by_name(row.hash_name or self._fitting(row))
        if row.hash_name is None:
            self._found("deleted row", row.sequence, "the instance has no row in case_key")
        elif row.wrapped is None:
            self._report.erased += 1
        elif self._keys is not None:
            try:
                self._key = self._keys.unwrap(self._id, row.hash_name, row.wrapped)
            except HistoryBroken as error:
                self._found("unreadable value", row.sequence, error.message)

    def _fitting(self, row: Row[Any]) -> str:
        """Return the hash that makes sense of a chain whose own note of it is lost."""
        fits = event_hash(dict(row._mapping), hash_by_name("sm3")) == row.hash  # noqa: SLF001 - SQLAlchemy's public name
        return "sm3" if fits else "sha256"

    def _check_place(self, row: Row[Any]) -> None:
        if row.sequence != self._place + 1:
            self._found("deleted row", self._place + 1, f"the next row is {row.sequence}")

    def _check_link(self, row: Row[Any]) -> None:
        grandparent, parent = self._hashes
        if row.previous_hash == parent or self._fault is not None:
            return
        if self._place and row.previous_hash == grandparent:
            self._found("inserted row", self._place, f"row {row.sequence} does not follow it")

    def _check_content(self, row: Row[Any]) -> None:
        """The row's own hash, then the link: a genuine row at the wrong place was moved."""
        if self._fault is not None:
            return
        if self._hash_at(row, row.sequence) != row.hash:
            self._found(*self._explain(row))
        elif row.previous_hash != self._hashes[1]:
            self._found("recomputed chain", row.sequence, "it does not follow the row before")

    def _hash_at(self, row: Row[Any], place: int) -> bytes:
        hash_ = self._hash or hash_by_name("sha256")
        return event_hash({**row._mapping, "sequence": place}, hash_)  # noqa: SLF001 - SQLAlchemy's public name

    def _explain(self, row: Row[Any]) -> tuple[Kind, int, str]:
        """Say what was done to a row whose content does not give its hash."""
        newest = select(func.coalesce(func.max(event.c.sequence), 0)).where(
            event.c.instance_id == self._id
        )
        for place in range(1, self._conn.execute(newest).scalar_one() + 2):
            if place != row.sequence and self._hash_at(row, place) == row.hash:
                return self._moved(row, place)
        return "edited row", row.sequence, "its content does not give its hash"

    def _moved(self, row: Row[Any], place: int) -> tuple[Kind, int, str]:
        there = self._conn.execute(
            select(event).where(event.c.instance_id == self._id, event.c.sequence == place)
        ).first()
        if there is not None and self._hash_at(there, row.sequence) == there.hash:
            return "swapped rows", row.sequence, f"it belongs at {place}, and that one here"
        if place > row.sequence:
            return "deleted row", row.sequence, f"the row here belongs at {place}"
        return "inserted row", row.sequence, f"the row here belongs at {place}"

    def _check_value(self, row: Row[Any]) -> None:
        if self._key is None or self._hash is None or self._fault is not None:
            return
        try:
            secret = open_secret(self._key, row.sequence, row.sealed)
        except HistoryBroken as error:
            self._found("unreadable value", row.sequence, error.message)
            return
        if self._hash(secret) != row.commitment:
            self._found("edited row", row.sequence, "its commitment is not that of its values")
            return
        self._report.values += 1

    def _line(self, place: int) -> int:
        """Return the number of the first line that proves a place; KNOWN for none."""
        while self._next_head < len(self._heads):
            head = self._heads[self._next_head]
            if head.place >= place and head.line != KNOWN:
                return head.line
            self._next_head += 1
        return KNOWN

    def _check_head(self, row: Row[Any]) -> None:
        for head in self._heads_at(row.sequence):
            if head.hash != row.hash:
                by = f"checkpoint {head.line}" if head.line else "the instance's own row"
                self._found(
                    "recomputed chain",
                    self._confirmed + 1,
                    f"{by} has another hash for row {row.sequence}",
                )
                return
            self._confirmed = row.sequence

    def _heads_at(self, place: int) -> Iterable[Head]:
        return (head for head in self._heads if head.place == place)
