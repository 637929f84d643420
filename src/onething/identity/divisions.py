"""Administrative divisions: which code lies within which."""

_DIGITS = 6


def covers(region: str | None, code: str) -> bool:
    """Whether a region is the division of a code or one that holds it.

    A region of None is everywhere. The code may have 6, 9 or 12 digits.

    Source: GB/T 2260: two digits each for province, prefecture and county; zeros leave it open.
    """
    return region is None or code.startswith(prefix(region))


def prefix(region: str) -> str:
    """Return the digits that every division within a region begins with: 370500 gives 3705."""
    digits = region[:_DIGITS]
    while digits.endswith("00"):
        digits = digits[:-2]
    return digits
