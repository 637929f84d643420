"""The words for absences: their kinds, what stands against them, and who stands in."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from onething import identity
from onething.errors import AbsenceRefused, InvalidInput, OnethingError, PersonAbsent
from onething.identity import Absence
from onething.web.naming import person_name
from onething.web.node import host

KINDS = {
    "leave": later("请假休假"),
    "duty": later("公务外出"),
    "training": later("培训学习"),
    "other": later("其他"),
}
_REFUSALS = {
    "past": (
        "first_on",
        later("不能登记已经过去的日期。今天起不在岗的，请从今天登记。"),
    ),
    "begun": ("first_on", later("已经开始的不在岗，第一日不能再改。")),
    "over": ("last_on", later("这次不在岗已经结束，不能再改。")),
    "overlap": ("first_on", later("与已登记的不在岗（%(first)s 至 %(last)s）重叠，请修改那一条。")),
    "self": ("substitute", later("代办人不能是本人，请另选一位。")),
    "post": ("substitute", later("代办人须是本部门同岗位的同事或者科室负责人。")),
    "away": (
        "substitute",
        later("代办人在 %(first)s 至 %(last)s 也不在岗，请另选一位。"),
    ),
    "circle": (
        "substitute",
        later("这位同事在 %(first)s 至 %(last)s 不在岗，正由本人代办，不能互相代办。"),
    ),
}
_FIELDS = {
    "user": later("请选择本部门的人员。"),
    "first_on": later("请填写第一日。"),
    "last_on": later("最后一日不能早于第一日，一次最多 366 天。"),
    "kind": later("请选择类别。"),
    "substitute": later("请从列表中选择代办人。"),
    "note": later("备注最多 200 字。"),
}


def absence_errors(error: OnethingError) -> dict[str, str]:
    """Return what is wrong with an absence by field, in the reader's language."""
    if isinstance(error, AbsenceRefused):
        name, text = _REFUSALS[error.why]
        return {name: str(text) % {"first": "", "last": "", **error.told}}
    fields = error.fields if isinstance(error, InvalidInput) else {}
    return {name: str(_FIELDS.get(name, _("请检查。"))) for name in fields}


def absence_kind(kind: str) -> str:
    """Return what an absence is called."""
    return str(KINDS.get(kind, kind))


def absent_text(error: PersonAbsent) -> str:
    """Say that a person is away, until when, and who stands in."""
    who, until = person_name(error.user), f"{error.until:%m-%d}"
    if error.substitute is None:
        return str(_("%(who)s 不在岗（至 %(until)s），没有代办人。", who=who, until=until))
    instead = person_name(error.substitute)
    return str(
        _(
            "%(who)s 不在岗（至 %(until)s），由 %(instead)s 代办。",
            who=who,
            until=until,
            instead=instead,
        )
    )


def away_today(department: str | None) -> dict[str, Absence]:
    """Return who of a department is away today, by account."""
    with host().database.read() as conn:
        return identity.away_on(conn, department, host().today) if department else {}


FILTERS = {
    "absence_kind": absence_kind,
    "away_today": away_today,
}
"""What the templates call these by."""
