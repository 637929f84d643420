"""What services take off people: on their own page, and for those who supervise."""

import re

import pytest

from onething import identity, runtime
from onething.catalog import Catalog
from onething.identity import SYSTEM
from onething.web.views import relief
from unit.web.conftest import PASSWORD


@pytest.fixture
def after_death(host) -> None:
    runtime.deploy(host, SYSTEM, Catalog().package("after-death"))


@pytest.fixture
def add(host):
    """Add a person with one role."""

    def added(role: str) -> str:
        settings, at = host.settings, host.clock()
        identity.add_person(
            host.database,
            SYSTEM,
            at,
            user=role,
            name=role,
            password=PASSWORD,
            must_change_password=False,
            settings=settings,
        )
        identity.give_post(host.database, SYSTEM, at, user=role, roles=[role])
        return role

    return added


def words(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def test_a_service_shows_before_and_after(browse, after_death):
    told = words(browse().get("/services/after-death"))

    assert "一次办，少了多少" in told
    assert "提交申请（次） 分开办 8 → 一次办 1 " in told
    assert "一次办要准备 逝者居民身份证" in told


def test_a_service_shows_before_and_after_in_english(browse, after_death):
    browser = browse()
    browser.get("/")
    browser.post("/display", {"language": "en", "next": "/services/after-death"})
    told = words(browser.get("/services/after-death"))

    assert "What one application saves you" in told
    assert "Applications One by one 8 → At once 1 " in told


def test_a_service_with_one_item_has_nothing_to_compare(browse):
    assert "少了多少" not in browse().get("/services/outing").text


@pytest.mark.parametrize("role", ["supervisor", "operator"])
def test_supervisors_and_operators_see_every_service(browse, add, after_death, role):
    told = words(browse(add(role)).get("/supervision/relief"))

    assert "身后事一站式联办" in told
    assert "不足 10 件，不显示。" in told


def test_an_auditor_sees_every_service(browse):
    assert browse("auditor").get("/supervision/relief").status_code == 200


@pytest.mark.parametrize("user", ["citizen", "reader"])
def test_others_do_not_see_the_page(browse, user):
    assert browse(user).get("/supervision/relief").status_code == 403


def test_figures_of_enough_cases_are_shown(browse, add, host, monkeypatch):
    def real(_host, _actor, service, since, until):
        now = host.clock()
        return runtime.CaseFigures(service, since or now, until or now, 12, 3.25, 8.0, 0.25, 1.5)

    monkeypatch.setattr(relief.runtime, "relief_of_cases", real)

    told = words(browse(add("supervisor")).get("/supervision/relief?first=2026-01-01"))

    assert "12 3.2 天 8.0 天 25.0% 1.5 份" in told
