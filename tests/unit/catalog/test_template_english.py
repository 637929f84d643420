import pytest

from onething import catalog
from onething.catalog.rules import template_english
from onething.catalog.subject import Subject
from unit.catalog.test_english_wording import SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_the_notices_of_a_shipped_service_are_written_in_english(service):
    subject = Subject(catalog.Catalog().package(service))

    assert [(one.element, one.message) for one in template_english.check(subject)] == []


@pytest.mark.parametrize(
    ("taken", "told"),
    [
        ('  "Reason: {=review.reason}",\n', "2 Chinese paragraphs have 1 English ones"),
        ("remedy_en = ", "the remedy stands in one language alone"),
    ],
)
def test_what_is_missing_in_english_is_found_where_it_stands(tmp_path, taken, told):
    catalog.new(tmp_path, "first-service", "第一件事")
    texts = tmp_path / "bpmn" / "first-service" / "texts" / "documents.toml"
    written = texts.read_text("utf-8")
    texts.write_text(written.replace(taken, "" if "Reason" in taken else "other = "), "utf-8")

    found = catalog.check([tmp_path / "bpmn" / "first-service"], catalog.Catalog())

    assert [(one.rule, one.element) for one in found] == [
        ("template-english", "first-service-refusal")
    ]
    assert told in found[0].message
