"""Files come from outside: XML is read without entities, in bounds, or refused."""

from typing import Any

from lxml import etree

from onething.engine.parsing.findings import Findings

MAX_BYTES = 50_000_000
MAX_ELEMENTS = 400_000
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"


def read(name: str, data: bytes, findings: Findings) -> Any:
    """Return the root element of a file, or None with a finding that says why not."""
    if len(data) > MAX_BYTES:
        findings.add(name, None, "file-size", "the file is larger than 50 MB", "Split the model.")
        return None
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        _refuse_doctype(name, findings)
        return None
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as failure:
        remedy = "Write the file with a BPMN modeller; it must be well-formed XML."
        line = getattr(failure, "lineno", None)
        message = f"the file is no XML: {getattr(failure, 'msg', None) or failure}"
        findings.add(name, None, "xml", message, remedy, line)
        return None
    return root if _is_sound(name, root, findings) else None


def _refuse_doctype(name: str, findings: Findings) -> None:
    findings.add(
        name,
        None,
        "doctype",
        "the file declares a document type or entities",
        "Remove the DOCTYPE.",
    )


def _is_sound(name: str, root: Any, findings: Findings) -> bool:
    if root.getroottree().docinfo.doctype:
        _refuse_doctype(name, findings)
        return False
    count = sum(1 for _ in root.iter())
    if count > MAX_ELEMENTS:
        message = f"the file has {count} XML elements, more than {MAX_ELEMENTS}"
        findings.add(name, None, "file-size", message, "Split the model with call activities.")
        return False
    if root.tag != f"{{{MODEL}}}definitions":
        message = f"the root element is {root.tag}, not BPMN 2.0 definitions"
        findings.add(name, root, "not-bpmn", message, "Save the diagram as BPMN 2.0.")
        return False
    return True
