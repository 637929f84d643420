"""The command that shows a service's joint application."""

from dataclasses import asdict

import click

from onething import catalog, forms
from onething.catalog import Arithmetic, Catalog
from onething.cli.output import as_json, dump
from onething.definitions import Definition
from onething.settings import load


@click.command()
@click.argument("service")
@click.option("--explain", is_flag=True, help="Say what one application saves.")
@as_json
def form(service: str, *, explain: bool, as_json: bool) -> None:
    """Print the application that is compiled of a service's forms, as form-js JSON."""
    definition = Definition(Catalog(load().services).application(service))
    if not explain:
        dump(forms.compile_joint(definition.application_parts))
        return
    counted = catalog.arithmetic(definition)
    if as_json:
        derived = {"duplicates": counted.duplicates, "to_type": counted.to_type}
        dump(asdict(counted) | derived)
    else:
        click.echo("\n".join(_told(definition.service.name, counted)))


def _told(name: str, counted: Arithmetic) -> list[str]:
    return [
        f"{counted.before:4} fields of the single forms of {name}",
        *(f"{one.fields:8} {one.item or 'every case'} {one.name}" for one in counted.singles),
        f"{counted.duplicates:4} asked again, and not any more",
        f"{counted.after:4} fields of the joint application",
        f"{len(counted.shared):4} that shared data supply: {', '.join(counted.shared)}",
        f"{counted.to_type:4} still to type",
        f"{len(counted.asked_twice):4} asked twice still",
        *(f"{'':8} {' and '.join(paths)}" for paths in counted.asked_twice),
    ]


COMMANDS = (form,)
