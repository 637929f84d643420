"""Commands of legal time: due, calendar show, import and check."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import click

from onething import calendar, runtime
from onething.calendar import Calendar, CountedDay, Notice, Pause, parse_notice
from onething.cli.node import acting, node
from onething.cli.output import as_json, as_user, dump
from onething.errors import CalendarError
from onething.now import system_clock
from onething.settings import load

_PAUSE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", re.ASCII)
_EARLIEST, _LATEST = 1990, 2200
"""Years in which a period may begin: law and data speak of no others."""

jurisdiction = click.option(
    "--jurisdiction", default="CN", metavar="J", help="Whose calendar, such as CN or CN-37."
)


@click.command()
@click.argument("start", metavar="DATE")
@click.argument("limit")
@click.option(
    "--pause", "pauses", multiple=True, metavar="FROM..TO", help="Days that do not count; again."
)
@jurisdiction
@click.option("--explain", is_flag=True, help="Every day, and how it was counted.")
@as_json
def due(  # noqa: PLR0913 - one parameter an option
    start: str,
    limit: str,
    pauses: Sequence[str],
    jurisdiction: str,
    *,
    explain: bool,
    as_json: bool,
) -> None:
    """Print the last day of a period that an event on DATE begins.

    LIMIT is WD5 or WD(5) in working days, ND30 in days, PN60 for a public notice.
    """
    try:
        day, length = _date(start), calendar.parse_limit(limit)
        lawful = _pauses(pauses)
        used = site_calendar()
        found = calendar.due(day, length, used, lawful, jurisdiction=jurisdiction)
        days = calendar.explain(day, length, used, lawful, jurisdiction=jurisdiction)
    except CalendarError as error:
        raise click.UsageError(error.message) from None
    if as_json:
        answer = {"due": found.on, "provisional": found.provisional, "calendar": used.version}
        dump(answer | ({"days": days} if explain else {}))
        return
    if explain:
        for one in days:
            click.echo(_told(one))
    click.echo(f"{found.on}{' provisional' if found.provisional else ''}")


def site_calendar() -> Calendar:
    """Return the calendar of this site: what ships, and what was imported into its database."""
    settings = load()
    if not settings.database_url and not settings.embedded.exists():
        return calendar.load_default()
    with node(settings) as host:
        return host.calendar


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CalendarError(f"no day like 2026-02-13: {text[:40]!r}") from None
    if not _EARLIEST <= day.year <= _LATEST:
        raise CalendarError(f"a period begins in the years {_EARLIEST} to {_LATEST}, not on {day}")
    return day


def _pauses(texts: Sequence[str]) -> list[Pause]:
    """Return the pauses in order; refuse those that overlap or end before they begin."""
    found: list[Pause] = []
    for text in texts:
        match = _PAUSE.fullmatch(text)
        if match is None:
            raise CalendarError(f"no pause like 2026-03-06..2026-03-16: {text[:40]!r}")
        first, last = _date(match[1]), _date(match[2])
        if last < first:
            raise CalendarError(f"the pause {text} ends before it begins")
        found.append((first, last))
    found.sort()
    for (_, last), (first, _) in pairwise(found):
        if first <= last:
            raise CalendarError(
                f"two pauses overlap: one ends on {last}, the next begins on {first}"
            )
    return found


def _told(one: CountedDay) -> str:
    count = f"{one.number:>4}" if one.number is not None else "   -"
    why = "paused" if one.paused else f"{one.kind} {one.holiday}".strip()
    return f"{one.on:%Y-%m-%d %a} {count}  {why}"


@click.group("calendar")
def group() -> None:
    """Show, import and check the days on which offices work."""


@group.command()
@click.argument("year", type=click.IntRange(_EARLIEST, _LATEST))
@jurisdiction
@as_json
def show(year: int, jurisdiction: str, *, as_json: bool) -> None:
    """Print the notice of a year: its holidays, make-up days and number of working days."""
    try:
        used = site_calendar()
        number = used.notice(year, jurisdiction)
    except CalendarError as error:
        raise click.UsageError(error.message) from None
    days = [date.fromordinal(one) for one in _ordinals(year)]
    kinds = {day: used.kind(day, jurisdiction) for day in days}
    special = {day: kind for day, kind in kinds.items() if kind[0] in {"holiday", "make-up"}}
    working = sum(kind in {"working", "make-up"} for kind, _ in kinds.values())
    if as_json:
        listed = [{"on": day, "kind": kind, "name": name} for day, (kind, name) in special.items()]
        dump({"year": year, "notice": number, "working_days": working, "days": listed})
        return
    click.echo(f"{year}: {number or 'no notice yet: provisional, weekends only'}")
    for day, (kind, name) in special.items():
        click.echo(f"{day:%Y-%m-%d %a}  {kind:<8} {name}")
    click.echo(f"{working} working days")


def _ordinals(year: int) -> range:
    return range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_user
def import_file(file: Path, user: str | None) -> None:
    """Take a year's notice in, then date every open clock again by it.

    A notice of the same year and jurisdiction is replaced. Interrupted, the command goes on
    where it stood when it is given again.
    """
    text = _text(file)
    with node() as host:
        actor = acting(host, user)
        notice = runtime.import_calendar(host, actor, text, file.name)
        click.echo(_summary(notice))
        for done in runtime.redate_clocks(host, actor):
            click.echo(f"{done.cases} cases looked at, {done.moved} dated again", err=True)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CalendarError(f"{file.name} is no text in UTF-8") from None


def _summary(notice: Notice) -> str:
    named = notice.number or f"source: {notice.source}"
    days = f"{len(notice.rest)} days of rest, {len(notice.work)} make-up days"
    return f"{notice.jurisdiction} {notice.year} ({named}): {days}"


@group.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: Sequence[Path]) -> int:
    """Check calendar files, or without any: whether the years that should be here are.

    Exit code 2 where a file is refused or a year is missing.
    """
    problems = list(_refused(files)) if files else list(_missing())
    for one in problems:
        click.echo(one)
    return 2 if problems else 0


def _refused(files: Sequence[Path]) -> Iterator[str]:
    for file in files:
        try:
            click.echo(_summary(parse_notice(_text(file), file.name)))
        except CalendarError as error:
            yield error.message


def _missing() -> Iterator[str]:
    today = system_clock().astimezone(load().zone).date()
    used = site_calendar()
    year = used.missing_year(today)
    if year is not None:
        yield (
            f"the holiday notice of {year} is missing: due dates that reach into {year} are "
            "provisional. Import it: onething calendar import FILE"
        )
    else:
        click.echo(f"calendar {used.version}: nothing is missing on {today}")


COMMANDS = (due, group)
