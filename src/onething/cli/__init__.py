"""The `onething` command."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from onething import __version__
from onething.cli import (
    archive,
    batches,
    calendar,
    cases,
    clock,
    clock_moves,
    cluster,
    database,
    doctor,
    feel,
    form,
    generate,
    jobs,
    migrate,
    modify,
    packages,
    people,
    proof,
    relief,
    serving,
    site,
    subscriptions,
    suspend,
)
from onething.cli.output import told
from onething.cli.serving import web_node
from onething.cli.wiring import Wiring
from onething.errors import ModelRefused, OnethingError

FAILED = 1
REFUSED = 2
WRONG_USAGE = 64
"""Exit code for words that the command does not know. Source: sysexits.h EX_USAGE."""

__all__ = ["Wiring", "command", "run", "web_node"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option(
    "--settings",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file of settings; the environment goes before it.",
)
def command(settings: Path | None) -> None:
    """Run a city's one thing, one application services."""
    if settings is not None:
        # Said through the environment, so that processes this command starts read it as well.
        os.environ["ONETHING_SETTINGS"] = str(settings.resolve())


for module in (
    serving,
    packages,
    form,
    relief,
    feel,
    jobs,
    cases,
    clock,
    clock_moves,
    cluster,
    calendar,
    migrate,
    modify,
    suspend,
    batches,
    proof,
    database,
    doctor,
    people,
    subscriptions,
    generate,
    site,
    archive,
):
    for one in module.COMMANDS:
        command.add_command(one)


def run(wiring: Wiring, words: Sequence[str]) -> int:
    """Run the command with these words and return its exit code.

    0 done, 1 failed, 2 a model was refused, 64 wrong usage; 69, 75 and 78 where the site does not
    start.
    """
    try:
        outcome = command.main(list(words), "onething", standalone_mode=False, obj=wiring)
    except click.exceptions.Abort:
        return FAILED
    except click.ClickException as error:
        error.show()
        return WRONG_USAGE if isinstance(error, click.UsageError) else error.exit_code
    except ModelRefused as error:
        told(error.findings)
        return REFUSED
    except (OnethingError, OSError, DBAPIError) as error:
        click.echo("\n".join(_lines(error)), err=True)
        return getattr(error, "exit_code", FAILED)
    return outcome if isinstance(outcome, int) else 0


def _lines(error: OnethingError | OSError | DBAPIError) -> Iterator[str]:
    """Say an error for a person: what is wrong, then each field's message."""
    if isinstance(error, OnethingError):
        yield f"{error.code}: {error.message}"
        for field, message in getattr(error, "fields", {}).items():
            yield f"  {field}: {message}"
    elif isinstance(error, OSError):
        yield f"{error.filename or 'system'}: {error.strerror or error}"
    else:
        yield f"database: {error.orig}"


if __name__ == "__main__":
    sys.exit("start the command as `onething`")
