"""Run a folder of the DMN technology compatibility kit.

Each test case stands in a `*-test-*.xml` file beside the models it asks.
Source: dmn-tck/tck, TestCases/testCases.xsd.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from lxml import etree

from onething import decisions, feel
from onething.errors import InvalidInput, ModelRefused, OnethingError
from onething.feel.temporal_text import parse_date_time, parse_temporal
from onething.now import system_clock

LEFT_OUT: Final = frozenset({"0076-feel-external-java"})
"""Folders that ask for code of another language, which models may not call."""
_TEST: Final = "{http://www.omg.org/spec/DMN/20160719/testcase}"
_XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_NUMBERS: Final = frozenset({"decimal", "double", "float", "integer", "int", "long"})
_TOLERANCE: Final = Decimal("1e-8")
"""The kit's expected numbers are doubles."""


@dataclass(frozen=True, slots=True)
class Miss:
    """One result that differs from the expected one."""

    folder: str
    case: str
    result: str
    expected: str
    found: str


@dataclass(slots=True)
class Folder:
    """The results of one folder."""

    name: str
    passed: int = 0
    total: int = 0
    misses: list[Miss] = field(default_factory=list)


def run(root: Path) -> list[Folder]:
    """Run every folder below `root` that holds test cases, in the order of their paths.

    Raises:
        InvalidInput: There is none.
    """
    paths = sorted({path.parent for path in root.rglob("*.xml") if _is_test(path)})
    folders = [_folder(path) for path in paths if path.name not in LEFT_OUT]
    if not folders:
        raise InvalidInput(f"{root} holds no test cases of the DMN TCK")
    return folders


def _is_test(path: Path) -> bool:
    return "-test-" in path.name and any(path.parent.glob("*.dmn"))


def _folder(path: Path) -> Folder:
    done = Folder(path.name)
    files = {one.name: one.read_bytes() for one in path.glob("*.dmn")}
    try:
        models = decisions.parse_all(files, lenient=True)
    except ModelRefused:
        models = {}
    for test in sorted(path.glob("*-test-*.xml")):
        root = etree.parse(test, _parser()).getroot()
        model = models.get((root.findtext(f"{_TEST}modelName") or "").strip())
        for case in root.findall(f"{_TEST}testCase"):
            for node in case.findall(f"{_TEST}resultNode"):
                _judge(done, model, case, node)
    return done


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True)


def _judge(done: Folder, model: decisions.DecisionModel | None, case: Any, node: Any) -> None:  # noqa: ANN401 - lxml's elements carry no public type
    inputs = {one.get("name"): _value(one) for one in case.findall(f"{_TEST}inputNode")}
    wanted_element = node.find(f"{_TEST}expected")
    wanted = None if wanted_element is None else _value(wanted_element)
    found, text = _found(model, case, node.get("name"), inputs)
    done.total += 1
    if text is None and is_same(found, wanted):
        done.passed += 1
        return
    told = text or feel.text_of(found, quoted=True)
    expected = feel.text_of(wanted, quoted=True)
    done.misses.append(Miss(done.name, case.get("id") or "", node.get("name"), expected, told))


def _found(
    model: decisions.DecisionModel | None, case: Any, name: str, inputs: Mapping[str, feel.Value]  # noqa: ANN401 - as above
) -> tuple[feel.Value, str | None]:  # fmt: skip
    """Return the value of a result, or why there is none."""
    if model is None:
        return None, "the model cannot be read"
    called = case.get("invocableName")
    env = feel.Environment(now=system_clock())
    try:
        found = model.evaluate(called or name, inputs, env).value
    except OnethingError as error:
        return None, error.message
    if called and isinstance(found, dict) and name in found:
        return found[name], None
    return found, None


def _value(element: Any) -> feel.Value:  # noqa: ANN401 - as above
    """Return the value that a test writes: a simple one, a list or components by name."""
    items = element.find(f"{_TEST}list")
    if items is not None:
        is_nil = items.get(f"{_XSI}nil") == "true"
        return None if is_nil else [_value(item) for item in items.findall(f"{_TEST}item")]
    components = element.findall(f"{_TEST}component")
    if components:
        return {one.get("name"): _value(one) for one in components}
    simple = element.find(f"{_TEST}value")
    if simple is None or simple.get(f"{_XSI}nil") == "true":
        return None
    written = simple.get(f"{_XSI}type") or ""
    return _simple(simple.text or "", written.rpartition(":")[2])


def _simple(text: str, name: str) -> feel.Value:
    plain = text.strip()
    if name == "string":
        return text
    if name == "boolean" or (not name and plain in {"true", "false"}):
        return plain == "true"
    if name in _NUMBERS or (not name and _is_number(plain)):
        return Decimal(plain)
    moment = parse_date_time(plain) if name == "dateTime" or "T" in plain[:20] else None
    return moment or parse_temporal(plain) or text


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).lstrip("-").isdigit()


def is_same(found: feel.Value, wanted: feel.Value) -> bool:
    """Tell whether two values are the same to the precision of the kit's doubles."""
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(is_same, found, wanted))
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(
            is_same(found[name], wanted[name]) for name in found
        )
    if _is_plain_number(found) and _is_plain_number(wanted):
        return abs(Decimal(found) - Decimal(wanted)) <= _TOLERANCE * max(
            Decimal(1), abs(Decimal(wanted))
        )
    if found is None or wanted is None:
        return found is wanted
    return feel.equal(found, wanted) is True


def _is_plain_number(value: feel.Value) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def lines(folders: list[Folder]) -> Iterator[str]:
    """Yield the table of folders, the misses, and the sum as the last line."""
    for one in folders:
        yield f"{one.name:60} {one.passed:5} of {one.total:5}"
    for miss in (miss for one in folders for miss in one.misses):
        place = f"{miss.folder} {miss.case} {miss.result}"
        yield f"{place}: expected {miss.expected}, found {miss.found}"
    yield f"passed {sum(one.passed for one in folders)} of {sum(one.total for one in folders)}"
