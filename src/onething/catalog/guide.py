"""The guide (情形引导): what a person's situation means for items and materials. Pure.

A few general questions of the application are asked ahead; the manifest names them. Source:
report §1.8; 行政许可法 第三十条 (what is needed is made known at once).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onething import feel
from onething.catalog.relief import by_hand, joint_trips
from onething.definitions import Definition, Item, MaterialRule
from onething.feel import Environment

_PROMISE = "PROMISE"
"""Source of what a person's own promise replaces (告知承诺)."""


@dataclass(frozen=True, slots=True)
class GuidedMaterial:
    """One material as the situation wants it."""

    rule: MaterialRule
    is_certain: bool
    """False: whether it is needed hangs on what was not asked."""


@dataclass(frozen=True, slots=True)
class GuidedItem:
    """One item that the situation calls for, with its materials."""

    item: Item
    is_certain: bool
    materials: tuple[GuidedMaterial, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """What is told at once: items, materials, trips."""

    items: tuple[GuidedItem, ...]

    @property
    def brought(self) -> tuple[GuidedMaterial, ...]:
        """What the person brings, each thing once: nothing that another item's source supplies."""
        rules = by_hand([one.rule for one in self._materials])
        ids = {one.id for one in rules if one.source != _PROMISE}
        return _once(one for one in self._materials if one.rule.id in ids)

    @property
    def fetched(self) -> tuple[GuidedMaterial, ...]:
        """What departments share, the system makes or a promise replaces, each thing once."""
        brought = {one.rule.id for one in self.brought}
        return _once(one for one in self._materials if one.rule.id not in brought)

    @property
    def trips(self) -> int:
        """How often the person comes in person."""
        return joint_trips([one.item for one in self.items if one.is_certain])

    @property
    def _materials(self) -> list[GuidedMaterial]:
        return [material for item in self.items for material in item.materials]


def guide(definition: Definition, answers: Mapping[str, Any], env: Environment) -> Guide:
    """Return what answers to the guide's questions mean.

    Args:
        definition: The service.
        answers: Data of the application as far as it is known.
        env: The present instant.
    """
    chosen = _chosen(definition, answers, env)
    items = []
    for item in definition.service.items:
        applies = _truth(item.condition, answers, env) if item.condition else True
        if chosen is not None:
            applies = item.id in chosen and applies is not False
        if applies is not False:
            materials = _materials(item.materials, answers, env)
            items.append(GuidedItem(item, applies is True, tuple(materials)))
    return Guide(tuple(items))


def _chosen(
    definition: Definition, answers: Mapping[str, Any], env: Environment
) -> frozenset[str] | None:
    """Return the items that the service's own decision names, or None where it names none."""
    decision = definition.service.guide.decision
    if not decision:
        return None
    found = definition.process.decision_model(decision).evaluate(decision, answers, env).value
    named = found if isinstance(found, list) else []
    return frozenset(str(one.get("item") if isinstance(one, dict) else one) for one in named)


def _materials(
    rules: Sequence[MaterialRule], answers: Mapping[str, Any], env: Environment
) -> Iterator[GuidedMaterial]:
    for rule in rules:
        if isinstance(rule.required, str):
            wanted = _truth(rule.required, answers, env)
            if wanted is not False:
                yield GuidedMaterial(rule, wanted is True)
        elif rule.required:
            yield GuidedMaterial(rule, is_certain=True)


def _once(found: Iterable[GuidedMaterial]) -> tuple[GuidedMaterial, ...]:
    """Return each kind of material once, as certain as any item has it."""
    kinds: dict[str, GuidedMaterial] = {}
    for one in found:
        known = kinds.get(one.rule.id)
        if known is None or not known.is_certain:
            kinds[one.rule.id] = one
    return tuple(kinds.values())


def _truth(expression: str, answers: Mapping[str, Any], env: Environment) -> bool | None:
    """Return what an expression comes to; None where an answer that it needs is missing."""
    compiled = feel.compile_attribute(expression)
    value = compiled.evaluate(answers, env)
    is_known = compiled.free_names <= answers.keys()
    return value if isinstance(value, bool) and (value or is_known) else None
