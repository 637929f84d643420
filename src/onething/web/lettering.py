"""A diagram's names in another language; ids, flows and places stay as they are."""

from collections.abc import Mapping
from math import ceil

from lxml import etree

_MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_SHOWN = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
_LETTER_PX = 6.5
_ROW_PX = 13
_LINE_PX = 90
"""The viewer breaks labels at this width, whatever is longer."""

Element = etree._Element  # noqa: SLF001 - the library gives its element class no public name


def lettered(diagram: bytes, wording: Mapping[str, str]) -> bytes:
    """Return a BPMN file in which every name and note that has another wording shows that."""
    if not wording:
        return diagram
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(diagram, parser)
    renamed = _rename(root, wording)
    for shape in root.iter(f"{_SHOWN}BPMNShape", f"{_SHOWN}BPMNEdge"):
        name = renamed.get(shape.get("bpmnElement") or "")
        bounds = shape.find(f"{_SHOWN}BPMNLabel/{_BOUNDS}")
        if name is not None and bounds is not None:
            lay = _beside if shape.tag == f"{_SHOWN}BPMNEdge" else _below
            lay(bounds, name)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _rename(root: Element, wording: Mapping[str, str]) -> dict[str, str]:
    """Change names and notes; return the new names by element id."""
    renamed: dict[str, str] = {}
    for element in root.iter(f"{_MODEL}*"):
        name = wording.get(str(element.get("name")))
        if name is not None:
            element.set("name", name)
            renamed[element.get("id") or ""] = name
        if element.tag == f"{_MODEL}text":
            element.text = wording.get(element.text or "", element.text)
    return renamed


def _below(bounds: Element, name: str) -> None:
    """Give a node's label room for its longest word, around the same middle: no word is cut."""
    width = _number(bounds, "width")
    wanted = min(_LINE_PX, max(map(len, name.split()), default=0) * _LETTER_PX)
    if wanted > width:
        _put(bounds, "x", _number(bounds, "x") - (wanted - width) / 2)
        _put(bounds, "width", wanted)


def _beside(bounds: Element, name: str) -> None:
    """Give a flow's label room for its whole text; further lines grow upwards, off the flow."""
    length = len(name) * _LETTER_PX
    lines = ceil(length / _LINE_PX)
    _put(bounds, "width", max(_number(bounds, "width"), min(_LINE_PX, length)))
    _put(bounds, "y", _number(bounds, "y") - (lines - 1) * _ROW_PX)


def _number(bounds: Element, name: str) -> float:
    return float(bounds.get(name) or 0)


def _put(bounds: Element, name: str, value: float) -> None:
    bounds.set(name, f"{value:g}")
