"""What people, departments, posts and divisions are called in the reader's language."""

from typing import cast

from flask import g
from flask_babel import gettext as _

from onething import connectors, definitions, forms, identity
from onething.definitions import Definition
from onething.identity import Person
from onething.runtime import Host
from onething.web.language import language
from onething.web.node import host
from onething.web.wording import worded

_PARTIES = frozenset({"applicant", "helper"})


def person_name(user: str | None) -> str:
    """Return a person's name, or the account where it is not known; the product's own is words."""
    if not user:
        return ""
    if user == identity.SYSTEM_USER:
        return str(_("系统自动"))
    found = _person(user)
    return found.name if found else user


def is_party(user: str) -> bool:
    """Whether somebody files cases only: an applicant or helper without a desk."""
    found = _person(user)
    return (
        found is not None
        and found.roles <= _PARTIES
        and not any(one.department for one in found.posts)
    )


def department_name(host: Host, code: str | None) -> str:
    """Return a department's name in the reader's language, or the code where it is not known."""
    if not code:
        return "—"
    found = _departments(host).get(code)
    if found is None:
        return code
    return (found.name_en if language() == "en" else "") or found.name


def division_text(code: str | None) -> str:
    """Return a division's name, or the code where the name is not known."""
    return forms.name_of_division(code, language()) if code else "—"


def region_name(code: str) -> str:
    """Return what the site calls a region; the division's name in English, or where it has none."""
    found = next((one for one in regions() if one.code == code), None)
    return found.name if found is not None and language() == "zh" else division_text(code)


def regions() -> list[identity.Place]:
    """Return the regions of the site, read once a request."""
    if "regions" not in g:
        with host().database.read() as conn:
            g.regions = identity.regions(conn)
    return cast("list[identity.Place]", g.regions)


def divisions() -> list[str]:
    """Return the names that people choose places by, the site's own first."""
    codes = dict.fromkeys((*(one.code for one in regions()), *forms.offered()))
    return [division_text(code) for code in codes]


def post_name(post: str | None, department: str | None) -> str:
    """Return what a post is called: as the lane whose tasks it does, else its code."""
    return post_names().get((department or "", post), post) if post else ""


def post_text(code: str) -> str:
    """Say where somebody works, from the code that history keeps: `window.reception@370502`."""
    place, _sep, region = code.partition("@")
    department, _dot, post = place.partition(".")
    named = (department_name(host(), department), post_name(post, department))
    parts = [*named, region_name(region) if region else ""]
    return " · ".join(dict.fromkeys(part for part in parts if part))


def post_names() -> dict[tuple[str, str], str]:
    """Return the names of all posts by department and post, read once a request."""
    if "post_names" not in g:
        g.post_names = {}
        for one in _newest():
            for lane in one.service.lanes:
                if lane.department and lane.post:
                    key = (lane.department, lane.post)
                    g.post_names.setdefault(key, worded(lane.name, one))
    return cast("dict[tuple[str, str], str]", g.post_names)


def task_names() -> dict[str, str]:
    """Return what the tasks of all services are called by the ids of their nodes, once a request.

    An id that services use for differently named tasks has no name of its own.
    """
    if "task_names" not in g:
        found: dict[str, set[str]] = {}
        for one in _newest():
            for process in one.process.process_ids:
                for node in one.process.activities(process):
                    found.setdefault(node.id, set()).add(worded(node.name, one))
        g.task_names = {id_: next(iter(names)) for id_, names in found.items() if len(names) == 1}
    return cast("dict[str, str]", g.task_names)


def _newest() -> list[Definition]:
    """Return the newest deployment of every service."""
    with host().database.read() as conn:
        rows = definitions.newest_of_all(conn)
        return [host().definitions.get(conn, row.service, row.number) for row in rows]


def identity_source(host: Host, source: str) -> str:
    """Say who checked an identity: a department by its name, another provider by its own."""
    code = connectors.department_of(source)
    return department_name(host, code) if code else source


def _person(user: str) -> Person | None:
    """Return an account, looked up once a request."""
    known: dict[str, Person | None] = g.setdefault("people", {})
    if user not in known:
        with host().database.read() as conn:
            known[user] = identity.find_person(conn, user)
    return known[user]


def _departments(host: Host) -> dict[str, identity.Place]:
    """Return the departments by code, read once a request."""
    if "departments" not in g:
        with host.database.read() as conn:
            g.departments = {one.code: one for one in identity.departments(conn)}
    return cast("dict[str, identity.Place]", g.departments)


FILTERS = {
    "person_name": person_name,
    "post_name": post_name,
    "region_name": region_name,
    "post_text": post_text,
}
"""What the templates call these by."""
