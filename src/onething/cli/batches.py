"""Commands of batches: one command on many cases, tried first, then started with a reason."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from onething import runtime
from onething.batches import KINDS, LineRow
from onething.cli.cases import at_most
from onething.cli.migrate import deployment, mapping_in
from onething.cli.node import acting, node
from onething.cli.output import as_json, as_user, dump, show
from onething.runtime import BatchView

_STATES = ("new", "waiting", "refused", "done", "failed")
_BATCH = ("batch_id", "kind", "state", "total", "created_by", "created_at", "undo_of")
_LINE = ("number", "case_no", "state", "code", "note", "at")
_batch_id = click.argument("batch_id")


@click.group()
def batches() -> None:
    """Suspend, resume, cancel, migrate or retry many at once."""


@batches.command("list")
@click.option("--behind", help="Begin behind this batch.")
@at_most
@as_user
@as_json
def list_batches(behind: str | None, limit: int, user: str | None, *, as_json: bool) -> None:
    """List batches, newest first."""
    with node() as host:
        rows = runtime.list_batches(host, acting(host, user), before=behind, limit=limit)
    show([asdict(row) for row in rows], in_json=as_json, columns=_BATCH)


@batches.command("show")
@_batch_id
@click.option("--state", type=click.Choice(_STATES), help="Only lines in this state.")
@click.option("--after", type=click.IntRange(0), default=0, help="Begin after this line.")
@at_most
@as_user
@as_json
def show_batch(  # noqa: PLR0913 - the options of one command
    batch_id: str, state: str | None, after: int, limit: int, user: str | None, *, as_json: bool
) -> None:
    """Show how far a batch is and what came, or would come, of its lines."""
    with node() as host:
        actor = acting(host, user)
        view = runtime.view_batch(host, actor, batch_id)
        lines = runtime.batch_lines(host, actor, batch_id, state=state, after=after, limit=limit)
    if as_json:
        dump(_summary(view) | {"lines": [_line(one) for one in lines]})
        return
    for name, value in _summary(view).items():
        click.echo(f"{name:<10}  {'-' if value in (None, '', {}) else _plain(value)}")
    click.echo()
    show([_line(one) for one in lines], in_json=False, columns=_LINE)


@batches.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--service", help="Only cases of this service; of a migration the service.")
@click.option("--activity", help="Only what waits, or gave up, at this activity.")
@click.option(
    "--before",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]),
    help="Only cases begun, or incidents raised, before this time of the site's zone.",
)
@click.option("--code", help="Retry: only incidents with this code.")
@click.option("--operation", help="Retry: only calls of this operation.")
@click.option("--department", help="Retry: only calls of this department.")
@click.option("--case-no", help="Only cases whose number begins so.")
@click.option("--from", "number", type=deployment, help="Only cases of this deployment.")
@click.option("--status", type=click.Choice(runtime.STATUSES), help="Only cases in this status.")
@click.option("--has-incident", is_flag=True, help="Only cases with an open incident.")
@click.option("--only", multiple=True, help="This case, or incident of a retry; may be repeated.")
@click.option("--all", "is_all", is_flag=True, help="All that have not ended: no filter is needed.")
@click.option("--to", "new", type=deployment, help="Migration: the deployment to go on in.")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='Migration: TOML file of lines `old_id = "new_id"`.',
)
@as_user
@as_json
def make(  # noqa: PLR0913 - the options of one command
    kind: str,
    only: tuple[str, ...],
    new: int | None,
    mapping: Path | None,
    user: str | None,
    *,
    is_all: bool,
    as_json: bool,
    **told: Any,  # noqa: ANN401 - one criterion each
) -> None:
    """Choose cases; the worker begins the dry run, which changes nothing."""
    with node() as host:
        if (before := told.pop("before")) is not None:
            told["before"] = before.replace(tzinfo=host.zone)
        choice = runtime.choose(
            kind, told, only=only, is_all=is_all, to=new, mapping=mapping_in(mapping), dashes="--"
        )
        batch_id = runtime.create_batch(
            host,
            acting(host, user),
            kind,
            wanted=choice.wanted,
            chosen=choice.chosen,
            options=choice.options,
        )
        view = runtime.view_batch(host, acting(host, user), batch_id)
    if as_json:
        dump(_summary(view))
    else:
        click.echo(
            f"{batch_id}  {view.row.total} chosen; the worker tries each and changes nothing"
        )


@batches.command()
@_batch_id
@click.option("--reason", required=True, help="Why; it stands in each case's history.")
@as_user
def start(batch_id: str, reason: str, user: str | None) -> None:
    """Let the worker perform a batch whose dry run is over."""
    with node() as host:
        runtime.start_batch(host, acting(host, user), batch_id, reason)
    click.echo(f"{batch_id} is running")


@batches.command()
@_batch_id
@as_user
def stop(batch_id: str, user: str | None) -> None:
    """Stop a batch: what is done stays done, the other lines are left alone."""
    with node() as host:
        runtime.cancel_batch(host, acting(host, user), batch_id)
    click.echo(f"{batch_id} is stopped")


def _summary(view: BatchView) -> dict[str, Any]:
    return asdict(view.row) | asdict(view.counts)


def _line(one: LineRow) -> dict[str, Any]:
    return {name: getattr(one, name) for name in (*_LINE, "target")}


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={one}" for name, one in value.items())
    return str(value)


COMMANDS = (batches,)
