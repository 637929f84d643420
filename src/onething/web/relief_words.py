"""What a service takes off people, in the reader's language."""

from dataclasses import dataclass

from flask_babel import gettext as _

from onething.catalog import Days, Needed, Relief
from onething.definitions import Definition
from onething.web.wording import item_name, worded
from onething.web.words import listed


@dataclass(frozen=True, slots=True)
class Span:
    """Promised days before and after, in one unit."""

    before: str
    after: str
    unit: str


def relief_days(one: Relief) -> Span:
    """Return the promised days: working or natural ones as they are, both together as about."""
    days = (one.days_before, one.days_after)
    if not any(each.natural for each in days):
        return _span([each.working for each in days], _("个工作日"))
    if not any(each.working for each in days):
        return _span([each.natural for each in days], _("天"))
    return _span([each.calendar_days for each in days], _("天"), is_about=True)


def days_text(days: Days) -> str:
    """Return a length of promised time with its kinds of day apart."""
    working, natural = days.working, days.natural
    parts = [_("1 个工作日") if working == 1 else _("%(n)s 个工作日", n=working)] if working else []
    parts += [_("1 日") if natural == 1 else _("%(n)s 日", n=natural)] if natural else []
    return " + ".join(map(str, parts)) or str(_("当日办结"))


def relief_items(one: Relief, definition: Definition) -> str:
    """Name the items that the figures count."""
    return _items([single.item for single in one.singles], definition)


def relief_path(one: Relief, definition: Definition) -> str:
    """Name the items that run one after the other and take longest."""
    names = [_items([name], definition) for name in one.path]
    return " → ".join(names)


def needed_text(needed: tuple[Needed, ...], definition: Definition) -> str:
    """Name materials."""
    return listed(worded(one.name, definition) for one in needed) or str(_("无"))


def _items(ids: list[str], definition: Definition) -> str:
    found = (definition.service.item(name) for name in ids)
    return listed(item_name(item) for item in found if item is not None)


def _span(counts: list[int], unit: str, *, is_about: bool = False) -> Span:
    before, after = (_count(count, is_about=is_about) for count in counts)
    return Span(before, after, str(unit) if counts[-1] else "")


def _count(days: int, *, is_about: bool) -> str:
    if not days:
        return str(_("当日"))
    return str(_("约 %(n)s", n=days)) if is_about else str(days)


FILTERS = {
    "relief_days": relief_days,
    "days": days_text,
    "relief_items": relief_items,
    "relief_path": relief_path,
    "needed": needed_text,
}
"""What the templates call these by."""
