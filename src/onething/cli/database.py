"""Commands on the database: upgrade, check, backup, restore."""

from pathlib import Path

import click

from onething import db, runtime
from onething.cli.node import node, sole_node
from onething.cli.output import as_json, dump
from onething.db import Database
from onething.settings import load


@click.group("db")
def db_group() -> None:
    """Bring the database to this version's schema, or compare it."""


@db_group.command()
def upgrade() -> None:
    """Bring the database to the newest schema."""
    with Database.of(load()) as database, db.meaningful(database.url):
        db.require_known_revision(database)
        db.upgrade(database)
    click.echo("the database has the newest schema")


@db_group.command()
@as_json
def check(*, as_json: bool) -> int:
    """Say where the database differs from what this version declares."""
    with Database.of(load()) as database:
        differences = db.check(database)
    if as_json:
        dump(differences)
    else:
        click.echo("\n".join(differences) or "the database is as declared")
    return 1 if differences else 0


@db_group.command()
def reindex() -> None:
    """Write anew what clerks find open cases by; the server may run meanwhile.

    Cases that were opened before an upgrade to revision 0028 are found by their fields then.
    """
    with node() as host:
        count = runtime.index_cases(host, lambda told: click.echo(told, err=True))
    click.echo(f"written for {count} open cases")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write a consistent copy of the database while it is in use.

    The copy holds personal values only as ciphertext: keep the keys of the data folder apart.
    """
    with Database.of(load()) as database:
        db.backup(database, file)
    click.echo(f"written: {file}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace a database that holds cases.")
def restore(file: Path, *, overwrite: bool) -> None:
    """Replace the database by a copy that backup wrote; the server must be stopped."""
    settings = load()
    with sole_node(settings), Database.of(settings) as database:
        db.restore(database, file, overwrite=overwrite)
    click.echo(f"restored from {file}")


COMMANDS = (db_group, backup, restore)
