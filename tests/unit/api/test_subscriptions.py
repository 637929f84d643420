"""Subscriptions over the API: who makes them, who mends them, what is answered."""

import sys
from datetime import timedelta

import pytest

from onething import identity, runtime
from onething.identity import SYSTEM

URL = "https://police.example.org/hook"


@pytest.fixture
def administrator(site):

    database, now = site.host.database, site.clock()
    identity.add_person(
        database, SYSTEM, now, user="admin", name="admin", settings=site.host.settings
    )
    identity.give_post(database, SYSTEM, now, user="admin", roles=["administrator"])
    site.tokens["admin"] = identity.issue_token(
        database, SYSTEM, now, user="admin", name="test", days=30
    )
    return "admin"


def add(site, user, **more):
    return site.post("/subscriptions", {"url": URL} | more, user)


def test_administrator_subscribes_a_department_and_is_shown_the_secret_once(site, administrator):
    made = add(site, administrator, department="police", types=["受理"])
    (shown,) = site.get("/subscriptions", administrator).json["items"]

    assert made.status_code == 201
    assert made.json["secret"].startswith("whsec_")
    assert (shown["id"], shown["state"], shown["department"]) == (
        made.json["id"],
        "active",
        "police",
    )
    assert made.json["secret"] not in site.get("/subscriptions", administrator).text


@pytest.mark.parametrize("user", ["reader", "citizen", "designer", "operator", "auditor"])
def test_nobody_else_subscribes(site, administrator, user):
    assert add(site, user).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "http://police.example.org/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"department": "nobody"}, "department"),
        ({"types": ["Applied"]}, "types"),
        ({"types": "受理"}, "types"),
        ({"after": -1}, "after"),
        ({"after": "1"}, "after"),
    ],
)
def test_subscription_that_makes_no_sense_is_refused(site, administrator, wrong, field):
    answer = add(site, administrator, **wrong)

    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])


def test_operator_pauses_and_resumes_and_auditor_looks_on(site, administrator):
    name = add(site, administrator).json["id"]

    paused = site.post(f"/subscriptions/{name}/pause", {"reason": "works"}, "operator")
    (shown,) = site.get("/subscriptions", "auditor").json["items"]
    resumed = site.post(f"/subscriptions/{name}/resume", {}, "operator")

    assert (paused.status_code, resumed.status_code) == (200, 200)
    assert (shown["state"], shown["reason"]) == ("paused", "works")
    assert site.post(f"/subscriptions/{name}/resume", {}, "auditor").status_code == 403
    assert site.post(f"/subscriptions/{name}/rotate", {}, "operator").status_code == 403


def test_new_secret_is_another_one(site, administrator):
    made = add(site, administrator).json

    rotated = site.post(f"/subscriptions/{made['id']}/rotate", {"hours": 0}, administrator)

    assert rotated.json["id"] == made["id"]
    assert rotated.json["secret"] != made["secret"]


def test_removed_subscription_is_gone(site, administrator):
    name = add(site, administrator).json["id"]

    assert site.post(f"/subscriptions/{name}/remove", {}, administrator).status_code == 200
    assert site.get("/subscriptions", administrator).json["items"] == []
    assert site.post(f"/subscriptions/{name}/remove", {}, administrator).status_code == 404


def test_site_has_at_most_a_hundred(site, administrator, monkeypatch):
    monkeypatch.setattr(sys.modules["onething.runtime.exchange.subscribe"], "MOST", 1)
    add(site, administrator)

    assert add(site, administrator).status_code == 409


def test_metrics_tell_how_far_behind_each_one_is(site_with):
    site = site_with(metrics_token="a-long-enough-token")

    name = runtime.subscribe(site.host, SYSTEM, URL).id
    site.start()
    site.clock.advance(timedelta(seconds=90))

    headers = {"Authorization": "Bearer a-long-enough-token"}
    text = site.client.get("/metrics", headers=headers).text

    assert f'onething_webhook_lag_seconds{{subscription="{name}"}} 90.0' in text
    assert 'onething_subscriptions{state="active"} 1.0' in text
