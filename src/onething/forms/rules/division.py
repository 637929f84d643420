"""Administrative divisions: provinces, and Shandong down to the county.

The table is our own; a code it does not hold is doubtful, never wrong: real numbers keep the
code of the place of first registration long after the place is gone.

Source: GB/T 2260 and its yearly changes by 民政部.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

from onething.forms.json_value import Json
from onething.forms.messages import Message
from onething.forms.rules.verdict import Surroundings, Verdict, refused

_FORM = re.compile(r"[1-9][0-9]{5}(?:[0-9]{3}){0,2}")
_SHANDONG = "37"


def division(value: Json, _: Surroundings) -> Verdict:
    """Check a code of 6, 9 or 12 digits; an unknown place is a warning only."""
    code = str(value).strip()
    if not _FORM.fullmatch(code):
        return refused(code, "division")
    if is_known(code):
        return Verdict(code)
    return Verdict(code, warning=Message("division.unknown", {"code": code}))


def is_known(code: str) -> bool:
    """Whether the table holds the county, or the province of another than Shandong."""
    table = divisions()
    if code.startswith(_SHANDONG):
        return code[:6] in table
    return f"{code[:2]}0000" in table


def name_of_division(code: str) -> str:
    """Write a code as names from the province down; the code itself where none is known."""
    table = divisions()
    levels = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code[:6]))
    names = [table[level] for level in levels if level in table]
    return "".join(names) or code


@cache
def divisions() -> dict[str, str]:
    """Give the table: six digits to name, former counties included."""
    text = files("onething.forms").joinpath("divisions.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    return {
        code: name
        for part in ("provinces", "shandong", "former")
        for code, name in raw[part].items()
    }
