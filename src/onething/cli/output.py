"""Print data for people, or as JSON for programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

import click
import orjson

from onething.errors import Finding

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
as_user = click.option("--as", "user", metavar="USER", help="Act as this person.")


def show(rows: Sequence[Mapping[str, Any]], *, in_json: bool, columns: Sequence[str]) -> None:
    """Print rows: all of each in JSON, the named columns aligned otherwise."""
    if in_json:
        dump(rows)
        return
    texts = [[_text(row.get(name)) for name in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *texts, strict=True)]
    for line in [list(columns), *texts]:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
    if not rows:
        click.echo("(none)")


def dump(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print a value as indented JSON."""
    text = orjson.dumps(value, default=_plain, option=orjson.OPT_INDENT_2)
    click.echo(text.decode())


def told(findings: Iterable[Finding]) -> None:
    """Print findings, one a line: place, rule, what is wrong, what to do."""
    for one in findings:
        place = f"{one.file}:{one.line}" if one.line else one.file
        element = f" {one.element}" if one.element else ""
        click.echo(f"{one.severity}: {place}{element}: {one.message} [{one.rule}] {one.remedy}")


def _text(value: object) -> str:
    if value is None:
        return "-"
    if hasattr(value, "isoformat"):
        return str(value.isoformat(timespec="minutes"))
    return str(value)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, bytes):
        return value.hex()
    return str(value)
