"""What a department supplies is asked there first, and demanded of nobody."""

from datetime import timedelta

import pytest

from onething import runtime
from onething.catalog import Catalog
from onething.catalog.rules import material_shared
from onething.catalog.subject import Subject
from onething.definitions import Package
from onething.errors import InvalidInput
from onething.identity import SYSTEM
from onething.runtime import Upload
from onething.runtime.sharing.sharing import refused_demands
from unit.runtime.node import APPLICANT, CLERK, Node

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def card(**more) -> Upload:
    return Upload("card.pdf", PDF, material="id-card", **more)


def offered(node: Node, case_no: str) -> dict[str, str | None]:
    found = runtime.list_uploadable(node.host, APPLICANT, case_no)
    return {one.rule.id: one.reason for one in found}


def test_what_is_shared_is_not_uploaded_while_sharing_has_not_failed(node: Node) -> None:
    case_no = node.start("careful")

    with pytest.raises(InvalidInput, match="由部门共享取得"):
        runtime.add_material(node.host, APPLICANT, case_no, card())

    assert offered(node, case_no) == {"id-card": "objected", "vow": None, "photo": None}


def test_where_the_department_knows_nothing_the_upload_opens_and_says_why(node: Node) -> None:
    case_no = node.start("careful")

    node.perform()
    row = runtime.add_material(node.host, APPLICANT, case_no, card())

    assert offered(node, case_no)["id-card"] == "not-found"
    assert (row.reason, row.trust) == ("not-found", "C")
    (event,) = [one for one in node.events(case_no) if one.kind == "MaterialAdded"]
    assert event.input["reason"] == "not-found"


def test_where_the_department_does_not_answer_the_upload_opens(node: Node) -> None:
    node.world.give({"fault": "police", "mode": "down"})
    case_no = node.start("call")

    for _ in range(8):
        node.perform()
        node.world.clock.advance(timedelta(hours=2))

    assert offered(node, case_no)["id-card"] == "no-answer"


def test_a_person_may_object_to_shared_data_and_the_clerk_is_told(node: Node) -> None:
    case_no = node.start()

    row = runtime.add_material(node.host, APPLICANT, case_no, card(objects=True))

    assert row.reason == "objected"


def test_ones_own_word_is_trusted_as_such(node: Node) -> None:
    case_no = node.start()

    row = runtime.add_material(
        node.host, APPLICANT, case_no, Upload("vow.pdf", PDF, material="vow")
    )

    assert (row.trust, row.reason) == ("D", None)


@pytest.fixture
def intake(node: Node):
    """The form in which a clerk names what is missing, of a service that shares the id card."""
    runtime.deploy(node.host, SYSTEM, Catalog([]).package("marriage-status-change"))
    with node.host.database.read() as conn:
        definition = node.host.definitions.newest(conn, "marriage-status-change")
    return definition.service, definition.form("_shared/check-application")


@pytest.mark.parametrize("words", ["居民身份证", "id-card", "请提交 居民身份证 复印件"])
def test_a_clerk_cannot_demand_what_a_department_supplies(intake, words) -> None:
    data = {"check": {"missing": [{"name": "双方合影"}, {"name": words}]}}

    refused = refused_demands(*intake, data, {})

    assert list(refused) == ["check.missing[1].name"]
    assert "不能要求申请人提交" in refused["check.missing[1].name"]


def test_where_sharing_failed_a_clerk_may_demand_it(intake) -> None:
    data = {"check": {"missing": [{"name": "居民身份证"}]}}

    assert refused_demands(*intake, data, {"police.identity.verify": "no-answer"}) == {}


@pytest.mark.parametrize("missing", [None, [], [{}], "x", [{"name": None}], [{"name": ""}]])
def test_a_form_that_demands_nothing_passes(intake, missing) -> None:
    assert refused_demands(*intake, {"check": {"missing": missing}}, {}) == {}


MANIFEST = """
code = "move"
name = "搬家"
life_stage = "置业"
process = "move"
application = "application"
lanes = [{ name = "window", department = "window" }]
[[items]]
id = "one"
name = "一"
department = "window"
type_code = "20"
core = true
elements = []
legal_basis = ["none: a test"]
[[items.materials]]
id = "{id}"
name = "材料"
{said}
"""


@pytest.mark.parametrize(
    ("kind", "said", "is_told"),
    [
        ("id-card", 'source = "UPLOAD"', True),
        ("id-card", 'source = "PAPER"\nrequired = "=a = 1"', True),
        ("card", 'source = "UPLOAD"\nkind = "id-card"', True),
        ("card", 'source = "UPLOAD"\noperation = "police.identity.verify"', True),
        ("id-card", 'source = "PAPER"\nsurrendered = true', False),
        ("id-card", 'source = "UPLOAD"\nrequired = false', False),
        ("id-card", 'source = "SHARE"\noperation = "police.identity.verify"', False),
        ("photo", 'source = "UPLOAD"', False),
    ],
)
def test_a_service_that_makes_people_bring_what_is_shared_is_told(kind, said, is_told) -> None:
    manifest = MANIFEST.replace("{id}", kind).replace("{said}", said).encode()
    subject = Subject(Package("move", {"bpmn/move/service.toml": manifest}))

    assert bool(list(material_shared.check(subject))) is is_told


def test_a_clerk_who_scans_what_a_person_brought_is_not_refused(node: Node) -> None:
    case_no = node.start()

    assert runtime.add_material(node.host, CLERK, case_no, card()).reason is None
