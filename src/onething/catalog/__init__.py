"""Service packages on disk: read, checked, begun anew."""

from onething.catalog.arithmetic import Arithmetic, arithmetic
from onething.catalog.begin import new
from onething.catalog.checks import check, check_files, check_package, check_service, check_standard
from onething.catalog.folders import Catalog, shipped_root
from onething.catalog.rules import Rule, rules

__all__ = [
    "Arithmetic",
    "Catalog",
    "Rule",
    "arithmetic",
    "check",
    "check_files",
    "check_package",
    "check_service",
    "check_standard",
    "new",
    "rules",
    "shipped_root",
]
