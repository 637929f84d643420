"""Decisions: DMN 1.1 to 1.5 models, their requirement graphs and decision tables.

`parse` a file once and `evaluate` its decisions; a pure package. Source: DMN 1.5.
"""

from onething.decisions.analysis import TableFinding, analyse
from onething.decisions.model import Decision, DecisionModel, DecisionResult
from onething.decisions.reader import parse, parse_all
from onething.decisions.trace import RuleMatch

__all__ = [
    "Decision",
    "DecisionModel",
    "DecisionResult",
    "RuleMatch",
    "TableFinding",
    "analyse",
    "parse",
    "parse_all",
]
