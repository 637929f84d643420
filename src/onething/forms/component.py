"""A form as parsed: components in a tree, each with what it asks and what it demands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from onething.feel import Expression
from onething.forms.elements import Element
from onething.forms.json_value import Json

ValueType = Literal[
    "none",
    "text",
    "integer",
    "decimal",
    "boolean",
    "date",
    "time",
    "datetime",
    "month",
    "choice",
    "choices",
    "file",
    "list",
]
"""What a component's value is; `none` holds no value of its own."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text in both languages; it may begin with `=` or hold {{FEEL}}."""

    zh: str = ""
    en: str = ""

    def text(self, language: str) -> str:
        """Give the text of a language, Chinese where English is missing."""
        return (self.en or self.zh) if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Option:
    """One choice."""

    value: Json
    label: Label


@dataclass(frozen=True, slots=True)
class Options:
    """Where the choices of a component come from: fixed, a path in the data, or FEEL."""

    fixed: tuple[Option, ...] = ()
    key: str = ""
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What form-js `validate` and the component's own settings demand."""

    required: bool = False
    minimum: Decimal | Expression | None = None
    maximum: Decimal | Expression | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    kind: str = ""
    """`email`, `phone`, or an empty text."""
    digits: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    not_passed: bool = False
    """A date may not lie before today."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The FEEL of a component."""

    hide: Expression | None = None
    readonly: Expression | None = None
    required: Expression | None = None
    computed: Expression | None = None
    check: Expression | None = None
    suggest: Expression | None = None
    """Texts that one press puts into the field."""
    message: tuple[str, str] | None = None
    """Said when `check` does not hold, Chinese and English."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a component stands: form-js rows of 16 columns."""

    row: str = ""
    columns: int | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """One node of a form: a field, a container, or something shown."""

    id: str
    type: str
    """form-js type, such as `textfield` or `dynamiclist`."""
    steps: tuple[str, ...] = ()
    """Place of the value relative to the enclosing context; empty: the context itself."""
    path: str = ""
    """The whole place; `[]` stands for any row: `heirs[].name`."""
    value_type: ValueType = "none"
    label: Label = Label()
    description: Label = Label()
    content: Label = Label()
    """What a text, html, table or expression shows."""
    default: Json = None
    readonly: bool = False
    multiline: bool = False
    multiple: bool = False
    accept: str = ""
    element: Element | None = None
    options: Options = Options()
    bounds: Bounds = Bounds()
    behaviour: Behaviour = Behaviour()
    layout: Layout = Layout()
    columns: tuple[tuple[str, Label], ...] = ()
    """Columns of a table: key and heading."""
    children: tuple["Component", ...] = field(default=())

    @property
    def is_field(self) -> bool:
        """Whether a person may enter a value here."""
        return self.value_type not in {"none", "list"} and self.behaviour.computed is None

    @property
    def is_written(self) -> bool:
        """Whether an answer writes here: a person's field, or a computed value."""
        computed = self.behaviour.computed is not None and bool(self.steps)
        return computed or (self.is_field and not self.readonly)

    def walk(self) -> Iterator["Component"]:
        """Give this component and all below it, in the order of the form."""
        yield self
        for child in self.children:
            yield from child.walk()
