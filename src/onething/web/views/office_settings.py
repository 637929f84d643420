"""Settings of an office: a supervisor changes hours, days and counters; what was before stays."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from onething import runtime
from onething.appointments import OfficeRow
from onething.errors import Conflict, InvalidInput
from onething.runtime import require_role
from onething.web.node import actor, host
from onething.web.shown import services

pages = Blueprint("office_settings", __name__)
Page = str | Response | tuple[str, int]
_TEXTS = ("name", "name_en", "address", "address_en", "division", "calendar")
_NUMBERS = ("slot_minutes", "horizon_days", "no_show_minutes")
_MOST_ROWS = 12
_STRETCH = re.compile(r"[\s,，、;；]+")
_NEW: dict[str, Any] = {
    "slot_minutes": 30,
    "horizon_days": 30,
    "no_show_minutes": 15,
    "hours": {str(day): ["09:00-12:00", "13:30-17:00"] for day in range(1, 6)},
}


@pages.get("/offices/new")
def new() -> Page:
    """Show the settings of an office that is to be."""
    require_role(actor(), "supervisor")
    return _page(None, _NEW, {})


@pages.post("/offices/new")
def add() -> Page:
    """Open an office."""
    require_role(actor(), "supervisor")
    config = _config(request.form, request.form.get("office_id", "").strip())
    return _save(None, config, 0)


@pages.get("/offices/<office_id>/settings")
def show(office_id: str) -> Page:
    """Show the settings and what they were."""
    require_role(actor(), "supervisor")
    row = runtime.own_office(host(), actor(), office_id)
    return _page(row, row.config, {})


@pages.post("/offices/<office_id>/settings")
def save(office_id: str) -> Page:
    """Save the settings."""
    require_role(actor(), "supervisor")
    row = runtime.own_office(host(), actor(), office_id)
    version = request.form.get("version", "")
    is_number = version.isascii() and version.isdigit() and len(version) < 9  # noqa: PLR2004 - digits
    return _save(row, _config(request.form, office_id), int(version) if is_number else -1)


@pages.post("/offices/<office_id>/display")
def renew(office_id: str) -> Page:
    """Give the wall display another address."""
    runtime.renew_display(host(), actor(), office_id)
    flash(_("大屏地址已更换，旧地址不再显示。"), "good")
    return redirect(url_for("office_settings.show", office_id=office_id))


def _save(row: OfficeRow | None, config: dict[str, Any], version: int) -> Page:
    try:
        office = runtime.save_office(host(), actor(), config, version)
    except InvalidInput as error:
        return _page(row, config, _told(error)), error.status
    except Conflict as error:
        return _page(row, config, _refused(row)), error.status
    flash(_("已保存。"), "good")
    return redirect(url_for("office_settings.show", office_id=office.office_id))


def _refused(row: OfficeRow | None) -> dict[str, str]:
    """Say what an office meets that is there already, or that has just been changed."""
    if row is None:
        return {"office_id": _("这个代号已被使用，请换一个。")}
    return {"version": _("别人刚改过这些设置，请重新打开再改。")}


def _config(form: MultiDict[str, str], office_id: str) -> dict[str, Any]:
    """Return the configuration that was posted; what is wrong with it is said by its reading."""
    hours = {str(day): _stretches(form.get(f"hours_{day}", "")) for day in range(1, 8)}
    extra = {}
    for line in form.get("extra", "").splitlines()[:400]:
        day, *stretches = _STRETCH.split(line.strip())
        if day:
            extra[day] = stretches
    return {
        "office_id": office_id,
        "department": actor().department,
        **{name: form.get(name, "").strip() for name in _TEXTS},
        **{name: form.get(name, "").strip() for name in _NUMBERS},
        "hours": {day: found for day, found in hours.items() if found},
        "closed": form.get("closed", "").split()[:400],
        "extra": extra,
        "posts": [one for at in range(_MOST_ROWS + 1) if (one := _post(form, at)) is not None],
    }


def _post(form: MultiDict[str, str], at: int) -> dict[str, Any] | None:
    word = form.get(f"post_{at}", "").strip()
    name = form.get(f"post_name_{at}", "").strip()
    if not word and not name:
        return None
    return {
        "post": word,
        "name": name,
        "name_en": form.get(f"post_name_en_{at}", "").strip(),
        "capacity": form.get(f"capacity_{at}", "").strip(),
        "services": form.getlist(f"services_{at}"),
    }


def _stretches(text: str) -> list[str]:
    return [one for one in _STRETCH.split(text.strip()) if one][:12]


def _page(row: OfficeRow | None, config: Mapping[str, Any], errors: dict[str, str]) -> str:
    offered = [one.service for one in services(host())]
    posts = [*config.get("posts", ()), {}][:_MOST_ROWS]
    address = ""
    if row is not None:
        key = runtime.display_key(host(), row)
        place = {"office_id": row.office.office_id, "key": key}
        address = url_for("display.show", **place, _external=True)
    return render_template(
        "offices/settings.html",
        row=row,
        config=config,
        posts=posts,
        offered=offered,
        codes={one.code for one in offered},
        history=runtime.office_history(host(), actor(), row.office.office_id) if row else [],
        address=address,
        errors=errors,
    )


def _told(error: InvalidInput) -> dict[str, str]:
    told = {
        "office_id": _("代号用 2 到 40 个小写字母、数字或连字符，以字母开头。"),
        "name": _("请填写名称（最多 60 字），不能与其他机构重名。"),
        "name_en": _("请填写英文名称，最多 60 字。"),
        "address": _("请填写地址，最多 120 字。"),
        "address_en": _("请填写英文地址，最多 120 字。"),
        "department": _("您没有所属部门。"),
        "division": _("请填写六位区划代码。"),
        "slot_minutes": _("每个时段 5 到 240 分钟。"),
        "horizon_days": _("可提前 1 到 180 天预约。"),
        "no_show_minutes": _("等候 5 到 240 分钟。"),
        "hours": _("请填写办公时间，如 09:00-12:00 13:30-17:00，按先后顺序。"),
        "closed": _("每行一个日期，如 2026-12-31。"),
        "extra": _("每行一个日期和时间，如 2028-05-20 09:00-12:00。"),
        "posts": _("至少一类窗口，各有不同的代号、名称和每时段 0 到 100 个名额。"),
    }
    return {field: told.get(field, text) for field, text in error.fields.items()}
