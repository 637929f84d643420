"""What diagrams and manifests say of clocks is held against what clocks know."""

from pathlib import Path

import pytest

from onething import catalog
from onething.catalog import Catalog
from onething.catalog.rules import item_after
from onething.catalog.subject import Subject
from onething.definitions import Package

MODEL = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
ZEEBE = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
LICENCE = Catalog([Path(__file__).parents[1] / "clocks" / "package"]).package("licence")
MANIFEST = "bpmn/licence/service.toml"


def told(**properties):
    """Return what the rule says of a node with these properties of clocks."""
    inside = "".join(
        f'<zeebe:property name="onething:clock.{name}" value="{value}"/>'
        for name, value in properties.items()
    )
    text = (
        f'<definitions {MODEL} {ZEEBE}><process id="p"><startEvent id="s"><extensionElements>'
        f"<zeebe:properties>{inside}</zeebe:properties></extensionElements></startEvent>"
        "</process></definitions>"
    )
    found = catalog.check_files({"x.bpmn": text.encode()})
    return [one.message for one in found if one.rule == "clock-known"]


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"strat": "reception"}, "onething:clock.strat is unknown"),
        ({"stop": "recption"}, "onething:clock.stop is recption"),
        ({"pause": "handling, notices"}, "onething:clock.pause is notices"),
        ({"start": "reception"}, "the reception clock has no limit"),
    ],
)
def test_what_means_nothing_is_an_error(properties, message):
    assert told(**properties) == [message]


@pytest.mark.parametrize(
    "properties",
    [
        {"start": "reception", "limit": "=limits.limit"},
        {"start": "handling"},
        {"start": ""},
        {"start": "=if yes then &quot;notice&quot; else null", "limit": "=limits.limit"},
        {"stop": "reception, supplement", "reason": "补正"},
    ],
)
def test_what_clocks_understand_passes(properties):
    assert told(**properties) == []


def after(text):
    """Return what the rule says of a licence that comes after some items."""
    manifest = LICENCE.files[MANIFEST].decode().replace('after = ["licence"]', f"after = {text}")
    package = Package("licence", {**LICENCE.files, MANIFEST: manifest.encode()})
    return [one.message for one in item_after.check(Subject(package))]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ('["licence"]', []),
        ('["permit"]', ["the service has no item permit"]),
        ('["register"]', ["the item comes after itself"]),
    ],
)
def test_an_item_comes_after_others_of_its_service(text, messages):
    assert after(text) == messages
