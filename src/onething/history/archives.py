"""Archive files: the rows of ended instances, month by month, with a manifest that proves them.

A file holds one JSON line for each instance, under zstandard; the key of a case never goes into
it, so that erasing the key erases the archived values as well. The manifest beside it says how
much is in it, the Merkle root over all event hashes, and the file's digest, under a signature.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import zstandard
from sqlalchemy import LargeBinary, Table

from onething import disk
from onething.db import Json, UtcDateTime, instant_text, metadata
from onething.errors import HistoryBroken
from onething.feel.json import canonical, parse
from onething.history.events import event_hash
from onething.history.hashes import GENESIS, hash_by_name
from onething.history.merkle import MerkleTree
from onething.history.signing import Signer, Verifier

Rows = dict[str, list[dict[str, Any]]]
"""Rows of one instance by table, as the database gives them."""
_CHUNK_BYTES = 1 << 20
_LONGEST_LINE_BYTES = 1 << 30
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive file holds."""

    file: str
    month: str
    instances: int
    events: int
    rows: int
    root: str
    """Merkle root over the event hashes, by instance id and sequence."""
    heads: str
    """SHA-256 over the lines `instance sequence hash`, by instance id."""
    sha256: str
    """Digest of the file."""
    size_bytes: int
    last_position: int
    written_at: str
    algorithm: str

    def body(self) -> dict[str, Any]:
        """Return what is signed, as JSON."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass(frozen=True, slots=True)
class Archived:
    """One instance as a file has it."""

    instance_id: str
    rows: Rows

    @property
    def head(self) -> tuple[int, bytes]:
        """Sequence and hash of its last event; nothing and GENESIS where it has none."""
        events = self.rows.get("event", ())
        return (events[-1]["sequence"], events[-1]["hash"]) if events else (0, GENESIS)


class _Tally:
    """Counts instances as they pass, and grows their proofs."""

    def __init__(self) -> None:
        self.instances = self.events = self.rows = self.last_position = 0
        self._tree = MerkleTree(hash_by_name("sha256"))
        self._heads = sha256()

    def take(self, one: Archived) -> None:
        """Take the next instance, by id."""
        self.instances += 1
        self.rows += sum(len(rows) for rows in one.rows.values())
        for row in one.rows.get("event", ()):
            self.events += 1
            self._tree.add(row["hash"])
            self.last_position = max(self.last_position, row["position"])
        sequence, head = one.head
        self._heads.update(head_line(one.instance_id, sequence, head))

    def told(self) -> dict[str, Any]:
        """Return the part of a manifest that follows from the content."""
        return {
            "instances": self.instances,
            "events": self.events,
            "rows": self.rows,
            "root": self._tree.root().hex(),
            "heads": self._heads.hexdigest(),
            "last_position": self.last_position,
        }


def head_line(instance_id: str, sequence: int, hash_: bytes) -> bytes:
    """Return one line of what the manifest's `heads` is the digest of."""
    return f"{instance_id} {sequence} {hash_.hex()}\n".encode()


def write(
    path: Path, month: str, instances: Iterable[Archived], signer: Signer, now: datetime
) -> bytes:
    """Write a file and its manifest to the disk, safe against a loss of power.

    Args:
        path: Where the file goes; its manifest lies beside it.
        month: Month in which the instances ended.
        instances: By id.
        signer: Signs the manifest.
        now: The instant.

    Returns:
        The manifest with its signature, as it stands on the disk.
    """
    tally, part = _Tally(), path.with_suffix(".part")
    with part.open("wb") as file:
        with zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).stream_writer(
            file, closefd=False
        ) as stream:
            for one in instances:
                tally.take(one)
                stream.write(_line(one))
        disk.flush(file)
    manifest = Manifest(
        file=path.name,
        month=month,
        sha256=_digest(part),
        size_bytes=part.stat().st_size,
        written_at=instant_text(now),
        algorithm=signer.algorithm,
        **tally.told(),
    )
    signature = signer.sign(canonical(manifest.body())).hex()
    told: bytes = canonical({**manifest.body(), "signature": signature})
    disk.write(manifest_path(path), told)
    part.replace(path)
    disk.flush_names(path.parent)
    return told


def manifest_path(path: Path) -> Path:
    """Return where the manifest of a file lies."""
    return path.with_suffix(".manifest.json")


def read_manifest(raw: bytes, verifier: Verifier) -> Manifest:
    """Return a signed manifest.

    Raises:
        HistoryBroken: It is none, or not the signer's.
    """
    try:
        values = parse(raw)
        signature = bytes.fromhex(values.pop("signature"))
        manifest = Manifest(**values)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise HistoryBroken("An archive's manifest is none") from None
    if manifest.algorithm != verifier.algorithm or not verifier.accepts(
        canonical(manifest.body()), signature
    ):
        raise HistoryBroken(f"The manifest of {manifest.file} is not the signer's")
    return manifest


def check(path: Path, manifest: Manifest) -> Iterator[Archived]:
    """Read a file back, by instance id, and prove it against its manifest at the end.

    Raises:
        HistoryBroken: It is not what the manifest says, or a chain in it is broken.
    """
    if _digest(path) != manifest.sha256:
        raise HistoryBroken(f"{path.name} is not the file that its manifest tells of")
    tally = _Tally()
    for one in read(path):
        _check_chain(one, path)
        tally.take(one)
        yield one
    told = tally.told()
    if any(getattr(manifest, name) != value for name, value in told.items()):
        raise HistoryBroken(f"{path.name} does not hold what its manifest tells of")


def read(path: Path) -> Iterator[Archived]:
    """Yield the instances of a file, by id.

    Raises:
        HistoryBroken: The file is damaged.
    """
    try:
        with path.open("rb") as file:
            reader = zstandard.ZstdDecompressor().stream_reader(file)
            for line in _lines(reader):
                yield _archived(parse(line))
    except (zstandard.ZstdError, ValueError, KeyError, TypeError) as error:
        raise HistoryBroken(f"{path.name} is damaged: {error}") from error


def size_bytes(one: Archived) -> int:
    """Return the bytes of an instance in a file, before they are compressed."""
    return len(_line(one))


def _lines(reader: Any) -> Iterator[bytes]:  # noqa: ANN401 - zstandard's reader has no type
    rest = b""
    while chunk := reader.read(_CHUNK_BYTES):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > _LONGEST_LINE_BYTES:
            raise ValueError("a line has no end")
    if rest:
        raise ValueError("the last line is torn")


def _check_chain(one: Archived, path: Path) -> None:
    """Follow a chain from its first event, by whichever hash it was begun with."""
    events = one.rows.get("event", [])
    if not events:
        return
    names = ("sha256", "sm3")
    hash_ = next(
        (h for h in map(hash_by_name, names) if event_hash(events[0], h) == events[0]["hash"]), None
    )
    previous = GENESIS
    for place, row in enumerate(events, 1):
        is_its = hash_ is not None and event_hash(row, hash_) == row["hash"]
        if not is_its or row["sequence"] != place or row["previous_hash"] != previous:
            raise HistoryBroken(f"{path.name}: event {place} of {one.instance_id} is broken")
        previous = row["hash"]


def _line(one: Archived) -> bytes:
    rows = {
        table: [_written(metadata.tables[table], row) for row in found]
        for table, found in one.rows.items()
    }
    line: bytes = canonical({"instance": one.instance_id, "rows": rows})
    return line + b"\n"


def _written(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items() if name in table.c}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a column
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _archived(told: Mapping[str, Any]) -> Archived:
    rows = {
        table: [_row(metadata.tables[table], row) for row in found]
        for table, found in told["rows"].items()
    }
    return Archived(told["instance"], rows)


def _row(table: Table, told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(table, name, value) for name, value in told.items()}


def _value(table: Table, name: str, value: Any) -> Any:  # noqa: ANN401 - any value of a column
    kind = table.c[name].type
    if value is None or isinstance(kind, Json):
        return value
    if isinstance(kind, LargeBinary):
        return bytes.fromhex(value)
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    wanted = kind.python_type
    return date.fromisoformat(value) if wanted is date else wanted(value)


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
