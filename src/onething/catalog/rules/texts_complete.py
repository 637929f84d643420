"""Texts of a service stand in both languages.

Source: design §10: Chinese first, English complete.
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield texts that one language has and the other lacks."""
    folder = f"bpmn/{subject.package.code}/texts"
    held = {one: set(_keys(_tables(subject, f"{folder}/{one}.toml"))) for one in ("zh", "en")}
    for language, other in (("zh", "en"), ("en", "zh")):
        for key in sorted(held[other] - held[language]):
            message = f"{key} stands in {other}.toml alone"
            yield Fault(f"{folder}/{language}.toml", key, message, f"Write it in {language}, too.")


def _tables(subject: Subject, path: str) -> Mapping[str, Any]:
    """Return a file's tables; the English wording of Chinese texts has no counterpart."""
    data = subject.package.files.get(path, b"")
    tables = tomllib.loads(data.decode("utf-8"))
    return {name: value for name, value in tables.items() if name != "wording"}


def _keys(table: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _keys(value, f"{above}{name}.")
        else:
            yield f"{above}{name}"
