"""Who signs checkpoints."""

from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from onething.errors import SettingsError

_KEY_BYTES = 32


class Signer(Protocol):
    """Signs a checkpoint line; a key in a hardware module fits behind it as well."""

    algorithm: str
    """Name that stands in the line: `Ed25519`."""

    def sign(self, data: bytes) -> bytes:
        """Return the signature over the bytes."""
        ...


class Verifier(Protocol):
    """Checks what a Signer signed."""

    algorithm: str

    def accepts(self, data: bytes, signature: bytes) -> bool:
        """Whether the signature is the signer's."""
        ...


class Ed25519Signer:
    """Signs with an Ed25519 key kept in a file. Source: RFC 8032."""

    algorithm = "Ed25519"

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)

    def sign(self, data: bytes) -> bytes:
        """Return the signature, 64 bytes."""
        return self._key.sign(data)

    @property
    def public_key(self) -> bytes:
        """The 32 bytes that whoever verifies needs, and may know."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def publish(self, path: Path) -> None:
        """Write the public key, in hexadecimal digits, for those who verify elsewhere."""
        path.write_text(self.public_key.hex() + "\n", "ascii")


class Ed25519Verifier:
    """Checks Ed25519 signatures. Source: RFC 8032."""

    algorithm = "Ed25519"

    def __init__(self, public_key: bytes) -> None:
        if len(public_key) != _KEY_BYTES:
            raise SettingsError(f"An Ed25519 public key has {_KEY_BYTES} bytes")
        self._key = Ed25519PublicKey.from_public_bytes(public_key)

    def accepts(self, data: bytes, signature: bytes) -> bool:
        """Whether the signature is the signer's."""
        try:
            self._key.verify(signature, data)
        except InvalidSignature:
            return False
        return True
