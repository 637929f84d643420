"""What stopped, in plain words: an incident's cause with what to do, and a webhook's trouble."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from jsonschema import ValidationError

from onething.runtime import UNSIGNED

_MODEL = later(
    "流程模型有误：部署修正后的版本并把办件迁移过去，再重新执行；急办的，可用“调整办件”移到下一环节。"
)
_SYSTEM = later("记下办件编号和发生时间，请系统维护人员查看日志；排除后重新执行。")
_CAUSES: dict[str, tuple[Any, Any]] = {
    "NO_RECORD": (
        later("部门查无此记录"),
        later("核对发送的数据项；有误的，更正输入后重新执行；部门补录后，直接重新执行。"),
    ),
    "CONFLICT": (
        later("与部门已有的记录冲突"),
        later("部门可能已经办过：先向部门核实；已办理的，人工补录结果。"),
    ),
    "REVOKED": (
        later("部门答复：证件或记录已经失效"),
        later("向部门核实；部门更正后重新执行，确已失效的，用“调整办件”按规定另行办理。"),
    ),
    "UNAVAILABLE": (
        later("部门系统多次没有答复"),
        later("确认部门系统恢复后重新执行；一时不能恢复的，线下办理后人工补录结果。"),
    ),
    "unknown-outcome": (
        later("部门是否已经办理不明"),
        later("先向部门核实：已办理的，补录结果；确未办理的，重新执行。"),
    ),
    "answer-invalid": (
        later("部门的答复不符合接口约定"),
        later("请部门的系统维护人员修正后重新执行；结果已知的，可人工补录。"),
    ),
    "certificate-invalid": (
        later("证书过期或不被信任"),
        later("更换证书，用 onething doctor 检查通过后重新执行。"),
    ),
    "invalid-input": (
        later("要发送的数据不符合接口约定"),
        later("按技术信息更正输入后重新执行；经常发生的，请流程设计人员修正输入映射。"),
    ),
    "connector": (later("部门接口的配置有误"), _SYSTEM),
    "calendar": (
        later("缺少所需年份的节假日安排"),
        later("导入该年的日历后重新执行。"),
    ),
    "not-found": (
        later("没有办件在等待这条消息"),
        later("核对消息的名称和关联值；接收的办件已经结束的，放弃投递。"),
    ),
    "conflict": (
        later("办件的现状不允许这样做"),
        later("查看办件位于哪个环节；不再需要的，放弃投递或跳过。"),
    ),
    "job-failed": (later("系统执行时出错"), _SYSTEM),
    "no-flow": (
        later("没有一个分支的条件成立，也没有默认分支"),
        later("更正变量后重新执行，或用“调整办件”移到应走的环节；流程模型应补上默认分支。"),
    ),
    "expression": (
        later("表达式不能计算"),
        later("更正变量后重新执行；表达式本身有误的，部署修正后的版本并迁移办件。"),
    ),
    "expression-syntax": (later("表达式写法有误"), _MODEL),
    "expression-limit": (later("表达式计算量过大"), _MODEL),
    "step-limit": (later("自动步骤过多，流程可能在循环"), _MODEL),
    "depth-limit": (later("子流程嵌套过深"), _MODEL),
    "rounds-limit": (later("多实例环节的数量过多"), _MODEL),
    "not-a-number": (later("应为数字的表达式没有得出数字"), _MODEL),
    "not-a-list": (later("应为列表的表达式没有得出列表"), _MODEL),
    "no-process": (later("调用的子流程不在本部署中"), _MODEL),
    "no-decision": (later("调用的决策表不在本部署中"), _MODEL),
}
"""By an incident's code: what happened, and what to do."""
_RESOLUTIONS = {
    "JobRetried": later("已重新执行"),
    "StepRetried": later("已重新执行"),
    "JobCompletedByHand": later("已人工补录结果"),
    "JobSkipped": later("已跳过"),
}
KNOWN = frozenset(_CAUSES)
_STATUS = re.compile(r"answered (\d{3})(?:; not received for (\d+) hours| (\d+) times)?")
_BROKEN = re.compile(
    r"(Connect|Read|Write|Pool|RemoteProtocol|LocalProtocol)(Error|Timeout): (.*?)"
    r"(?:; not received for (\d+) hours)?",
    re.DOTALL,
)
_BARRIERS = {
    "the host has no address": later("查不到主机地址"),
    "the host's address may not be reached": later("主机地址不允许访问"),
    "[Errno 111] Connection refused": later("对方拒绝连接"),
}
"""By what the network says: why there was no connection."""


def cause_text(code: str) -> str:
    """Return what an incident's code says; the code itself where a model made it up."""
    return str(_CAUSES[code][0]) if code in _CAUSES else code


def remedy(code: str) -> str:
    """Return what to do about an incident; a general way where a model made its code up."""
    if code in _CAUSES:
        return str(_CAUSES[code][1])
    return str(_("按技术信息排除原因，再选择下面一种处置。"))


def resolution(kind: str) -> str:
    """Return by what an incident was resolved, from the kind of the event."""
    return str(_RESOLUTIONS.get(kind, kind))


def misfit_text(wrong: ValidationError) -> str:
    """Return in the reader's words where an answer does not fit the contract of its operation."""
    place = ".".join(str(part) for part in wrong.absolute_path)
    given: Any = wrong.instance
    schema: Any = wrong.schema
    if wrong.validator == "required":
        missing = [name for name in schema["required"] if name not in given]
        names = ", ".join(".".join(filter(None, (place, name))) for name in missing)
        return str(_("缺少数据项：%(names)s", names=names))
    if wrong.validator == "additionalProperties":
        unknown = sorted(set(given) - set(schema["properties"]))
        return str(_("约定中没有这些数据项：%(names)s", names=", ".join(unknown)))
    return str(_("数据项 %(name)s 的值不符合约定", name=place or "{}"))


def delivery_text(reason: str | None) -> str:
    """Return in the reader's words why a webhook was not received; a person's reason as it is."""
    if reason == UNSIGNED:
        return str(_("签名密钥无法打开，事件无法签名。请更换密钥，再恢复推送"))
    found = _STATUS.fullmatch(reason or "")
    return _unanswered(reason or "") if found is None else _answered(*found.groups())


def _unanswered(reason: str) -> str:
    found = _BROKEN.fullmatch(reason)
    if found is None:
        return reason
    at, kind, detail, hours = found.groups()
    if (at, kind) == ("Connect", "Error"):
        return _unreached(str(_BARRIERS.get(detail, detail)), hours)
    told = _("接收系统没有按时答复") if kind == "Timeout" else _("与接收系统的连接中断")
    if hours:
        return str(_("%(told)s，已连续 %(n)s 小时没有送达", told=told, n=hours))
    return str(told)


def _unreached(told: str, hours: str | None) -> str:
    if hours:
        return str(_("连接不上接收系统（%(told)s），已连续 %(n)s 小时没有送达", told=told, n=hours))
    return str(_("连接不上接收系统：%(told)s", told=told))


def _answered(status: str, hours: str | None, times: str | None) -> str:
    if hours:
        return str(_("对方答复 %(code)s，已连续 %(n)s 小时没有送达", code=status, n=hours))
    if times:
        return str(_("对方答复 %(code)s，已拒收 %(n)s 次", code=status, n=times))
    if status == "410":
        return str(_("对方答复 410：不再接收"))
    return str(_("对方答复 %(code)s", code=status))


FILTERS = {
    "cause_text": cause_text,
    "remedy": remedy,
    "resolution": resolution,
    "delivery_text": delivery_text,
}
"""What the templates call these by."""
