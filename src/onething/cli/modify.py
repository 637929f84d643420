"""The command that moves a token of one case: modify."""

from dataclasses import asdict

import click

from onething import runtime
from onething.cli.node import acting, node
from onething.cli.output import as_json, as_user, dump


@click.command()
@click.argument("case_no")
@click.option("--cancel", metavar="ELEMENT", help="Element whose token ends; `id#token` for one.")
@click.option("--start", metavar="ELEMENT", help="Element where a token begins.")
@click.option("--reason", required=True, help="Why; it stands in history.")
@click.option("--key", help="Idempotency key.")
@as_user
@as_json
def modify(  # noqa: PLR0913 - one argument an option
    case_no: str,
    cancel: str | None,
    start: str | None,
    reason: str,
    key: str | None,
    user: str | None,
    *,
    as_json: bool,
) -> None:
    """Move a token of a case against the flows of its diagram.

    The element that a token leaves and the one where it begins stand in the same process or
    sub-process; tasks, jobs and timers at the one end, those at the other begin.
    """
    with node() as host:
        receipt = runtime.modify(
            host, acting(host, user), case_no, cancel=cancel, start=start, reason=reason, key=key
        )
    if as_json:
        dump(asdict(receipt))
    else:
        click.echo(f"{receipt.case_no} event {receipt.sequence}")


COMMANDS = (modify,)
