"""Words of the notice centre: what each kind of line says, and how a message went out."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as later

from onething.runtime import NewsView, Telling
from onething.web.language import language
from onething.web.words import Word, word_of

_KINDS = {
    "assigned": later("有任务交给了您"),
    "taken": later("您的任务已转交他人"),
    "supplemented": later("申请人已办理补正"),
    "due_soon": later("您的任务即将到期"),
    "late": later("办理已逾期"),
    "card_answered": later("督办已答复，等待您审核"),
    "card_escalated": later("督办已上报给您"),
}
_DUTIES = {"completed": ("good", "✓", later("已办理")), "cancelled": ("", "–", later("不用再办"))}
_ERASED = later("内容已按规定清除")
_CHANNELS = {"email": later("电子邮件"), "sms": later("短信")}
_WAYS = {
    "waiting": ("brand", "○", later("等待发送")),
    "sent": ("good", "✓", later("已交发送方")),
    "refused": ("bad", "✕", later("被拒收")),
    "failed": ("bad", "✕", later("未能发送")),
    "dropped": ("", "–", later("未发送：地址已停用")),
}


def told(text: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the part of a kept text that the reader reads: English only where it is whole."""
    english = text.get("en") or {}
    if language() != "en" or not english.get("title"):
        return text
    is_whole = bool(english.get("body")) or not text.get("body")
    return english if is_whole else {**text, "title": english["title"]}


def news_title(view: NewsView) -> str:
    """Return the title of a line."""
    kind = _KINDS.get(view.row.kind)
    if kind is not None:
        return str(kind)
    return str(told(view.text).get("title") or _ERASED)


def telling_title(one: Telling) -> str:
    """Return the title of what a case's party was told."""
    return (one.title_en if language() == "en" else one.title) or str(_ERASED)


def channel_name(channel: str) -> str:
    """Return what a channel is called."""
    return str(_CHANNELS.get(channel, channel))


def way_word(state: str) -> Word:
    """Return the word for how a message went out."""
    return word_of(_WAYS, state)


def ended_duty(state: str) -> Word:
    """Return what became of the task that a line tells of."""
    return word_of(_DUTIES, state)


FILTERS = {
    "told": told,
    "news_title": news_title,
    "telling_title": telling_title,
    "channel": channel_name,
    "way": way_word,
    "ended_duty": ended_duty,
}
"""What the templates call these by."""
