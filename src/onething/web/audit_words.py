"""What the access log's pages and purposes are called; the log itself keeps their codes."""

from typing import Any

from flask_babel import lazy_gettext as later

from onething.history import Reading
from onething.web.naming import task_names
from onething.web.register_names import KINDS

_PAGES: dict[str, Any] = {
    "api": later("开放接口"),
    "card": later("亮牌"),
    "case": later("办件页"),
    "document": later("文书"),
    "download": later("下载材料副本"),
    "follow": later("开立后续办件"),
    "history": later("办理经过"),
    "hold": later("复议、诉讼暂停"),
    "identity": later("核验身份"),
    "invitation": later("邀请与共同申请"),
    "job": later("系统调用的内容"),
    "lookup": later("凭查询码查询"),
    "material": later("材料"),
    "objections": later("数据异议"),
    "office": later("办事大厅叫号"),
    "original": later("材料原件"),
    "page": later("材料副本"),
    "receipt": later("受理回执"),
    "register": later("登记簿"),
    "replay": later("回放"),
    "shared": later("预填共享数据"),
    "sheet": later("打印办件单"),
    "task": later("任务"),
    "thumbnail": later("材料缩略图"),
    "tracker": later("申请人查看进度"),
    "window": later("窗口收件"),
}
"""By the first word that the log keeps."""


def page_read(reading: Reading) -> str:
    """Return what showed the data, in the reader's language; a task with its name."""
    kind, _space, rest = reading.page.partition(" ")
    told = str(_PAGES.get(kind, reading.page))
    name = task_names().get(rest) if kind == "task" else None
    return f"{told} · {name}" if name else told


def page_code(reading: Reading) -> str:
    """Return the page as the log keeps it, where it says more than its words."""
    kind, _space, rest = reading.page.partition(" ")
    return reading.page if rest and kind in _PAGES else ""


def purpose_read(reading: Reading) -> str:
    """Return why somebody looked, where the log keeps more than the page; a register by name."""
    if reading.page == "register":
        return _register_read(reading.purpose)
    return "" if reading.purpose == reading.page else reading.purpose


def _register_read(purpose: str) -> str:
    kind, _space, rest = purpose.partition(" ")
    told = next((str(name) for code, name in KINDS.items() if code == kind), kind)
    return " ".join([told, *(one for one in rest.split() if one != "*")])


FILTERS = {
    "page_read": page_read,
    "page_code": page_code,
    "purpose_read": purpose_read,
}
"""What the templates call these by."""
