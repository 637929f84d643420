"""The words for holds: kinds, outcomes, what is wrong with what was entered."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from onething import cases
from onething.cases import Hold
from onething.errors import InvalidInput
from onething.web.node import host
from onething.web.words import Word, word_of

KINDS = {"review": later("行政复议"), "litigation": later("行政诉讼")}
_OUTCOMES = {
    "maintained": ("", "＝", later("维持原决定")),
    "annulled": ("bad", "✕", later("撤销原决定")),
    "changed": ("warn", "↻", later("变更原决定")),
}
_FIELDS = {
    "kind": later("请选择一项。"),
    "document": later("请填写文号，最多 100 字。"),
    "dated_on": later("请填写真实存在、不晚于今天的日期。"),
    "basis": later("请填写法律依据，最多 500 字。"),
    "reason": later("请写明理由，最多 2000 字。"),
}


def hold_kind(kind: str) -> str:
    """Return what a hold rests on."""
    return str(KINDS.get(kind, kind))


def hold_outcome(outcome: str) -> Word:
    """Return the word for the outcome of a review or lawsuit."""
    return word_of(_OUTCOMES, outcome)


def standing_hold(instance_id: str) -> Hold | None:
    """Return the hold under which a case rests; None when there is none."""
    with host().database.read() as conn:
        return cases.hold_of(conn, instance_id)


def field_errors(error: InvalidInput) -> dict[str, str]:
    """Return what is wrong by field, in the reader's language."""
    return {name: str(_FIELDS.get(name, _("请检查。"))) for name in error.fields}


FILTERS = {
    "hold_kind": hold_kind,
    "hold_outcome": hold_outcome,
    "standing_hold": standing_hold,
}
"""What the templates call these by."""
