"""What one application saves: the single forms of its items beside the joint one.

Source: report §1.2 (一表申请), design §7.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from onething import forms
from onething.catalog.supplies import supplies
from onething.definitions import Definition
from onething.forms import Component, Form


@dataclass(frozen=True, slots=True)
class Single:
    """How many fields one form asks by itself."""

    item: str
    """The item's id; empty: what every case is asked."""
    name: str
    name_en: str
    fields: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How many fields a citizen meets without and with the joint application.

    A field of a list counts once, however many rows there are; a field that only some cases are
    asked counts as well, on both sides.
    """

    singles: tuple[Single, ...]
    before: int
    """The sum of the single forms."""
    after: int
    """Fields of the joint application."""
    shared: tuple[str, ...]
    """Paths that shared data supply, once whoever applies is verified and agrees."""
    asked_twice: tuple[tuple[str, ...], ...]
    """Paths of one context that mean the same element; none in a good application."""

    @property
    def duplicates(self) -> int:
        """Fields that were asked again, and are not any more."""
        return self.before - self.after

    @property
    def to_type(self) -> int:
        """Fields that no shared source can supply."""
        return self.after - len(self.shared)


def arithmetic(definition: Definition, items: Collection[str] | None = None) -> Arithmetic:
    """Count the fields of a service's application, or of one with some of its items only.

    Raises:
        ModelRefused: The forms cannot be read, or contradict each other.
    """
    parts = definition.application_parts
    form = definition.application
    if items is not None:
        parts = [part for part in parts if not part.item or part.item in items]
        form = forms.form_of(forms.compile_joint(parts), definition.elements)
    singles = tuple(_single(definition, part) for part in parts)
    asked = _asked(form)
    return Arithmetic(
        singles=singles,
        before=sum(one.fields for one in singles),
        after=len(asked),
        shared=tuple(one.path for one in supplies(definition, form)),
        asked_twice=tuple(asked_twice(form)),
    )


def asked_twice(form: Form) -> list[tuple[str, ...]]:
    """Return the paths of one context that are bound to one element, context by context."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in _asked(form):
        if one.element is not None:
            found[one.path.rpartition(".")[0], one.element.id].append(one.path)
    return [tuple(paths) for paths in found.values() if len(paths) > 1]


def _single(definition: Definition, part: forms.Part) -> Single:
    form = definition.form_of(part)
    item = definition.service.item(part.item)
    name, english = (item.name, item.name_en) if item else ("", "")
    return Single(part.item, name, english, len(_asked(form)))


def _asked(form: Form) -> list[Component]:
    """Return what a person may enter."""
    return [one for one in form.fields if one.is_field and not one.readonly]
