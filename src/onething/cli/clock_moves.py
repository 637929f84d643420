"""Commands that move clocks: pause, resume, extend, permit a second notice."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from onething import runtime
from onething.cli.node import acting, node
from onething.cli.output import as_json, as_user, dump
from onething.runtime import ClockMove, ClockView, Extension, Pause, Receipt, Resume

_reason = click.option("--reason", required=True, help="Why, in words that everybody may read.")
_basis = click.option("--basis", required=True, help="The article of the law.")
_preview = click.option("--preview", is_flag=True, help="Say the new due day and write nothing.")
_key = click.option("--key", help="Idempotency key.")
_day = click.DateTime(["%Y-%m-%d"])


@click.command("pause-clock")
@click.argument("case_no", metavar="CASE")
@click.argument("clock_id", metavar="CLOCK")
@_reason
@_basis
@click.option("--needs", default="", help="The time it needs, ND(30); told to the applicant.")
@click.option("--from", "first", type=_day, help="First day, where that is not today.")
@click.option("--to", "last", type=_day, help="Last day, where it is over already.")
@_preview
@_key
@as_user
@as_json
def pause_clock(  # noqa: PLR0913 - one argument an option
    case_no: str,
    clock_id: str,
    reason: str,
    basis: str,
    needs: str,
    first: datetime | None,
    last: datetime | None,
    user: str | None,
    key: str | None,
    *,
    preview: bool,
    as_json: bool,
) -> None:
    """Pause a clock for time that the law does not count."""
    days = (first.date() if first else None, last.date() if last else None)
    pause = Pause(clock_id, reason, basis, needs, *days)
    _move(case_no, pause, user, key, preview=preview, in_json=as_json)


@click.command("resume-clock")
@click.argument("case_no", metavar="CASE")
@click.argument("clock_id", metavar="CLOCK")
@_preview
@_key
@as_user
@as_json
def resume_clock(  # noqa: PLR0913 - one argument an option
    case_no: str, clock_id: str, user: str | None, key: str | None, *, preview: bool, as_json: bool
) -> None:
    """Let a paused clock go on; days count again from tomorrow on."""
    _move(case_no, Resume(clock_id), user, key, preview=preview, in_json=as_json)


@click.command("extend-clock")
@click.argument("case_no", metavar="CASE")
@click.argument("clock_id", metavar="CLOCK")
@click.argument("limit")
@_reason
@_basis
@_preview
@_key
@as_user
@as_json
def extend_clock(  # noqa: PLR0913 - one argument an option
    case_no: str,
    clock_id: str,
    limit: str,
    reason: str,
    basis: str,
    user: str | None,
    key: str | None,
    *,
    preview: bool,
    as_json: bool,
) -> None:
    """Lengthen a clock by a limit such as WD(10), once; the applicant is told in writing."""
    extension = Extension(clock_id, limit, reason, basis)
    _move(case_no, extension, user, key, preview=preview, in_json=as_json)


@click.command("permit-notice")
@click.argument("case_no", metavar="CASE")
@click.argument("department")
@_reason
@_basis
@_key
@as_user
@as_json
def permit_notice(  # noqa: PLR0913 - one argument an option
    case_no: str,
    department: str,
    reason: str,
    basis: str,
    user: str | None,
    key: str | None,
    *,
    as_json: bool,
) -> None:
    """Let a department ask for a supplement a second time, for a reason."""
    with node() as host:
        given: dict[str, Any] = {"reason": reason, "basis": basis, "key": key}
        receipt = runtime.permit_notice(host, acting(host, user), case_no, department, **given)
    _say(receipt, in_json=as_json)


def _move(  # noqa: PLR0913 - what every move has
    case_no: str,
    move: ClockMove,
    user: str | None,
    key: str | None,
    *,
    preview: bool,
    in_json: bool,
) -> None:
    with node() as host:
        actor = acting(host, user)
        if not preview:
            _say(runtime.move_clock(host, actor, case_no, move, key=key), in_json=in_json)
            return
        found = runtime.preview_move(host, actor, case_no, move)
    if in_json:
        dump({"before": _dues(found.before), "after": _dues(found.after)})
        return
    for before, after in zip(found.before.legs, found.after.legs, strict=True):
        click.echo(f"{after.leg} {after.limit}: {before.due_on} -> {after.due_on}")


def _dues(view: ClockView) -> dict[str, Any]:
    return {leg.leg: leg.due_on for leg in view.legs}


def _say(receipt: Receipt, *, in_json: bool) -> None:
    if in_json:
        dump(asdict(receipt))
    else:
        click.echo(f"{receipt.case_no} event {receipt.sequence}")


COMMANDS = (pause_clock, resume_clock, extend_clock, permit_notice)
