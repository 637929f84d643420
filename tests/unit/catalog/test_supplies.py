"""What shared data supply in an application: about whoever applies, by what the model says."""

import pytest

from onething import catalog
from onething.catalog import Catalog, applicant_place, shipped_root, supplies
from onething.catalog.rules import share_known
from onething.catalog.subject import Subject
from onething.definitions import Definition, Package

SERVICES = ("marriage-status-change", "adoption-registration", "after-death")
MANIFEST = b"""
code = "move"
name = "x"
life_stage = "x"
process = "move"
application = "application"
"""


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_is_supplied_about_anybody_but_the_applicant(service):
    definition = Definition(Catalog([shipped_root()]).package(service))
    place = applicant_place(definition.service.applicant)

    found = supplies(definition)

    others = [one for one in found if not one.path.startswith(f"{place}.")]
    assert found
    assert all(one.component.element.share_of == "applicant" for one in others)
    assert not any(one.operation.changes for one in found)
    counted = catalog.arithmetic(definition)
    assert counted.shared == tuple(one.path for one in found)
    assert counted.to_type == counted.after - len(found)


@pytest.mark.parametrize(
    ("expression", "place"),
    [("=a", "a"), ("= adopters[1]", "adopters[0]"), ("=a.b", ""), ("", "")],
)
def test_place_of_the_applicant_is_read_from_the_manifest(expression, place):
    assert applicant_place(expression) == place


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ('share = "police.household.get", share_field = "name"', []),
        ('share = "police.nothing.get"', ["no connector offers police.nothing.get"]),
        (
            'share = "police.household.get", share_field = "nam"',
            ["police.household.get answers no nam"],
        ),
        ('share = "hr.card.issue"', ["hr.card.issue changes records"]),
        ('share_field = "name"', ["share_field stands without share"]),
    ],
)
def test_source_of_an_element_is_checked(source, told):
    element = f"""[elements.person]
name = {{ name = "x", name_en = "x", type = "string", classification = "personal", {source} }}
"""
    files = {"bpmn/move/service.toml": MANIFEST, "forms/_elements.toml": element.encode()}

    found = share_known.check(Subject(Package("move", files)))

    assert [one.message for one in found] == told
