import re
from pathlib import Path

import pytest

from onething import catalog
from onething.catalog.rules.number_of_law import numbers
from onething.errors import Conflict, InvalidInput

DOCS = Path(__file__).resolve().parents[3] / "docs" / "authoring" / "rules.md"
MODEL = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'


def found(text, name="x.bpmn"):
    return {one.rule for one in catalog.check_files({name: text.encode()})}


def process(inside):
    return (
        f'<definitions {MODEL}><process id="p"><startEvent id="s"/>{inside}</process></definitions>'
    )


def test_every_rule_is_documented():
    documented = re.findall(r"^## (\S+)$", DOCS.read_text("utf-8"), re.MULTILINE)

    assert documented == [rule.id for rule in catalog.rules()]


def test_a_new_package_passes_its_checks(tmp_path):
    catalog.new(tmp_path, "first-service", "第一件事")

    findings = catalog.check([tmp_path / "bpmn" / "first-service"], catalog.Catalog())

    assert findings == []


def test_a_new_package_does_not_replace_another(tmp_path):
    catalog.new(tmp_path, "first-service", "第一件事")

    with pytest.raises(Conflict):
        catalog.new(tmp_path, "first-service", "第一件事")


def test_a_code_that_leaves_the_folder_is_refused(tmp_path):
    with pytest.raises(InvalidInput):
        catalog.new(tmp_path, "../elsewhere", "x")


def test_a_document_type_is_refused():
    assert found('<!DOCTYPE a [<!ENTITY b "c">]><definitions/>') == {"doctype"}


def test_broken_xml_is_refused_with_its_line():
    findings = catalog.check_files({"x.bpmn": b"<definitions>\n<process>\n</definitions>"})

    assert [(one.rule, one.line) for one in findings] == [("xml", 3)]


def test_a_quantity_of_thousands_of_digits_is_refused():
    assert found(process(f'<task id="t" startQuantity="{"9" * 5000}"/>')) == {"quantity"}


def test_a_file_without_a_process_is_refused():
    assert found(f"<definitions {MODEL}/>") == {"no-process"}


def test_a_script_in_another_language_is_refused():
    script = '<scriptTask id="b" scriptFormat="python"><script>1</script></scriptTask>'

    assert "script-language" in found(process(script))


def test_a_gateway_without_default_is_found():
    ways = '<exclusiveGateway id="g"/><task id="a"/><task id="b"/>' + "".join(
        f'<sequenceFlow id="f{one}" sourceRef="g" targetRef="{one}"/>' for one in "ab"
    )

    assert "gateway-decides" in found(process(ways))


@pytest.mark.parametrize("text", ["=age >= 22", '="WD(5)"', '="P30D"', '="八周岁以上"'])
def test_a_number_of_law_is_found_in_an_expression(text):
    assert numbers(text) != []


@pytest.mark.parametrize("text", ["=count(a) > 0", "=a[2]", "=substring(a, 1, 10)", '="第5号"'])
def test_counting_is_no_number_of_law(text):
    assert numbers(text) == []
