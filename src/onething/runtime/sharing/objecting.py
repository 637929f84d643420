"""Objections of an applicant to values that departments shared.

What a person posts in the place of a shared value counts only where they say that the value is
wrong, and why: the field's name with `!wrong` and with `!reason` behind it.

Source: 政务数据共享条例 (correction of shared data); 个人信息保护法 art. 46.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onething.connectors import department_of
from onething.feel.json import canonical
from onething.forms import read, steps_of
from onething.instances import InstanceRow
from onething.runtime.sealing import CaseSeal
from onething.runtime.sharing.shared_values import DATA, OBJECTIONS, SharedData, SharedValue
from onething.sharing import ObjectionRow

WRONG, REASON = "!wrong", "!reason"
REASON_CHARS = 500
NO_REASON, LONG_REASON, SAME_VALUE = "no-reason", "long-reason", "same-value"
"""What can be wrong with an objection."""
TOLD = {
    NO_REASON: "请说明共享数据错在哪里",
    LONG_REASON: "说明不超过 500 个字符",
    SAME_VALUE: "与共享数据相同；没有异议请改用共享数据",
}


@dataclass(frozen=True, slots=True)
class Pinned:
    """The shared values of one application, with what its applicant says against them."""

    values: Mapping[str, SharedValue] = field(default_factory=dict)
    """By path."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """By path, of those that are said to be wrong."""
    note: Mapping[str, Any] = field(default_factory=dict)
    """What the first event of the case keeps of the consent."""

    @classmethod
    def of(cls, shared: SharedData | None, answers: Mapping[str, Any]) -> "Pinned":
        """Return what stands in an application, whatever was posted in its place."""
        if shared is None:
            return cls()
        wrong = (path for path in shared.values if _one(answers, path + WRONG))
        reasons = {path: _one(answers, path + REASON).strip() for path in wrong}
        note = {"sharing": shared.consent} if shared.consent else {}
        return cls(shared.values, reasons, note)

    @property
    def fixed(self) -> dict[str, Any]:
        """The values that stand whatever was posted, by path."""
        return {path: one.value for path, one in self.values.items() if path not in self.reasons}

    def faults(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Return what is wrong with objections, by path; hidden fields need none."""
        found = {}
        for path, reason in self.reasons.items():
            given = read(data, steps_of(path))
            if given is not None and given == self.values[path].value:
                found[path] = SAME_VALUE
            elif not reason:
                found[path] = NO_REASON
            elif len(reason) > REASON_CHARS:
                found[path] = LONG_REASON
        return found

    def variables(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the case carries of it: nothing where nothing was shared."""
        used = [one for one in self.values.values() if read(data, steps_of(one.path)) is not None]
        told = [_source(one) for one in used if one.path not in self.reasons]
        against = [
            _source(one)
            | {
                "shared": one.value,
                "given": read(data, steps_of(one.path)),
                "reason": self.reasons[one.path],
            }
            for one in used
            if one.path in self.reasons
        ]
        return {name: value for name, value in ((DATA, told), (OBJECTIONS, against)) if value}


def objection_rows(
    variables: Mapping[str, Any], seal: CaseSeal, row: InstanceRow, now: datetime
) -> list[ObjectionRow]:
    """Return the rows of a new case's objections."""
    return [
        ObjectionRow(
            instance_id=row.instance_id,
            number=number,
            case_no=row.case_no,
            service=row.service,
            path=one["path"],
            operation=one["operation"],
            department=one["department"],
            state="open",
            raised_at=now,
            sealed=seal.close_text(canonical(one).decode()),
        )
        for number, one in enumerate(variables.get(OBJECTIONS, ()), start=1)
    ]


def _source(one: SharedValue) -> dict[str, Any]:
    return {
        "path": one.path,
        "operation": one.operation,
        "department": department_of(one.operation),
        "askedAt": one.at.isoformat(),
    }


def _one(answers: Mapping[str, Any], name: str) -> str:
    """Return the last text of a posted name; empty where there is none."""
    value = answers.get(name)
    last = value[-1] if isinstance(value, list) and value else value
    return last if isinstance(last, str) else ""
