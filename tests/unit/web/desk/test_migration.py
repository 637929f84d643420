"""An operator migrates and modifies cases from the pages; nobody else does."""

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from onething import cases, main, runtime, simulator
from onething.cli.demo import seed
from onething.testing.world import World
from unit.runtime.node import APPLICANT, ID_NO
from unit.runtime.versions import RENAMED, version

PASSWORD = "onething-demo-2026"
MONDAY = datetime(2026, 9, 28, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
PAGE = "/definitions/permit/1/migration"
MAPPING = {"to": "2", "mapping": 'check = "review"\r\n'}


@pytest.fixture
def world() -> Iterator[World]:
    """A node with the demo accounts."""
    with World(MONDAY, simulator.create_app, simulator.Records) as world:
        seed(world.host)
        yield world


@pytest.fixture
def case_no(world: World) -> str:
    """A case at the task `check` of the first of two deployments."""
    world.deploy(version())
    person = {"name": "张三", "idNo": ID_NO, "division": "370502"}
    answers = {"way": "check", "person": person}
    started = runtime.start_case(world.host, APPLICANT, "permit", answers)
    world.deploy(version(*RENAMED))
    return started.case_no


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


def number(world: World, case_no: str) -> int:
    with world.host.database.read() as conn:
        return cases.get(conn, case_no).number


def test_a_preview_writes_nothing_and_its_confirmation_moves(world, case_no, sign_in):
    operator = sign_in("operator")
    assert "@2" in operator.get(PAGE).text

    preview = operator.post(PAGE, data=MAPPING).text
    before = number(world, case_no)
    done = operator.post(PAGE, data={**MAPPING, "confirmed": "yes"}).text

    assert "check → review" in preview
    assert "确认迁移 1 件" in preview
    assert (before, number(world, case_no)) == (1, 2)
    assert "已迁移 1" in done
    assert "确认迁移" not in done
    assert done.index("已迁移 1") < done.index("目标部署")
    assert "/operations/instances?service=permit&amp;number=2" in done


def test_a_case_that_cannot_move_is_listed_with_its_reason(case_no, sign_in):
    page = sign_in("operator").post(PAGE, data={"to": "2"}).text

    assert case_no in page
    assert "新版本没有对应的环节" in page
    assert "确认迁移" not in page


@pytest.mark.parametrize(
    ("data", "status", "told"),
    [
        ({}, 422, "请选择目标部署"),
        ({"to": "1"}, 422, "办件已经在该部署中"),
        ({"to": "9"}, 404, "没有这个部署"),
        ({"to": "2", "mapping": "x"}, 422, "每行写一个"),
        ({"to": "2", "mapping": "check = 1"}, 422, "old_id"),
        ({"to": "2", "mapping": "x = 'check'"}, 422, "x：原部署没有这个环节"),
    ],
)
def test_wrong_input_is_told_on_the_page(case_no, sign_in, data, status, told):
    answer = sign_in("operator").post(PAGE, data=data)

    assert answer.status_code == status
    assert told in answer.text


def test_a_token_is_moved_from_the_page_with_its_reason(world, case_no, sign_in):
    operator, page = sign_in("operator"), f"/cases/{case_no}/modify"
    asked = operator.get(page).text
    assert '<option value="check" data-scope="permit" selected>核查</option>' in asked
    assert '<option value="search">人工核查</option>' in asked
    assert '<option value="away"' not in asked  # only its event starts it

    refused = operator.post(page, data={"cancel": "check", "start": "search"})
    done = operator.post(page, data={"cancel": "check", "start": "search", "reason": "窗口核查"})

    assert refused.status_code == 422
    assert done.status_code == 302
    assert done.location.endswith(f"/operations/instances/{case_no}")
    assert "人工核查" in operator.get(done.location).text
    history = runtime.view_history(world.host, APPLICANT, case_no)
    assert history[-1].input["reason"] == "窗口核查"


def test_the_modify_page_shows_no_personal_value(case_no, sign_in):
    page = sign_in("operator").get(f"/cases/{case_no}/modify").text

    assert "张三" not in page
    assert ID_NO not in page


def test_the_replay_draws_each_stretch_in_its_own_deployment(case_no, sign_in):
    sign_in("operator").post(PAGE, data={**MAPPING, "confirmed": "yes"})
    page, auditor = f"/cases/{case_no}/replay", sign_in("auditor")

    first, second = auditor.get(f"{page}?at=1").text, auditor.get(f"{page}?at=2").text

    assert 'data-here="check"' in first
    assert 'data-here="review"' in second
    assert "/diagrams/permit/1/permit.bpmn" in first
    assert "迁移到其他部署" in second
    assert "每一步的状态都与记录一致" in second


@pytest.mark.parametrize("user", ["administrator", "designer", "auditor", "registry", "citizen"])
def test_only_operators_reach_the_pages(case_no, sign_in, user):
    client = sign_in(user)

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, data=MAPPING).status_code == 403
    assert client.get(f"/cases/{case_no}/modify").status_code == 403
    assert client.post(f"/cases/{case_no}/modify", data={"reason": "x"}).status_code == 403
