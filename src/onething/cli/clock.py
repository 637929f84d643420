"""Explain the clocks of a case on the command line."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from onething import runtime
from onething.cli.node import acting, node
from onething.cli.output import as_json, as_user, dump
from onething.clocks import Day, Entry
from onething.runtime import ClockView, LegView

_MOVES = {
    "resume": "the end of the pause",
    "extension": "an extension, which is possible once",
    "year": "the holiday notice of a year that has none yet",
}
_MOVED = ("pause", "exclusion", "resume", "extension", "deemed", "permit", "redated")


@click.command()
@click.argument("case_no", metavar="CASE")
@click.option("--clock", "clock_id", help="Only this clock, such as handling.adoption.")
@as_user
@as_json
def clock(case_no: str, clock_id: str | None, user: str | None, *, as_json: bool) -> None:
    """Explain every clock of a case day by day."""
    with node() as host:
        actor = acting(host, user)
        if clock_id is None:
            found = runtime.view_clocks(host, actor, case_no)
        else:
            found = [runtime.view_clock(host, actor, case_no, clock_id)]
    if as_json:
        dump([_plain(one) for one in found])
        return
    for one in found:
        click.echo("\n".join(_lines(one)))
    if not found:
        click.echo("(none)")


def _plain(view: ClockView) -> dict[str, Any]:
    """Return a clock's columns with its legs beside them."""
    return {**asdict(view.clock), "legs": [asdict(leg) for leg in view.legs]}


def _lines(view: ClockView) -> Iterator[str]:
    one = view.clock
    mark = "  provisional" if one.provisional else ""
    yield f"{one.clock_id}  {one.state}{mark}"
    yield f"  since {one.started_on}, {one.department or 'the whole case'}: {one.basis or '-'}"
    yield from (f"  {_moved(entry)}" for entry in one.entries if entry.kind in _MOVED)
    for leg in view.legs:
        yield f"  {leg.leg} {leg.limit}: last day {leg.due_on or 'unknown'}"
        yield from (f"    {_day(day)}" for day in leg.days)
        yield from _would_move(leg)


def _moved(entry: Entry) -> str:
    """Say one line of the ledger: what, when, why, by whom, by which article."""
    until = f"..{entry.last}" if entry.last else ""
    parts = [entry.limit, entry.reason, entry.basis, entry.approver and f"by {entry.approver}"]
    return " ".join([entry.kind, f"{entry.first}{until}", *(one for one in parts if one)])


def _day(day: Day) -> str:
    count = f"{day.number:>4}" if day.number is not None else "   -"
    why = f"paused: {day.pause.reason}" if day.pause else day.holiday or day.kind
    if day.holiday and day.kind == "make-up":
        why = f"worked instead of {day.holiday}"
    return f"{day.on:%Y-%m-%d %a} {count}  {why}"


def _would_move(leg: LegView) -> Iterator[str]:
    if leg.moves:
        yield f"    would move it: {'; '.join(_MOVES[one] for one in leg.moves)}"


COMMANDS = (clock,)
