"""Share first: what a department can supply is asked there, and nobody else is asked for it.

Source: 政务数据共享条例 (in force 2025-08-01): no repeated collection where sharing suffices.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from onething import history
from onething.definitions import Item, MaterialRule, Service
from onething.errors import InvalidInput
from onething.forms import Form
from onething.forms.json_value import Json
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import visible_case

_REASONS = {"NO_RECORD": "not-found", "CONFLICT": "not-usable", "REVOKED": "not-usable"}
_FAILED = frozenset({"JobRefused", "JobFailed", "JobSkipped"})
OBJECTED = "objected"
DEMANDED = "supplement.name"
"""Element of the fields in which a clerk names what a person is to bring."""
_LEAST_NAME = 3


@dataclass(frozen=True, slots=True)
class Uploadable:
    """A material that a person may upload to a case now."""

    item: Item
    rule: MaterialRule
    reason: str | None
    """Why, where a department should have supplied it; OBJECTED: only against its data."""


def failures(conn: Connection, instance_id: str) -> dict[str, str]:
    """Return why sharing failed, by operation: the newest failure of each."""
    found: dict[str, str] = {}
    for event in history.read(conn, None, instance_id):
        if event.kind in _FAILED and event.input.get("operation"):
            code = str(event.input.get("error", ""))
            found[event.input["operation"]] = _REASONS.get(code, "no-answer")
    return found


def uploadable(service: Service, failed: Mapping[str, str]) -> list[Uploadable]:
    """Return what may be uploaded: what nobody shares, what sharing failed for, objections."""
    return [
        Uploadable(item, rule, _reason(rule, failed))
        for item in service.items
        for rule in item.materials
        if rule.source in ("UPLOAD", "PAPER") or rule.is_shared
    ]


def _reason(rule: MaterialRule, failed: Mapping[str, str]) -> str | None:
    if not rule.is_shared:
        return None
    return failed.get(rule.operation or "", OBJECTED) if rule.fallback == "UPLOAD" else OBJECTED


def reason_of(
    service: Service, kind: str | None, failed: Mapping[str, str], *, objects: bool
) -> str | None:
    """Return why a person uploads a material, or None where no department supplies it.

    Raises:
        InvalidInput: A department supplies it, and the person does not object to its data.
    """
    rules = [one for item in service.items for one in item.materials if one.id == kind]
    shared = [one for one in rules if one.is_shared]
    if not shared or len(shared) < len(rules):
        return None
    reasons = [one for rule in shared if (one := _reason(rule, failed)) != OBJECTED]
    if reasons:
        return reasons[0]
    if objects:
        return OBJECTED
    told = (
        f"“{shared[0].name}”由部门共享取得，不需要您提交；认为共享的数据有误的，请勾选有异议 "
        "(a department supplies this: nobody needs to bring it; tick that you object "
        "where its data are wrong)"
    )
    raise InvalidInput(told, {"material": told})


def demands(form: Form) -> list[str]:
    """Return the paths of the fields in which a clerk names what a person is to bring."""
    return [one.path for one in form.fields if one.element and one.element.id == DEMANDED]


def refused_demands(
    service: Service, form: Form, data: Mapping[str, Json], failed: Mapping[str, str]
) -> dict[str, str]:
    """Return messages by path for what a clerk may not demand: a department supplies it."""
    shared = [one for item in service.items for one in item.materials if one.is_shared]
    free = {one.name for item in service.items for one in item.materials if not one.is_shared}
    paths = demands(form)
    found: dict[str, str] = {}
    for path, named in (spot for one in paths for spot in _values(data, one)):
        rule = _named(named, shared)
        if rule and rule.name not in free and rule.operation not in failed:
            found[path] = (
                f"“{rule.name}”由部门共享取得，共享没有失败就不能要求申请人提交 "
                "(a department supplies this: it cannot be demanded unless sharing failed)"
            )
    return found


def _named(text: str, rules: Iterable[MaterialRule]) -> MaterialRule | None:
    """Return the material that a clerk's words ask for: its name, or words around it."""
    plain = "".join(text.split())
    for rule in rules:
        if plain in (rule.id, rule.name) or (len(rule.name) >= _LEAST_NAME and rule.name in plain):
            return rule
    return None


def _values(data: Mapping[str, Json], path: str) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of a field in data; `a.rows[].name` stands once in each row."""
    head, brackets, rest = path.partition("[].")
    value: Json = dict(data)
    for step in head.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if not brackets:
        if isinstance(value, str):
            yield path, value
        return
    for number, row in enumerate(value if isinstance(value, list) else ()):
        if isinstance(row, dict):
            for inner, text in _values(row, rest):
                yield f"{head}[{number}].{inner}", text


def list_uploadable(host: Host, actor: Actor, case_no: str) -> list[Uploadable]:
    """Return what a person may upload to a case now.

    Raises:
        NotFound: No such case for this person.
    """
    with host.database.read() as conn:
        case = visible_case(actor, conn, case_no)
        definition = host.definitions.get(conn, case.service, case.number)
        return uploadable(definition.service, failures(conn, case.instance_id))
