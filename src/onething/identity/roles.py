"""Roles, and which of them one person may not hold together."""

from collections.abc import Iterable
from typing import Literal, cast, get_args

from onething.errors import InvalidInput

Role = Literal[
    "applicant",
    "helper",
    "clerk",
    "supervisor",
    "deputy",
    "designer",
    "auditor",
    "operator",
    "administrator",
    "security_officer",
]
ROLES: tuple[Role, ...] = get_args(Role)
"""Every role, from the applicant to the security officer.

A deputy (分管负责人) answers for a department's cards that were handed up.
"""

READS_CASES: frozenset[Role] = frozenset(
    {"applicant", "helper", "clerk", "supervisor", "deputy", "auditor"}
)
"""Roles that see the content of cases, each within its own bounds."""

APART: dict[Role, frozenset[Role]] = {
    "administrator": frozenset(ROLES) - {"administrator", "applicant"},
    "security_officer": frozenset(ROLES) - {"security_officer", "applicant"},
    "auditor": frozenset(ROLES) - {"auditor", "applicant"},
}
"""Who administers, who guards and who audits are three people, and none of them works on cases.

Everybody may apply for a service for themselves.

Source: GB/T 22239-2019 (等保2.0), 8.1.5 安全管理中心: system, security and audit management apart.
"""


def checked_roles(roles: Iterable[str]) -> frozenset[Role]:
    """Return the roles as a set.

    Raises:
        InvalidInput: A role is unknown, or two of them must be held by different people.
    """
    wanted = frozenset(roles)
    unknown = wanted - frozenset(ROLES)
    if unknown:
        names = ", ".join(sorted(unknown))
        message = f"No such role: {names}"
        raise InvalidInput(message, {"roles": message})
    for role, others in APART.items():
        clash = wanted & others
        if role in wanted and clash:
            other = min(clash)
            message = f"One person may not be {role} and {other}"
            raise InvalidInput(message, {"roles": message})
    return cast("frozenset[Role]", wanted)
