"""The command that moves cases to another deployment: migrate."""

import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from onething import runtime
from onething.cli.node import acting, node
from onething.cli.output import as_json, as_user, dump
from onething.errors import InvalidInput
from onething.runtime import Moving, Outcome

deployment = click.IntRange(min=1)


@click.command()
@click.argument("service")
@click.option("--from", "old", type=deployment, required=True, help="Deployment to leave.")
@click.option("--to", "new", type=deployment, required=True, help="Deployment to go on in.")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='TOML file of lines `old_id = "new_id"`.',
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@as_user
@as_json
def migrate(  # noqa: PLR0913 - one argument an option
    service: str,
    old: int,
    new: int,
    mapping: Path | None,
    user: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Let the running cases of one deployment go on in another.

    Each case moves whole or stays where it is, with the reasons. Exit 1 when one cannot move.
    """
    names = mapping_in(mapping)
    with node() as host:
        moving = runtime.prepare_migration(host, acting(host, user), service, old, new, names)
        outcomes = runtime.preview_migration(moving) if dry_run else runtime.migrate(moving)
        found = list(outcomes) if as_json else _told(moving, outcomes, dry_run=dry_run)
    counts = Counter[str](one.outcome for one in found)
    if as_json:
        dump(_summary(moving, counts, dry_run=dry_run) | {"cases": [asdict(one) for one in found]})
    else:
        verb = "would move" if dry_run else "moved"
        click.echo(
            f"{counts['moved']} {verb} to {moving.new.name}, {counts['cannot']} cannot, "
            f"{counts['kept'] + moving.ended} have ended and stay"
        )
    return 1 if counts["cannot"] else 0


def _summary(moving: Moving, counts: Counter[str], *, dry_run: bool) -> dict[str, Any]:
    return {
        "from": moving.old.name,
        "to": moving.new.name,
        "dry_run": dry_run,
        **{outcome: counts[outcome] for outcome in ("moved", "cannot", "kept")},
        "ended": moving.ended,
    }


def _told(moving: Moving, outcomes: Iterable[Outcome], *, dry_run: bool) -> list[Outcome]:
    """Print each case as soon as it is decided; of those that have moved only what differs."""
    found = []
    with click.progressbar(outcomes, length=moving.active, file=sys.stderr) as running:
        for one in running:
            found.append(one)
            if dry_run or one.reasons or one.notes:
                click.echo(_line(one))
    return found


def _line(one: Outcome) -> str:
    places = ", ".join(old if old == new else f"{old} -> {new}" for old, new in one.places)
    lines = [f"{one.case_no}  {one.outcome}  {places}".rstrip()]
    lines += [
        f"  {said.element}: {said.message} [{said.rule}]" for said in (*one.reasons, *one.notes)
    ]
    return "\n".join(lines)


def mapping_in(file: Path | None) -> dict[str, str]:
    """Return new ids by old ids.

    Raises:
        InvalidInput: The file is no TOML, or holds anything but texts.
    """
    if file is None:
        return {}
    try:
        names = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput(f"{file} is not TOML: {error}") from error
    wrong = {
        old: 'write "old_id" = "new_id"; an id with dots stands in quotation marks'
        for old, new in names.items()
        if not isinstance(new, str)
    }
    if wrong:
        raise InvalidInput(f"{file} is no mapping", wrong)
    return names


COMMANDS = (migrate,)
