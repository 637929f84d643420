"""A Merkle tree's root, one leaf after the other, in memory of its depth."""

from onething.history.hashes import Hash

_LEAF = b"\x00"
_NODE = b"\x01"


class MerkleTree:
    """Takes leaves in order and gives the root at the end.

    Source: RFC 6962 §2.1 (leaf and node hashes differ in their first byte).
    """

    __slots__ = ("_hash", "_peaks", "count")

    def __init__(self, hash_: Hash) -> None:
        self._hash = hash_
        self._peaks: list[tuple[int, bytes]] = []
        self.count = 0
        """Leaves so far."""

    def add(self, leaf: bytes) -> None:
        """Append one leaf."""
        self.count += 1
        size, node = 1, self._hash(_LEAF + leaf)
        while self._peaks and self._peaks[-1][0] == size:
            node = self._hash(_NODE + self._peaks.pop()[1] + node)
            size *= 2
        self._peaks.append((size, node))

    def root(self) -> bytes:
        """Return the root over all leaves so far; the hash of nothing for none."""
        if not self._peaks:
            return self._hash(b"")
        node = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            node = self._hash(_NODE + left + node)
        return node
