"""What a mutant is, and how one is made of an XML file."""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from onething.catalog.diagram import parsed
from onething.catalog.elements import Element
from onething.definitions import Package


@dataclass(frozen=True, slots=True)
class Mutant:
    """A package with one rule less; the package is made when it is asked for."""

    what: str
    """The rule that was taken out, as `kind: file: id`."""
    use: str
    """The flow, rule or refused field by which a scenario uses it."""
    make: Callable[[], Package]

    @property
    def package(self) -> Package:
        """The changed package."""
        return self.make()


def replaced(package: Package, path: str, data: bytes) -> Package:
    """Return the package with another content of one file."""
    return Package(package.code, {**package.files, path: data})


def edited(package: Package, path: str, edit: Callable[[Element], None]) -> Callable[[], Package]:
    """Return what makes the package with one XML file edited."""

    def make() -> Package:
        root = parsed(package.files[path])
        edit(root)
        return replaced(package, path, etree.tostring(root))

    return make


def by_id(root: Element, wanted: str) -> Element:
    """Return the element with an id; the id was read from the same file."""
    return next(one for one in root.iter("{*}*") if one.get("id") == wanted)


def removed(element: Element) -> None:
    """Take an element out of its parent."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def own_first(package: Package, suffix: str) -> list[str]:
    """Return the package's files of a kind: the service's own, then called, then shared ones."""
    own = f"/{package.code}/"
    return sorted(package.ending(suffix), key=lambda path: ("/_shared/" in path, own not in path))
