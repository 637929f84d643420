"""Faults of decision tables, as the rules `decision-…` tell them."""

from collections.abc import Iterator
from functools import lru_cache

from onething import decisions
from onething.catalog.subject import Fault, Subject
from onething.decisions import TableFinding
from onething.errors import ModelRefused

_Analysed = tuple[tuple[str, str, int | None, TableFinding], ...]


def faults(subject: Subject, kind: str, message: str, remedy: str) -> Iterator[Fault]:
    """Yield the faults of one kind; `{rules}`, `{example}`, `{note}` stand in the message."""
    for file, table, line, found in _analysed(tuple(subject.package.ending(".dmn").items())):
        if found.kind == kind:
            rules = ", ".join(map(str, found.rules))
            text = message.format(rules=rules, example=found.example_text, note=found.note)
            yield Fault(file, table, text, remedy, line)


@lru_cache(maxsize=4)
def _analysed(files: tuple[tuple[str, bytes], ...]) -> _Analysed:
    try:
        models = decisions.parse_all(dict(files))
    except ModelRefused:  # the file is refused as a whole before any rule is asked
        return ()
    return tuple(
        (file, table.id, table.line, found)
        for file, model in models.items()
        for table in model.tables
        for found in decisions.analyse(table)
    )
