"""The words for appointments: their states, and why a time cannot be had."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from onething.appointments import Office, Post
from onething.web.language import language
from onething.web.words import Word, word_of

_STATES = {
    "booked": ("brand", "○", later("已预约")),
    "arrived": ("brand", "●", later("已到场")),
    "called": ("warn", "▶", later("正在叫号")),
    "in_service": ("warn", "◐", later("办理中")),
    "done": ("good", "✓", later("已办完")),
    "no_show": ("bad", "✕", later("未到场")),
    "cancelled": ("", "■", later("已取消")),
}
_REASONS = {
    "past": later("这个时段已经过去，请选择以后的时段。"),
    "closed": later("这一天该机构不办公，请选择其他日期。"),
    "horizon": later("还不能预约这么远的日期，请选择较近的日期。"),
    "no-slot": later("该机构没有这个时段，请从列出的时段中选择。"),
    "taken": later("这个时段刚刚约满，请选择其他时段。"),
    "no-post": later("该机构不受理这项服务的预约。"),
}
_WEEKDAYS = (
    later("周一"),
    later("周二"),
    later("周三"),
    later("周四"),
    later("周五"),
    later("周六"),
    later("周日"),
)


def appointment_state(name: str) -> Word:
    """Return the word for an appointment's state."""
    return word_of(_STATES, name)


def refusal(reason: str) -> str:
    """Say why a time cannot be had, and what to do."""
    return str(_REASONS.get(reason, reason))


def held_text() -> str:
    """Say that somebody has an appointment already, and what to do."""
    return str(_("本人已有这项服务的预约。请先在“我的预约”里改期或取消。"))


def weekday(number: int) -> str:
    """Return the short name of a weekday, Monday 1."""
    return str(_WEEKDAYS[number - 1])


def place_name(one: Office | Post) -> str:
    """Return the name of an office or a post in the reader's language."""
    return one.name_en if language() == "en" else one.name


def place_address(one: Office) -> str:
    """Return an office's address in the reader's language."""
    return one.address_en if language() == "en" else one.address


FILTERS: dict[str, Callable[..., Any]] = {
    "appointment_state": appointment_state,
    "weekday": weekday,
    "place_name": place_name,
    "place_address": place_address,
}
