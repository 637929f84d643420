"""A material that an issued document may stand for names a document that a service issues.

A name that leads nowhere offers nothing, and nobody notices. Documents of services outside the
package are looked up by `onething check` alone: a package is deployed by itself. What a
department draws itself is none: nothing of it lies here. What a hidden service issues is of the
service whose case calls it.
"""

from collections.abc import Callable, Iterator

from onething.catalog.subject import Fault, Subject
from onething.definitions import Service
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True
_REMEDY = "Write SERVICE/DOCUMENT, with a document of [[documents]] there that has a template."


def check(subject: Subject) -> Iterator[Fault]:
    """Yield names of documents that neither the service nor one that it uses issues."""
    known = {one.code: one for one in subject.services}
    names = [code for code in named(subject.service) if code in known]
    yield from faults(subject.service, subject.manifest, names, known.get)


def named(service: Service) -> list[str]:
    """Return the codes of the services whose documents count for a material."""
    names = (name for item in service.items for one in item.materials for name in one.issued)
    return list(dict.fromkeys(name.partition("/")[0] for name in names))


def faults(
    service: Service, manifest: str, codes: list[str], find: Callable[[str], Service | None]
) -> Iterator[Fault]:
    """Yield the names of documents of some services that are not issued there."""
    for item in service.items:
        for material in item.materials:
            place = f"items.{item.id}.materials.{material.id}"
            for name in material.issued:
                code, _slash, document = name.partition("/")
                if code in codes and (message := _missing(code, document, find(code))):
                    yield Fault(manifest, place, message, _REMEDY)


def _missing(code: str, document: str, service: Service | None) -> str:
    if service is None:
        return f"there is no service {code}"
    if service.hidden:
        return f"the service {code} is called by others: its documents are of their cases"
    if all(one.id != document or not one.template_id for one in service.documents):
        return f"the service {code} issues no document {document}"
    return ""
