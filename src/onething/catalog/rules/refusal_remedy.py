"""A document that refuses says why and on what basis, and tells how to object.

Source: 行政许可法 第三十八条第二款: the reason, and the right to reconsideration or to sue.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.documents import Template
from onething.documents.texts import Text
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True
_IDS = ("refusal", "rejection", "denial", "not-accepted", "non-acceptance", "not-granted")
_TITLES = ("不予", "驳回", "不属")
_WHY = ("理由", "原因", "reason", "basis")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield numbered documents that refuse and name no remedy, no legal basis or no reason."""
    for template in subject.templates.values():
        if not template.prefix or not _refuses(template):
            continue
        file = f"bpmn/{subject.package.code}/texts/documents.toml"
        if not template.remedy:
            remedy = "Write remedy = how, where and by when to object."
            yield Fault(file, template.id, "the refusal names no remedy", remedy)
        if not template.legal_basis:
            remedy = "Write legal_basis = the articles that it rests on."
            yield Fault(file, template.id, "the refusal names no legal basis", remedy)
        if not _says_why(template):
            remedy = "Say why in a paragraph or field, such as 理由：{=review.reason}"
            yield Fault(file, template.id, "the refusal gives no reason", remedy)


def _refuses(template: Template) -> bool:
    by_id = any(word in template.id for word in _IDS)
    return by_id or any(word in template.title for word in _TITLES)


def _says_why(template: Template) -> bool:
    """Whether a placeholder stands in a text that tells a reason."""
    fields = [(one.label, one.value) for one in template.fields]
    columns = (
        [(one.label, one.value) for one in template.listing.columns] if template.listing else []
    )
    paragraphs = [("", one) for one in template.paragraphs]
    return any(_tells(label, text) for label, text in (*paragraphs, *fields, *columns))


def _tells(label: str, text: Text) -> bool:
    placeholders = [one for one in text.parts if not isinstance(one, str)]
    said = label + "".join(one if isinstance(one, str) else one.text for one in text.parts)
    return bool(placeholders) and any(word in said for word in _WHY)
