"""Read DMN files into decision models.

Source: DMN 1.5, chapters 6 to 8; versions 1.1 to 1.4 differ in their namespace only as far
as execution goes.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from onething.decisions import model, xml
from onething.decisions.boxed import Reader, expression_of
from onething.decisions.item_types import Types, read_types
from onething.decisions.model import DecisionModel, Key
from onething.decisions.xml import Element, child, children, tag
from onething.errors import Finding, ModelRefused
from onething.feel.kinds import ANY, Type

_NAMED: Final = ("variable", "itemComponent", "formalParameter", "parameter", "column", "import")
_GRAPH: Final = ("inputData", "decision", "businessKnowledgeModel", "decisionService")
_ANY_ELEMENT: Final = "{*}*"
_PARAMETERS: Final = ("formalParameter", "parameter")
_REQUIRED: Final = ("requiredInput", "requiredDecision", "requiredKnowledge")


def parse(
    source: bytes,
    name: str = "",
    imports: Mapping[str, DecisionModel] | None = None,
    *,
    lenient: bool = False,
) -> DecisionModel:
    """Read and compile one DMN file; `imports` holds the models it imports by namespace.

    Raises ModelRefused with every finding; read leniently, an expression that is no FEEL
    gives null instead and stands in the model's findings.
    """
    built = _Builder(xml.read(source, name), name, imports or {}).build()
    if built.findings and not lenient:
        raise ModelRefused(built.findings)
    return built


def parse_all(files: Mapping[str, bytes], *, lenient: bool = False) -> dict[str, DecisionModel]:
    """Read files that may import each other; return the models by file name.

    Raises ModelRefused, also for files that import each other in a circle.
    """
    roots = {name: xml.read(source, name) for name, source in files.items()}
    namespaces = {root.get("namespace", ""): name for name, root in roots.items()}
    done: dict[str, DecisionModel] = {}

    def read(name: str, above: tuple[str, ...]) -> DecisionModel:
        if name in above:
            raise ModelRefused(
                [Finding(name, "", "dmn-import", "the files import each other", "cut the circle")]
            )
        if name not in done:
            wanted = [part.get("namespace", "") for part in children(roots[name], "import")]
            imports = {
                space: read(namespaces[space], (*above, name))
                for space in wanted
                if space in namespaces
            }
            done[name] = parse(files[name], name, imports, lenient=lenient)
        return done[name]

    for name in files:
        read(name, ())
    return done


class _Builder:
    """Builds one model from its XML."""

    def __init__(self, root: Element, file: str, imports: Mapping[str, DecisionModel]) -> None:
        self._root = root
        self._file = file
        self._imports = imports
        self._namespace = root.get("namespace", "")
        self._aliases: dict[tuple[str, str], str] = {}
        self._elements: dict[Key, model.Element] = {}
        self._titles: dict[str, Key] = {}
        types = self._types()
        variables = dict(self._variables(types))
        self._reader = Reader(file, frozenset(self._names()), types, variables)

    def build(self) -> DecisionModel:
        """Return the model with all its elements."""
        for imported in self._imports.values():
            self._elements.update(imported.elements)
            self._aliases.update(imported.aliases)
        for element in children(self._root, *_GRAPH):
            built = self._element(element)
            self._elements[built.key] = built
            self._titles.setdefault(element.get("name") or "", built.key)
        self._check_requirements()
        return DecisionModel(
            self._root.get("name") or self._file,
            self._namespace,
            self._elements,
            self._aliases,
            self._titles,
            self._reader.types,
            self._reader.findings,
            self._reader.tables,
        )

    def _names(self) -> Iterator[str]:
        """Yield every name that an expression of the model may hold."""
        for element in self._root.iter(_ANY_ELEMENT):
            name = element.get("name", "")
            # a parameter's name with a dot is a path, except inside its own function
            is_path = "." in name and tag(element) in _PARAMETERS
            if tag(element) in (*_NAMED, *_GRAPH) and name and not is_path:
                yield name
            if element.get("iteratorVariable"):
                yield element.get("iteratorVariable", "")
        for imported in self._imports.values():
            yield from (element.name for element in imported.elements.values())
            yield from _member_names(imported.types)

    def _variables(self, types: Types) -> Iterator[tuple[str, Type]]:
        """Yield name and type of the variables of input data and decisions."""
        for element in children(self._root, "inputData", "decision"):
            variable = child(element, "variable")
            if variable is not None:
                yield variable.get("name", ""), types.find(variable.get("typeRef"))

    def _types(self) -> Types:
        imported: dict[str, Type] = {}
        for part in children(self._root, "import"):
            alias, space = part.get("name", ""), part.get("namespace", "")
            if space not in self._imports:
                continue
            self._aliases[self._namespace, space] = alias
            for name, known in self._imports[space].types.items():
                imported[f"{alias}.{name}" if alias else name] = known
        return read_types(self._root, imported)

    def _element(self, element: Element) -> model.Element:
        own_name = element.get("name") or ""
        key = (self._namespace, element.get("id") or own_name)
        variable = child(element, "variable")
        name = (variable.get("name") if variable is not None else None) or own_name
        declared = self._reader.types.find(None if variable is None else variable.get("typeRef"))
        kind = tag(element)
        if kind == "inputData":
            return model.InputData(key, name, declared)
        if kind == "decisionService":
            return self._service(element, key, name, declared)
        requires = tuple(self._required(element))
        if kind == "decision":
            code = self._reader.code(expression_of(element), name)
            return model.Decision(key, name, declared, code, requires)
        code = self._reader.code(self._logic(element), name)
        return model.Knowledge(key, name, _result(declared), code, requires)

    def _logic(self, element: Element) -> Element | None:
        logic = child(element, "encapsulatedLogic")
        if logic is not None:
            logic.tag = logic.tag.replace("encapsulatedLogic", "functionDefinition")
        return logic

    def _service(self, element: Element, key: Key, name: str, declared: Type) -> model.Service:
        outputs = tuple(self._key(part) for part in children(element, "outputDecision"))
        data = [self._key(part) for part in children(element, "inputData")]
        decided = [self._key(part) for part in children(element, "inputDecision")]
        return model.Service(key, name, _result(declared), outputs, (*data, *decided))

    def _required(self, element: Element) -> Iterator[Key]:
        for requirement in children(element, "informationRequirement", "knowledgeRequirement"):
            for part in children(requirement, *_REQUIRED):
                yield self._key(part)

    def _key(self, reference: Element) -> Key:
        space, _, place = reference.get("href", "").rpartition("#")
        return (space or self._namespace, place)

    def _check_requirements(self) -> None:
        """Find references to nothing and requirements in a circle."""
        for key, element in list(self._elements.items()):
            if key[0] != self._namespace or isinstance(element, model.InputData):
                continue
            for required in _requirements(element):
                if required not in self._elements:
                    self._note(key, "dmn-reference", f"it requires {required[1]}, which is missing")
                    self._elements[required] = model.InputData(required, required[1], ANY)
        for key in list(self._elements):
            if self._reaches(key, key):
                self._note(key, "dmn-circle", "it requires itself")
                self._elements[key] = model.InputData(key, self._elements[key].name, ANY)

    def _reaches(self, start: Key, goal: Key) -> bool:
        waiting, seen = [start], set[Key]()
        while waiting:
            element = self._elements[waiting.pop()]
            if isinstance(element, (model.InputData, model.Service)):
                continue
            for required in element.requires:
                if required == goal:
                    return isinstance(self._elements[goal], model.Decision)
                if required not in seen:
                    seen.add(required)
                    waiting.append(required)
        return False

    def _note(self, key: Key, rule: str, message: str) -> None:
        remedy = "mend the requirement in the decision editor"
        self._reader.findings.append(Finding(self._file, key[1], rule, message, remedy))


def _requirements(element: model.Element) -> tuple[Key, ...]:
    if isinstance(element, model.Service):
        return (*element.outputs, *element.parameters)
    return () if isinstance(element, model.InputData) else element.requires


def _result(declared: Type) -> Type:
    """Return the type of a function's result, which may be declared as a function type."""
    return (declared.result or ANY) if declared.name == "function" else declared


def _member_names(types: Mapping[str, Type]) -> Iterator[str]:
    for known in types.values():
        yield from known.members
