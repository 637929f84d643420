"""Subscriptions from the pages: administrators make them, operators mend them."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from onething import main, runtime, simulator
from onething.cli.demo import seed
from onething.testing.world import World
from unit.runtime.node import APPLICANT, ID_NO
from unit.runtime.versions import version

PASSWORD = "onething-demo-2026"
MONDAY = datetime(2026, 9, 28, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
URL = "https://police.example.org/hook"


@pytest.fixture
def world() -> Iterator[World]:
    """A node with the demo accounts."""
    with World(MONDAY, simulator.create_app, simulator.Records) as world:
        seed(world.host)
        yield world


@pytest.fixture
def sign_in(world: World) -> Callable[[str], FlaskClient]:
    """Return a function that signs a person in."""
    app = main.create_app(world.host)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, SESSION_COOKIE_SECURE=False)

    def browser(user: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/sign-in", data={"user": user, "password": PASSWORD})
        assert answer.status_code == 302
        return client

    return browser


def subscribe(client: FlaskClient, **more: object) -> str:
    """Add a subscription and return its id."""
    answer = client.post("/subscriptions", data={"url": URL} | more)
    assert answer.status_code == 200, answer.text
    return re.findall(r"s[0-9a-f]{12}", answer.text)[0]


def test_administrator_adds_one_and_sees_its_secret_once(sign_in):
    administrator = sign_in("administrator")

    answer = administrator.post("/subscriptions", data={"url": URL, "types": ["办结"]})

    assert "whsec_" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    listed = administrator.get("/subscriptions").text
    assert URL in listed
    assert "办结" in listed
    assert "whsec_" not in listed


def test_in_english_an_event_has_its_meaning_beside_its_own_name(sign_in):
    administrator = sign_in("administrator")
    administrator.post("/display", data={"language": "en"})

    page = administrator.get("/subscriptions").text

    assert "Result delivered (领取登记)" in page


@pytest.mark.parametrize("url", ["http://police.example.org/", "https://127.0.0.1/", ""])
def test_address_that_may_not_be_reached_is_told_at_its_field(sign_in, url):
    answer = sign_in("administrator").post("/subscriptions", data={"url": url})

    assert answer.status_code == 422
    assert "webhook_networks" in answer.text


def test_nobody_else_adds_or_removes(sign_in):
    name = subscribe(sign_in("administrator"))

    for user in ("operator", "auditor", "window", "citizen"):
        client = sign_in(user)
        assert client.post("/subscriptions", data={"url": URL}).status_code == 403
        assert client.post(f"/subscriptions/{name}/remove").status_code == 403
        assert client.post(f"/subscriptions/{name}/rotate").status_code == 403


def test_auditor_looks_and_clerk_does_not(sign_in):
    name = subscribe(sign_in("administrator"))

    assert sign_in("auditor").get(f"/subscriptions/{name}").status_code == 200
    assert sign_in("window").get("/subscriptions").status_code == 403


def test_operator_pauses_with_a_reason_and_resumes(sign_in):
    name = subscribe(sign_in("administrator"))
    operator = sign_in("operator")

    without = operator.post(f"/subscriptions/{name}/pause", data={"reason": " "})
    operator.post(f"/subscriptions/{name}/pause", data={"reason": "对方机房搬迁"})
    paused = operator.get(f"/subscriptions/{name}").text
    operator.post(f"/subscriptions/{name}/resume")
    resumed = operator.get(f"/subscriptions/{name}").text

    assert (without.status_code, "请填写原因。" in without.text) == (422, True)
    assert "已暂停" in paused
    assert "对方机房搬迁" in paused
    assert "恢复推送" in resumed
    assert "正常" in resumed


def test_operator_skips_an_event_that_its_receiver_refused(world, sign_in):
    world.deploy(version())
    # Nobody can be reached in a test: each call fails before it is made.
    name = subscribe(sign_in("administrator"))
    person = {"name": "张三", "idNo": ID_NO, "division": "370502"}
    runtime.start_case(world.host, APPLICANT, "permit", {"way": "check", "person": person})
    calls = runtime.sender(world.host)
    calls.destinations.addresses = lambda _host, _port: []
    for _ in range(2):
        runtime.deliver_due(world.host, calls, "one")
        world.clock.advance(timedelta(days=1))
    operator = sign_in("operator")
    before = operator.get(f"/subscriptions/{name}").text

    skipped = operator.post(
        f"/subscriptions/{name}/resume", data={"skip": "1", "reason": "已电话告知"}
    )
    after = operator.get(f"/subscriptions/{name}").text

    assert "跳过未送达的一条" in before
    assert skipped.status_code == 302
    assert "跳过一条事件" in after
    assert "已电话告知" in after


def test_removed_subscription_is_gone(sign_in):
    administrator = sign_in("administrator")
    name = subscribe(administrator)

    administrator.post(f"/subscriptions/{name}/remove")

    assert administrator.get(f"/subscriptions/{name}").status_code == 404
