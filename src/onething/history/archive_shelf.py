"""The archived part of the histories, for those who prove all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from heapq import merge
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, func, select

from onething.errors import HistoryBroken
from onething.history import archives
from onething.history.archives import Archived, Manifest, head_line
from onething.history.heads import KNOWN, Head, Heads, Roots
from onething.history.models import archive, archived, case_key
from onething.history.report import Fault, Report
from onething.history.signing import Verifier

_AWAY = archived.c.removed_at.is_not(None) & archived.c.restored_at.is_(None)


def archive_of(conn: Connection, instance_id: str) -> int | None:
    """Return the number of the archive that holds an instance's rows; None: they are here."""
    query = select(archived.c.archive).where(archived.c.instance_id == instance_id, _AWAY)
    found: int | None = conn.execute(query).scalar()
    return found


def archive_extent(conn: Connection) -> tuple[int, str | None]:
    """Return how many archive files were written, and the newest month in them."""
    row = conn.execute(select(func.count(), func.max(archive.c.month)).select_from(archive)).one()
    return int(row[0]), row[1]


class ArchivedRow:
    """One archived event, as a row of the database would be."""

    __slots__ = ("_mapping",)

    def __init__(self, values: dict[str, Any]) -> None:
        self._mapping = MappingProxyType(values)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any value of a column
        return self._mapping[name]


@dataclass(slots=True)
class ArchiveShelf:
    """The archive files that the database knows of."""

    conn: Connection
    folder: Path | None
    verifier: Verifier
    report: Report
    _here: list[tuple[int, Path]] = field(default_factory=list)

    def open(self, heads: Heads, roots: Roots) -> None:
        """Prove every file that is here, and the heads of what is elsewhere."""
        for row in self.conn.execute(select(archive).order_by(archive.c.number)).all():
            try:
                manifest = archives.read_manifest(row.manifest.encode(), self.verifier)
                self._check_heads(row.number, manifest)
                is_here = self._is_here(row.number, manifest)
            except HistoryBroken as error:
                self.report.faults.append(Fault("archive", row.file, row.number, error.message))
                is_here = False
            if not is_here:
                self._trust_heads(row.number, heads, roots)

    def rows(self) -> Iterator[ArchivedRow]:
        """Yield the events of the files that are here, by instance id and sequence."""
        files = [self._of_file(number, path) for number, path in self._here]
        yield from merge(*files, key=lambda row: row.instance_id)

    def _is_here(self, number: int, manifest: Manifest) -> bool:
        path = None if self.folder is None else self.folder / manifest.file
        if path is None or not path.exists():
            return False
        for _one in archives.check(path, manifest):
            pass
        self._here.append((number, path))
        return True

    def _check_heads(self, number: int, manifest: Manifest) -> None:
        """Compare what the database says was archived with what was signed."""
        digest = sha256()
        for row in self._recorded(number):
            digest.update(head_line(row.instance_id, row.sequence, row.hash))
        if digest.hexdigest() != manifest.heads:
            raise HistoryBroken("its heads in the database are not those of its manifest")

    def _trust_heads(self, number: int, heads: Heads, roots: Roots) -> None:
        """Compare heads with what checkpoints promise, where events cannot be read."""
        for row in self._recorded(number):
            if row.removed_at is None or row.restored_at is not None:
                continue
            self.report.elsewhere += 1
            promised = heads.of(row.instance_id)
            roots.unseen.update(one.line for one in promised if one.line != KNOWN)
            fault = _unlike(row, promised)
            if fault is not None:
                self.report.faults.append(fault)

    def _recorded(self, number: int) -> Sequence[Row[Any]]:
        query = select(archived).where(archived.c.archive == number)
        return sorted(self.conn.execute(query).all(), key=lambda row: row.instance_id)

    def _of_file(self, number: int, path: Path) -> Iterator[ArchivedRow]:
        query = select(archived.c.instance_id).where(archived.c.archive == number, _AWAY)
        away = set(self.conn.scalars(query))
        for one in archives.read(path):
            if one.instance_id in away:
                self.report.archived += 1
                yield from self._events(one)

    def _events(self, one: Archived) -> Iterator[ArchivedRow]:
        query = select(case_key.c.hash_name, case_key.c.wrapped)
        key = self.conn.execute(query.where(case_key.c.instance_id == one.instance_id)).first()
        name, wrapped = (None, None) if key is None else (key.hash_name, key.wrapped)
        sealed = {row["sequence"]: row["sealed"] for row in one.rows.get("event_value", ())}
        for row in one.rows.get("event", ()):
            more = {"sealed": sealed.get(row["sequence"]), "hash_name": name, "wrapped": wrapped}
            yield ArchivedRow({**row, **more})


def _unlike(row: Row[Any], promised: list[Head]) -> Fault | None:
    """Name a promise that an archived head does not keep."""
    for one in promised:
        if one.place > row.sequence:
            told = f"rows up to {one.place} are missing from its archive"
            return Fault("deleted row", row.instance_id, row.sequence + 1, told)
        if one.place == row.sequence and one.hash != row.hash:
            told = "its archived head is another one"
            return Fault("recomputed chain", row.instance_id, one.place, told)
    return None
