"""Why nobody may act for the applicant of a service, in the reader's language."""

from flask_babel import gettext as _

from onething.definitions import Definition
from onething.runtime.applications.acting import FORBIDDEN, SAME
from onething.web.wording import worded


def acting_refusal(definition: Definition, why: str) -> str:
    """Say what stands against acting for a family member, with its article."""
    proxy = definition.service.proxy
    if why == FORBIDDEN:
        reason = worded(proxy.refusal, definition)
        basis = _("、").join(worded(one, definition) for one in proxy.refusal_basis)
        return str(_("%(reason)s（依据：%(basis)s）", reason=reason, basis=basis))
    if why == SAME:
        return str(_("代办人和申请人不能是同一个人。申请人请填写家人本人的信息。"))
    return str(_("这项服务不能代家人办理。"))
