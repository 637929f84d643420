"""What the checkpoint file promises, kept on disk while a verification runs."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from onething.history.checkpoints import Checkpoint
from onething.history.hashes import hash_by_name
from onething.history.merkle import MerkleTree

_SCHEMA = """
CREATE TABLE head (chain TEXT, place INTEGER, line INTEGER, hash BLOB,
                   PRIMARY KEY (chain, place, line)) WITHOUT ROWID;
CREATE TABLE seen (chain TEXT PRIMARY KEY) WITHOUT ROWID;
"""

KNOWN = 0
"""Stands for a line's number where the head comes from the instance's own row."""


@dataclass(frozen=True, slots=True)
class Head:
    """A promise: at this place of the chain stands this hash."""

    place: int
    line: int
    """Number of the checkpoint line, or KNOWN."""
    hash: bytes


class Heads:
    """Promised heads by chain, in a temporary database: there may be millions."""

    def __init__(self) -> None:
        self._store = sqlite3.connect("", isolation_level=None)
        self._store.executescript(_SCHEMA)
        self._store.execute("BEGIN")

    def promise(self, line: Checkpoint) -> None:
        """Take the heads of one checkpoint line."""
        rows = [
            (chain, place, line.number, bytes.fromhex(hash_)) for chain, place, hash_ in line.heads
        ]
        if line.access:
            number, hash_ = line.access
            rows.append(("access_log", number, line.number, bytes.fromhex(hash_)))
        self._store.executemany("INSERT OR IGNORE INTO head VALUES (?, ?, ?, ?)", rows)

    def know(self, heads: Iterable[tuple[str, int, bytes]]) -> None:
        """Take (instance id, sequence, hash) of every instance as its own row has them."""
        rows = ((chain, place, KNOWN, hash_) for chain, place, hash_ in heads if place)
        self._store.executemany("INSERT OR IGNORE INTO head VALUES (?, ?, ?, ?)", rows)

    def of(self, chain: str) -> list[Head]:
        """Return the promises for a chain by place, and note that the chain was seen."""
        self._store.execute("INSERT OR IGNORE INTO seen VALUES (?)", (chain,))
        query = "SELECT place, line, hash FROM head WHERE chain = ? ORDER BY place, line"
        return [Head(*row) for row in self._store.execute(query, (chain,))]

    def unseen(self) -> Iterator[tuple[str, int]]:
        """Yield (chain, highest place promised) of chains of which nothing was seen."""
        query = (
            "SELECT chain, max(place) FROM head WHERE chain NOT IN (SELECT chain FROM seen) "
            "GROUP BY chain ORDER BY chain"
        )
        yield from self._store.execute(query)

    def close(self) -> None:
        """Let the temporary database go."""
        self._store.close()


class Roots:
    """Rebuilds the Merkle root of every line from the events, in the order of the lines' leaves."""

    def __init__(self) -> None:
        self._expected: dict[int, tuple[int, str]] = {}
        self._trees: dict[int, MerkleTree] = {}
        self._wrong: list[int] = []
        self.unseen: set[int] = set()
        """Lines some of whose events lie in archive files that are not here."""

    def expect(self, line: Checkpoint) -> None:
        """Take what one line says its root is."""
        if line.count:
            self._expected[line.number] = (line.count, line.root)
            self._trees[line.number] = MerkleTree(hash_by_name(line.hash_name))

    def add(self, line: int, leaf: bytes) -> None:
        """Put the next event's hash under its line."""
        tree = self._trees.get(line)
        if tree is not None:
            tree.add(leaf)
            self._settle(line, tree)

    def wrong(self) -> list[int]:
        """Return the numbers of the lines whose root does not come out, ascending."""
        return sorted({*self._wrong, *self._trees} - self.unseen)

    def _settle(self, line: int, tree: MerkleTree) -> None:
        """Drop a tree as soon as it has all its leaves: few are open at a time."""
        count, root = self._expected[line]
        if tree.count == count:
            if tree.root().hex() != root:
                self._wrong.append(line)
            del self._trees[line], self._expected[line]
