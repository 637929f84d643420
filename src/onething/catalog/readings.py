"""Every Chinese text of a service that a page shows to people, and where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from onething.catalog.diagram import Diagram, parsed
from onething.catalog.elements import MODEL, Element
from onething.catalog.subject import Subject
from onething.definitions import Item, Service
from onething.forms import Component

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NOT_SHOWN = frozenset({f"{MODEL}{one}" for one in ("message", "signal", "error", "escalation")})
_CLAUSES = ("decision", "input", "output")
_NOTES = ("}annotationEntry", "}description")
_STRING = re.compile(r'"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Reading:
    """One text at one place."""

    file: str
    element: str
    text: str


def readings(subject: Subject) -> Iterator[Reading]:
    """Yield every Chinese text without English beside it that people read: no FEEL, no data."""
    for one in _everything(subject):
        if _CHINESE.search(one.text) and not one.text.startswith("="):
            yield one


def _everything(subject: Subject) -> Iterator[Reading]:
    for diagram in subject.diagrams:
        yield from _of_diagram(diagram)
    for path, data in subject.package.ending(".dmn").items():
        yield from _of_decisions(path, parsed(data))
    for path, form in subject.forms.items():
        for root in form.components:
            for component in root.walk():
                yield from (Reading(path, component.id, text) for text in _of_field(component))
    for service in subject.services:
        manifest = f"bpmn/{service.code}/service.toml"
        yield from (Reading(manifest, place, text) for place, text in _of_manifest(service))
    for template in subject.templates.values():
        columns = template.listing.columns if template.listing else ()
        labels = [one.label for one in (*template.fields, *columns)]
        for text in (template.title, *labels):
            yield Reading("texts/documents.toml", template.id, text)


def _of_diagram(diagram: Diagram) -> Iterator[Reading]:
    for element in diagram.root.iter(f"{MODEL}*"):
        place = element.get("id") or ""
        if element.tag not in _NOT_SHOWN:
            yield Reading(diagram.file, place, element.get("name") or "")
        if element.tag == f"{MODEL}text":
            yield Reading(diagram.file, place, element.text or "")
    for node in diagram.nodes:
        for said in ("basis", "item.reason"):
            yield Reading(diagram.file, node.id, node.properties.get(said, ""))


def _of_decisions(path: str, root: Element) -> Iterator[Reading]:
    for clause in root.iter(*(f"{{*}}{kind}" for kind in _CLAUSES)):
        said = clause.get("label") or clause.get("name") or ""
        yield Reading(path, clause.get("id") or "", said)
    for rule in root.iter("{*}rule"):
        yield from (Reading(path, rule.get("id") or "", text) for text in _of_rule(rule))


def _of_rule(rule: Element) -> Iterator[str]:
    """Yield the texts in a rule's cells, and its annotation."""
    for cell in rule.iterfind("{*}*"):
        said = cell.findtext("{*}text") or cell.text or ""
        if str(cell.tag).endswith(_NOTES):
            yield said.strip()
        else:
            yield from _STRING.findall(said)


def _of_field(component: Component) -> Iterator[str]:
    labels = [component.label, component.description, component.content]
    labels += [option.label for option in component.options.fixed]
    labels += [heading for _, heading in component.columns]
    yield from (label.zh for label in labels if not label.en)
    chinese, english = component.behaviour.message or ("", "")
    if chinese == english:
        yield chinese


def _of_manifest(service: Service) -> Iterator[tuple[str, str]]:
    yield from (("", text) for text in (service.name, service.summary, *service.legal_basis))
    yield from ((lane.name, lane.name) for lane in service.lanes)
    for one in service.cosigners:
        said = (one.name, one.declaration, one.notice, *one.legal_basis)
        yield from ((f"cosigners.{one.party}", text) for text in said)
    proxy = service.proxy
    if proxy.declaration:
        said = (proxy.name, proxy.declaration, proxy.agent_declaration, proxy.notice, proxy.refusal)
        yield from (("proxy", text) for text in (*said, *proxy.refusal_basis, *proxy.legal_basis))
    for acting in service.acting:
        said = (acting.of, acting.text, *acting.legal_basis)
        yield from (("acting", text) for text in said if text)
    for item in service.items:
        yield from ((item.id, text) for text in _of_item(item))
    for parameter in service.parameters:
        said = (parameter.note, str(parameter.value), parameter.unit, parameter.source)
        yield from ((parameter.name, text) for text in said)
    yield from ((document.id, document.name) for document in service.documents)


def _of_item(item: Item) -> Iterator[str]:
    yield from (item.name, str(item.fee), *item.special, *item.requirements, *item.legal_basis)
    for material in item.materials:
        yield from (material.name, material.note)
