"""What stands around one component while it is looked at: data, row and environment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from onething import feel
from onething.feel import Environment, Expression
from onething.forms.component import Component, Label, Option
from onething.forms.json_value import Json
from onething.forms.parsing import expressions_in
from onething.forms.paths import Steps, name_of, read
from onething.forms.rules import Surroundings


@dataclass(frozen=True, slots=True)
class Place:
    """A component at its place in the data: the component of one row, maybe."""

    component: Component
    steps: Steps
    """Where its value stands; the enclosing context's place for what holds no value."""
    rows: tuple[Steps, ...] = ()
    """Places of the rows around it, outermost first."""
    parents: tuple["Place", ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """The path as written, unique in a form; the component's id where it has no value."""
        return name_of(self.steps) if self.component.steps else self.component.id

    @property
    def context(self) -> Steps:
        """Where the siblings stand."""
        return self.steps[:-1]


def places(
    components: tuple[Component, ...], data: Json, parent: Place | None = None, base: Steps = ()
) -> Iterator[Place]:
    """Give every component at every place it has in the data, rows counted, in order."""
    around = (*parent.parents, parent) if parent else ()
    rows = parent.rows if parent else ()
    for component in components:
        place = Place(component, (*base, *component.steps), rows, around)
        yield place
        if component.type == "dynamiclist":
            for index in range(len(read(data, place.steps) or ())):
                row = (*place.steps, index)
                inside = Place(component, place.steps, (*rows, row), around)
                yield from places(component.children, data, inside, row)
        elif component.children:
            yield from places(component.children, data, place, place.steps)


def variables_at(place: Place, data: Mapping[str, Json]) -> dict[str, Json]:
    """Give the names that FEEL sees at a place.

    As in form-js: the form's data; inside a row also the row's own fields, `this` (the row),
    `parent` (what is around it) and `i` (its number from 1). `value` is the component's own.
    """
    names: dict[str, Json] = dict(data)
    for row in place.rows:
        around = dict(names)
        content = read(data, row) or {}
        names.update(content)
        names.update({"this": content, "parent": around, "i": int(row[-1]) + 1})
    names["value"] = read(data, place.steps) if place.component.steps else None
    return names


def evaluate(
    expression: Expression, place: Place, data: Mapping[str, Json], env: Environment
) -> Json:
    """Evaluate FEEL at a place; the result is JSON."""
    return feel.to_json(expression.evaluate(variables_at(place, data), env))


def options_at(place: Place, data: Mapping[str, Json], env: Environment) -> tuple[Option, ...]:
    """Give the choices of a component at its place."""
    options = place.component.options
    if options.expression is not None:
        found = evaluate(options.expression, place, data, env)
    elif options.key:
        found = read(data, tuple(options.key.split(".")))
    else:
        return options.fixed
    return tuple(_option(entry) for entry in found) if isinstance(found, list) else ()


def _option(entry: Json) -> Option:
    if isinstance(entry, dict):
        value = entry.get("value")
        text = str(entry.get("label", value))
        return Option(value, Label(text, str(entry.get("label_en", ""))))
    return Option(entry, Label(str(entry)))


def text_at(
    label: Label, place: Place, data: Mapping[str, Json], env: Environment, language: str
) -> str:
    """Set a text that may be FEEL (`=…`) or hold FEEL ({{…}})."""
    text = label.text(language)
    if text.startswith("="):
        return _shown(evaluate(feel.compile(text[1:]), place, data, env))
    for source in expressions_in(text):
        value = evaluate(feel.compile(source.strip()), place, data, env)
        text = text.replace("{{" + source + "}}", _shown(value))
    return text


def _shown(value: Json) -> str:
    return "" if value is None else str(value)


def sibling(place: Place, key: str, form: tuple[Component, ...], data: Mapping[str, Json]) -> Json:
    """Give the value of the field beside a place whose data element is named `key`.

    Beside means in the same context: `dead.idNo` stands beside `dead.sex`.
    """
    for other in siblings(place, form):
        element = other.component.element
        if element is not None and element.id.rpartition(".")[2] == key:
            return read(data, other.steps)
    return None


def siblings(place: Place, form: tuple[Component, ...]) -> Iterator[Place]:
    """Give the fields of a form that stand in the same context as a place."""
    template = place.component.path.rpartition(".")[0]
    for root in form:
        for other in root.walk():
            if other.is_field and other.path.rpartition(".")[0] == template:
                yield Place(other, (*place.context, other.path.rpartition(".")[2]), place.rows)


def around(
    place: Place, form: tuple[Component, ...], data: Mapping[str, Json], env: Environment
) -> Surroundings:
    """Give what a rule may look at beside the value of a place."""
    id_type = sibling(place, "id_type", form, data)
    number = sibling(place, "id_number", form, data)
    return Surroundings(
        today=env.now.date(),
        id_type=id_type if isinstance(id_type, str) else None,
        id_number=number if isinstance(number, str) else None,
    )
