"""The command that fills a database for measuring."""

from dataclasses import asdict
from typing import Any

import click

from onething.cli.node import node
from onething.cli.output import as_json, dump
from onething.cli.wiring import Wiring, pass_wiring
from onething.testing import generation
from onething.testing.generation import Made, Order

_GIB = 1 << 30


@click.command()
@click.option("--open", "open_cases", type=click.IntRange(0), default=200, show_default=True)
@click.option("--closed", "closed_cases", type=click.IntRange(0), default=2_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same cases.")
@click.option(
    "--played",
    type=click.FloatRange(0, 1),
    default=0.01,
    show_default=True,
    help="Share of the cases that are really played, with their history.",
)
@click.option(
    "--scenarios",
    type=click.IntRange(1),
    default=6,
    show_default=True,
    help="Scenarios of each service that cases are made after.",
)
@click.option("--service", "services", multiple=True, help="Only this service; may come again.")
@click.option("--processes", type=click.IntRange(1, 2), default=2, show_default=True)
@click.option(
    "--made-up-cases",
    is_flag=True,
    help="Yes: this database is for measuring and will never serve people.",
)
@as_json
@pass_wiring
def generate(
    wiring: Wiring,
    /,
    *,
    made_up_cases: bool,
    played: float,
    as_json: bool,
    **wanted: Any,  # noqa: ANN401 - fields of Order
) -> None:
    """Fill an empty database with made-up cases, for measuring."""
    if not made_up_cases:
        raise click.UsageError("Say --made-up-cases: such a database must never serve people")
    order = Order(played_share=played, **wanted)
    with node(log_level="WARNING") as host:
        made = generation.generate(
            host,
            order,
            wiring.simulator_app,
            wiring.simulator_records,
            lambda line: click.echo(line, err=True),
        )
    if as_json:
        dump(asdict(made))
    else:
        click.echo("\n".join(_told(made)))


def _told(made: Made) -> list[str]:
    parts = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in made.parts.items())
    return [
        f"{made.open_cases:,} open and {made.closed_cases:,} closed cases, {made.played:,} played",
        f"{made.rows:,} rows without history, {made.size_bytes / _GIB:.2f} GiB in all",
        f"{made.seconds:.0f} s: {parts}",
    ]


COMMANDS = (generate,)
