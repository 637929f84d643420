"""A refusal says why, on what basis, and how to object; a package that does not is refused."""

import json

import pytest

from onething import catalog
from onething.catalog.rules import refusal_reason, refusal_remedy
from onething.catalog.subject import Subject
from unit.catalog.test_english_wording import SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_every_shipped_refusal_says_why_and_how_to_object(service):
    subject = Subject(catalog.Catalog().package(service))

    found = [*refusal_reason.check(subject), *refusal_remedy.check(subject)]

    assert [(one.file, one.element, one.message) for one in found] == []


@pytest.fixture
def checked(tmp_path):
    """Change a new package; return what the two rules find in it."""

    def found(file, change) -> list[tuple[str, str]]:
        catalog.new(tmp_path, "first-service", "第一件事")
        path = tmp_path / file
        before = path.read_text("utf-8")
        path.write_text(change(before), "utf-8")
        assert path.read_text("utf-8") != before
        findings = catalog.check([tmp_path / "bpmn/first-service"], catalog.Catalog())
        return [(one.rule, one.message) for one in findings if one.rule.startswith("refusal")]

    return found


def without_reasons(text: str) -> str:
    """Let the form ask for no reason."""
    form = json.loads(text)

    def kept(components):
        for one in components:
            if not str(one.get("key", "")).endswith("reason"):
                yield {**one, "components": list(kept(one.get("components", [])))}

    form["components"] = list(kept(form["components"]))
    return json.dumps(form)


def test_a_form_that_refuses_without_a_reason_is_refused(checked):
    found = checked("forms/first-service/review.form", without_reasons)

    assert ("refusal-reason", "refuse may be chosen without a reason") in found


TEXTS = "bpmn/first-service/texts/documents.toml"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace("remedy = ", "other = "), "the refusal names no remedy"),
        (
            lambda text: text.replace("legal_basis = ", "basis = "),
            "the refusal names no legal basis",
        ),
        (
            lambda text: text.replace("{=review.reason}", "").replace("review.reason", "nothing"),
            "the refusal gives no reason",
        ),
    ],
)
def test_a_notice_that_refuses_lacks_nothing(checked, change, told):
    assert ("refusal-remedy", told) in checked(TEXTS, change)
