"""Read the XML of a DMN file safely and answer with findings that name the place."""

from typing import Final, NoReturn

from lxml import etree

from onething.errors import Finding, ModelRefused

MOST_BYTES: Final = 10_000_000
_NAMESPACE_PARTS: Final = ("/spec/DMN/", "/spec/dmn/")

Element = etree._Element  # noqa: SLF001 - the library gives its element class no public name


def refuse(finding: Finding) -> NoReturn:
    """Raise ModelRefused for one finding."""
    raise ModelRefused([finding])


def read(xml: bytes, name: str) -> Element:
    """Return the `definitions` element of a DMN 1.1 to 1.5 file.

    Raises ModelRefused for what is too large, no XML, no DMN, or declares a document type.
    """
    if len(xml) > MOST_BYTES:
        refuse(Finding(name, "", "dmn-size", "the file is too large", "split the model"))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        refuse(
            Finding(name, "", "dmn-xml", f"the file is no XML: {error}", "save it again", line=line)
        )
    if getattr(root.getroottree().docinfo, "doctype", ""):
        refuse(Finding(name, "", "dmn-doctype", "a document type is declared", "remove <!DOCTYPE>"))
    if tag(root) != "definitions" or not _is_dmn(root):
        refuse(Finding(name, "", "dmn-root", "the file holds no DMN definitions", "save as DMN"))
    return root


def _is_dmn(element: Element) -> bool:
    namespace = etree.QName(element).namespace or ""
    return any(part in namespace for part in _NAMESPACE_PARTS)


def tag(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return etree.QName(element).localname


def children(element: Element, *names: str) -> list[Element]:
    """Return the child elements of the model with one of the names, all when none is given."""
    space = etree.QName(element).namespace
    return [
        child
        for child in element
        if etree.QName(child).namespace == space and (not names or tag(child) in names)
    ]


def child(element: Element, *names: str) -> Element | None:
    """Return the first child with one of the names."""
    return next(iter(children(element, *names)), None)


def text(element: Element | None) -> str:
    """Return the content of the element's `text` child, or its own text, stripped."""
    if element is None:
        return ""
    inner = child(element, "text")
    return "".join(map(str, (element if inner is None else inner).itertext())).strip()
