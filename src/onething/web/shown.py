"""How values are shown: filters and names that every template has."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_login import current_user
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from onething import calendar, definitions
from onething.errors import OnethingError
from onething.runtime import Host
from onething.web import (
    absence_words,
    agreements,
    appointment_words,
    audit_words,
    batch_words,
    card_words,
    correction_words,
    hold_words,
    incident_words,
    material_words,
    migration_words,
    naming,
    news_words,
    relief_words,
    suspended,
    wording,
    words,
)
from onething.web.due_signs import due_sign
from onething.web.language import LANGUAGES, is_large, language
from onething.web.menu import menu
from onething.web.shared_fields import label_of
from onething.web.undoing import undo_notes

_LIFE_STAGES = {
    "出生": later("出生"),
    "教育": later("教育"),
    "退役": later("退役"),
    "工作": later("工作"),
    "置业": later("置业"),
    "出行": later("出行"),
    "婚育": later("婚育"),
    "就医": later("就医"),
    "救助": later("救助"),
    "养老": later("养老"),
    "身后": later("身后"),
}
LIFE_STAGES = tuple(_LIFE_STAGES)
"""The eleven stages of a life, as a service's manifest names them."""
_WORDS: dict[str, Any] = {
    **words.FILTERS,
    **material_words.FILTERS,
    **card_words.FILTERS,
    **wording.FILTERS,
    **suspended.FILTERS,
    **agreements.FILTERS,
    **batch_words.FILTERS,
    **incident_words.FILTERS,
    **relief_words.FILTERS,
    **news_words.FILTERS,
    **appointment_words.FILTERS,
    **absence_words.FILTERS,
    **correction_words.FILTERS,
    **hold_words.FILTERS,
    **naming.FILTERS,
    **migration_words.FILTERS,
    **audit_words.FILTERS,
}
_PERIOD = re.compile(r"P(?P<time>T(?=\d+[HM])|(?=\d+[DM]))(?P<n>\d{1,4})(?P<unit>[DHM])")
_LIMIT = re.compile(r"(?:WD|ND|PN|WH|WM)\(\d{1,4}\)")
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400
_TWO_DAYS_S = 2 * _DAY_S


def register(app: Flask, host: Host) -> None:
    """Give the templates their filters and names."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=lambda instant: _local(host, instant).strftime("%Y-%m-%d") if instant else "",
        moment=lambda instant: moment_text(host, instant),
        whole=whole,
        clock_time=lambda instant: clock_text(host, instant),
        since=lambda instant: since_text(host, instant),
        duration=duration_text,
        limit=limit_text,
        limits_in=limits_in,
        department=lambda code: naming.department_name(host, code),
        value=value_text,
        change_detail=lambda detail: change_detail(host, detail),
        identity_source=lambda source: naming.identity_source(host, source),
        life_stage=lambda name: str(_LIFE_STAGES.get(name, name)),
        division=naming.division_text,
        label_of=label_of,
        **{name: _said_anew(words_of) for name, words_of in _WORDS.items()},
    )
    app.jinja_env.globals["regions"] = naming.regions
    app.jinja_env.globals["divisions"] = naming.divisions
    app.jinja_env.globals["slot_picker"] = lambda: g.slot_picker
    app.context_processor(lambda: _names(host))


def _said_anew(words_of: Callable[..., Any]) -> Callable[..., Any]:
    """Let a filter be asked at each rendering: Jinja would keep the first reader's language."""

    @pass_context
    def said(_context: Context, *told: Any, **more: Any) -> Any:  # noqa: ANN401 - any filter's
        return words_of(*told, **more)

    return said


def _names(host: Host) -> dict[str, Any]:
    return {
        "language": language(),
        "languages": LANGUAGES,
        "is_large": is_large(),
        "is_demo": host.settings.demo,
        "me": current_user,
        "menu": menu(),
        "undo_notes": undo_notes,
        "due_sign": lambda due_at, region=None: due_sign(host, due_at, region),
    }


def whole(text: object) -> Markup:
    """Keep a day or a moment on one line within its sentence."""
    return Markup('<span class="whole">{}</span>').format(text)


def moment_text(host: Host, instant: datetime | None) -> str:
    """Return an instant in the legal zone, to the minute; nothing for none."""
    return _local(host, instant).strftime("%Y-%m-%d %H:%M") if instant else ""


def clock_text(host: Host, instant: datetime) -> str:
    """Return the time of day of an instant of today, else day and time."""
    today = _local(host, host.clock()).strftime("%Y-%m-%d ")
    return moment_text(host, instant).removeprefix(today)


def since_text(host: Host, instant: datetime | None) -> str:
    """Return how long ago an instant is, or in how long it comes; nothing for none."""
    if instant is None:
        return ""
    seconds = int((host.clock() - instant).total_seconds())
    is_past, n = seconds >= 0, abs(seconds)
    if n < _MINUTE_S:
        return str(_("刚刚") if is_past else _("%(n)s 秒后", n=n))
    if n < _HOUR_S:
        n //= _MINUTE_S
        return str(_("%(n)s 分钟前", n=n) if is_past else _("%(n)s 分钟后", n=n))
    if n < _TWO_DAYS_S:
        n //= _HOUR_S
        return str(_("%(n)s 小时前", n=n) if is_past else _("%(n)s 小时后", n=n))
    n //= _DAY_S
    return str(_("%(n)s 天前", n=n) if is_past else _("%(n)s 天后", n=n))


def duration_text(time: timedelta) -> str:
    """Return a length of time in the unit that fits it."""
    seconds = int(time.total_seconds())
    if seconds < 2 * _HOUR_S:
        return str(_("%(n)s 分钟", n=seconds // _MINUTE_S))
    if seconds < _TWO_DAYS_S:
        return str(_("%(n)s 小时", n=seconds // _HOUR_S))
    return str(_("%(n)s 天", n=seconds // _DAY_S))


def _local(host: Host, instant: datetime | date) -> datetime | date:
    return instant.astimezone(host.zone) if isinstance(instant, datetime) else instant


def limit_text(limit: str) -> str:
    """Return a legal limit in words: `WD(5)` is 5 working days."""
    if limit in ("on-the-spot", "same-day", ""):
        return str(
            {"on-the-spot": _("当场办结"), "same-day": _("当日办结"), "": _("未规定")}[limit]
        )
    period = _PERIOD.fullmatch(limit)
    if period is not None:
        return _period_text(period["time"] + period["unit"], int(period["n"]))
    try:
        parsed = calendar.parse_limit(limit)
    except OnethingError:
        return limit
    one = {
        "WD": _("1 个工作日"),
        "ND": _("1 日"),
        "PN": _("公告 1 日"),
        "WH": _("1 个工作小时"),
        "WM": _("1 个工作分钟"),
    }
    many = {
        "WD": _("%(n)s 个工作日", n=parsed.n),
        "ND": _("%(n)s 日", n=parsed.n),
        "PN": _("公告 %(n)s 日", n=parsed.n),
        "WH": _("%(n)s 个工作小时", n=parsed.n),
        "WM": _("%(n)s 个工作分钟", n=parsed.n),
    }
    return str((one if parsed.n == 1 else many)[str(parsed.kind)])


def _period_text(unit: str, n: int) -> str:
    one = {"D": _("1 日"), "M": _("1 个月"), "TH": _("1 小时"), "TM": _("1 分钟")}
    many = {
        "D": _("%(n)s 日", n=n),
        "M": _("%(n)s 个月", n=n),
        "TH": _("%(n)s 小时", n=n),
        "TM": _("%(n)s 分钟", n=n),
    }
    return str((one if n == 1 else many)[unit])


def limits_in(text: str) -> str:
    """Return a text with the legal limits in it in words: `冷静期 ND(30)`."""
    return _LIMIT.sub(lambda found: limit_text(found[0]), text)


def value_text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a JSON value as a person reads it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, list | tuple):
        return words.listed(value_text(one) for one in value) or "—"
    if isinstance(value, dict):
        return " ".join(value_text(one) for one in value.values())
    return str(value)


def change_detail(host: Host, detail: Mapping[str, Any]) -> str:
    """Return what a change of accounts was about: names, not numbers and repeated accounts."""
    said: dict[str, Callable[[Any], str]] = {
        "post": lambda post: naming.post_name(post, detail.get("department")),
        "department": lambda code: naming.department_name(host, code),
        "region": naming.division_text,
        "roles": lambda roles: words.listed(words.role_text(one) for one in roles),
    }
    told = {key: one for key, one in detail.items() if key not in ("user", "post_id") and one}
    return " · ".join(said.get(key, value_text)(one) for key, one in told.items()) or "—"


def services(host: Host) -> list[definitions.Definition]:
    """Return the newest deployment of every service that is offered."""
    with host.database.read() as conn:
        rows = definitions.newest_of_all(conn)
        found = [host.definitions.get(conn, row.service, row.number) for row in rows]
    return [one for one in found if not one.service.hidden]
