"""The unified social credit code (统一社会信用代码).

Source: GB 32100-2015 (mod 31), GB 11714-1997 (inner organisation code).
"""

import re

from onething.forms.json_value import Json
from onething.forms.rules.verdict import Surroundings, Verdict, refused

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_FORM = re.compile(f"[{_ALPHABET}]{{18}}")


def uscc(value: Json, _: Surroundings) -> Verdict:
    """Check a code's alphabet, its last character, and its inner organisation code."""
    code = re.sub(r"\s", "", str(value)).upper()
    if not _FORM.fullmatch(code):
        return refused(code, "uscc.form")
    if check_character(code[:17]) != code[17]:
        return refused(code, "uscc.check")
    if organisation_check(code[8:16]) != code[16]:
        return refused(code, "uscc.organisation")
    return Verdict(code)


def check_character(body: str) -> str:
    """Compute the 18th character of the first 17."""
    total = sum(weight * _ALPHABET.index(char) for weight, char in zip(_WEIGHTS, body, strict=True))
    return _ALPHABET[-total % 31]


def organisation_check(body: str) -> str:
    """Compute the check character of the eight characters of an organisation code."""
    total = sum(weight * int(char, 36) for weight, char in zip(_INNER_WEIGHTS, body, strict=True))
    return "0123456789X"[-total % 11]
