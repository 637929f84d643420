import pytest

from onething import catalog
from onething.catalog.rules import english_wording
from onething.catalog.subject import Subject

SERVICES = (
    "adoption-registration",
    "after-death",
    "marriage-divorce",
    "marriage-status-change",
)


@pytest.mark.parametrize("service", SERVICES)
def test_a_shipped_service_is_read_in_english_as_a_whole(service):
    subject = Subject(catalog.Catalog().package(service))

    faults = [(one.file, one.element, one.message) for one in english_wording.check(subject)]

    assert faults == []


def test_a_name_without_english_words_is_found_where_it_stands(tmp_path):
    catalog.new(tmp_path, "first-service", "第一件事")
    diagram = tmp_path / "bpmn" / "first-service" / "first-service.bpmn"
    diagram.write_text(diagram.read_text("utf-8").replace("审查申请", "细看申请"), "utf-8")

    found = catalog.check([tmp_path / "bpmn" / "first-service"], catalog.Catalog())

    assert [(one.rule, one.element) for one in found] == [("english-wording", "review")]
    assert "细看申请" in found[0].message


def test_a_rule_of_a_table_is_read_in_english_too(tmp_path):
    catalog.new(tmp_path, "first-service", "第一件事")
    texts = tmp_path / "bpmn" / "first-service" / "texts" / "en.toml"
    texts.write_text(texts.read_text("utf-8").replace('"假定：身份不一致"', '"其他"'), "utf-8")

    found = catalog.check([tmp_path / "bpmn" / "first-service"], catalog.Catalog())

    assert [one.rule for one in found] == ["english-wording"]
    assert "假定：身份不一致" in found[0].message


def test_a_wording_that_is_no_text_says_nothing(tmp_path):
    catalog.new(tmp_path, "first-service", "第一件事")
    texts = tmp_path / "bpmn" / "first-service" / "texts" / "en.toml"
    texts.write_text(texts.read_text("utf-8").replace('"Review the application"', "3"), "utf-8")

    found = catalog.check([tmp_path / "bpmn" / "first-service"], catalog.Catalog())

    assert "english-wording" in {one.rule for one in found}
