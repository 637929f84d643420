"""Immutable deployments of service packages, addressed by content hash."""

from onething.definitions.changes import add
from onething.definitions.definition import Definition
from onething.definitions.filters import (
    MOST_DAYS,
    DayRange,
    FilterField,
    comparable,
    may_filter,
    readers,
)
from onething.definitions.package import Package, thaw
from onething.definitions.queries import (
    Definitions,
    DeploymentRow,
    all_of,
    newest,
    newest_of_all,
)
from onething.definitions.service import (
    Cosigner,
    DocumentRule,
    Item,
    Lane,
    MaterialRule,
    Parameter,
    Proxy,
    ReliefRule,
    Service,
)

__all__ = [
    "MOST_DAYS",
    "Cosigner",
    "DayRange",
    "Definition",
    "Definitions",
    "DeploymentRow",
    "DocumentRule",
    "FilterField",
    "Item",
    "Lane",
    "MaterialRule",
    "Package",
    "Parameter",
    "Proxy",
    "ReliefRule",
    "Service",
    "add",
    "all_of",
    "comparable",
    "may_filter",
    "newest",
    "newest_of_all",
    "readers",
    "thaw",
]
