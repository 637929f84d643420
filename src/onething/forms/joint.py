"""The joint application: the forms of a service's items, compiled into one that asks once.

Source: report §1.2 (一表申请), design §7. What is compiled is form-js JSON, so that the result is
read, shown and checked like any other form.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from onething.errors import Finding, ModelRefused
from onething.forms.json_value import Json
from onething.forms.parsing import read_json

Raw = Mapping[str, Json]

_MERGED = frozenset({"id", "components", "conditional", "layout", "validate", "properties"})
"""What of a component is merged, or may differ."""
_DEMANDS = frozenset({"required", "check", "message", "message_en"})
_NOTHING: Raw = {}


@dataclass(frozen=True, slots=True)
class Part:
    """The form of one item, or the frame: what every case of the service is asked."""

    file: str
    form: Raw
    """form-js JSON as `read_json` gives it."""
    condition: str = ""
    """FEEL over the application: the item belongs to the case only when true; empty: always."""
    item: str = ""
    """The item's id; empty: the frame."""

    @classmethod
    def read(cls, data: bytes, file: str, condition: str = "", item: str = "") -> Self:
        """Read a form's file.

        Raises:
            ModelRefused: The bytes are no form.
        """
        return cls(file, read_json(data, file), condition, item)


def compile_joint(parts: Sequence[Part]) -> dict[str, Json]:
    """Compile forms into one that asks for every value once.

    Groups with one id become one group, fields and lists with one path one field or list. They
    stand in the order of the forms, as far as these agree. A field is shown where one of the
    items that ask for it belongs to the case and shows it; it is required where one of these
    requires it.

    Args:
        parts: The frame first, then the items' forms, in the order of the manifest.

    Returns:
        The JSON of the joint form, with id and version of the frame.

    Raises:
        ModelRefused: Two forms ask for one value in different ways; names both places.
    """
    root: list[_Node] = []
    for part in parts:
        _lay(root, part, part.form.get("components"), ())
    findings = [finding for node in root for finding in node.conflicts()]
    if findings:
        raise ModelRefused(findings)
    ids = _Ids()
    components = [_with_hide(*node.drawn(ids)) for node in _ordered(root)]
    return {**parts[0].form, "components": components}


@dataclass(frozen=True, slots=True)
class _Source:
    """One component as one form has it."""

    part: Part
    raw: Raw
    hides: tuple[str, ...]
    """FEEL of the component and of the groups around it: one that is true hides it."""

    @property
    def hidden(self) -> tuple[str, ...]:
        """FEEL, one of which is true where this form does not ask; none: it always asks."""
        condition = _feel(self.part.condition)
        return (*self.hides, f"not(({condition}) = true)") if condition else self.hides

    @property
    def required(self) -> str:
        """FEEL that is true where this form requires an answer; empty: it never does."""
        if _mapping(self.raw.get("validate")).get("required") is True:
            return "true"
        return _feel(_mapping(self.raw.get("properties")).get("required"))


@dataclass(slots=True)
class _Node:
    """One component of the joint form, with all that forms say of it."""

    key: tuple[str, str]
    sources: list[_Source] = field(default_factory=list)
    children: list["_Node"] = field(default_factory=list)
    behind: set[tuple[str, str]] = field(default_factory=set)
    """Keys of the siblings that some form puts right before it."""

    def conflicts(self) -> Iterable[Finding]:
        """Yield what two forms say differently of this component and of those below it."""
        first = self.sources[0]
        for other in self.sources[1:]:
            yield from _differences(self.key[1], first, other)
        for child in self.children:
            yield from child.conflicts()

    @property
    def parts(self) -> list[Part]:
        """The forms that have it."""
        return [source.part for source in self.sources]

    def drawn(self, ids: "_Ids", around: "_Node | None" = None) -> tuple[dict[str, Json], str]:
        """Return the component without its condition, and FEEL that is true where it is hidden.

        Args:
            ids: Gives it its id.
            around: The list in whose rows it stands.
        """
        raw: dict[str, Json] = {**self.sources[0].raw}
        raw.pop("conditional", None)
        raw["id"] = ids.new(str(raw.get("id") or "-".join(self.key)))
        if self.key[0] == "group":
            return self._group(raw, ids)
        self._demand(raw)
        if self.key[0] == "list":
            below = _ordered(self.children)
            raw["components"] = [_with_hide(*child.drawn(ids, self)) for child in below]
        # A row is there only where its list is: what the list waits for need not be said again.
        is_said = around is not None and around.parts == self.parts
        return raw, _nowhere([one.hides if is_said else one.hidden for one in self.sources])

    def _group(self, raw: dict[str, Json], ids: "_Ids") -> tuple[dict[str, Json], str]:
        """A group is hidden where all in it is; what all share stands on the group alone."""
        drawn = [child.drawn(ids) for child in _ordered(self.children)]
        hides = list(dict.fromkeys(hide for _, hide in drawn))
        if len(hides) == 1:
            raw["components"] = [child for child, _ in drawn]
        else:
            raw["components"] = [_with_hide(child, hide) for child, hide in drawn]
        return raw, _all(hides)

    def _demand(self, raw: dict[str, Json]) -> None:
        """Require what one form requires where it asks, and check what one checks."""
        validate = {**_mapping(raw.get("validate"))}
        properties = {**_mapping(raw.get("properties"))}
        if len({source.required for source in self.sources}) > 1:
            validate.pop("required", None)
            demands = [_where(one, one.required) for one in self.sources if one.required]
            properties["required"] = f"={_any(list(dict.fromkeys(demands)))}"
        checking = next((one for one in self.sources if _check(one)), None)
        if checking is not None:
            properties |= {
                name: value
                for name, value in _mapping(checking.raw.get("properties")).items()
                if name in _DEMANDS - {"required"}
            }
            if not all(_check(one) for one in self.sources) and checking.hidden:
                properties["check"] = f"={_any([*checking.hidden, _check(checking)])}"
        raw |= {"validate": validate} if validate else {}
        raw |= {"properties": properties} if properties else {}
        if not validate:
            raw.pop("validate", None)


class _Ids:
    """Gives each component an id that no other has."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def new(self, wanted: str) -> str:
        """Return the wanted id, with a number behind it where it is taken."""
        name, number = wanted, 1
        while name in self._given:
            number += 1
            name = f"{wanted}-{number}"
        self._given.add(name)
        return name


def _lay(nodes: list[_Node], part: Part, raws: Json, hides: tuple[str, ...]) -> None:
    """Lay a form's components over those that stand already."""
    before: _Node | None = None
    for raw in raws if isinstance(raws, list) else []:
        if not isinstance(raw, Mapping):
            continue
        key = _key(raw)
        node = next((one for one in nodes if one.key == key), None)
        if node is None:
            node = _Node(key)
            nodes.append(node)
        if before is not None:
            node.behind.add(before.key)
        before = node
        own = _feel(_mapping(raw.get("conditional")).get("hide"))
        hidden = (*hides, own) if own else hides
        node.sources.append(_Source(part, raw, hidden))
        _lay(node.children, part, raw.get("components"), () if key[0] == "list" else hidden)


def _ordered(nodes: Sequence[_Node]) -> list[_Node]:
    """Put siblings in an order that every form's own agrees with; where none does, as they came."""
    left, ordered = list(nodes), []
    while left:
        waiting = {one.key for one in left}
        free = next((one for one in left if not one.behind & waiting - {one.key}), left[0])
        left.remove(free)
        ordered.append(free)
    return ordered


def _key(raw: Raw) -> tuple[str, str]:
    """Return what makes a component the same in two forms: a path, or an id of what is shown."""
    if raw.get("key"):
        return "field", str(raw["key"])
    if raw.get("type") == "dynamiclist":
        return "list", str(raw.get("path", ""))
    return ("group" if raw.get("type") == "group" else "shown"), str(raw.get("id", ""))


def _differences(name: str, first: _Source, other: _Source) -> Iterable[Finding]:
    said, otherwise = _said(first.raw), _said(other.raw)
    for attribute in sorted(said.keys() | otherwise.keys()):
        one, two = said.get(attribute), otherwise.get(attribute)
        if one != two and not (attribute == "check" and not (one and two)):
            message = (
                f"{name}: {attribute} is {_told(two)} here and {_told(one)} in {first.part.file}"
            )
            remedy = "Let both forms ask for it in the same way."
            yield Finding(other.part.file, str(other.raw.get("id", "")), CONFLICT, message, remedy)


CONFLICT = "form-conflict"


def _said(raw: Raw) -> dict[str, Json]:
    """Return what two forms must say alike, by attribute."""
    own = {name: value for name, value in raw.items() if name not in _MERGED}
    properties = _mapping(raw.get("properties"))
    own |= {name: value for name, value in properties.items() if name not in _DEMANDS}
    bounds = _mapping(raw.get("validate"))
    own |= {name: value for name, value in bounds.items() if name != "required"}
    return own | {"check": _feel(properties.get("check"))}


def _told(value: Json) -> str:
    text = "not set" if value in (None, "") else str(value)
    return text if len(text) <= _TOLD_CHARS else f"{text[:_TOLD_CHARS]}…"


_TOLD_CHARS = 80


def _check(source: _Source) -> str:
    return _feel(_mapping(source.raw.get("properties")).get("check"))


def _where(source: _Source, demand: str) -> str:
    """Let a demand hold only where its form asks."""
    return f"not({_any(source.hidden)}) and ({demand})" if source.hidden else demand


def _with_hide(raw: dict[str, Json], hide: str) -> dict[str, Json]:
    return {**raw, "conditional": {"hide": f"={hide}"}} if hide else raw


def _feel(text: Json) -> str:
    return text.strip().removeprefix("=").strip() if isinstance(text, str) else ""


def _nowhere(hidden: Sequence[tuple[str, ...]]) -> str:
    """Return FEEL that is true where no form asks; each tells when it does not."""
    sets = list(dict.fromkeys(frozenset(one) for one in hidden))
    if frozenset() in sets:
        return ""
    told = {text: None for one in hidden for text in one}  # the order of the forms
    fewest = [one for one in sets if not any(other < one for other in sets)]
    shared = frozenset.intersection(*fewest)
    rests = [one - shared for one in fewest if one - shared]
    alone = _all([_any([text for text in told if text in rest]) for rest in rests])
    return _any([*(text for text in told if text in shared), *([alone] if alone else [])])


def _any(texts: Sequence[str]) -> str:
    """Return the disjunction; that of none is empty."""
    return " or ".join(map(_inside, texts)) if len(texts) > 1 else "".join(texts)


def _all(texts: Sequence[str]) -> str:
    """Return the conjunction; empty where one of them is: it is never true then."""
    if not all(texts):
        return ""
    return " and ".join(map(_inside, texts)) if len(texts) > 1 else "".join(texts)


def _inside(text: str) -> str:
    return f"({text})"


def _mapping(value: Json) -> Raw:
    return value if isinstance(value, Mapping) else _NOTHING
