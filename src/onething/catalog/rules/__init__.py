"""Modelling rules: one a file, found by import; the file's name is the rule's id.

A rule module has a docstring (what must hold, and why), `SEVERITY`, `NEEDS_PACKAGE` where a
lone file cannot be judged, and `check(subject)`, which yields one fault for each breach.
"""

from onething.catalog.rules.registry import Rule, rules

__all__ = ["Rule", "rules"]
