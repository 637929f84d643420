"""What a page shows of a form: one plain record per component, texts in one language.

A template walks the records and knows nothing of FEEL, conditions or data elements.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from onething.feel import Environment
from onething.forms.component import Component, Option
from onething.forms.json_value import Json
from onething.forms.messages import Message
from onething.forms.paths import Steps, name_of, read
from onething.forms.posted import MOST_ROWS
from onething.forms.rules.division import name_of_division
from onething.forms.submission import hidden_places, is_readonly
from onething.forms.surroundings import Place, evaluate, options_at, places, text_at
from onething.forms.values import LINE_CHARS, TEXT_CHARS, spelling

_MOST_SUGGESTIONS = 40


@dataclass(frozen=True, slots=True)
class OptionView:
    """One choice as shown."""

    value: str
    """What the browser posts."""
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SharedView:
    """Where a value comes from that a department gave, and what its person says against it."""

    source: str
    """Who gave it, as a person reads it."""
    at: datetime
    """When it was asked for."""
    display: str = ""
    """What was given, as a person reads it."""
    is_disputed: bool = False
    """The person says it is wrong and types the right one."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One component as shown."""

    kind: str
    """textfield, textarea, number, date, time, datetime, month, select, radio, checkbox,
    checklist, taglist, file, computed, group, list, table, text, separator or spacer."""
    name: str
    """Name in the HTML form: the path, such as `heirs[0].name`."""
    id: str
    """Id in the page, unique and safe in a selector."""
    label: str = ""
    description: str = ""
    text: str = ""
    """Of a `text`: what it says, without markup."""
    value: Json = ""
    """As an input shows it; of choices and files a list; of tables a list of rows."""
    display: str = ""
    """The value as a person reads it: labels instead of codes."""
    options: tuple[OptionView, ...] = ()
    suggestions: tuple[str, ...] = ()
    """Texts that one press puts into a text field."""
    is_required: bool = False
    is_readonly: bool = False
    is_hidden: bool = False
    """A condition hides it for the present data; a page may keep it for later changes."""
    error: str = ""
    warning: str = ""
    columns: int = 16
    """Width in sixteenths."""
    row: str = ""
    classification: str = "general"
    element: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    """Further HTML attributes: maxlength, min, max, step, pattern, accept, inputmode …"""
    headings: tuple[str, ...] = ()
    """Column headings of a table."""
    children: tuple["FieldView", ...] = ()
    """Of a group."""
    rows: tuple[tuple["FieldView", ...], ...] = ()
    """Of a list: the fields of each row."""
    blank_row: tuple["FieldView", ...] = ()
    """Of a list that may grow: the fields of the row after the last."""
    shared: SharedView | None = None
    """Of a value that a department gave."""


@dataclass(frozen=True, slots=True)
class Showing:
    """One form being shown."""

    form: tuple[Component, ...]
    data: Mapping[str, Json]
    errors: Mapping[str, Message | str]
    warnings: Mapping[str, Message | str]
    env: Environment
    is_readonly: bool
    language: str
    only: frozenset[str] | None
    """Paths that may be seen; None: all."""
    wording: Mapping[str, str]
    """English of Chinese texts that come with the data; empty when Chinese is read."""
    hidden: set[str] = field(default_factory=set)

    def fields(self) -> list[FieldView]:
        """Show the whole form."""
        self.hidden.update(hidden_places(list(places(self.form, self.data)), self.data, self.env))
        return self._all(self.form, None, ())

    def _all(
        self, components: tuple[Component, ...], parent: Place | None, base: Steps
    ) -> list[FieldView]:
        around = (*parent.parents, parent) if parent else ()
        rows = parent.rows if parent else ()
        shown = (
            self._one(Place(component, (*base, *component.steps), rows, around))
            for component in components
        )
        return [view for view in shown if view is not None]

    def _one(self, place: Place) -> FieldView | None:
        component = place.component
        if self.only is not None and not self._may_show(component):
            return None
        if component.is_field:
            return self._field(place)
        shown = {
            "group": self._group,
            "dynamiclist": self._list,
            "table": self._table,
            "text": self._text,
            "html": self._text,
            "separator": self._bare,
            "spacer": self._bare,
        }
        return shown.get(component.type, self._computed)(place)

    def _bare(self, place: Place) -> FieldView:
        return self._view(place, place.component.type)

    def _group(self, place: Place) -> FieldView | None:
        children = self._all(place.component.children, place, place.steps)
        return self._view(place, "group", children=tuple(children)) if children else None

    def _text(self, place: Place) -> FieldView:
        content = place.component.content
        text = text_at(content, place, self.data, self.env, self.language)
        return self._view(place, "text", text=without_markup(text))

    def _may_show(self, component: Component) -> bool:
        """Whether a path is allowed; texts stand only where fields stand."""
        if component.type in {"group", "dynamiclist"}:
            return any(self._may_show(child) for child in component.children)
        if not component.steps or self.only is None:
            return False
        path = component.path.replace("[]", "")
        return any(path == seen or path.startswith(f"{seen}.") for seen in self.only)

    def _field(self, place: Place) -> FieldView:
        component = place.component
        value = read(self.data, place.steps)
        if value is None and not self.is_readonly:
            value = component.default
        options = options_at(place, self.data, self.env)
        return self._view(
            place,
            _kind(component),
            value=_shown(self._stands(component, self._typed(component, value))),
            display=self._display(component, value, options),
            options=tuple(self._option(option, value) for option in options),
            suggestions=self._suggestions(place),
            attributes=_attributes(component),
            is_required=self._is_required(place),
        )

    def _computed(self, place: Place) -> FieldView:
        expression = place.component.behaviour.computed
        value = read(self.data, place.steps) if place.component.steps else None
        if value is None and expression is not None:
            value = evaluate(expression, place, self.data, self.env)
        text = self._display(place.component, value)
        return self._view(place, "computed", value=_shown(value), display=text)

    def _is_required(self, place: Place) -> bool:
        condition = place.component.behaviour.required
        if condition is not None:
            return evaluate(condition, place, self.data, self.env) is True
        return place.component.bounds.required

    def _suggestions(self, place: Place) -> tuple[str, ...]:
        expression = place.component.behaviour.suggest
        if expression is None or self.is_readonly:
            return ()
        found = evaluate(expression, place, self.data, self.env)
        texts = [str(one) for one in found] if isinstance(found, list) else []
        return tuple(dict.fromkeys(texts))[:_MOST_SUGGESTIONS]

    def _option(self, option: Option, value: Json) -> OptionView:
        chosen = option.value in value if isinstance(value, list) else option.value == value
        label = option.label.text(self.language)
        return OptionView(spelling(option.value), self.wording.get(label, label), chosen)

    def _display(self, component: Component, value: Json, options: tuple[Option, ...] = ()) -> str:
        text = display(component, value, options, self.language)
        return self.wording.get(text, text)

    def _list(self, place: Place) -> FieldView:
        rows = read(self.data, place.steps) or []
        count = min(len(rows), MOST_ROWS)
        views = [self._row(place, index) for index in range(count)]
        grows = not (self.is_readonly or place.component.readonly)
        most = place.component.bounds.max_items or MOST_ROWS
        blank = self._row(place, count) if grows and count < most else ()
        return self._view(place, "list", rows=tuple(views), blank_row=blank)

    def _stands(self, component: Component, value: Json) -> Json:
        """Return a value that nobody changes in the reader's words."""
        is_fixed = self.is_readonly or component.readonly
        return self.wording.get(value, value) if is_fixed and isinstance(value, str) else value

    def _typed(self, component: Component, value: Json) -> Json:
        """Return a value as its input takes it: a place by its name, an instant without offset."""
        if _is_division(component) and isinstance(value, str):
            return name_of_division(value, self.language)
        if component.value_type != "datetime" or not isinstance(value, str):
            return value
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return value
        if at.tzinfo is None:
            return value
        legal = at.astimezone(self.env.now.tzinfo).replace(tzinfo=None)
        return legal.isoformat(timespec="seconds")

    def _row(self, place: Place, index: int) -> tuple[FieldView, ...]:
        row = (*place.steps, index)
        inside = Place(place.component, place.steps, (*place.rows, row), place.parents)
        return tuple(self._all(place.component.children, inside, row))

    def _table(self, place: Place) -> FieldView:
        component = place.component
        source = component.content.zh
        found = read(self.data, tuple(source.split("."))) if source else None
        rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
        cells = [[self._cell(row.get(key)) for key, _ in component.columns] for row in rows]
        headings = tuple(heading.text(self.language) for _, heading in component.columns)
        return self._view(place, "table", value=cells, headings=headings)

    def _cell(self, value: Json) -> Json:
        shown = _shown(value)
        return self.wording.get(shown, shown) if isinstance(shown, str) else shown

    def _view(self, place: Place, kind: str, **more: Json) -> FieldView:
        component = place.component
        element = component.element
        readonly = self.is_readonly or is_readonly(place, self.data, self.env)
        return FieldView(
            kind=kind,
            name=name_of(place.steps) if component.steps else "",
            id=page_id(place),
            label=text_at(component.label, place, self.data, self.env, self.language),
            description=text_at(component.description, place, self.data, self.env, self.language),
            is_readonly=readonly,
            is_hidden=place.name in self.hidden,
            error=self._said(self.errors, place),
            warning=self._said(self.warnings, place),
            columns=component.layout.columns or 16,
            row=component.layout.row,
            classification=element.classification if element else "general",
            element=element.id if element else "",
            **more,
        )

    def _said(self, messages: Mapping[str, Message | str], place: Place) -> str:
        message = messages.get(place.name, "")
        return message.text(self.language) if isinstance(message, Message) else message


def page_id(place: Place) -> str:
    """Give a component's id in the page: letters, digits and hyphens of any script."""
    rows = "".join(f"-{row[-1]}" for row in place.rows)
    name = place.name if place.component.steps else f"{place.component.id}{rows}"
    return "field-" + re.sub(r"[^\w-]+", "-", name).strip("-")


def without_markup(text: str) -> str:
    """Take tags and Markdown marks off a text; paragraphs stay."""
    text = re.sub(r"<(?:br|/p|/li|/h\d)[^>]*>", "\n", text, flags=re.IGNORECASE)
    text = re.sub(r"<[^<>]*>", "", text)
    text = re.sub(r"^\s{0,3}#{1,6}\s+", "", text, flags=re.MULTILINE)
    return re.sub(r"(\*\*|__)(.+?)\1", r"\2", text).strip()


def display(component: Component, value: Json, options: tuple[Option, ...], language: str) -> str:
    """Write a value as a person reads it."""
    if isinstance(value, list):
        separator = ", " if language == "en" else "、"
        return separator.join(display(component, part, options, language) for part in value)
    for option in options:
        if option.value == value and value is not None:
            return option.label.text(language)
    element = component.element
    if isinstance(value, str) and element is not None:
        if element.codes is not None:
            return element.codes.label(value, language)
        if _is_division(component):
            return name_of_division(value, language)
    if isinstance(value, bool):
        yes, no = ("Yes", "No") if language == "en" else ("是", "否")
        return yes if value else no
    shown = _shown(value)
    is_moment = component.value_type == "datetime" and isinstance(shown, str)
    return shown.replace("T", " ")[:16] if is_moment else str(shown)


def _is_division(component: Component) -> bool:
    return component.element is not None and component.element.type == "division"


def _kind(component: Component) -> str:
    if component.type == "filepicker":
        return "file"
    if component.type == "datetime":
        return component.value_type
    if component.type == "textfield" and component.value_type in {"date", "datetime", "month"}:
        return component.value_type
    return component.type


def _shown(value: Json) -> Json:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list | bool):
        return value
    return str(value)


def _attributes(component: Component) -> dict[str, str]:
    bounds = component.bounds
    found: dict[str, Json] = {"accept": component.accept or None}
    if component.value_type == "text":
        limit = TEXT_CHARS if component.multiline else LINE_CHARS
        found["maxlength"] = bounds.max_length or limit
        found["minlength"] = bounds.min_length
        found["pattern"] = bounds.pattern or None
    if component.value_type in {"integer", "decimal"}:
        found["inputmode"] = "numeric" if component.value_type == "integer" else "decimal"
        found["min"] = bounds.minimum if isinstance(bounds.minimum, Decimal) else None
        found["max"] = bounds.maximum if isinstance(bounds.maximum, Decimal) else None
        found["step"] = "1" if component.value_type == "integer" else "any"
    if component.element is not None and component.element.rule in {"phone", "telephone"}:
        found["inputmode"] = "tel"
    if component.multiple:
        found["multiple"] = "multiple"
    return {name: str(value) for name, value in found.items() if value is not None}
