"""Commands that prove the history: replay and verify."""

from dataclasses import asdict

import click

from onething import history, instances, runtime
from onething.cli.node import node
from onething.cli.output import as_json, dump
from onething.history import Ed25519Signer, Ed25519Verifier
from onething.runtime import Verdict
from onething.settings import secret


@click.command()
@click.argument("case_no", required=False)
@click.option("--all", "every", is_flag=True, help="Every case of the database.")
@as_json
def replay(case_no: str | None, *, every: bool, as_json: bool) -> int:
    """Execute histories again and compare the state after every event."""
    if bool(case_no) == every:
        raise click.UsageError("Name a case, or say --all")
    with node() as host:
        verdicts = (
            list(runtime.replay_all(host)) if every else [runtime.replay(host, case_no or "")]
        )
    bad = [one for one in verdicts if not one.is_clean]
    if as_json:
        dump([asdict(one) for one in verdicts])
    else:
        for one in verdicts if case_no else bad:
            click.echo(_told(one))
        events = sum(one.events for one in verdicts)
        click.echo(f"{len(verdicts)} cases, {events} events, {len(bad)} divergences")
    return 1 if bad else 0


@click.command()
@as_json
def verify(*, as_json: bool) -> int:
    """Prove chains, sealed values and checkpoints; name the first bad row of each."""
    with node() as host:
        public = Ed25519Signer(secret(host.settings, "checkpoint")).public_key
        report = history.verify(
            host.database,
            host.settings.checkpoints,
            Ed25519Verifier(public),
            host.keys,
            lambda conn: (
                (row.instance_id, row.sequence, row.hash) for row in instances.every(conn)
            ),
            host.settings.archives,
        )
    if as_json:
        dump(asdict(report))
    else:
        for fault in report.faults:
            click.echo(str(fault))
        click.echo(
            f"{report.instances} instances, {report.events} events, {len(report.faults)} faults"
        )
    return 1 if report.faults else 0


def _told(one: Verdict) -> str:
    if one.is_archived:
        return f"{one.case_no}: archived; restore it to replay its {one.events} events"
    if one.is_clean:
        return f"{one.case_no}: {one.events} events, no divergence"
    if one.diverges_at is not None:
        return f"{one.case_no}: diverges at event {one.diverges_at}"
    return f"{one.case_no}: {one.problem}"


COMMANDS = (replay, verify)
