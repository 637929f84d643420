"""The pages of a site with an office: who books there, and who works there."""

import pytest

from onething import identity, runtime
from onething.catalog import Catalog
from onething.identity import SYSTEM
from unit.appointments.conftest import HEAD, OFFICE
from unit.appointments.conftest import PACKAGE as MEETING
from unit.web.conftest import MONDAY, PASSWORD

PEOPLE = {
    "clerk": {"roles": ["clerk"], "department_code": "window"},
    "head": {"roles": ["supervisor"], "department_code": "window"},
    "helper": {"roles": ["helper"]},
    "stranger": {"roles": ["clerk"], "department_code": "police"},
}


@pytest.fixture
def host(host):
    runtime.deploy(host, SYSTEM, Catalog([MEETING]).package("meeting"))
    identity.put_department(host.database, SYSTEM, MONDAY, code="police", name="派出所")
    runtime.save_office(host, HEAD, OFFICE, 0)
    for user, post in PEOPLE.items():
        identity.add_person(
            host.database,
            SYSTEM,
            MONDAY,
            user=user,
            name=user,
            password=PASSWORD,
            must_change_password=False,
            settings=host.settings,
        )
        identity.give_post(host.database, SYSTEM, MONDAY, user=user, **post)
    return host


@pytest.fixture
def citizen(browse):
    return browse("citizen")


@pytest.fixture
def clerk(browse):
    return browse("clerk")


@pytest.fixture
def head(browse):
    return browse("head")
