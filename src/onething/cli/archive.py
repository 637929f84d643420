"""Commands on what is old: archive cases, restore one, erase what need not be kept."""

from dataclasses import asdict
from datetime import datetime

import click

from onething import runtime
from onething.cli.node import acting, node
from onething.cli.output import as_json, as_user, dump, show
from onething.history import Ed25519Signer, Ed25519Verifier
from onething.runtime import Host, Month, Outlook, Stage
from onething.settings import secret

_MIB = 1 << 20


@click.group("archive")
def archive_group() -> None:
    """Take ended cases out of the database, month by month, and keep their proofs."""


@archive_group.command("plan")
@click.option("--months", type=click.IntRange(1), help="Whole months after the end.")
@as_json
def plan(months: int | None, *, as_json: bool) -> None:
    """Say what `archive run` would take out; nothing is changed."""
    with node() as host:
        found = runtime.foresee(host, _before(host, months))
    columns = ("month", "cases", "size_bytes")
    show([asdict(one) for one in found], in_json=as_json, columns=columns)
    if not as_json:
        click.echo(_sum(found))


@archive_group.command("run")
@click.option("--months", type=click.IntRange(1), help="Whole months after the end.")
@click.option(
    "--per-file", type=click.IntRange(1, 100_000), default=5_000, show_default=True, help="Cases."
)
def run(months: int | None, per_file: int) -> None:
    """Write archive files, read them back, and let their cases' rows leave.

    Interrupted at any moment, it goes on where it stood when it is given again.
    """
    with node() as host:
        signer = _signer(host)
        gone = runtime.archive_cases(
            host,
            signer,
            Ed25519Verifier(signer.public_key),
            host.settings.archives,
            _before(host, months),
            _progress,
            per_file=per_file,
        )
        where = host.settings.archives
    click.echo(f"{gone} cases archived in {where}")


@archive_group.command("restore")
@click.argument("case_no")
def restore(case_no: str) -> None:
    """Bring an archived case back into the database."""
    with node() as host:
        verifier = Ed25519Verifier(_signer(host).public_key)
        events = runtime.restore_archived(host, verifier, host.settings.archives, case_no)
    click.echo(f"{case_no}: {events} events restored")


@click.command()
@click.option("--erase", is_flag=True, help="Do it; without, only say what would go.")
@as_user
@as_json
def retention(user: str | None, *, erase: bool, as_json: bool) -> None:
    """Erase values whose time is over (settings `retention_years`, `access_log_months`).

    Histories, numbers and proofs stay; who erased and why is recorded. Without --erase nothing
    is changed.
    """
    with node() as host:
        due = runtime.overdue(host)
        readings, until = runtime.old_readings(host)
        if erase:
            actor = acting(host, user)
            runtime.erase_overdue(host, actor)
            runtime.drop_old_readings(host, actor)
    if as_json:
        dump({"cases": [asdict(one) for one in due], "readings": readings, "erased": erase})
        return
    word = "erased" if erase else "to erase"
    for one in due:
        click.echo(f"{one.service}: {one.cases} cases {word}, ended before {one.before:%Y-%m-%d}")
    click.echo(f"{readings} readings before {until:%Y-%m-%d} {'dropped' if erase else 'to drop'}")


def _before(host: Host, months: int | None) -> datetime:
    back = months or host.settings.archive_after_months
    return Month.of(host.clock(), host.zone).back(back).begins(host.zone)


def _signer(host: Host) -> Ed25519Signer:
    return Ed25519Signer(secret(host.settings, "checkpoint"))


def _progress(stage: Stage) -> None:
    click.echo(f"{stage.month or 'all'}: {stage.cases} cases {stage.name}", err=True)


def _sum(found: list[Outlook]) -> str:
    cases, size = sum(one.cases for one in found), sum(one.size_bytes for one in found)
    return f"{cases} cases, about {size / _MIB:.1f} MiB before compression"


COMMANDS = (archive_group, retention)
