"""Names of documents that count for a material lead to documents that services issue."""

import pytest

from onething import catalog
from onething.catalog import Catalog
from onething.catalog.rules import issued_known
from onething.catalog.subject import Subject
from onething.definitions import Package
from onething.errors import ModelRefused

MANIFEST = """
code = "move"
name = "搬家"
life_stage = "出行"
process = "move"
application = "application"
lanes = []
[[items]]
id = "move"
name = "搬家"
department = "window"
type_code = "20"
core = true
elements = []
legal_basis = ["none: a test"]
[[items.materials]]
id = "proof"
name = "证明"
source = "UPLOAD"
{said}
[[documents]]
id = "slip"
name = "搬家单"
template = "texts/documents.toml#slip"
[[documents]]
id = "page"
name = "部门自己出的一页"
"""
DAYS = "valid_days = 30"


def subject(said):
    data = MANIFEST.replace("{said}", said).encode()
    return Subject(Package("move", {"bpmn/move/service.toml": data}))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("move/slip", None),
        ("move/nothing", "the service move issues no document nothing"),
        ("move/page", "the service move issues no document page"),
        ("elsewhere/slip", None),  # outside the package: check looks it up
    ],
)
def test_a_name_of_the_package_is_a_document_with_a_template(name, message):
    found = issued_known.check(subject(f'issued = ["{name}"]\n{DAYS}'))

    assert [one.message for one in found] == ([message] if message else [])


@pytest.mark.parametrize(
    "said",
    [
        'issued = ["move/slip"]',
        'issued = ["move/slip"]\nvalid_days = 0',
        f'issued = ["slip"]\n{DAYS}',
        f'issued = ["../move/slip"]\n{DAYS}',
        f"issued = []\n{DAYS}",
    ],
)
def test_a_manifest_with_issued_says_how_long_and_names_service_and_document(said):
    with pytest.raises(ModelRefused):
        _ = subject(said).service


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("after-death/death-certificate", None),
        ("after-death/nothing", "the service after-death issues no document nothing"),
        ("no-such-service/slip", "there is no service no-such-service"),
        (
            "marriage-divorce/divorce-certificate",
            "the service marriage-divorce is called by others: its documents are of their cases",
        ),
    ],
)
def test_check_looks_a_document_of_another_service_up(tmp_path, name, message):
    catalog.new(tmp_path, "first-service", "第一件事")
    manifest = tmp_path / "bpmn" / "first-service" / "service.toml"
    text = manifest.read_text("utf-8")
    head, mark, rest = text.partition("[[items]]")
    item, other, more = rest.partition("\n[[")
    wanted = f'\n[[items.materials]]\nid = "proof"\nname = "证明"\nsource = "UPLOAD"\n{DAYS}\n'
    wanted += f'issued = ["{name}"]\n'
    manifest.write_text(head + mark + item + wanted + other + more, "utf-8")

    found = catalog.check([manifest.parent], Catalog())

    told = [one.message for one in found if one.rule == "issued-known"]
    assert told == ([message] if message else [])


def test_every_name_of_the_shipped_services_leads_to_a_document():
    services = {code: Catalog().service(code) for code in Catalog().codes()}

    for code, one in services.items():
        faults = issued_known.faults(one, code, issued_known.named(one), services.get)
        assert list(faults) == []
