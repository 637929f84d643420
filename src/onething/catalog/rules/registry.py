"""The registry of rules."""

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from onething.catalog.subject import Fault, Subject
from onething.errors import Finding, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One modelling rule."""

    id: str
    reason: str
    """What must hold and why, as the module's docstring says it."""
    severity: Severity
    needs_package: bool
    """A lone diagram or form cannot be judged: manifest, forms or texts are read, too."""
    of_standard: bool
    """A rule of BPMN 2.0 itself; the others are rules of the house."""
    check: Callable[[Subject], Iterator[Fault]]

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """Yield what breaks the rule."""
        if self.needs_package and not subject.is_whole:
            return
        for one in self.check(subject):
            severity = "warning" if one.is_of_drawing else self.severity
            yield Finding(
                one.file, one.element, self.id, one.message, one.remedy, severity, one.line
            )


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule: those of the house by id, then those of the standard by id."""
    package = __name__.rpartition(".")[0]
    return (*_rules(package, of_standard=False), *_rules(f"{package}.bpmn", of_standard=True))


def _rules(package: str, *, of_standard: bool) -> Iterator[Rule]:
    modules = pkgutil.iter_modules(import_module(package).__path__)
    for name in sorted(one.name for one in modules if not one.ispkg and one.name != "registry"):
        yield _rule(package, name, of_standard=of_standard)


def _rule(package: str, name: str, *, of_standard: bool) -> Rule:
    module = import_module(f"{package}.{name}")
    return Rule(
        id=name.replace("_", "-"),
        reason=(module.__doc__ or "").strip(),
        severity=module.SEVERITY,
        needs_package=getattr(module, "NEEDS_PACKAGE", False),
        of_standard=of_standard,
        check=module.check,
    )
