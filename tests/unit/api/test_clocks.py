"""Clocks through the API: read, pause, resume, extend, permit a second notice."""

from pathlib import Path

import pytest

from onething import identity, runtime
from onething.catalog import Catalog
from onething.identity import SYSTEM

LICENCES = Path(__file__).parents[1] / "clocks" / "package"
WORDS = {"reason": "案情复杂", "basis": "行政许可法 第四十二条"}
HEARING = {"reason": "听证", "basis": "行政许可法 第四十五条", "needs": "ND(10)"}
PEOPLE = {
    "head": {"roles": ["supervisor"], "department_code": "civil"},
    "examiner": {"roles": ["clerk"], "department_code": "civil"},
    "desk-head": {"roles": ["supervisor"], "department_code": "window"},
}


@pytest.fixture
def licences(site):
    """The package of licences, with the people who handle and supervise them."""
    database, now = site.host.database, site.clock()
    runtime.deploy(site.host, SYSTEM, Catalog([LICENCES]).package("licence"))
    identity.put_department(database, SYSTEM, now, code="civil", name="civil")
    for user, post in PEOPLE.items():
        settings = site.host.settings
        identity.add_person(database, SYSTEM, now, user=user, name=user, settings=settings)
        identity.give_post(database, SYSTEM, now, user=user, **post)
        site.tokens[user] = identity.issue_token(
            database, SYSTEM, now, user=user, name="test", days=30
        )
    return site


@pytest.fixture
def applied(licences) -> str:
    body = {"data": {"person": {"name": "张三", "division": "370502"}}}
    return licences.post("/services/licence/cases", body, "citizen", key="s").json["case_no"]


def decide(site, decision):
    answers = {"next": decision, "check": {"finding": decision}}
    site.post(f"/tasks/{site.task('desk-head')}/complete", {"data": answers}, "desk-head")


@pytest.fixture
def clock(licences, applied) -> str:
    """The path of the handling clock of an accepted case."""
    decide(licences, "accept")
    return f"/cases/{applied}/clocks/handling.licence"


def state(site, clock):
    path, _, clock_id = clock.rpartition("/")
    found = {one["clock_id"]: one for one in site.get(path, "head").json["items"]}
    return found[clock_id]["state"], len(found[clock_id]["entries"])


def test_a_clock_is_paused_and_goes_on(licences, clock):
    paused = licences.post(f"{clock}/pause", HEARING, "head", key="p")
    between = state(licences, clock)

    resumed = licences.post(f"{clock}/resume", {}, "head", key="r")

    assert (paused.status_code, between) == (200, ("paused", 2))
    assert (resumed.status_code, state(licences, clock)) == (200, ("running", 3))


def test_a_repeated_extension_is_answered_and_made_once(licences, clock):
    body = WORDS | {"limit": "WD(5)"}

    answers = [licences.post(f"{clock}/extend", body, "head", key="e") for _ in range(2)]

    assert answers[0].json == answers[1].json
    assert state(licences, clock) == ("running", 2)


def test_a_preview_says_both_due_days_and_writes_nothing(licences, clock):
    body = WORDS | {"limit": "WD(5)", "preview": True}

    told = licences.post(f"{clock}/extend", body, "head").json

    before, after = (told[name]["legs"][0]["due_on"] for name in ("before", "after"))
    assert (before, after) == ("2026-12-07", "2026-12-14")
    assert state(licences, clock) == ("running", 1)


@pytest.mark.parametrize(
    ("verb", "body", "code"),
    [
        ("resume", {}, "clock-refused"),
        ("pause", HEARING | {"first": "2026-11-24"}, "clock-refused"),
        ("pause", HEARING | {"first": "tomorrow"}, "invalid-input"),
        ("pause", {"reason": "听证"}, "invalid-input"),
        ("extend", WORDS | {"limit": "WD(-1)"}, "calendar"),
        ("extend", WORDS | {"limit": "WD(2501)"}, "calendar"),
        ("extend", WORDS | {"limit": "WD(5)", "preview": "yes"}, "invalid-input"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_changes(licences, clock, verb, body, code):
    answer = licences.post(f"{clock}/{verb}", body, "head")

    assert answer.json["code"] == code
    assert state(licences, clock) == ("running", 1)


def test_a_second_extension_is_refused(licences, clock):
    body = WORDS | {"limit": "WD(5)"}
    licences.post(f"{clock}/extend", body, "head")

    answer = licences.post(f"{clock}/extend", body, "head")

    assert (answer.status_code, answer.json["code"]) == (409, "clock-refused")


def test_a_clerk_extends_nothing(licences, clock):
    answer = licences.post(f"{clock}/extend", WORDS | {"limit": "WD(5)"}, "examiner")

    assert answer.status_code == 403


def test_a_second_notice_is_refused_until_it_is_permitted(licences, applied):
    decide(licences, "supplement")
    provide = {"data": {"check": {"finding": "provide"}}}
    task = licences.get("/tasks", "citizen").json["items"][0]["id"]
    licences.post(f"/tasks/{task}/complete", provide, "citizen")
    answers = {"data": {"next": "supplement", "check": {"finding": "again"}}}
    again = f"/tasks/{licences.task('desk-head')}/complete"
    refused = licences.post(again, answers, "desk-head")

    permitted = licences.post(
        f"/cases/{applied}/second-notice", WORDS | {"department": "window"}, "desk-head", key="n"
    )

    assert (refused.status_code, refused.json["code"]) == (409, "clock-refused")
    assert permitted.status_code == 200
    assert licences.post(again, answers, "desk-head").status_code == 200
