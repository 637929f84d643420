"""Commands on cases: start, cases, tasks, complete, message."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from onething import runtime, tasks
from onething.cli.node import acting, node
from onething.cli.output import as_json, as_user, dump, show
from onething.errors import InvalidInput
from onething.feel.json import parse

data_file = click.option(
    "--data", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON file."
)

at_most = click.option(
    "--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="Rows at most."
)


@click.command()
@click.argument("service")
@data_file
@click.option("--key", help="Idempotency key.")
@as_user
@as_json
def start(
    service: str, data: Path | None, key: str | None, user: str | None, *, as_json: bool
) -> None:
    """Open a case of a service with the application's answers."""
    with node() as host:
        started = runtime.start_case(host, acting(host, user), service, _read(data), key=key)
    if as_json:
        dump({"case_no": started.case_no, "query_code": started.query_code})
    else:
        click.echo(f"{started.case_no}  query code {started.query_code}")


@click.command()
@click.option("--service", help="Only this service.")
@click.option("--state", help="Only this state, such as IN_PROGRESS.")
@at_most
@as_user
@as_json
def cases(
    service: str | None, state: str | None, limit: int, user: str | None, *, as_json: bool
) -> None:
    """List cases, newest first."""
    with node() as host:
        rows = runtime.list_cases(
            host, acting(host, user), service=service, state=state, limit=limit
        )
    columns = ("case_no", "state", "result", "submitted_at", "title")
    show([asdict(row) for row in rows], in_json=as_json, columns=columns)


@click.command("tasks")
@click.option("--case", "case_no", help="Only this case.")
@at_most
@as_user
@as_json
def tasks_command(case_no: str | None, limit: int, user: str | None, *, as_json: bool) -> None:
    """List the live tasks that are a person's to do, or all without --as; next due first."""
    with node() as host:
        wanted = tasks.Filter(case_no=case_no)
        rows = runtime.list_tasks(host, acting(host, user), wanted, limit=limit)
    shown = [{"id": row.id, **asdict(row)} for row in rows]
    columns = ("id", "case_no", "name", "department", "state", "assignee", "due_at")
    show(shown, in_json=as_json, columns=columns)


@click.command()
@click.argument("task_id")
@data_file
@click.option("--key", help="Idempotency key.")
@as_user
@as_json
def complete(
    task_id: str, data: Path | None, key: str | None, user: str | None, *, as_json: bool
) -> None:
    """Complete a task with its form's answers."""
    with node() as host:
        receipt = runtime.complete(host, acting(host, user), task_id, _read(data), key=key)
    if as_json:
        dump(asdict(receipt))
    else:
        click.echo(f"{receipt.case_no} event {receipt.sequence}")


@click.command()
@click.argument("name")
@click.option("--key", "correlation_key", help="What the subscription's key must equal.")
@click.option(
    "--keep",
    type=click.IntRange(0, 30 * 24 * 3600),
    default=0,
    help="Seconds that an early message is kept.",
)
@data_file
@as_user
@as_json
def message(  # noqa: PLR0913 - one argument an option
    name: str,
    correlation_key: str | None,
    keep: int,
    data: Path | None,
    user: str | None,
    *,
    as_json: bool,
) -> None:
    """Correlate a message with the case that waits for it."""
    with node() as host:
        receipt = runtime.correlate(
            host,
            acting(host, user),
            name,
            correlation_key=correlation_key,
            payload=_read(data),
            keep_for=timedelta(seconds=keep),
        )
    if as_json:
        dump({"delivered": receipt is not None, **(asdict(receipt) if receipt else {})})
    else:
        click.echo(f"delivered to {receipt.case_no}" if receipt else "nobody waits for it")


def _read(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        value = parse(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{file} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise InvalidInput(f"{file} holds no JSON object")
    return value


COMMANDS = (start, cases, tasks_command, complete, message)
