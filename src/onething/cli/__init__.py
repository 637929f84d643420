"""The `onething` command."""

import sys
from collections.abc import Sequence

import click

from onething import __version__
from onething.cli import cases, database, packages, people, proof, serving
from onething.cli.output import told
from onething.cli.wiring import Wiring
from onething.errors import ModelRefused, OnethingError

REFUSED = 2
WRONG_USAGE = 64
"""Exit code for words that the command does not know. Source: sysexits.h EX_USAGE."""

__all__ = ["Wiring", "command", "run"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def command() -> None:
    """Run a city's one thing, one application services."""


for module in (serving, packages, cases, proof, database, people):
    for one in module.COMMANDS:
        command.add_command(one)


def run(wiring: Wiring, words: Sequence[str]) -> int:
    """Run the command with these words and return its exit code.

    0 done, 1 failed, 2 a model was refused, 64 wrong usage.
    """
    try:
        outcome = command.main(list(words), "onething", standalone_mode=False, obj=wiring)
    except click.exceptions.Abort:
        return 1
    except click.UsageError as error:
        error.show()
        return WRONG_USAGE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ModelRefused as error:
        told(error.findings)
        return REFUSED
    except OnethingError as error:
        click.echo(f"{error.code}: {error.message}", err=True)
        for field, message in getattr(error, "fields", {}).items():
            click.echo(f"  {field}: {message}", err=True)
        return 1
    return outcome if isinstance(outcome, int) else 0


if __name__ == "__main__":
    sys.exit("start the command as `onething`")
