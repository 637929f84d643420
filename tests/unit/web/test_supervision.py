"""The board of cards, one card, and the figures of departments."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from onething import identity, runtime, tasks
from onething.cards import Filter
from onething.catalog import Catalog
from onething.identity import SYSTEM, Actor
from unit.web.conftest import PASSWORD

LICENCES = Path(__file__).parents[1] / "clocks" / "package"
CITIZEN = Actor("citizen", "citizen", frozenset({"applicant"}))
PEOPLE = {
    "head": {"roles": ["supervisor"], "department_code": "civil"},
    "examiner": {"roles": ["clerk"], "department_code": "civil", "post_name": "examiner"},
    "officer": {"roles": ["supervisor"], "department_code": "police"},
    "deputy": {"roles": ["deputy"], "department_code": "civil"},
    "inspector": {"roles": ["supervisor"]},
}


@pytest.fixture
def card(host, clock) -> str:
    """A yellow card of the civil department; return its address."""
    for code, name in (("civil", "=民政局"), ("police", "派出所")):
        identity.put_department(host.database, SYSTEM, host.clock(), code=code, name=name)
    for user, post in PEOPLE.items():
        _add(host, user, post)
    runtime.deploy(host, SYSTEM, Catalog([LICENCES]).package("licence"))
    person = {"name": "张三", "division": "370502"}
    case_no = runtime.start_case(host, CITIZEN, "licence", {"person": person}).case_no
    with host.database.read() as conn:
        (task,) = tasks.worklist(conn, tasks.Filter(case_no=case_no, states=tasks.LIVE))
    runtime.complete(host, SYSTEM, task.id, {"next": "accept", "check": {"finding": ""}})
    clock.advance(timedelta(days=18))
    runtime.raise_cards(host)
    found = runtime.list_cards(host, SYSTEM, Filter(colour="yellow"))
    return f"/supervision/cards/{found[0].id}"


def _add(host, user: str, post) -> None:
    at: datetime = host.clock()
    identity.add_person(
        host.database,
        SYSTEM,
        at,
        user=user,
        name=user,
        password=PASSWORD,
        must_change_password=False,
        settings=host.settings,
    )
    identity.give_post(host.database, SYSTEM, at, user=user, **post)


def test_the_board_shows_the_cards_of_the_own_department(browse, card):
    own = browse("head").get("/supervision")
    other = browse("officer").get("/supervision")

    assert card in own.text
    assert "超过承诺时限" in own.text
    assert card not in other.text
    assert "目前没有亮牌" in other.text


def test_objections_stand_under_supervision_in_the_menu(browse, card):
    page = browse("head").get("/objections").text

    assert re.search(r'href="/supervision" aria-current="true"', page)


def test_the_board_is_narrowed_by_colour_and_state(browse, card):
    head = browse("head")

    assert card in head.get("/supervision?colour=yellow&state=open").text
    assert card not in head.get("/supervision?colour=red").text
    assert card not in head.get("/supervision?state=waived").text
    assert head.get("/supervision?colour=blue&state=none").status_code == 200


def test_the_board_is_narrowed_by_service_and_days(browse, card):
    head = browse("head")

    assert card in head.get("/supervision?service=licence&first=2026-01-01").text
    assert card not in head.get("/supervision?service=adoption").text
    assert card not in head.get("/supervision?last=2026-11-25").text
    assert head.get("/supervision?first=tomorrow&last=9999-12-31").status_code == 200


def test_the_narrowed_board_is_exported_as_it_is(browse, card):
    head = browse("head")

    book = load_workbook(BytesIO(head.get("/supervision/cards.xlsx?colour=yellow").data))
    none = load_workbook(BytesIO(head.get("/supervision/cards.xlsx?service=adoption").data))

    heads, *rows = book.active.values
    assert heads[:2] == ("牌色", "原因")
    assert {row[0] for row in rows} == {"黄牌"}
    assert [row[4] for row in rows] == ["=民政局"] * len(rows)
    assert {row[8] for row in rows} == {"2026-12-16"}
    assert none.active.max_row == 1


def test_a_deputy_answers_what_was_handed_up_on_the_own_page(browse, card, host, clock):
    clock.advance(timedelta(days=10))
    runtime.escalate_cards(host)
    deputy = browse("deputy")

    board = deputy.get("/supervision")
    page = deputy.get(card)
    deputy.post(f"{card}/reply", {"text": "已调整人手"})

    assert card in board.text.partition("own-cards")[2]
    assert "上报分管负责人" in page.text
    assert "/cases/" not in page.text.partition("<main")[2]
    assert "已调整人手" in deputy.get(card).text


def test_a_clerk_is_told_who_answers_what_was_handed_up(browse, card, host, clock):
    clock.advance(timedelta(days=10))
    runtime.escalate_cards(host)

    page = browse("examiner").get(card)

    assert "由其说明" in page.text
    assert f"{card}/reply" not in page.text


def test_the_menu_leads_an_inspector_to_supervision_alone(browse, card):
    menu = browse("inspector").get("/supervision").text.partition("<main")[0]

    assert 'href="/supervision"' in menu
    assert 'href="/tasks"' not in menu
    assert 'href="/cases"' not in menu


def test_who_is_no_supervisor_has_no_board(browse, card):
    assert browse("examiner").get("/supervision").status_code == 403


def test_a_handler_finds_the_card_in_the_queue_and_answers_it(browse, card):
    clerk = browse("examiner")

    queue = clerk.get("/tasks")
    clerk.get(card)
    clerk.post(f"{card}/reply", {"text": "等待回函"})

    assert card in queue.text
    assert "等待回函" in clerk.get(card).text
    assert card not in clerk.get("/tasks").text


def test_an_answer_without_words_is_refused_with_the_reason(browse, card):
    clerk = browse("examiner")
    clerk.get(card)

    refused = clerk.post(f"{card}/reply", {"text": " "})

    assert refused.status_code == 422
    assert "请写明理由" in refused.text


def test_a_supervisor_waives_a_card_with_a_reason(browse, card):
    head = browse("head")
    head.get(card)

    head.post(f"{card}/waive", {"text": "系统故障"})

    page = head.get(card)
    assert "已撤销" in page.text
    assert "系统故障" in page.text


def test_another_departments_card_does_not_exist(browse, card):
    assert browse("officer").get(card).status_code == 404
    assert browse("examiner").get("/supervision/cards/nothing-1").status_code == 404


def test_figures_are_shown_and_exported_as_they_are(browse, card):
    head = browse("head")

    page = head.get("/supervision/figures")
    book = load_workbook(BytesIO(head.get("/supervision/figures.xlsx").data))

    heads, row = book.active.values
    assert "部门数据" in page.text
    assert heads[0] == "部门"
    assert (row[0], row[1]) == ("=民政局", 0)
    assert row[6] >= 1
    assert book.active["A2"].data_type == "s"


def test_the_history_says_which_card_was_raised(browse, card):
    head = browse("head")
    case = re.search(r"/cases/[^\"#]+", head.get(card).text.partition("<main")[2])[0]

    assert "电子监察亮牌：黄牌，超过承诺时限" in head.get(case).text
    assert "电子监察亮牌：黄牌，超过承诺时限" in head.get(f"{case}/replay").text
