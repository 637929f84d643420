"""Nothing public is undocumented: commands, options, endpoints, settings, errors."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from onething import api
from onething.cli import command
from onething.errors import OnethingError
from onething.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"


def commands(group: click.Group, name: str) -> Iterator[tuple[str, click.Command]]:
    for word, one in group.commands.items():
        if isinstance(one, click.Group):
            yield from commands(one, f"{name} {word}")
        else:
            yield f"{name} {word}", one


@pytest.mark.parametrize(("name", "one"), list(commands(command, "onething")))
def test_command_and_its_options_are_documented(name, one):
    text = (DOCS / "commands.md").read_text("utf-8")
    section = re.search(rf"^## `{name}[` ].*?(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)

    assert section is not None
    for option in (word for param in one.params for word in param.opts if word.startswith("-")):
        assert f"{option}`" in section[0] or f"`{option}" in section[0]


@pytest.mark.parametrize("one", api.ENDPOINTS, ids=lambda one: one.handler)
def test_endpoint_is_documented(one):
    path = re.sub(r"<(\w+)>", r"{\1}", one.path)

    assert f"| {one.method} | `{path}` |" in (DOCS / "api.md").read_text("utf-8")


@pytest.mark.parametrize("one", fields(Settings), ids=lambda one: one.name)
def test_setting_is_documented(one):
    assert f"| `{one.name}` |" in (DOCS / "settings.md").read_text("utf-8")


def test_every_error_is_documented():
    def every(kind: type) -> list[type]:
        return [kind, *(inner for one in kind.__subclasses__() for inner in every(one))]

    text = (DOCS / "errors.md").read_text("utf-8")

    assert [one.code for one in every(OnethingError) if f"`{one.code}`" not in text] == []
