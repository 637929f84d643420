"""Commands for designers: new, check, test, deploy."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from onething import catalog, runtime, testing
from onething.catalog import Catalog
from onething.cli.node import acting, node
from onething.cli.output import as_json, as_user, dump, told
from onething.cli.wiring import Wiring, pass_wiring
from onething.settings import load
from onething.testing import case_tables

REFUSED = 2


@click.command()
@click.argument("code")
@click.option("--name", default="", help="What people read.")
@click.option("--into", type=click.Path(path_type=Path), default=Path(), help="Root folder.")
@as_json
def new(code: str, name: str, into: Path, *, as_json: bool) -> None:
    """Begin a service package that passes its checks and plays one scenario."""
    paths = [str(path) for path in catalog.new(into, code, name or code)]
    if as_json:
        dump(paths)
    else:
        click.echo("\n".join(paths))


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@as_json
def check(paths: Sequence[Path], *, as_json: bool) -> int:
    """Check packages or single files; without a path, every service.

    Exit 0 clean or warnings, 2 refused, 64 wrong usage.
    """
    findings = catalog.check(paths, Catalog(load().services))
    errors = [one for one in findings if one.severity == "error"]
    if as_json:
        dump([asdict(one) for one in findings])
    else:
        told(findings)
        click.echo(f"{len(errors)} errors, {len(findings) - len(errors)} warnings")
    return REFUSED if errors else 0


@click.command("test")
@click.argument("services", nargs=-1)
@as_json
@pass_wiring
def test(wiring: Wiring, services: Sequence[str], *, as_json: bool) -> int:
    """Play scenarios with a fake clock and the simulator; print failures and coverage."""
    player = testing.Player(
        Catalog(load().services), wiring.simulator_app, wiring.simulator_records
    )
    report = player.play_all(services)
    count, failed = _case_tables(services)
    if as_json:
        dump({**report.as_json(), "cases": count, "case_failures": [asdict(one) for one in failed]})
    else:
        for one in failed:
            click.echo(f"FAIL {one}")
        click.echo(report.text())
        click.echo(f"{count} decision cases, {len(failed)} failed")
    return 0 if report.is_green and not failed else 1


def _case_tables(services: Sequence[str]) -> tuple[int, list[case_tables.CaseFailure]]:
    """Run the test tables that stand beside the decision models of services."""
    shelf = Catalog(load().services)
    folders = [root / "bpmn" / code for root in shelf.roots for code in services or shelf.codes()]
    paths = [path for one in folders for path in sorted(one.glob(f"*{case_tables.ENDING}"))]
    done = [case_tables.run(path) for path in paths]
    return sum(count for count, _ in done), [one for _, failed in done for one in failed]


@click.command()
@click.argument("services", nargs=-1)
@as_user
@as_json
def deploy(services: Sequence[str], user: str | None, *, as_json: bool) -> None:
    """Deploy services from their folders; without a name, all of them."""
    with node() as host:
        shelf = Catalog(host.settings.services)
        actor = acting(host, user)
        rows = [
            runtime.deploy(host, actor, shelf.package(code)) for code in services or shelf.codes()
        ]
    if as_json:
        dump([asdict(row) for row in rows])
    for row in [] if as_json else rows:
        click.echo(f"{row.service}@{row.number}  {row.hash[:12]}  {row.name}")


COMMANDS = (new, check, test, deploy)
