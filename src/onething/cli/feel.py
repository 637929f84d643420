"""Commands of the expression language and of decisions: feel, decide, tck."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from onething import calendar, decisions, engine, feel, runtime
from onething.cli.output import as_json, dump
from onething.now import system_clock
from onething.settings import load
from onething.testing import tck as kit


def environment() -> feel.Environment:
    """Return what an expression reads from outside: the present, legal zone and calendar."""
    settings = load()
    runtime.set_limits(settings)
    context = engine.Context(
        now=system_clock(), zone=settings.zone, calendar=calendar.load_default()
    )
    return context.environment()


def _context(text: str) -> Mapping[str, feel.Value]:
    try:
        value = feel.parse_json(text)
    except ValueError as error:
        raise click.UsageError(f"the input is no JSON: {error}") from None
    if not isinstance(value, dict):
        raise click.UsageError('the input is a JSON object: {"name": value}')
    return value


@click.command("feel")
@click.argument("expression")
@click.option("--context", "written", default="{}", metavar="JSON", help="Variables by name.")
@as_json
def evaluate(expression: str, written: str, *, as_json: bool) -> None:
    """Evaluate a FEEL expression and print its value; warnings go to standard error."""
    env = environment()
    variables = _context(written)
    value = feel.compile(expression, frozenset(variables)).evaluate(variables, env)
    if as_json:
        click.echo(feel.canonical(feel.to_json(value)).decode())
    else:
        click.echo(feel.text_of(value, quoted=True))
    _tell(env.warnings)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("decision")
@click.option("--input", "written", default="{}", metavar="JSON", help="Variables by name.")
@as_json
def decide(file: Path, decision: str, written: str, *, as_json: bool) -> None:
    """Evaluate a decision by id or name; print its value and the rules that matched.

    Models that the file imports are looked for beside it.
    """
    env = environment()
    result = read_models(file)[file.name].evaluate(decision, _context(written), env)
    if as_json:
        answer = {
            "value": feel.to_json(result.value),
            "matched": [asdict(one) for one in result.matched],
            "inputs": feel.to_json(result.inputs),
            "warnings": [one.message for one in result.warnings],
        }
        click.echo(feel.canonical(answer).decode())
        return
    click.echo(feel.text_of(result.value, quoted=True))
    for one in result.matched:
        click.echo(f"{one.decision}: rule {one.number} ({one.rule_id})")
    _tell(result.warnings)


def read_models(file: Path) -> Mapping[str, decisions.DecisionModel]:
    """Read a model with the others of its folder, as far as it imports them.

    Raises ModelRefused.
    """
    source = file.read_bytes()
    if b"import" not in source:
        return {file.name: decisions.parse(source, file.name)}
    beside = {one.name: one.read_bytes() for one in sorted(file.parent.glob("*.dmn"))}
    return decisions.parse_all(beside)


def _tell(warnings: Sequence[feel.Warning]) -> None:
    for one in warnings:
        click.echo(f"warning: {one.message}", err=True)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@as_json
def tck(folder: Path, *, as_json: bool) -> int:
    """Run a folder of the DMN TCK; print folders, failures and `passed P of N`."""
    environment()
    done = kit.run(folder)
    passed, total = (sum(getattr(one, name) for one in done) for name in ("passed", "total"))
    if as_json:
        dump({"passed": passed, "total": total, "folders": [asdict(one) for one in done]})
    else:
        click.echo("\n".join(kit.lines(done)))
    return 0 if passed == total else 1


COMMANDS = (evaluate, decide, tck)
