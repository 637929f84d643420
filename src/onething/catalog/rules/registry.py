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
    check: Callable[[Subject], Iterator[Fault]]

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """Yield what breaks the rule."""
        if self.needs_package and not subject.is_whole:
            return
        for one in self.check(subject):
            yield Finding(
                one.file, one.element, self.id, one.message, one.remedy, self.severity, one.line
            )


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule, by id."""
    package = __name__.rpartition(".")[0]
    folder = import_module(package).__path__
    names = sorted(one.name for one in pkgutil.iter_modules(folder) if one.name != "registry")
    return tuple(_rule(package, name) for name in names)


def _rule(package: str, name: str) -> Rule:
    module = import_module(f"{package}.{name}")
    return Rule(
        id=name.replace("_", "-"),
        reason=(module.__doc__ or "").strip(),
        severity=module.SEVERITY,
        needs_package=getattr(module, "NEEDS_PACKAGE", False),
        check=module.check,
    )
