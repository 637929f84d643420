"""Reading form-js JSON (schemaVersion up to 19) into components.

Anything the product cannot show or check is refused with the component's id, never ignored.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from onething import feel
from onething.errors import ExpressionError, Finding, ModelRefused
from onething.feel import Expression
from onething.forms.component import (
    Behaviour,
    Bounds,
    Component,
    Label,
    Layout,
    Option,
    Options,
    ValueType,
)
from onething.forms.elements import Element, Elements
from onething.forms.json_value import Json

NEWEST_SCHEMA = 19
LARGEST_FORM_CHARS = 1_000_000
DEEPEST = 20

_CHOICES = frozenset({"select", "radio", "checklist", "taglist"})
_FIELDS = _CHOICES | {"textfield", "textarea", "number", "datetime", "checkbox", "filepicker"}
_SHOWN = frozenset(["text", "html", "separator", "spacer", "table", "expression", "button"])
_CONTAINERS = frozenset({"group", "dynamiclist"})
_PATH = re.compile(r"[^\s.\[\]={}\"'<>&]+(?:\.[^\s.\[\]={}\"'<>&]+)*")


def read_json(text: str | bytes, name: str) -> dict[str, Json]:
    """Read the JSON of a form.

    Raises:
        ModelRefused: not JSON, too large, or not a form of a known schema version.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", errors="replace")
    if len(text) > LARGEST_FORM_CHARS:
        raise ModelRefused([_whole(name, "form-size", "the form is larger than 1 MB")])
    try:
        raw = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise ModelRefused([_whole(name, "form-json", f"not JSON: {error}")]) from error
    if not isinstance(raw, dict) or not isinstance(raw.get("components"), list):
        raise ModelRefused([_whole(name, "form-json", "a form has a list of components")])
    version = raw.get("schemaVersion", NEWEST_SCHEMA)
    if not isinstance(version, int) or version > NEWEST_SCHEMA:
        raise ModelRefused([_whole(name, "form-schema", f"schemaVersion {version} is not known")])
    return raw


def _whole(name: str, rule: str, message: str) -> Finding:
    remedy = f"save the form with form-js, schemaVersion {NEWEST_SCHEMA}"
    return Finding(file=name, element="", rule=rule, message=message, remedy=remedy)


class Reader:
    """Reads the components of one form and collects what is wrong with them."""

    def __init__(
        self,
        name: str,
        elements: Elements | None,
        wording: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.name = name
        self.elements = elements
        self.wording = wording
        self.findings: list[Finding] = []
        self._paths: set[str] = set()
        self._count = 0

    def read(self, raw: Json, prefix: str = "", depth: int = 0) -> tuple[Component, ...]:
        """Read a list of components that stand in the context `prefix`."""
        if depth > DEEPEST:
            self.refuse("", "form-depth", f"nested deeper than {DEEPEST}", "flatten the groups")
            return ()
        if not isinstance(raw, list):
            self.refuse("", "form-json", "components is not a list", "make it a list")
            return ()
        parts = (self._component(entry, prefix, depth) for entry in raw)
        return tuple(part for part in parts if part is not None)

    def refuse(self, element: str, rule: str, message: str, remedy: str) -> None:
        """Note one thing that is wrong."""
        self.findings.append(Finding(self.name, element, rule, message, remedy))

    def _component(self, raw: Json, prefix: str, depth: int) -> Component | None:
        kind = raw.get("type") if isinstance(raw, dict) else None
        self._count += 1
        given = str(raw.get("id", "")) if isinstance(raw, dict) else ""
        ident = given or f"component-{self._count}"
        if kind not in _FIELDS | _SHOWN | _CONTAINERS:
            remedy = "use a component that onething shows; see docs/authoring"
            self.refuse(ident, "form-component", f"unknown component type “{kind}”", remedy)
            return None
        if kind == "button":
            return None
        steps = self._steps(raw, ident, kind)
        path = ".".join(filter(None, (prefix, *steps)))
        if kind != "group" and steps:
            self._once(ident, path)
        return self._made(raw, ident, steps, path, depth)

    def _made(
        self, raw: dict[str, Json], ident: str, steps: tuple[str, ...], path: str, depth: int
    ) -> Component:
        properties = _mapping(raw.get("properties"))
        element = self._element(ident, properties)
        kind = raw["type"]
        below = f"{path}[]" if kind == "dynamiclist" else path
        children = (
            self.read(raw.get("components", []), below, depth + 1) if (kind in _CONTAINERS) else ()
        )
        return Component(
            id=ident,
            type=kind,
            steps=steps,
            path=path,
            value_type=value_type(raw, element),
            label=self._label(
                raw.get("label") or raw.get("dateLabel"), properties, "label", element
            ),
            description=self._label(raw.get("description"), properties, "description"),
            content=self._content(raw, ident, properties),
            default=raw.get("defaultValue"),
            readonly=raw.get("readonly") is True or raw.get("disabled") is True,
            multiline=kind == "textarea",
            multiple=raw.get("multiple") is True,
            accept=str(raw.get("accept", "")),
            element=element,
            options=self._options(raw, ident, element),
            bounds=self._bounds(raw, ident, properties),
            behaviour=self._behaviour(raw, ident, properties),
            layout=_layout(_mapping(raw.get("layout"))),
            columns=self._columns(raw),
            children=children,
        )

    def _steps(self, raw: dict[str, Json], ident: str, kind: str) -> tuple[str, ...]:
        key = raw.get("path" if kind in _CONTAINERS else "key") or ""
        needs = kind in _FIELDS or kind == "dynamiclist"
        if not key and not needs:
            return ()
        if not isinstance(key, str) or not _PATH.fullmatch(key):
            self.refuse(
                ident, "form-key", f"“{key}” is not a dotted path", "name it like dead.idNo"
            )
            return ()
        return tuple(key.split("."))

    def _once(self, ident: str, path: str) -> None:
        if path in self._paths:
            message = f"the path “{path}” is asked twice"
            self.refuse(ident, "form-path-once", message, "ask each value once")
        self._paths.add(path)

    def _element(self, ident: str, properties: Mapping[str, Json]) -> Element | None:
        element_id = str(properties.get("element", ""))
        if not element_id or self.elements is None:
            return None
        element = self.elements.get(element_id)
        if element is None:
            message = f"the data element “{element_id}” does not exist"
            self.refuse(ident, "form-element", message, "use an id of forms/_elements.toml")
        return element

    def _expression(self, ident: str, text: Json, attribute: str) -> Expression | None:
        """Compile an attribute that holds FEEL, with or without the leading `=`."""
        if not isinstance(text, str) or not text.strip():
            return None
        try:
            return feel.compile(text.strip().removeprefix("="))
        except ExpressionError as error:
            message = f"{attribute}: {error}"
            self.refuse(ident, "form-expression", message, 'write FEEL such as =kind = "离婚"')
            return None

    def _behaviour(
        self, raw: dict[str, Json], ident: str, properties: Mapping[str, Json]
    ) -> Behaviour:
        computed = raw.get("expression") if raw["type"] == "expression" else None
        readonly = raw.get("readonly")
        return Behaviour(
            hide=self._expression(ident, _mapping(raw.get("conditional")).get("hide"), "hide"),
            readonly=self._expression(ident, readonly, "readonly"),
            required=self._expression(ident, properties.get("required"), "required"),
            computed=self._expression(ident, computed or properties.get("computed"), "computed"),
            check=self._expression(ident, properties.get("check"), "check"),
            suggest=self._expression(ident, properties.get("suggest"), "suggest"),
            message=self._message(properties),
        )

    def _options(self, raw: dict[str, Json], ident: str, element: Element | None) -> Options:
        if raw["type"] not in _CHOICES:
            return Options()
        key = str(raw.get("valuesKey", ""))
        expression = self._expression(ident, raw.get("valuesExpression"), "valuesExpression")
        if key or expression:
            return Options(key=key, expression=expression)
        fixed = tuple(self._option(entry, element) for entry in raw.get("values") or ())
        if not fixed and element is not None and element.codes is not None:
            fixed = tuple(
                Option(code.value, Label(code.zh, code.en)) for code in element.codes.codes
            )
        if not fixed and element is not None and element.type == "boolean":
            fixed = (Option(True, Label("是", "Yes")), Option(False, Label("否", "No")))
        if not fixed:
            self.refuse(ident, "form-options", "no choices", "give values or a coded element")
        return Options(fixed)

    def _bounds(self, raw: dict[str, Json], ident: str, properties: Mapping[str, Json]) -> Bounds:
        given = {**raw, **_mapping(raw.get("validate"))}
        kind = str(given.get("validationType", ""))
        pattern = str(given.get("pattern", ""))
        return Bounds(
            required=given.get("required") is True,
            minimum=self._bound(ident, given.get("min"), "min"),
            maximum=self._bound(ident, given.get("max"), "max"),
            min_length=_whole_number(given.get("minLength")),
            max_length=_whole_number(given.get("maxLength")),
            pattern=self._pattern(ident, pattern if kind in {"", "custom"} else ""),
            kind=kind if kind in {"email", "phone"} else "",
            digits=_whole_number(raw.get("decimalDigits")),
            min_items=_whole_number(properties.get("min_items")),
            max_items=_whole_number(properties.get("max_items")),
            not_passed=raw.get("disallowPassedDates") is True,
        )

    def _bound(self, ident: str, value: Json, attribute: str) -> Decimal | Expression | None:
        if isinstance(value, str) and value.startswith("="):
            return self._expression(ident, value, attribute)
        if value is None or value == "":
            return None
        try:
            return Decimal(str(value))
        except InvalidOperation:
            self.refuse(ident, "form-bound", f"{attribute} is not a number", "give a number")
            return None

    def _pattern(self, ident: str, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            message = f"the pattern is not a regular expression: {error}"
            self.refuse(ident, "form-pattern", message, "mend the pattern")
            return ""
        return pattern

    def _content(self, raw: dict[str, Json], ident: str, properties: Mapping[str, Json]) -> Label:
        text = str(raw.get("text") or raw.get("content") or raw.get("dataSource") or "")
        english = str(properties.get("text_en") or properties.get("content_en") or "")
        english = english or self.wording.get(text, "")
        for part in (text, english):
            for source in expressions_in(part):
                self._expression(ident, source, "text")
        return Label(text, english)

    def _label(
        self,
        text: Json,
        properties: Mapping[str, Json],
        name: str,
        element: Element | None = None,
    ) -> Label:
        """Read a text: its English stands beside it, in the wording or with the data element."""
        english = str(properties.get(f"{name}_en") or self.wording.get(str(text), ""))
        if element is not None:
            return Label(str(text or element.name), english or element.name_en)
        return Label(str(text or ""), english)

    def _message(self, properties: Mapping[str, Json]) -> tuple[str, str] | None:
        message = str(properties.get("message", ""))
        english = properties.get("message_en") or self.wording.get(message) or message
        return (message, str(english)) if message else None

    def _option(self, entry: Json, element: Element | None) -> Option:
        given = entry if isinstance(entry, dict) else {"value": entry}
        value = given.get("value")
        text = str(given.get("label", value))
        english = str(given.get("label_en", ""))
        if not english and element is not None and element.codes is not None:
            found = element.codes.label(str(value), "en")
            english = "" if found == str(value) else found
        return Option(value, Label(text, english or self.wording.get(text, "")))

    def _columns(self, raw: dict[str, Json]) -> tuple[tuple[str, Label], ...]:
        entries = raw.get("columns")
        if not isinstance(entries, list):
            return ()
        return tuple(
            (str(entry.get("key", "")), self._label(entry.get("label"), entry, "label"))
            for entry in entries
            if isinstance(entry, dict)
        )


def expressions_in(text: str) -> list[str]:
    """Give the FEEL inside a text: all of it after `=`, or each part in {{ }}."""
    if text.startswith("="):
        return [text[1:]]
    return re.findall(r"\{\{(.+?)\}\}", text)


def value_type(raw: Mapping[str, Json], element: Element | None) -> ValueType:
    """Tell what a component's value is, from its type and its data element."""
    kind = raw["type"]
    meant = element.type if element else ""
    if kind == "number":
        return "integer" if raw.get("decimalDigits") == 0 or meant == "integer" else "decimal"
    if kind == "datetime":
        return _MOMENTS.get(str(raw.get("subtype")), "date")
    if kind in {"select", "radio"}:
        return "boolean" if meant == "boolean" else "choice"
    if kind in {"textfield", "textarea"}:
        return _TEXT_AS.get(meant, "text")
    return _VALUES.get(kind, "none")


_VALUES: dict[str, ValueType] = {
    "checkbox": "boolean",
    "checklist": "choices",
    "taglist": "choices",
    "filepicker": "file",
    "dynamiclist": "list",
}
_MOMENTS: dict[str, ValueType] = {"date": "date", "time": "time", "datetime": "datetime"}
_TEXT_AS: dict[str, ValueType] = {
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
    "datetime": "datetime",
    "month": "month",
    "boolean": "boolean",
}


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _whole_number(value: Json) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= 9 else None  # noqa: PLR2004 - a bound beyond a billion is none


def _layout(raw: Mapping[str, Json]) -> Layout:
    columns = raw.get("columns")
    return Layout(str(raw.get("row", "")), columns if isinstance(columns, int) else None)
