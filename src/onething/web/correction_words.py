"""The words for cases that follow others: kinds, and what stands against one."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from onething.errors import CorrectionRefused

KINDS = {
    "error": later("更正错误"),
    "review": later("按复议决定或者判决重新办理"),
    "objection": later("异议成立"),
}
_REFUSALS = {
    "running": later("本件还没有办结，请在办理中处理。"),
    "held": later("本件因复议、诉讼暂停，解除后才能开立后续办件。"),
    "open": later("已有后续办件正在办理：%(which)s。"),
    "followed": later("已有后续办件：%(which)s。再有错误的，请从那一件开立。"),
    "erased": later("本件的数据已按期清除，不能开立后续办件。"),
}


def correction_kind(kind: str) -> str:
    """Return what a following case is for."""
    return str(KINDS.get(kind, kind))


def refused(error: CorrectionRefused) -> str:
    """Return why a case cannot be followed, in the reader's language."""
    text = str(_REFUSALS.get(error.why, _("本件不能开立后续办件。")))
    return text % {"which": error.case_no or ""}


FILTERS = {"correction_kind": correction_kind}
"""What the templates call these by."""
