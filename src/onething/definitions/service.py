"""The manifest of a service package: what `service.toml` says, as records."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from onething.errors import Finding, ModelRefused

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lane:
    """Who does the tasks of one lane: a department's post, or a party of the case."""

    name: str
    department: str | None = None
    post: str | None = None
    region: str | None = None
    """FEEL (with `=`) or a division code; None takes the case's region."""
    party: str | None = None
    elements: tuple[str, ...] = ()
    """Dotted paths of the application that this post needs besides the own items' ones; `*`
    is all of it: the front desk that checks the application."""
    filters: tuple[str, ...] | None = None
    """Those of `elements` by which this post may filter its queue; None: all that can be."""

    def is_of(self, department: str | None, post: str | None) -> bool:
        """Whether a person of this department and post works in the lane."""
        return self.department == department and post in (None, self.post)


@dataclass(frozen=True, slots=True)
class MaterialRule:
    """One material an item needs, and where it may come from."""

    id: str
    name: str
    source: str
    trust: str = "C"
    required: bool | str = True
    operation: str | None = None
    fallback: str | None = None
    name_en: str = ""
    note: str = ""
    assumption: tuple[str, ...] | bool = ()
    surrendered: bool = False
    """The paper itself is handed in and kept: no data stand for it."""
    field: str = ""
    """Path of the file field, in the application or a task's form, that takes it."""
    kind: str = ""
    """What it is called across services, where that is not its id."""
    valid_days: int = 0
    """So long after it was given or issued the person may use it in another case; 0: never."""
    issued: tuple[str, ...] = ()
    """Documents that count for it, such as `marriage-status-change/divorce-certificate`."""

    @property
    def sort(self) -> str:
        """What it is across services: what was given as the same sort may stand for it."""
        return self.kind or self.id

    @property
    def is_shared(self) -> bool:
        """Whether a department supplies it, so that nobody is asked to bring it."""
        return self.source in ("SHARE", "CERT") and self.operation is not None


@dataclass(frozen=True, slots=True)
class Item:
    """One department's part of the service (单事项)."""

    id: str
    name: str
    department: str
    type_code: str
    name_en: str = ""
    form: str = ""
    """Id of the form that asks what this item needs; the joint application is compiled of them."""
    item_code: str = ""
    statutory: str = ""
    promised: str = ""
    special: tuple[str, ...] = ()
    fee: Decimal | int | str = 0
    elements: tuple[str, ...] = ()
    """Dotted paths of the application that a clerk of this item may see."""
    filters: tuple[str, ...] | None = None
    """Those of `elements` by which a clerk may filter the queue; None: all that can be."""
    outputs: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    assumption: tuple[str, ...] | bool = ()
    core: bool = False
    optional: bool = False
    after: tuple[str, ...] = ()
    """Items that must have a result before this one's clock starts; the others run beside."""
    condition: str = ""
    """FEEL over the application: the item belongs to the case only when true."""
    materials: tuple[MaterialRule, ...] = ()
    trips: int | None = None
    """How often people come in person where they apply for the item by itself (到办事现场次数)."""
    joint_trips: int | None = None
    """How often the item still needs them in person where it is part of the joint service."""
    note: str = ""
    requirements: tuple[str, ...] = ()
    """Who may have it (申请条件), each with its article."""


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A second party who agrees to an application from an own account before it becomes a case."""

    party: str
    """Name of the party in `parties`; its expression is a path such as `b` or `adopters[2]`."""
    name: str
    """What the party is called on the pages."""
    declaration: str
    """What both agree to, beside the answers themselves."""
    version: str
    """Version of the declaration; it is kept with each agreement."""
    inviter_declaration: str = ""
    """What the inviter agrees to, where that is something else."""
    condition: str = ""
    """FEEL over the application: the party agrees only where it is true."""
    notice: str = ""
    """What an agreement online does not replace, such as coming in person."""
    legal_basis: tuple[str, ...] = ()
    assumption: tuple[str, ...] | bool = ()


@dataclass(frozen=True, slots=True)
class Proxy:
    """Whether somebody may act for the applicant, a family member, and what is agreed to then."""

    declaration: str = ""
    """What the principal agrees to; empty: nobody acts for anybody in this service."""
    agent_declaration: str = ""
    """What the agent agrees to."""
    version: str = ""
    name: str = "委托人"
    """What the principal is called on the pages."""
    condition: str = ""
    """FEEL over the application: somebody may act only where it is true."""
    refusal: str = ""
    """Why nobody may, where it is not true."""
    refusal_basis: tuple[str, ...] = ()
    notice: str = ""
    legal_basis: tuple[str, ...] = ()
    assumption: tuple[str, ...] | bool = ()


@dataclass(frozen=True, slots=True)
class Acting:
    """What people are told of whether somebody may act for them, in one kind of application."""

    allowed: bool
    text: str
    """Who may, and what is needed; or why nobody may."""
    of: str = ""
    """The kinds that it is about; empty: all."""
    legal_basis: tuple[str, ...] = ()
    assumption: bool = False


@dataclass(frozen=True, slots=True)
class ReliefRule:
    """The case that a service's relief figures are reckoned for."""

    items: tuple[str, ...] = ()
    """Its items; empty: every item. Needed where items exclude each other."""
    source: str = ""
    assumption: tuple[str, ...] | bool = ()


@dataclass(frozen=True, slots=True)
class GuideRule:
    """What the guide asks ahead, and what tells the items of a situation."""

    questions: tuple[str, ...] = ()
    """Paths of the application whose answers are choices that name nobody."""
    decision: str = ""
    """Decision that lists ids of items; empty: the items' own conditions tell."""


@dataclass(frozen=True, slots=True)
class CorrectionRule:
    """Who besides supervisors opens corrections of closed cases, and by which articles."""

    posts: tuple[str, ...] = ()
    """Departments and posts, such as `registry.registrar`."""
    bases: tuple[str, ...] = ()
    """Articles to choose from; another one may be written in."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """An amount or limit that a site may set, with its legal source or the mark assumption."""

    name: str
    value: Any
    unit: str = ""
    source: str = ""
    assumption: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class DocumentRule:
    """One kind of document that the service issues."""

    id: str
    name: str
    template: str = ""
    prefix: str = ""
    legal_basis: tuple[str, ...] | str = ()
    name_en: str = ""

    @property
    def template_id(self) -> str:
        """Id of the template that it is drawn from; empty where a department draws it itself."""
        return self.template.rpartition("#")[2]


@dataclass(frozen=True, slots=True)
class Service:
    """What a service package says about itself."""

    code: str
    name: str
    life_stage: str
    process: str
    application: str
    theme: str = "000"
    name_en: str = ""
    summary: str = ""
    summary_en: str = ""
    core_item: str = ""
    subject: str = ""
    applicant: str = ""
    region: str = ""
    parties: Mapping[str, str] = field(default_factory=dict)
    legal_basis: tuple[str, ...] = ()
    start_roles: tuple[str, ...] = ("applicant", "helper")
    uses: tuple[str, ...] = ()
    hidden: bool = False
    """Not in the catalogue: only called by other services."""
    assumption: tuple[str, ...] | bool = ()
    lanes: tuple[Lane, ...] = ()
    items: tuple[Item, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    documents: tuple[DocumentRule, ...] = ()
    cosigners: tuple[Cosigner, ...] = ()
    proxy: Proxy = Proxy()
    acting: tuple[Acting, ...] = ()
    relief: ReliefRule = ReliefRule()
    guide: GuideRule = GuideRule()
    correction: CorrectionRule = CorrectionRule()

    def lane(self, name: str | None) -> Lane | None:
        """Return the lane of that name, or None."""
        return next((lane for lane in self.lanes if lane.name == name), None)

    def item(self, item_id: str | None) -> Item | None:
        """Return the item of that id, or None."""
        return next((item for item in self.items if item.id == item_id), None)

    def parameter_values(self) -> dict[str, Any]:
        """Return the site amounts by name, as JSON values."""
        return {parameter.name: parameter.value for parameter in self.parameters}


@cache
def _schema() -> Draft202012Validator:
    text = (files("onething.definitions") / "service.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def parse(data: bytes, file: str) -> Service:
    """Read a manifest.

    Args:
        data: The bytes of `service.toml`, UTF-8.
        file: Its path, for messages.

    Raises:
        ModelRefused: The text is no TOML or does not follow the schema.
    """
    try:
        raw = tomllib.loads(data.decode("utf-8"), parse_float=Decimal)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        finding = Finding(file, "", "manifest-syntax", str(error), "Mend the TOML at this place.")
        raise ModelRefused([finding]) from error
    findings = list(_schema_findings(raw, file))
    if findings:
        raise ModelRefused(findings)
    return _service(raw)


def _schema_findings(raw: Mapping[str, Any], file: str) -> Iterator[Finding]:
    readable = json.loads(json.dumps(raw, default=_plain))
    for error in sorted(_schema().iter_errors(readable), key=lambda one: list(map(str, one.path))):
        yield Finding(file, _place(error), "manifest-schema", error.message, _remedy(error))


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def _place(error: ValidationError) -> str:
    return ".".join(str(part) for part in error.path)


def _remedy(error: ValidationError) -> str:
    return f"See docs/authoring/service.md; allowed here: {error.validator} {error.validator_value}"


def _service(raw: Mapping[str, Any]) -> Service:
    return _record(
        Service,
        raw,
        lanes=tuple(_record(Lane, lane) for lane in raw.get("lanes", ())),
        items=tuple(_item(item) for item in raw.get("items", ())),
        parameters=tuple(_record(Parameter, one) for one in raw.get("parameters", ())),
        documents=tuple(_record(DocumentRule, one) for one in raw.get("documents", ())),
        cosigners=tuple(_record(Cosigner, one) for one in raw.get("cosigners", ())),
        proxy=_record(Proxy, raw.get("proxy", {})),
        acting=tuple(_record(Acting, one) for one in raw.get("acting", ())),
        relief=_record(ReliefRule, raw.get("relief", {})),
        guide=_record(GuideRule, raw.get("guide", {})),
        correction=_record(CorrectionRule, raw.get("correction", {})),
    )


def _item(raw: Mapping[str, Any]) -> Item:
    materials = tuple(_record(MaterialRule, one) for one in raw.get("materials", ()))
    return _record(Item, raw, materials=materials)


def _record(kind: type[T], raw: Mapping[str, Any], **given: Any) -> T:  # noqa: ANN401 - fields of any record
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    values = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in raw.items()
        if name in known
    }
    return kind(**(values | given))
