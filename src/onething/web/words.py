"""The words for states and results, each with the sign that stands beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from onething.definitions import Definition
from onething.identity import Change
from onething.web.language import language
from onething.web.naming import person_name


@dataclass(frozen=True, slots=True)
class Word:
    """How a state is shown: a class for colour, a sign for shape, and the text."""

    kind: str
    """good, bad, warn, brand or an empty text."""
    sign: str
    text: str


def word_of(words: Mapping[str, tuple[str, str, Any]], name: str) -> Word:
    """Return the word of a table for a name; the name itself where the table has none."""
    kind, sign, text = words.get(name, ("", "·", name))
    return Word(kind, sign, str(text))


_CASE_STATES = {
    "DRAFT": ("", "…", later("草稿")),
    "SUBMITTED": ("brand", "●", later("已提交")),
    "SUPPLEMENT": ("warn", "!", later("待补正")),
    "ACCEPTED": ("brand", "●", later("已受理")),
    "IN_PROGRESS": ("brand", "●", later("办理中")),
    "SUSPENDED": ("warn", "‖", later("已中止")),
    "DECIDED": ("brand", "●", later("已决定")),
    "DELIVERED": ("good", "✓", later("已送达")),
    "CLOSED": ("good", "✓", later("已办结")),
    "ARCHIVED": ("good", "✓", later("已归档")),
}
_CASE_RESULTS = {
    "GRANTED": ("good", "✓", later("全部办成")),
    "PARTIAL": ("warn", "◐", later("部分办成")),
    "DENIED": ("bad", "✕", later("不予办理")),
    "NOT_ACCEPTED": ("bad", "✕", later("不予受理")),
    "NOT_COMPETENT": ("bad", "✕", later("不属本机关管辖")),
    "WITHDRAWN": ("", "↩", later("已撤回")),
    "DEEMED_WITHDRAWN": ("", "↩", later("视为撤回")),
    "TERMINATED": ("", "■", later("已终止")),
    "TRANSFERRED": ("", "→", later("已移送")),
}
_ITEM_STATES = {
    "waiting": ("", "…", later("等前面办完")),
    "in_progress": ("brand", "●", later("办理中")),
    "granted": ("good", "✓", later("已办成")),
    "denied": ("bad", "✕", later("不予办理")),
    "cancelled": ("", "■", later("已取消")),
    "failed": ("bad", "✕", later("未办成")),
    "not_needed": ("", "–", later("无需办理")),
    "withdrawn": ("", "↩", later("已撤回")),
}
_ROLES = {
    "applicant": later("申请人"),
    "helper": later("帮办代办"),
    "clerk": later("经办人"),
    "supervisor": later("科室负责人"),
    "deputy": later("分管负责人"),
    "designer": later("流程设计"),
    "auditor": later("审计员"),
    "operator": later("运维员"),
    "administrator": later("系统管理员"),
    "security_officer": later("安全管理员"),
}
_CHANGES = {
    "PersonAdded": later("账号已开通"),
    "PersonDisabled": later("账号已停用"),
    "PersonEnabled": later("账号已启用"),
    "PostGiven": later("岗位已授予"),
    "PostTaken": later("岗位已收回"),
    "PasswordSet": later("设置密码"),
    "IdentityVerified": later("核验身份"),
    "IdentityWithdrawn": later("撤回身份核验"),
    "TokenIssued": later("签发令牌"),
    "TokenRevoked": later("吊销令牌"),
    "AbsenceEntered": later("登记不在岗"),
    "AbsenceChanged": later("修改不在岗"),
    "AbsenceEnded": later("提前结束不在岗"),
    "AbsenceWithdrawn": later("取消不在岗"),
    "DepartmentPut": later("部门已保存"),
    "RegionPut": later("地区已保存"),
}
_EXCHANGE_TYPES = {
    "申报": later("申报"),
    "网上预受理": later("网上预受理"),
    "受理": later("受理"),
    "审批": later("审批"),
    "补正告知": later("补正告知"),
    "补正受理": later("补正受理"),
    "特别程序申请": later("特别程序申请"),
    "特别程序结果": later("特别程序结果"),
    "办结": later("办结"),
    "领取登记": later("领取登记"),
}
_SOURCES = {
    "SHARE": later("部门共享，无需提交"),
    "CERT": later("电子证照，无需提交"),
    "PROMISE": later("告知承诺，无需提交"),
    "UPLOAD": later("网上上传"),
    "PAPER": later("到窗口出示原件"),
    "SYSTEM": later("系统生成，在线签署"),
}
STATES_OF_CASES = tuple(_CASE_STATES)
"""Every state a case can have."""
_FEES = {
    "market": later("按市场价"),
    "basic list": later("按基本服务收费目录"),
}


def case_state(state: str) -> Word:
    """Return the word for a case's state."""
    return word_of(_CASE_STATES, state)


def case_result(result: str | None) -> Word | None:
    """Return the word for a case's result, or None while there is none."""
    return word_of(_CASE_RESULTS, result) if result else None


def item_state(state: str) -> Word:
    """Return the word for an item's state."""
    return word_of(_ITEM_STATES, state)


def material_source(source: str) -> str:
    """Say in words where a material comes from."""
    return str(_SOURCES.get(source, source))


def role_text(role: str) -> str:
    """Return a role's name in the reader's language."""
    return str(_ROLES.get(role, role))


def change_text(kind: str) -> str:
    """Return what a change of accounts is called."""
    return str(_CHANGES.get(kind, kind))


def change_subject(change: Change) -> str:
    """Return what was changed: an account by its owner's name, a place by its code."""
    is_place = change.kind in ("DepartmentPut", "RegionPut")
    return change.subject if is_place else person_name(change.subject)


def step_text(definition: Definition, properties: dict[str, Any]) -> str:
    """Return the plain words for the step that a task belongs to, or an empty text."""
    step = properties.get("step")
    return str(definition.texts(language()).get("steps", {}).get(step, "")) if step else ""


def fee_text(fee: object) -> str:
    """Say a fee in words: an amount in yuan, free, or the rule as it stands."""
    text = str(fee)
    if text in _FEES:
        return str(_FEES[text])
    if text in ("0", ""):
        return str(_("免费"))
    is_amount = text.replace(".", "", 1).isdigit()
    return str(_("%(amount)s 元", amount=text)) if is_amount else text


def exchange_type(name: str) -> str:
    """Return what an event of the exchange means, with its own name where that is not Chinese."""
    text = str(_EXCHANGE_TYPES.get(name, name))
    return text if text == name else f"{text} ({name})"


def listed(words: Iterable[str]) -> str:
    """Join words as the reader's language lists them."""
    return (", " if language() == "en" else "、").join(words)


FILTERS = {
    "listed": listed,
    "case_state": case_state,
    "case_result": case_result,
    "item_state": item_state,
    "material_source": material_source,
    "fee": fee_text,
    "role": role_text,
    "change": change_text,
    "change_subject": change_subject,
    "exchange_type": exchange_type,
}
"""What the templates call these by."""
