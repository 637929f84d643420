"""Commands on what a site was made with."""

import click

from onething import db, runtime, site
from onething.cli.output import as_json, show
from onething.db import Database
from onething.settings import load


@click.group("site")
def site_group() -> None:
    """What this site was made with: fingerprints of keys, hash, time zone."""


@site_group.command("show")
@as_json
def show_facts(*, as_json: bool) -> None:
    """Show what was written down at the first start, and what is so now."""
    settings = load()
    with (
        Database.of(settings) as database,
        db.meaningful(database.url),
        database.read() as conn,
    ):
        known = site.facts(conn)
    now = runtime.facts_now(settings)
    rows = [
        {"name": row.name, "value": row.value, "now": now.get(row.name), "since": row.since}
        for row in known.values()
    ]
    show(rows, in_json=as_json, columns=("name", "value", "now", "since"))


@site_group.command()
@click.argument("name", type=click.Choice(runtime.ACCEPTED))
@click.option("--reason", required=True, help="Why it was changed.")
def accept(name: str, reason: str) -> None:
    """Say that the checkpoint key or the time zone was changed on purpose."""
    settings = load()
    with Database.of(settings) as database, db.meaningful(database.url):
        runtime.accept_fact(settings, database, name, reason)
    click.echo(f"{name}: accepted")


COMMANDS = (site_group,)
