"""The two hashes a site may choose: SHA-256 and SM3."""

import hashlib
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes

from onething.errors import SettingsError

Hash = Callable[[bytes], bytes]

GENESIS = bytes(32)
"""What stands as the previous hash in the first event of an instance."""


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


_HASHES: dict[str, Hash] = {"sha256": _sha256, "sm3": _sm3}


def hash_by_name(name: str) -> Hash:
    """Return the function from bytes to 32 bytes.

    Raises:
        SettingsError: The name is neither sha256 nor sm3.
    Source: FIPS 180-4 (SHA-256); GB/T 32905 (SM3).
    """
    try:
        return _HASHES[name]
    except KeyError:
        raise SettingsError(f"hash_name is sha256 or sm3, not {name!r}") from None
