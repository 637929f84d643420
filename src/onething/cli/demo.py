"""The demonstration's accounts: one clerk a department, and one person a role."""

import tomllib
from importlib.resources import files
from typing import Any

from onething import identity, runtime
from onething.identity import SYSTEM, Actor
from onething.runtime import VERIFIED_BY, Host, set_verified

CITY = "370500"
WAITS = {"retry_wait_s": 2, "breaker_wait_s": 5, "patience_s": 10}
"""Settings: a demonstration does not wait for a department as long as a city would."""


def seed(host: Host) -> None:
    """Open the demonstration's accounts that are not there yet."""
    text = (files("onething.cli") / "demo.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    now = host.clock()
    for code, name in raw["regions"].items():
        identity.put_region(host.database, SYSTEM, now, code=code, name=name)
    for code, (name, name_en) in raw["departments"].items():
        identity.put_department(host.database, SYSTEM, now, code=code, name=name, name_en=name_en)
    clerks = [_clerk(code, name) for code, (name, _) in raw["departments"].items()]
    known = {one["user"] for one in raw["people"]}
    everybody = [*raw["people"], *(one for one in clerks if one["user"] not in known)]
    with host.database.read() as conn:
        missing = [one for one in everybody if identity.find_person(conn, one["user"]) is None]
    if missing:
        shared = identity.hashed(raw["password"])
        for person in missing:
            _open(host, person, shared)
    known_offices = {one.office_id for one in runtime.list_offices(host)}
    for office in raw["offices"]:
        if office["office_id"] not in known_offices:
            runtime.save_office(host, SYSTEM, office, 0)


def _clerk(department: str, name: str) -> dict[str, Any]:
    """Return the account of a department's clerk: named like the department, for the whole city."""
    return {
        "user": department,
        "name": f"{name}经办人",
        "roles": ["clerk"],
        "department": department,
        "region": CITY,
    }


def _open(host: Host, person: dict[str, Any], password_hash: str) -> None:
    now = host.clock()
    identity.add_person(
        host.database,
        SYSTEM,
        now,
        user=person["user"],
        name=person["name"],
        password_hash=password_hash,
        must_change_password=False,
        settings=host.settings,
    )
    identity.give_post(
        host.database,
        SYSTEM,
        now,
        user=person["user"],
        roles=person["roles"],
        department_code=person.get("department"),
        post_name=person.get("post"),
        region_code=person.get("region"),
    )
    if "id_no" in person:
        owner = Actor(person["user"], person["name"])
        set_verified(host, owner, person["name"], person["id_no"], VERIFIED_BY)
