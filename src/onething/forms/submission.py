"""Taking an answer: what was entered becomes data, or a message per field.

The order: coerce every value; apply the rules of the data elements; derive and compute; drop
what is hidden (until nothing changes); then demand what the form demands. A page's post and
the API's JSON go the same way.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field

from onething.feel import Environment
from onething.forms.component import Component
from onething.forms.demands import faults_of
from onething.forms.derivation import derive, disagreement
from onething.forms.json_value import Json
from onething.forms.messages import Message
from onething.forms.paths import holds, put, read, remove, steps_of
from onething.forms.posted import MOST_ROWS
from onething.forms.rules import RULES
from onething.forms.surroundings import Place, around, evaluate, options_at, places
from onething.forms.values import Refused, coerce

_ROUNDS = 10
"""Most rounds until computed and hidden fields agree; forms need two or three."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a submission came to."""

    data: dict[str, Json]
    """Entered, derived and computed values. A top-level context that the form touches is
    whole: what the base held beside the form's fields stands in it too."""
    errors: dict[str, Message] = field(default_factory=dict)
    """By path, such as `heirs[0].name`. Data with errors are only fit to be shown again."""
    warnings: dict[str, Message] = field(default_factory=dict)
    """Doubts that do not stop the submission."""

    @property
    def is_valid(self) -> bool:
        """Whether the form accepts the answer."""
        return not self.errors

    def texts(self, language: str = "zh") -> dict[str, str]:
        """Give the error texts by path, as InvalidInput carries them."""
        return {path: message.text(language) for path, message in self.errors.items()}


@dataclass(slots=True)
class Submission:
    """One answer on its way from input to data."""

    form: tuple[Component, ...]
    env: Environment
    base: Mapping[str, Json]
    given: Mapping[str, Json]
    data: dict[str, Json] = field(default_factory=dict)
    errors: dict[str, Message] = field(default_factory=dict)
    warnings: dict[str, Message] = field(default_factory=dict)

    def answer(self) -> Answer:
        """Go the whole way."""
        self._touch()
        self._coerce()
        self._apply_rules()
        hidden = self._settle()
        self._demand(hidden)
        self._forget(hidden)
        return Answer(self.data, self.errors, self.warnings)

    @property
    def seen(self) -> dict[str, Json]:
        """What FEEL sees: the base with the answer laid over it."""
        return {**self.base, **self.data}

    def places(self) -> list[Place]:
        """Every component at every place of the data as they are now."""
        return list(places(self.form, self.seen))

    def _touch(self) -> None:
        """Copy the base's contexts that the form writes into, so that nothing of them is lost."""
        for root in self.form:
            for component in root.walk():
                top = component.path.split(".")[0].removesuffix("[]")
                if component.is_written and isinstance(self.base.get(top), dict):
                    self.data.setdefault(top, copy.deepcopy(self.base[top]))

    def _coerce(self) -> None:
        self._lay_lists(self.form, ())
        for place in self.places():
            component = place.component
            if component.is_field and not self._is_readonly(place):
                self._take(place)

    def _lay_lists(self, components: tuple[Component, ...], base: tuple[str | int, ...]) -> None:
        """Make as many rows as were given; their fields are taken one by one later."""
        for component in components:
            steps = (*base, *component.steps)
            if component.type == "dynamiclist":
                self._lay_rows(component, steps)
            elif component.children:
                self._lay_lists(component.children, steps)

    def _lay_rows(self, component: Component, steps: tuple[str | int, ...]) -> None:
        if component.readonly or not holds(self.given, steps):
            return
        rows = read(self.given, steps)
        if rows is not None and not _is_rows(rows):
            self.errors[Place(component, steps).name] = Message("type.list")
            rows = []
        if rows and len(rows) > MOST_ROWS:
            self.errors[Place(component, steps).name] = Message("list.max", {"max": MOST_ROWS})
            rows = []
        put(self.data, steps, [self._row(component, steps, n) for n in range(len(rows or ()))])
        for index in range(len(rows or ())):
            self._lay_lists(component.children, (*steps, index))

    def _row(self, component: Component, steps: tuple[str | int, ...], index: int) -> Json:
        """Begin a row: with what the base's row holds beside the fields that are written here.

        Only a list that shows readonly fields is matched with the base's rows by position.
        """
        fields = [below for below in component.walk() if below.is_field]
        if all(below.is_written for below in fields):
            return {}
        row = copy.deepcopy(read(self.base, (*steps, index)) or {})
        for below in fields:
            if below.is_written:
                remove(row, steps_of(below.path.removeprefix(f"{component.path}[].")))
        return row

    def _take(self, place: Place) -> None:
        if holds(self.given, place.steps):
            given = read(self.given, place.steps)
        elif holds(self.seen, place.steps):
            return
        else:
            given = place.component.default
        try:
            options = options_at(place, self.seen, self.env)
            value = coerce(place.component, given, options)
        except Refused as refused:
            self.errors[place.name] = refused.message
            value = given if isinstance(given, str) else None
        self._set(place, value)

    def _set(self, place: Place, value: Json) -> None:
        """Write a value; a blank one stands as null only where it clears an earlier one."""
        if value is None and read(self.base, place.steps) is None:
            remove(self.data, place.steps)
        else:
            put(self.data, place.steps, value)

    def _apply_rules(self) -> None:
        for place in self.places():
            element = place.component.element
            value = read(self.seen, place.steps) if place.component.is_field else None
            if element is None or not element.rule or value is None or place.name in self.errors:
                continue
            if self._is_readonly(place):
                continue
            verdict = RULES[element.rule](value, around(place, self.form, self.seen, self.env))
            if verdict.problem is not None:
                self.errors[place.name] = verdict.problem
            else:
                put(self.data, place.steps, verdict.value)
            if verdict.warning is not None:
                self.warnings[place.name] = verdict.warning

    def _settle(self) -> set[str]:
        """Compute and hide until nothing changes; give the names of hidden places."""
        hidden: set[str] = set()
        for _ in range(_ROUNDS):
            before = copy.deepcopy(self.data)
            self._compute(hidden)
            hidden = self._hidden()
            for place in self.places():
                if place.name in hidden and place.component.steps:
                    self._drop(place)
            if before == self.data:
                break
        return hidden

    def _compute(self, hidden: set[str]) -> None:
        for place in self.places():
            component = place.component
            if place.name in hidden or not component.steps:
                continue
            if component.behaviour.computed is not None:
                value = evaluate(component.behaviour.computed, place, self.seen, self.env)
                self._set(place, value)
            else:
                derived = derive(place, self.form, self.seen, self.env)
                empty = read(self.seen, place.steps) is None
                if derived is not None and (empty or self._is_readonly(place)):
                    put(self.data, place.steps, derived)

    def _drop(self, place: Place) -> None:
        if self._is_readonly(place) or place.component.type == "group":
            return
        if read(self.base, place.steps) is None:
            remove(self.data, place.steps)
        else:
            put(self.data, place.steps, None)

    def _hidden(self) -> set[str]:
        return hidden_places(self.places(), self.seen, self.env)

    def _demand(self, hidden: set[str]) -> None:
        everything = [place for place in self.places() if place.name not in hidden]
        for place in everything:
            if place.name in self.errors or self._is_readonly(place):
                continue
            problem = faults_of(place, self.seen, self.env) or disagreement(
                place, self.form, self.seen, self.env
            )
            if problem is not None:
                self.errors[place.name] = problem
        self._check(everything)

    def _check(self, everything: list[Place]) -> None:
        """Hold the form's own FEEL checks: only a true answer passes.

        A check that cannot be answered (null) is not reported beside other errors, for it is
        most often their consequence.
        """
        unanswered: dict[str, Message] = {}
        for place in everything:
            behaviour = place.component.behaviour
            if behaviour.check is None or place.name in self.errors:
                continue
            if place.component.is_field and read(self.seen, place.steps) is None:
                continue
            result = evaluate(behaviour.check, place, self.seen, self.env)
            message = Message("check", own=behaviour.message)
            if result is None:
                unanswered[place.name] = message
            elif result is not True:
                self.errors[place.name] = message
        if not self.errors:
            self.errors.update(unanswered)

    def _forget(self, hidden: set[str]) -> None:
        """Say nothing of hidden fields."""
        for name in hidden:
            self.errors.pop(name, None)
            self.warnings.pop(name, None)

    def _is_readonly(self, place: Place) -> bool:
        return is_readonly(place, self.seen, self.env)


def _is_rows(rows: Json) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def hidden_places(everything: list[Place], data: Mapping[str, Json], env: Environment) -> set[str]:
    """Give the names of places that a condition hides, or that stand in something hidden."""
    hidden: set[str] = set()
    for place in everything:
        behaviour = place.component.behaviour
        if any(parent.name in hidden for parent in place.parents) or (
            behaviour.hide is not None and evaluate(behaviour.hide, place, data, env) is True
        ):
            hidden.add(place.name)
    return hidden


def is_readonly(place: Place, data: Mapping[str, Json], env: Environment) -> bool:
    """Whether a person cannot write here: the component or something around it says so."""
    for around_it in (*place.parents, place):
        if around_it.component.readonly:
            return True
        condition = around_it.component.behaviour.readonly
        if condition is not None and evaluate(condition, place, data, env) is True:
            return True
    return False
