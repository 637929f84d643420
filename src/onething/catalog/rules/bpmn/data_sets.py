"""The sets of an input/output specification hold what they refine, and name each other.

Optional and while-executing data are among the set's own data; an input set and an output set
that depend on each other say so on both sides. Source: BPMN 2.0.2 §10.4.1, tables 10.61, 10.62.
"""

from collections.abc import Iterator

from onething.catalog.data import named_by
from onething.catalog.diagram import Diagram
from onething.catalog.elements import Element, children, text_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_PARTS = {
    "inputSet": ("dataInputRefs", "optionalInputRefs", "whileExecutingInputRefs"),
    "outputSet": ("dataOutputRefs", "optionalOutputRefs", "whileExecutingOutputRefs"),
}
_PARTNERS = {
    "inputSet": ("outputSetRefs", "inputSetRefs"),
    "outputSet": ("inputSetRefs", "outputSetRefs"),
}


def check(subject: Subject) -> Iterator[Fault]:
    """Yield sets with parts that they do not hold, and sets named from one side only."""
    for kind, (whole, *parts) in _PARTS.items():
        for diagram, one in subject.elements(kind):
            held = named_by(one, whole)
            for part in parts:
                missing = sorted(named_by(one, part) - held)
                if missing:
                    message = f"{part} names {missing[0]}, which is none of its {whole}"
                    yield on(diagram, one, message, f"Name it in {whole}, too.")
    for kind, (there, back) in _PARTNERS.items():
        named_back: dict[Element, set[str]] = {}
        for diagram, one in subject.elements(kind):
            yield from _one_sided(diagram, one, there, back, named_back)


def _one_sided(
    diagram: Diagram, one: Element, there: str, back: str, named_back: dict[Element, set[str]]
) -> Iterator[Fault]:
    for reference in children(one, there):
        partner = diagram.elements.find(text_of(reference))
        if partner is None:
            continue
        if partner not in named_back:
            named_back[partner] = named_by(partner, back)
        if one.get("id") not in named_back[partner]:
            message = f"it names {partner.get('id')} in {there}, but is not named back"
            yield on(diagram, one, message, f"Name it in the {back} of {partner.get('id')}.")
