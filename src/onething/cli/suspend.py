"""The commands that hold a case or end it: suspend, resume, cancel."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click

from onething import runtime
from onething.cli.node import acting, node
from onething.cli.output import as_json, as_user, dump
from onething.runtime import Receipt

_why = click.option("--reason", required=True, help="Why; it stands in history.")
_key = click.option("--key", help="Idempotency key.")


@click.command()
@click.argument("case_no")
@_why
@_key
@as_user
@as_json
def suspend(case_no: str, user: str | None, *, as_json: bool, **told: Any) -> None:  # noqa: ANN401 - reason and key
    """Let nothing go on in a case until it is resumed; its legal clocks run on."""
    _act(runtime.suspend, case_no, user, told, as_json=as_json)


@click.command()
@click.argument("case_no")
@_why
@_key
@as_user
@as_json
def resume(case_no: str, user: str | None, *, as_json: bool, **told: Any) -> None:  # noqa: ANN401 - reason and key
    """Let a suspended case go on; what came due meanwhile is done at once."""
    _act(runtime.resume, case_no, user, told, as_json=as_json)


@click.command()
@click.argument("case_no")
@_why
@_key
@as_user
@as_json
def cancel(case_no: str, user: str | None, *, as_json: bool, **told: Any) -> None:  # noqa: ANN401 - reason and key
    """End a case at once, against its diagram. It cannot be taken back."""
    _act(runtime.cancel, case_no, user, told, as_json=as_json)


def _act(
    command: Callable[..., Receipt],
    case_no: str,
    user: str | None,
    told: dict[str, Any],
    *,
    as_json: bool,
) -> None:
    with node() as host:
        receipt = command(host, acting(host, user), case_no, **told)
    if as_json:
        dump(asdict(receipt))
    else:
        click.echo(f"{receipt.case_no} event {receipt.sequence}")


COMMANDS = (suspend, resume, cancel)
