"""What rules look at: a package read once, with its manifest, diagrams, tables and forms."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from onething import documents
from onething.catalog.diagram import Diagram, Flow, Node
from onething.catalog.elements import Element, kind_of, line_of, process_of
from onething.definitions import Definition, Package, Service
from onething.documents import Template
from onething.forms import Form


@dataclass(frozen=True, slots=True)
class Fault:
    """One breach of a rule, before the rule's name is put to it."""

    file: str
    element: str
    message: str
    remedy: str
    line: int | None = None
    is_of_drawing: bool = False
    """It lies in a process that nobody can start: shown, never refused."""


def at(place: Node | Flow, message: str, remedy: str) -> Fault:
    """Return a fault at a node or flow."""
    return Fault(place.file, place.id, message, remedy, place.line)


def on(diagram: Diagram, element: Element, message: str, remedy: str) -> Fault:
    """Return a fault at any element; one without id goes by the id of what is around it."""
    around = (one.get("id") for one in (element, *element.iterancestors()))
    name = next((one for one in around if one), kind_of(element))
    is_of_drawing = is_drawing(diagram, element)
    return Fault(diagram.file, name, message, remedy, line_of(element), is_of_drawing)


def is_drawing(diagram: Diagram, element: Element) -> bool:
    """Whether an element belongs to a drawing.

    Outside of processes that is so where the file has processes and none says it is executable:
    there a collaboration is drawn for people.
    """
    process = process_of(element)
    if process is not None:
        return process.get("isExecutable") in {"false", "0"}
    said = [one.get("isExecutable") for one in diagram.elements.of("process")]
    return bool(said) and not {"true", "1"}.intersection(said)


class Subject:
    """A package, or loose files, that can be read: rules say whether it is well made."""

    def __init__(self, package: Package, *, is_whole: bool = True) -> None:
        self.package = package
        self.is_whole = is_whole
        """Whether a manifest, forms and texts stand beside the diagrams."""
        self.definition = Definition(package)

    @property
    def manifest(self) -> str:
        """Path of the manifest in the package."""
        return f"bpmn/{self.package.code}/service.toml"

    @property
    def service(self) -> Service:
        """The manifest; only of a whole package."""
        return self.package.service

    @cached_property
    def services(self) -> list[Service]:
        """The manifest and those of the packages it uses, as far as they have one."""
        used = [code for code in self.service.uses if f"bpmn/{code}/service.toml" in self.files]
        return [self.service, *(Package(code, self.package.files).service for code in used)]

    @property
    def files(self) -> frozenset[str]:
        """Every path of the package."""
        return frozenset(self.package.files)

    @cached_property
    def diagrams(self) -> list[Diagram]:
        """The BPMN files that take part: own ones, and all that they call."""
        every = [Diagram(path, data) for path, data in self.package.ending(".bpmn").items()]
        if not self.is_whole:
            return every
        taking_part = self._taking_part(every)
        return [one for one in every if not taking_part.isdisjoint(one.processes)]

    def _taking_part(self, every: list[Diagram]) -> set[str]:
        """Return the own processes and those they call, directly or through others."""
        calls: dict[str, set[str]] = {}
        for node in (node for one in every for node in one.nodes if node.kind == "callActivity"):
            target = node.extension("calledElement", "processId")
            target = target or node.element.get("calledElement") or ""
            chosen_late = {name for one in every for name in one.processes}
            calls.setdefault(node.process, set()).update(
                chosen_late if target.startswith("=") else {target}
            )
        own = f"bpmn/{self.package.code}/"
        todo = [name for one in every if one.file.startswith(own) for name in one.processes]
        found: set[str] = set()
        while todo:
            process = todo.pop()
            if process not in found:
                found.add(process)
                todo += calls.get(process, ())
        return found

    def nodes(self, *kinds: str) -> Iterator[Node]:
        """Yield the nodes of every diagram, of some kinds or all."""
        for diagram in self.diagrams:
            yield from (node for node in diagram.nodes if not kinds or node.kind in kinds)

    def elements(self, *kinds: str) -> Iterator[tuple[Diagram, Element]]:
        """Yield the BPMN elements of some kinds in every diagram, each with its diagram."""
        for diagram in self.diagrams:
            yield from ((diagram, one) for one in diagram.elements.of(*kinds))

    @cached_property
    def flows(self) -> list[Flow]:
        """Every sequence flow."""
        return [flow for diagram in self.diagrams for flow in diagram.flows]

    @cached_property
    def processes(self) -> frozenset[str]:
        """Ids of every process."""
        return frozenset(self.definition.process.process_ids)

    @cached_property
    def decisions(self) -> frozenset[str]:
        """Ids of every decision."""
        return frozenset(self.definition.process.decisions)

    @cached_property
    def templates(self) -> dict[str, Template]:
        """Templates of documents and notices, by id."""
        return documents.templates(self.definition.document_files)

    def form_path(self, form_id: str) -> str:
        """Return the path of a form's file: an id without folder is the service's own."""
        return self.definition.form_path(form_id)

    def form(self, form_id: str) -> Form | None:
        """Return a form by id, or None where the package has none."""
        if self.form_path(form_id) not in self.files:
            return None
        return self.definition.form(form_id)

    @cached_property
    def missing_forms(self) -> list[tuple[str, str]]:
        """What the application is compiled of and is not there: who names it, and its id."""
        service = self.service
        named = [("application", service.application)]
        named += [(f"items.{item.id}", item.form) for item in service.items if item.form]
        return [(place, one) for place, one in named if self.form_path(one) not in self.files]

    @cached_property
    def forms(self) -> dict[str, Form]:
        """Every form by its path."""
        ids = (path.removeprefix("forms/") for path in self.package.ending(".form"))
        return {f"forms/{one}": self.definition.form(one.removesuffix(".form")) for one in ids}
