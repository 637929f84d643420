"""What migration has to say about a case, in plain words beside its technical message."""

from typing import Any

from flask_babel import lazy_gettext as later

_REMARKS: dict[str, Any] = {
    "begins-to-wait": later("新版本在此开始等待"),
    "calendar": later("缺少所需年份的节假日安排"),
    "compensation": later("已办理的部分将无法撤销，或者正在撤销"),
    "drawing": later("新版本的流程不可执行"),
    "expression": later("开始等待的事件不能按办件的变量计算"),
    "goes-on": later("继续按原版本等待，新版本写法不同"),
    "item-missing": later("办件没有新版本的这个事项"),
    "join-changed": later("等待汇合的分支在新版本中不同，或者已经到齐"),
    "join-starves": later("汇合处会一直等待"),
    "let-go": later("不再等待"),
    "no-counterpart": later("新版本没有对应的环节"),
    "no-process": later("正在运行的子流程不在新版本中"),
    "other-event": later("事件等待的内容或者位置不同"),
    "other-kind": later("新版本中是另一种环节"),
    "other-loop": later("办理次数或者顺序的方式不同"),
    "other-scope": later("在新版本的另一个流程或子流程中"),
}
"""By a remark's rule."""


def remark_text(rule: str) -> str:
    """Return what a remark says; its rule where there are no words for it."""
    return str(_REMARKS.get(rule, rule))


FILTERS = {"remark_text": remark_text}
"""What the templates call these by."""
