"""Short codes that people read out and type in."""

import secrets

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 and O, 1, I and L: nobody takes one for another."""
CODE_LENGTH = 8


def new_code() -> str:
    """Draw a code of CODE_LENGTH signs at random."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def typed_code(text: str) -> str:
    """Return a code as it is kept: what people put between its signs is left out."""
    return "".join(text.upper().split()).replace("-", "")
