"""What a clerk filters the queue by: read from the page's parameters, and told in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from urllib.parse import parse_qsl, urlencode

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from onething import identity, runtime, tasks
from onething.definitions import MOST_DAYS, DayRange, Definition, FilterField
from onething.identity import Actor
from onething.runtime import Host, QueueQuery
from onething.web.due_signs import soon_before
from onething.web.language import language
from onething.web.naming import post_names
from onething.web.wording import item_name, service_name

SCOPES: Mapping[str, Mapping[str, str]] = {
    "all": {},
    "mine": {"held": "mine"},
    "free": {"held": "free"},
    "late": {"due": "late"},
    "today": {"due": "today"},
    "soon": {"due": "soon"},
    "done": {"done": "today"},
}
"""Tabs over the queue, and what each of them is as a filter."""
MOST_FIELDS = 5
_LONGEST = 100
_LONGEST_QUERY = 4_000
_MOST_PARAMETERS = 40
_ONE_OF = {
    "due": ("late", "today", "soon"),
    "held": ("free", "mine", "taken"),
    "done": ("today",),
}
_FURTHER = ("due", "held", "item", "post", "region")
_SINGLE = ("q", "service", "item", "post", "region", "due", "held", "done")


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a queue's page, as far as they mean something."""

    single: Mapping[str, str]
    fields: Sequence[tuple[str, str]]
    """Keys of fields and their values; without a value it is not filtered by them yet."""
    view: str = ""
    """The kept filter that is shown."""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters by which the page is found again."""
        found = list(self.single.items())
        for key, value in self.fields:
            if value:
                found += [("field", key), ("value", value)]
        return found

    @property
    def query(self) -> str:
        """The parameters as they stand in an address."""
        return urlencode(self.pairs)

    @property
    def scope(self) -> str:
        """The tab that this is; an empty text where it is a filter of its own."""
        if self.fields or self.view:
            return ""
        return next((name for name, one in SCOPES.items() if one == self.single), "")

    @property
    def goes_further(self) -> bool:
        """Whether it is narrowed by what stands among the further conditions, and is no tab."""
        return not self.scope and any(one in self.single for one in _FURTHER)

    def without(self, place: int) -> str:
        """Return the address's parameters without one of the fields."""
        fields = [one for at, one in enumerate(self.fields) if at != place]
        return Asked(self.single, fields).query

    def to_query(self, host: Host, region: str | None) -> QueueQuery:
        """Return what is asked of the queue."""
        due, now = self.single.get("due"), host.clock()
        before = {
            "late": now,
            "today": runtime.tomorrow(host),
            "soon": soon_before(host, region),
        }
        return QueueQuery(
            text=self.single.get("q", ""),
            service=self.single.get("service"),
            item=self.single.get("item"),
            post=self.single.get("post"),
            region=self.single.get("region"),
            held=self.single.get("held", "all"),
            due_before=before.get(due or ""),
            due_after=now if due == "today" else None,
            done_since=runtime.today(host) if "done" in self.single else None,
            fields=[(key, value) for key, value in self.fields if value],
        )


def read(args: MultiDict[str, str]) -> Asked:
    """Read the parameters of a page; what means nothing is left out."""
    single = {name: " ".join(args.get(name, "").split())[:_LONGEST] for name in _SINGLE}
    single = {name: value for name, value in single.items() if _means(name, value)}
    single |= SCOPES.get(args.get("scope", ""), {})
    values, lasts = _texts(args, "value"), _texts(args, "until")
    values = [_between(*both) for both in zip_longest(values, lasts, fillvalue="")]
    fields = list(zip((one[:_LONGEST] for one in args.getlist("field")), values, strict=False))
    if args.get("add"):
        fields.append((args["add"][:_LONGEST], ""))
    return Asked(single, fields[:MOST_FIELDS], args.get("view", ""))


def decoded(query: str) -> MultiDict[str, str]:
    """Return the parameters that a form carries in one hidden field."""
    return MultiDict(parse_qsl(query[:_LONGEST_QUERY], max_num_fields=_MOST_PARAMETERS))


def kept(asked: Asked, offered: "Offered") -> list[tuple[str, str]]:
    """Return what of a filter is kept under a name: no search text, no names and numbers."""
    single = [(name, value) for name, value in asked.single.items() if name != "q"]
    fields = [
        pair
        for key, value in asked.fields
        if value and key in offered.by_key and not offered.by_key[key].names_somebody
        for pair in (("field", key), ("value", value))
    ]
    return single + fields


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field that is filtered by, as the page shows it."""

    key: str
    text: str
    kind: str
    value: str
    """Of a range of days the first one."""
    last: str
    """Of a range of days the last one; else empty."""
    fault: str
    """Why nothing can be looked for by it; else empty."""
    choices: Sequence[Choice]
    without: str
    """The address's parameters without it."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What the own queue can be filtered by, in words."""

    services: Sequence[Definition]
    by_key: Mapping[str, FilterField]
    groups: Sequence[tuple[str, Sequence[Choice]]] = field(default=())
    """Fields to add, by service and part of the application."""

    def only_own(self, asked: Asked) -> tuple[Asked, bool]:
        """Return what is asked without fields that the post does not see, and whether some went."""
        own = [one for one in asked.fields if one[0] in self.by_key]
        return replace(asked, fields=own), len(own) < len(asked.fields)

    def lines(self, asked: Asked) -> list[FieldLine]:
        """Return the fields that are filtered by, in words."""
        return [
            _line(self.by_key[key], value, asked.without(place))
            for place, (key, value) in enumerate(asked.fields)
        ]

    def fault(self, asked: Asked) -> str:
        """Say why nothing can be looked for by the fields; an empty text where something can."""
        return next((one.fault for one in self.lines(asked) if one.fault), "")

    def clash(self, asked: Asked) -> bool:
        """Whether the fields belong to several services: no case can have all of them."""
        services = {key.partition(":")[0] for key, value in asked.fields if value}
        service = asked.single.get("service")
        return len(services | ({service} if service and services else set())) > 1


def offered(host: Host, actor: Actor, service: str | None) -> Offered:
    """Return what the own queue can be filtered by; of one service where it is chosen."""
    found = runtime.queue_fields(host, actor)
    by_key = {one.key: one for _of, fields in found for one in fields}
    chosen = [(of, fields) for of, fields in found if service in (None, of.service.code)]
    groups: dict[str, list[Choice]] = {}
    for of, fields in chosen:
        for one in fields:
            parts = [service_name(of.service)] if service is None else []
            name = " · ".join([*parts, *_group(one)])
            groups.setdefault(name, []).append(Choice(one.key, _label(one)))
    return Offered([of for of, _fields in found], by_key, list(groups.items()))


def own_services(definitions: Iterable[Definition], actor: Actor) -> list[Definition]:
    """Return the services in which the own department has work."""
    return [one for one in definitions if actor.department in _departments(one)]


def region_choices(host: Host, actor: Actor) -> list[Choice]:
    """Return the regions that the site knows within the own one."""
    prefix = tasks.region_prefix(actor.region or "")
    with host.database.read() as conn:
        known = identity.regions(conn)
    return [
        Choice(one.code, (one.name_en if language() == "en" else "") or one.name)
        for one in known
        if one.code.startswith(prefix)
    ]


def item_choices(definitions: Iterable[Definition], actor: Actor) -> list[Choice]:
    """Return the items of the own department."""
    return [
        Choice(item.id, item_name(item))
        for one in definitions
        for item in one.service.items
        if item.department == actor.department
    ]


def post_choices(actor: Actor) -> list[Choice]:
    """Return the posts of the own department, where the person sees those of several."""
    if actor.post and "supervisor" not in actor.roles:
        return []
    posts = post_names().items()
    found = [Choice(post, name) for (of, post), name in posts if of == actor.department]
    return found if len(found) > 1 else []


def due_choices() -> list[Choice]:
    """Return the ways in which something is due."""
    texts = {"late": _("已逾期"), "today": _("今日到期"), "soon": _("即将到期")}
    return [Choice(name, texts[name]) for name in _ONE_OF["due"]]


def held_choices() -> list[Choice]:
    """Return who may hold a task."""
    texts = {"free": _("待领取"), "mine": _("我领取的"), "taken": _("已领取")}
    return [Choice(name, texts[name]) for name in _ONE_OF["held"]]


def _departments(of: Definition) -> set[str | None]:
    found: set[str | None] = {item.department for item in of.service.items}
    return found | {lane.department for lane in of.service.lanes}


def _texts(args: MultiDict[str, str], name: str) -> list[str]:
    return [" ".join(one.split())[:_LONGEST] for one in args.getlist(name)]


def _between(value: str, last: str) -> str:
    """Return what a field's one or two inputs ask for: a single day where one is left empty."""
    return str(DayRange(value, last)) if value and last else value or last


def _means(name: str, value: str) -> bool:
    return bool(value) and (name not in _ONE_OF or value in _ONE_OF[name])


def _group(one: FilterField) -> list[str]:
    text = one.group.text(language())
    return [] if not text or _is_formula(text) else [text]


def _label(one: FilterField) -> str:
    text = one.label.text(language())
    element = one.component.element
    if (not text or _is_formula(text)) and element is not None:
        return element.name_en if language() == "en" else element.name
    return text


def _line(one: FilterField, value: str, without: str) -> FieldLine:
    days = DayRange.of(value) if one.kind == "date" else None
    first, last = (days.first, days.last) if days else (value, "")
    fault = _fault(days) if days else ""
    return FieldLine(one.key, _whole(one), one.kind, first, last, fault, _choices(one), without)


def _fault(days: DayRange) -> str:
    texts: Mapping[str, str] = {
        "day": _("日期不存在，请重新填写。"),
        "order": _("结束日期早于开始日期，请改正。"),
        "long": _("日期范围最多 %(n)s 天，请缩短后再筛选。", n=MOST_DAYS),
    }
    return texts.get(days.fault, "")


def _whole(one: FilterField) -> str:
    return " · ".join([*_group(one), _label(one)])


def _is_formula(text: str) -> bool:
    return text.startswith("=") or "{{" in text


def _choices(one: FilterField) -> list[Choice]:
    if one.kind == "boolean":
        return [Choice("true", _("是")), Choice("false", _("否"))]
    if one.kind != "choice":
        return []
    return [
        Choice(str(option.value), option.label.text(language()))
        for option in one.component.options.fixed
    ]
