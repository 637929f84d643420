"""Decision models: requirement graphs of inputs, decisions, knowledge and services.

Source: DMN 1.5, chapter 6.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from onething.decisions.item_types import coerce, take_input
from onething.decisions.tables import Table
from onething.decisions.trace import RuleMatch, Trace
from onething.errors import Finding, NotFound
from onething.feel import Environment, Function, Value, Warning  # noqa: A004 - the standard's word
from onething.feel.arithmetic import FAILURES
from onething.feel.compiled import reason
from onething.feel.compiled_scopes import invoke
from onething.feel.environment import Code, Scope
from onething.feel.kinds import ANY, Type

Key = tuple[str, str]
"""Namespace and id of an element."""


@dataclass(frozen=True, slots=True)
class InputData:
    """A value that comes from outside."""

    key: Key
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: its expression and what it requires."""

    key: Key
    name: str
    """Name of the variable that its value has in other decisions."""
    type: Type
    code: Code
    requires: tuple[Key, ...]

    @property
    def id(self) -> str:
        """The id in its file."""
        return self.key[1]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function that decisions call."""

    key: Key
    name: str
    type: Type
    """Type of the result."""
    code: Code
    """Gives the function."""
    requires: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: output decisions as a function of inputs."""

    key: Key
    name: str
    type: Type
    outputs: tuple[Key, ...]
    parameters: tuple[Key, ...]
    """Input data and input decisions, in the order of the arguments."""


Element = InputData | Decision | Knowledge | Service


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """What a decision came to."""

    value: Value
    matched: list[RuleMatch]
    inputs: dict[str, Value]
    """Values of input data by name and of table inputs by their expression."""
    warnings: list[Warning]


@dataclass(frozen=True, slots=True)
class DecisionModel:
    """One DMN file, read and compiled."""

    name: str
    namespace: str
    elements: Mapping[Key, Element]
    """Own and imported elements."""
    aliases: Mapping[tuple[str, str], str]
    """Name under which one namespace (first) knows an imported one (second)."""
    titles: Mapping[str, Key]
    """Own elements by the name in the diagram, which may differ from that of their variable."""
    types: Mapping[str, Type]
    findings: list[Finding] = field(default_factory=list)
    """What was wrong and, read leniently, gives null."""
    tables: list[Table] = field(default_factory=list)
    """The model's own decision tables, in the order of the file."""

    @property
    def decisions(self) -> dict[str, Decision]:
        """The model's own decisions by id."""
        return {
            key[1]: element
            for key, element in self.elements.items()
            if isinstance(element, Decision) and key[0] == self.namespace
        }

    def find(self, name: str) -> Element:
        """Return an own element by id, else by name; raise NotFound."""
        key = (self.namespace, name)
        found = self.elements.get(key) or self.elements.get(self.titles.get(name, key))
        if found is not None:
            return found
        for key, element in self.elements.items():
            if element.name == name and key[0] == self.namespace:
                return element
        raise NotFound(f"{self.name} has no decision {name}")

    def evaluate(
        self, decision_id: str, variables: Mapping[str, Value], env: Environment
    ) -> DecisionResult:
        """Evaluate a decision, decision service or knowledge model, found by id or name.

        Raises NotFound, ExpressionLimitExceeded.
        """
        run = Trace(env)
        known = len(env.warnings)
        session = Session(self, variables, run)
        value = session.outcome(self.find(decision_id))
        return DecisionResult(value, run.matched, run.inputs, env.warnings[known:])


class Session:
    """One evaluation of a requirement graph: each element is evaluated once."""

    def __init__(
        self,
        model: DecisionModel,
        variables: Mapping[str, Value],
        run: Trace,
        given: Mapping[Key, Value] | None = None,
    ) -> None:
        self._model = model
        self._variables = variables
        self._run = run
        self._values: dict[Key, Value] = dict(given or {})
        hidden = {
            element.name for element in model.elements.values() if isinstance(element, InputData)
        }
        # what the diagram does not declare may still be used: plain tables have no input data
        undeclared = {name: value for name, value in variables.items() if name not in hidden}
        self._outside = Scope(undeclared, None, run)

    def outcome(self, element: Element) -> Value:
        """Return what an element gives when it is asked for from outside."""
        if isinstance(element, Service):
            return self._serve(element)
        value = self.value(element.key)
        if isinstance(element, Knowledge) and isinstance(value, Function):
            return self._called(value)
        return value

    def value(self, key: Key) -> Value:
        """Return the value of an element, evaluating what it requires first."""
        if key not in self._values:
            self._values[key] = self._evaluated(self._model.elements[key])
        return self._values[key]

    def _evaluated(self, element: Element) -> Value:
        if isinstance(element, InputData):
            return self._input(element)
        if isinstance(element, Service):
            return self._service_function(element)
        scope = self._scope(element)
        if isinstance(element, Decision):
            return coerce(element.code(scope), element.type, scope, element.name)
        return self._knowledge_function(element, scope)

    def _scope(self, element: Decision | Knowledge) -> Scope:
        """Return the scope of what an element requires; imports stand under their alias."""
        names: dict[str, Value] = {}
        for key in element.requires:
            required = self._model.elements[key]
            alias = self._model.aliases.get((element.key[0], key[0]))
            if not alias:  # an own element, or one imported without a name
                names[required.name] = self.value(key)
            else:
                names.setdefault(alias, {})[required.name] = self.value(key)
        return Scope(names, self._outside, self._run)

    def _input(self, element: InputData) -> Value:
        value = take_input(self._variables.get(element.name), element.type)
        self._run.inputs[element.name] = value
        return coerce(value, element.type, self._outside, element.name)

    def _knowledge_function(self, element: Knowledge, scope: Scope) -> Value:
        function = element.code(scope)
        if not isinstance(function, Function):
            return function
        call = function.call

        def typed(run: object, *arguments: Value) -> Value:
            return coerce(call(run, *arguments), element.type, scope, element.name)

        named = function._replace(name=element.name, call=typed, result=element.type)
        scope.names[element.name] = named  # type: ignore[index] # made by _scope: a function may call itself
        return named

    def _service_function(self, element: Service) -> Value:
        parameters = [self._model.elements[key] for key in element.parameters]
        types = tuple(
            parameter.type for parameter in parameters if not isinstance(parameter, Service)
        )

        def call(_run: object, *arguments: Value) -> Value:
            given = dict(zip(element.parameters, arguments, strict=True))
            inner = Session(self._model, {}, self._run, given)
            return inner.outputs(element)

        names = tuple(parameter.name for parameter in parameters)
        return Function(element.name, (names,), call, types, element.type)

    def _called(self, function: Function) -> Value:
        """Call a knowledge model with the variables that have the names of its parameters."""
        (names,) = function.signatures
        types = function.types or (ANY,) * len(names)
        given = [
            take_input(self._variables.get(name), expected)
            for name, expected in zip(names, types, strict=True)
        ]
        try:
            return invoke(function, given, (), self._run)
        except FAILURES as failure:
            self._run.warn(f"{function.name}: {reason(failure)}")
            return None

    def _serve(self, element: Service) -> Value:
        """Evaluate a service whose inputs are variables by name."""
        given = {}
        for key in element.parameters:
            parameter = self._model.elements[key]
            value = take_input(self._variables.get(parameter.name), parameter.type)
            given[key] = coerce(value, parameter.type, self._outside, parameter.name)
        return Session(self._model, self._variables, self._run, given).outputs(element)

    def outputs(self, element: Service) -> Value:
        """Return the value of a service: its one output decision, or all by name."""
        values = {self._model.elements[key].name: self.value(key) for key in element.outputs}
        value = next(iter(values.values())) if len(values) == 1 else values
        return coerce(value, element.type, self._outside, element.name)
