"""Amounts, ages and limits stand in tables and parameters, in no diagram.

Whoever changes a number when the law changes must find it in one place, beside its source.
Zero and one, list positions and cuts of texts are counting, not law.
"""

import re
from collections.abc import Iterator

from onething.catalog.elements import MODEL
from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
_NUMBER = re.compile(r"(?<![\w.\"-])\d+(?:\.\d+)?(?![\w\"])")
_PERIOD = re.compile(r"\b(?:WD|ND|PN)\(?\d+\)?|\bR?\d*/?P(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?\b")
_SPOKEN = re.compile(r"[一二三四五六七八九十百千万两]+(?:周岁|个工作日|个月|日|天|元)")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_CUT = re.compile(r"(substring\([^)]*?)(?:,\s*\d+)+\s*\)")
_POSITION = re.compile(r"\[-?\d+\]")
_DURATION = f"{MODEL}timerEventDefinition/{MODEL}timeDuration"
_COUNTING = frozenset({"0", "1"})


def check(subject: Subject) -> Iterator[Fault]:
    """Yield nodes and flows whose expressions hold a number of law."""
    remedy = "Move it to a decision table, or to [[parameters]] of service.toml."
    for node in subject.nodes():
        literal = [value for name, value in node.properties.items() if name == "limit"]
        timers = [(one.text or "").strip() for one in node.element.iterfind(_DURATION)]
        for text in [*node.expressions(), *literal, *timers]:
            for number in numbers(text):
                yield at(node, f"the number {number} stands in the diagram", remedy)
    for flow in subject.flows:
        for number in numbers(flow.condition):
            yield at(flow, f"the number {number} stands in the diagram", remedy)


def numbers(expression: str) -> list[str]:
    """Return the numbers of law in an expression: amounts, periods, and spoken in Chinese."""
    periods = [one for one in _PERIOD.findall(expression) if any(sign.isdigit() for sign in one)]
    outside = _POSITION.sub("", _CUT.sub(r"\1)", _TEXT.sub('""', expression)))
    amounts = [one for one in _NUMBER.findall(outside) if one not in _COUNTING]
    spoken = _SPOKEN.findall(expression)
    return list(dict.fromkeys([*periods, *amounts, *spoken]))
