"""Keys of cases: sealing, wrapping, erasing.

Each instance has its own AES-256-GCM key, kept wrapped under the site's master key. Whoever
deletes the wrapped key has erased every personal value of the instance, in all copies that
were taken since, and the chain of events still proves itself.
"""

import hmac
import os
import threading
import time
from collections import OrderedDict
from typing import Any

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, bindparam, insert, select, update

from onething.db import after_commit, write
from onething.errors import HistoryBroken, NotFound
from onething.feel.json import canonical
from onething.history.hashes import Hash, hash_by_name
from onething.history.models import case_key

_NONCE_BYTES = 12
_KEY_BYTES = 32
_KEYS_IN_MEMORY = 10_000
_TRUSTED_S = 60.0
"""A key in memory is looked up again after this: another process may have erased it."""
_LARGEST_BYTES = 256 * 1024 * 1024
_local = threading.local()

_INSERT = insert(case_key)
_ONE = select(case_key.c.hash_name, case_key.c.wrapped).where(
    case_key.c.instance_id == bindparam("id")
)
_ANY = select(case_key.c.instance_id).where(case_key.c.wrapped.is_not(None)).limit(1)
_ERASE = update(case_key).where(case_key.c.instance_id == bindparam("id")).values(wrapped=None)


def any_case(conn: Connection) -> str | None:
    """Return an instance whose key was not erased, or None."""
    return conn.execute(_ANY).scalar()


class CaseKey:
    """The key of one instance and the hash of its chain."""

    __slots__ = ("hash", "hash_name", "instance_id", "secret")

    def __init__(self, instance_id: str, secret: bytes, hash_name: str) -> None:
        self.instance_id = instance_id
        self.secret = secret
        self.hash_name = hash_name
        self.hash: Hash = hash_by_name(hash_name)

    def __repr__(self) -> str:
        return f"<CaseKey of {self.instance_id}>"

    def seal(self, data: bytes, place: str = "") -> bytes:
        """Compress and encrypt; the result opens only with the same place."""
        return _encrypt(self._cipher(), _compressor().compress(data), self._bound(place))

    def open(self, sealed: bytes, place: str = "") -> bytes:
        """Decrypt what `seal` made.

        Raises:
            HistoryBroken: The bytes, the key or the place is another one.
        """
        try:
            packed = _decrypt(self._cipher(), sealed, self._bound(place))
            return zstandard.ZstdDecompressor().decompress(packed, max_output_size=_LARGEST_BYTES)
        except (InvalidTag, ValueError, zstandard.ZstdError):
            what = place or "value"
            raise HistoryBroken(
                f"The sealed {what} of {self.instance_id} does not open with its key"
            ) from None

    def _cipher(self) -> AESGCM:
        # Made in a microsecond, but 2.6 KB each: thousands of keys stay in memory.
        return AESGCM(self.secret)

    def _bound(self, place: str) -> bytes:
        return f"{self.instance_id} {place}".encode()


class Keys:
    """The site's master key: it wraps case keys, and opened ones stay in memory."""

    def __init__(self, master: bytes, hash_name: str = "sha256") -> None:
        if len(master) != _KEY_BYTES:
            raise ValueError(f"a master key has {_KEY_BYTES} bytes, not {len(master)}")
        hash_by_name(hash_name)
        self.hash_name = hash_name
        """Hash of the chains that begin from now on; a begun one keeps its own."""
        self._wrapping = AESGCM(_derive(master, b"case keys"))
        self._sealing = AESGCM(_derive(master, b"values without a case"))
        self._digesting = _derive(master, b"digests")
        self._known: OrderedDict[str, tuple[CaseKey, float]] = OrderedDict()
        self._lock = threading.Lock()

    def of_case(self, conn: Connection, instance_id: str) -> CaseKey:
        """Return the key of an instance; draw and store it when there is none yet.

        Raises:
            NotFound: The key was erased.
            HistoryBroken: The stored key does not open with the master key.
        """
        found = self.find(conn, instance_id)
        if found is None:
            if self.is_erased(conn, instance_id):
                raise NotFound(f"The personal values of {instance_id} were erased")
            found = self._make(conn, instance_id)
        return found

    def begin(self, conn: Connection, instance_id: str) -> CaseKey:
        """Draw and store the key of an instance that begins now."""
        return self._make(conn, instance_id)

    def opened(self, instance_id: str, hash_name: str, wrapped: bytes) -> CaseKey:
        """Return the key of an instance as it is stored; the open one where it is in memory.

        Raises:
            HistoryBroken: The stored key does not open with the master key.
        """
        known = self._known.get(instance_id)
        if known is not None:
            return known[0]
        key = self.unwrap(instance_id, hash_name, wrapped)
        self._remember(key)
        return key

    def find(self, conn: Connection, instance_id: str) -> CaseKey | None:
        """Return the key of an instance, or None: there is none, or it was erased.

        Raises:
            HistoryBroken: The stored key does not open with the master key.
        """
        known = self._known.get(instance_id)
        if known is not None and time.monotonic() < known[1]:
            return known[0]
        row = conn.execute(_ONE, {"id": instance_id}).first()
        if row is None or row.wrapped is None:
            return None
        key = self.unwrap(instance_id, row.hash_name, row.wrapped)
        after_commit(conn, lambda: self._remember(key))
        return key

    def is_erased(self, conn: Connection, instance_id: str) -> bool:
        """Whether the instance had a key that was deleted."""
        row = conn.execute(_ONE, {"id": instance_id}).first()
        return row is not None and row.wrapped is None

    def erase(self, conn: Connection, instance_id: str) -> None:
        """Delete the key: the instance's personal values can never be read again.

        Raises:
            NotFound: There is no such instance.
        """
        if conn.execute(_ERASE, {"id": instance_id}).rowcount != 1:
            raise NotFound(f"No key for the instance {instance_id}")
        self._forget(instance_id)
        after_commit(conn, lambda: self._forget(instance_id))

    def digest(self, value: Any) -> str:  # noqa: ANN401 - any JSON value
        """Return a keyed hash of a JSON value, 64 hexadecimal digits: equal values, equal digests.

        Without the master key nobody can try out which value it stands for.
        """
        return hmac.digest(self._digesting, canonical(value), "sha256").hex()

    def seal(self, data: bytes) -> bytes:
        """Seal bytes that belong to no case yet."""
        return _encrypt(self._sealing, data, b"")

    def open(self, sealed: bytes) -> bytes:
        """Open what `seal` made; raise HistoryBroken when it was changed."""
        try:
            return _decrypt(self._sealing, sealed, b"")
        except (InvalidTag, ValueError):
            raise HistoryBroken("A sealed value does not open with the master key") from None

    def unwrap(self, instance_id: str, hash_name: str, wrapped: bytes) -> CaseKey:
        """Open a stored case key; raise HistoryBroken when key or hash name was changed."""
        try:
            secret = _decrypt(self._wrapping, wrapped, _wrapped_for(instance_id, hash_name))
        except (InvalidTag, ValueError):
            raise HistoryBroken(
                f"The key of {instance_id} does not open with the master key"
            ) from None
        return CaseKey(instance_id, secret, hash_name)

    def _make(self, conn: Connection, instance_id: str) -> CaseKey:
        key = CaseKey(instance_id, AESGCM.generate_key(bit_length=256), self.hash_name)
        wrapped = _encrypt(self._wrapping, key.secret, _wrapped_for(instance_id, self.hash_name))
        row = {"instance_id": instance_id, "hash_name": self.hash_name, "wrapped": wrapped}
        write(conn, _INSERT, [row])
        after_commit(conn, lambda: self._remember(key))
        return key

    def _remember(self, key: CaseKey) -> None:
        with self._lock:
            self._known[key.instance_id] = (key, time.monotonic() + _TRUSTED_S)
            self._known.move_to_end(key.instance_id)
            if len(self._known) > _KEYS_IN_MEMORY:
                self._known.popitem(last=False)

    def _forget(self, instance_id: str) -> None:
        with self._lock:
            self._known.pop(instance_id, None)


def seal(key: CaseKey, data: bytes) -> bytes:
    """Seal bytes under the key of a case."""
    return key.seal(data)


def unseal(key: CaseKey, sealed: bytes) -> bytes:
    """Open what `seal` made; raise HistoryBroken when it was changed."""
    return key.open(sealed)


def _wrapped_for(instance_id: str, hash_name: str) -> bytes:
    return f"case key {hash_name} {instance_id}".encode()


def _derive(master: bytes, purpose: bytes) -> bytes:
    """One key for one purpose. Source: RFC 5869 (HKDF)."""
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"onething " + purpose).derive(master)


def _encrypt(cipher: AESGCM, data: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, data, bound)


def _decrypt(cipher: AESGCM, sealed: bytes, bound: bytes) -> bytes:
    return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)


def _compressor() -> zstandard.ZstdCompressor:
    """One compressor a thread: they are costly to make and not to be shared."""
    found: zstandard.ZstdCompressor | None = getattr(_local, "compressor", None)
    if found is None:
        found = _local.compressor = zstandard.ZstdCompressor(level=1)
    return found
