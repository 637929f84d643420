"""Administrative divisions: provinces, and Shandong down to the county.

The table is our own; a code it does not hold is doubtful, never wrong: real numbers keep the
code of the place of first registration long after the place is gone. People choose a place by
its name; what is stored is its code.

Source: GB/T 2260 and its yearly changes by 民政部.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from onething.forms.json_value import Json
from onething.forms.messages import Message
from onething.forms.rules.verdict import Surroundings, Verdict, refused

_FORM = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:[0-9]{3}){0,2}(?![0-9])")
_SHANDONG = "37"
LANGUAGES = ("zh", "en")
"""Of a place's two names in the table, in this order."""
_PARTS = ("provinces", "shandong", "former")


def division(value: Json, _: Surroundings) -> Verdict:
    """Take a place by its name or its code of 6, 9 or 12 digits; an unknown code is a warning."""
    text = str(value).strip()
    code = code_of_division(text)
    if code is None:
        return refused(text, "division")
    if is_known(code):
        return Verdict(code)
    return Verdict(code, warning=Message("division.unknown", {"code": code}))


def code_of_division(text: str) -> str | None:
    """Return the code in a text, or of the one place that it names; None for none or several."""
    code = _FORM.search(text)
    if code is not None:
        return code[0]
    found = _by_name().get(_plain(text), ())
    return found[0] if len(found) == 1 else None


def is_known(code: str) -> bool:
    """Whether the table holds the county, or the province of another than Shandong."""
    table = divisions()
    if code.startswith(_SHANDONG):
        return code[:6] in table
    return f"{code[:2]}0000" in table


def name_of_division(code: str, language: str = "zh") -> str:
    """Write a code as names from the province down, with the code where they do not say it all."""
    names = _names(code, language) if _FORM.fullmatch(code) else []
    if not names:
        return code
    name = _written(names, language)
    return name if code in offered() else f"{name} ({code})"


@cache
def offered() -> tuple[str, ...]:
    """Return the codes that people choose from: those of places that are still there."""
    return tuple(_table()["provinces"] | _table()["shandong"])


@cache
def divisions() -> dict[str, tuple[str, str]]:
    """Give the table: six digits to the Chinese and the English name, former places included."""
    return {code: names for part in _PARTS for code, names in _table()[part].items()}


@cache
def _by_name() -> dict[str, list[str]]:
    """Give the codes of the places that a name may mean, in either language, however whole."""
    found: dict[str, list[str]] = {}
    for code in offered():
        for language in LANGUAGES:
            names = _names(code, language)
            for at in range(len(names)):
                found.setdefault(_plain(_written(names[at:], language)), []).append(code)
    return found


def _names(code: str, language: str) -> list[str]:
    levels = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code[:6]))
    at, table = LANGUAGES.index(language), divisions()
    return [table[level][at] for level in levels if level in table]


def _written(names: Sequence[str], language: str) -> str:
    return ", ".join(reversed(names)) if language == "en" else "".join(names)


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


@cache
def _table() -> dict[str, dict[str, tuple[str, str]]]:
    text = files("onething.forms").joinpath("divisions.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    return {part: {code: (zh, en) for code, (zh, en) in raw[part].items()} for part in _PARTS}
