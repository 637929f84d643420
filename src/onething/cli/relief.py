"""The command that tells what a service takes off people."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import click

from onething import catalog, runtime
from onething.catalog import Catalog, Days, Needed, Relief, SingleItem
from onething.cli.node import acting, node
from onething.cli.output import as_json, as_user, dump
from onething.definitions import Definition
from onething.runtime import CaseFigures
from onething.settings import load


@click.command()
@click.argument("service")
@click.option("--item", "items", multiple=True, help="Reckon for a case of this item; may repeat.")
@click.option("--explain", is_flag=True, help="Say what each figure is made of.")
@click.option("--cases", is_flag=True, help="Add what real cases of the site took.")
@click.option(
    "--days",
    type=click.IntRange(1, 3660),
    default=90,
    show_default=True,
    help="With --cases: days back from now.",
)
@as_user
@as_json
def relief(  # noqa: PLR0913 - one argument an option
    service: str,
    items: Sequence[str],
    days: int,
    user: str | None,
    *,
    explain: bool,
    cases: bool,
    as_json: bool,
) -> None:
    """Print what a service takes off people: before, its items one by one, and after."""
    definition = Definition(Catalog(load().services).application(service))
    counted = catalog.relief(definition, tuple(items))
    real = _of_cases(service, days, user) if cases else None
    if as_json:
        dump({"relief": _as_json(counted), **({"cases": asdict(real)} if real else {})})
        return
    lines = [*_told(definition.service.name, counted), *(_explained(counted) if explain else ())]
    click.echo("\n".join([*lines, *(_told_of_cases(real) if real else ())]))


def _of_cases(service: str, days: int, user: str | None) -> CaseFigures:
    with node() as host:
        since = host.clock() - timedelta(days=days)
        return runtime.relief_of_cases(host, acting(host, user), service, since)


def _as_json(one: Relief) -> dict[str, Any]:
    return {
        **asdict(one),
        "steps_before": one.steps_before,
        "steps_after": one.steps_after,
        "materials_before": one.materials_before,
        "materials_after": len(one.materials),
        "trips_before": one.trips_before,
        "calendar_days_before": one.days_before.calendar_days,
        "calendar_days_after": one.days_after.calendar_days,
    }


def _told(name: str, one: Relief) -> Iterator[str]:
    yield f"{name}: {len(one.singles)} items{' of an example case' if one.is_example else ''}"
    yield from _table(
        ("", "before", "after", ""),
        ("applications", one.steps_before, one.steps_after, ""),
        ("fields to fill in", one.fields.before, one.fields.after, _prefilled(one)),
        ("materials to bring", one.materials_before, len(one.materials), _perhaps(one)),
        ("promised days", _days(one.days_before), _days(one.days_after), _on_top(one)),
        ("trips", one.trips_before, one.trips_after, "assumption" if one.assumes_trips else ""),
    )


def _prefilled(one: Relief) -> str:
    return f"{len(one.fields.shared)} of them from shared data"


def _perhaps(one: Relief) -> str:
    return f"and {len(one.in_some_cases)} only in some cases"


def _on_top(one: Relief) -> str:
    return f"without {'、'.join(one.special)}" if one.special else ""


def _days(days: Days) -> str:
    parts = [f"{days.working} working"] if days.working else []
    parts += [f"{days.natural} natural"] if days.natural else []
    about = f" (about {days.calendar_days})" if days.working else ""
    return f"{' + '.join(parts)}{about}" if parts else "within the day"


def _explained(one: Relief) -> Iterator[str]:
    yield ""
    yield "before: every item applied for by itself, one after the other; nothing is shared"
    if one.is_assumed:
        yield "        that these items make a usual case is an assumption"
    yield f"  asked of every case: {_fields(one, '')} fields"
    for single in one.singles:
        yield from _explained_single(single, one)
    yield "after: one application; items run beside each other, except after others"
    yield f"  fields: all that these items ask, once; {one.fields.to_type} no source supplies"
    yield f"  materials that nobody else supplies: {_names(one.materials)}"
    yield f"  only in some cases: {_names(one.in_some_cases)}"
    yield f"  to give where sharing fails: {_names(one.if_sharing_fails)}"
    yield f"  longest way: {' → '.join(one.path) or 'none'}"
    if one.without_limit:
        yield f"  no limit known, counted as no days: {', '.join(one.without_limit)}"
    yield "  about: five working days make seven days of the calendar; holidays left out"


def _explained_single(single: SingleItem, one: Relief) -> Iterator[str]:
    fields = _fields(one, single.item)
    assumed = " (assumption)" if single.is_assumed else ""
    yield f"  {single.item} {single.name}: {fields} fields, {single.limit or 'no limit known'}"
    yield f"    trips: {single.trips}{assumed}"
    yield f"    materials: {_names(single.materials)}"
    if single.in_some_cases:
        yield f"    only in some cases: {_names(single.in_some_cases)}"


def _fields(one: Relief, item: str) -> int:
    return next((part.fields for part in one.fields.singles if part.item == item), 0)


def _names(needed: Iterable[Needed]) -> str:
    return "、".join(one.name for one in needed) or "none"


def _told_of_cases(real: CaseFigures) -> Iterator[str]:
    yield ""
    told = f"real cases decided from {real.since:%Y-%m-%d} to {real.until:%Y-%m-%d}: {real.decided}"
    if not real.is_enough:
        yield f"{told}; figures are told of {runtime.FEWEST} and more"
        return
    yield told
    yield from _table(
        ("days from submission to end", f"{real.median_days:.1f}", "median"),
        ("", f"{real.ninetieth_days:.1f}", "90 of 100 took no longer"),
        ("with a supplement", f"{real.share_supplemented:.0%}", ""),
        ("materials given by hand", f"{real.materials_by_hand:.1f}", "on average"),
    )


def _table(*rows: Sequence[object]) -> Iterator[str]:
    """Yield the rows with their columns aligned as a terminal shows them."""
    texts = [[str(one) for one in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        cells = (one + " " * (width - _width(one)) for one, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Return how many columns a text takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(one) in "FW" else 1 for one in text)


COMMANDS = (relief,)
