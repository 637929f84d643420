"""Commands of operators: jobs, departments' gates, incidents."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from onething import runtime
from onething.cli.cases import at_most
from onething.cli.node import acting, node
from onething.cli.output import as_json, as_user, dump, show
from onething.errors import InvalidInput
from onething.feel.json import parse
from onething.runtime import JobFilter, Receipt

_why = click.option("--reason", default="", help="Why; it stands in the history.")
_JOB = ("id", "case_no", "operation", "state", "attempts", "due_at", "error")
_INCIDENT = ("id", "case_no", "activity", "code", "state", "raised_at", "message")
_GATE = ("department", "state", "failures", "opened_at", "probe_at", "error")


@click.group()
def jobs() -> None:
    """Look at work for machines, and at what lets it through."""


@jobs.command("list")
@click.option("--state", help="Only this state, such as failed; all that are not over otherwise.")
@click.option("--department", help="Only calls of this department.")
@click.option("--after", help="Begin after this job.")
@at_most
@as_user
@as_json
def list_jobs(  # noqa: PLR0913 - the options of one command
    state: str | None,
    department: str | None,
    after: str | None,
    limit: int,
    user: str | None,
    *,
    as_json: bool,
) -> None:
    """List jobs, longest due first."""
    with node() as host:
        wanted = JobFilter(state=state, department=department)
        rows = runtime.list_jobs(host, acting(host, user), wanted, after=after, limit=limit)
    show([asdict(row) for row in rows], in_json=as_json, columns=_JOB)


@jobs.command("show")
@click.argument("job_id")
@as_user
@as_json
def show_job(job_id: str, user: str | None, *, as_json: bool) -> None:
    """Show one job."""
    with node() as host:
        row = runtime.view_job_state(host, acting(host, user), job_id)
    _one(asdict(row), in_json=as_json)


@jobs.command("retry")
@click.argument("job_ids", nargs=-1, required=True)
@_why
@as_user
@as_json
def retry_jobs(job_ids: tuple[str, ...], reason: str, user: str | None, *, as_json: bool) -> None:
    """Try jobs again that gave up, each by its incident."""
    with node() as host:
        actor = acting(host, user)
        found = [runtime.incident_of(host, actor, one) for one in job_ids]
        done = [runtime.retry(host, actor, one, reason=reason) for one in found]
    _told(done, in_json=as_json)


@jobs.command("gates")
@as_user
@as_json
def list_gates(user: str | None, *, as_json: bool) -> None:
    """List the departments' gates: whether their breakers are closed."""
    with node() as host:
        rows = runtime.list_gates(host, acting(host, user))
    show([asdict(row) for row in rows], in_json=as_json, columns=_GATE)


@jobs.command("reset-gate")
@click.argument("department")
@as_user
def reset_gate(department: str, user: str | None) -> None:
    """Close a department's breaker; what waits for it is due at once."""
    with node() as host:
        runtime.reset_gate(host, acting(host, user), department)
    click.echo(f"{department} is closed")


@click.group("incidents")
def incidents_group() -> None:
    """Look at what gave up, and resolve it."""


@incidents_group.command("list")
@click.option(
    "--state",
    type=click.Choice(("open", "resolved", "all")),
    default="open",
    show_default=True,
    help="Only these.",
)
@click.option("--after", help="Begin after this incident.")
@at_most
@as_user
@as_json
def list_incidents(
    state: str, after: str | None, limit: int, user: str | None, *, as_json: bool
) -> None:
    """List incidents, oldest first."""
    wanted = None if state == "all" else state
    with node() as host:
        rows = runtime.list_incidents(
            host, acting(host, user), state=wanted, after=after, limit=limit
        )
    shown = [{"id": row.id, **asdict(row)} for row in rows]
    show(shown, in_json=as_json, columns=_INCIDENT)


@incidents_group.command("show")
@click.argument("incident_id")
@as_user
@as_json
def show_incident(incident_id: str, user: str | None, *, as_json: bool) -> None:
    """Show an incident, and the names of what was sent."""
    with node() as host:
        view = runtime.view_incident(host, acting(host, user), incident_id)
    job = view.job
    told = {
        "id": view.incident.id,
        **asdict(view.incident),
        "operation": job.operation if job else None,
        "attempts": view.tries if job else None,
        "asked_at": job.asked_at if job else None,
        "inputs": list(view.inputs),
    }
    _one(told, in_json=as_json)


@incidents_group.command("retry")
@click.argument("incident_id")
@click.option(
    "--inputs", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON file."
)
@click.option("--not-done", is_flag=True, help="The department was asked, and has done nothing.")
@_why
@as_user
@as_json
def retry_incident(  # noqa: PLR0913 - the options of one command
    incident_id: str,
    inputs: Path | None,
    reason: str,
    user: str | None,
    *,
    not_done: bool,
    as_json: bool,
) -> None:
    """Try a job or step again, with other inputs where a file gives them."""
    with node() as host:
        done = runtime.retry(
            host,
            acting(host, user),
            incident_id,
            inputs=_object(inputs) if inputs else None,
            reason=reason,
            was_not_done=not_done,
        )
    _told([done], in_json=as_json)


@incidents_group.command("complete")
@click.argument("incident_id")
@click.option(
    "--answer",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file with what the department should have answered.",
)
@_why
@as_user
@as_json
def complete_incident(
    incident_id: str, answer: Path, reason: str, user: str | None, *, as_json: bool
) -> None:
    """Give the answer of a department's system by hand."""
    with node() as host:
        done = runtime.complete_by_hand(
            host, acting(host, user), incident_id, _object(answer), reason
        )
    _told([done], in_json=as_json)


@incidents_group.command("skip")
@click.argument("incident_id")
@_why
@as_user
@as_json
def skip_incident(incident_id: str, reason: str, user: str | None, *, as_json: bool) -> None:
    """Leave out a job, where its activity allows it; drop a message that nobody takes."""
    with node() as host:
        done = runtime.skip(host, acting(host, user), incident_id, reason)
    _told([done], in_json=as_json)


def _object(path: Path) -> dict[str, Any]:
    try:
        given = parse(path.read_bytes())
    except ValueError as error:
        raise InvalidInput(f"{path} is no JSON") from error
    if not isinstance(given, dict):
        raise InvalidInput(f"{path} holds no JSON object")
    return given


def _one(row: dict[str, Any], *, in_json: bool) -> None:
    if in_json:
        dump(row)
        return
    for name, value in row.items():
        click.echo(f"{name:<12} {'-' if value in (None, '') else value}")


def _told(done: list[Receipt], *, in_json: bool) -> None:
    shown = [{"case_no": one.case_no, "sequence": one.sequence} for one in done]
    show(shown, in_json=in_json, columns=("case_no", "sequence"))


COMMANDS = (jobs, incidents_group)
