"""Service packages on disk: read, checked, begun anew."""

from onething.catalog.arithmetic import Arithmetic, arithmetic
from onething.catalog.begin import new
from onething.catalog.checks import check, check_files, check_package, check_service, check_standard
from onething.catalog.folders import Catalog, shipped_root
from onething.catalog.guide import Guide, GuidedItem, GuidedMaterial, guide
from onething.catalog.promised_days import Days
from onething.catalog.relief import Needed, Relief, SingleItem, relief
from onething.catalog.rules import Rule, rules
from onething.catalog.supplies import Supply, applicant_place, supplies

__all__ = [
    "Arithmetic",
    "Catalog",
    "Days",
    "Guide",
    "GuidedItem",
    "GuidedMaterial",
    "Needed",
    "Relief",
    "Rule",
    "SingleItem",
    "Supply",
    "applicant_place",
    "arithmetic",
    "check",
    "check_files",
    "check_package",
    "check_service",
    "check_standard",
    "guide",
    "new",
    "relief",
    "rules",
    "shipped_root",
    "supplies",
]
