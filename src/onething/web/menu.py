"""The menu: what a person's roles lead to."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as later
from flask_login import current_user


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    text: str
    href: str


_ENTRIES: tuple[tuple[str, Any, frozenset[str]], ...] = (
    ("catalogue.index", later("办事目录"), frozenset()),
    ("tracker.index", later("我的办件"), frozenset({"applicant", "helper"})),
    ("queue.index", later("待办任务"), frozenset({"clerk", "supervisor"})),
    ("case.index", later("办件查询"), frozenset({"clerk", "supervisor", "auditor"})),
    ("supervision.index", later("电子监察"), frozenset({"supervisor", "auditor"})),
    ("incidents.index", later("异常处置"), frozenset({"operator", "auditor"})),
    ("definitions.index", later("流程定义"), frozenset({"designer", "auditor", "operator"})),
    ("audit.index", later("审计"), frozenset({"auditor"})),
    ("people.index", later("人员与岗位"), frozenset({"administrator", "security_officer"})),
)


def menu() -> list[Entry]:
    """Return the entries for whoever is signed in."""
    roles = current_user.actor.roles if current_user.is_authenticated else frozenset()
    return [
        Entry(str(text), url_for(endpoint))
        for endpoint, text, needed in _ENTRIES
        if not needed or needed & roles
    ]
