"""Acting for a family member: allowed or refused, agreed to or on paper, revoked and ended."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from onething import cases, history, runtime
from onething.errors import InvalidInput, InvitationRefused, NotAllowed
from onething.notices import NewsFilter
from onething.runtime import Application, acting_fault
from unit.web.conftest import MONDAY
from unit.web.test_receipt_papers import query_code
from unit.web.test_two_parties import (
    FIRST,
    ME,
    OTHER,
    SECOND,
    Pair,
    all_cases,
    paired,
    posted,
    verified,
)

__all__ = ["paired"]
AGENT, PRINCIPAL = FIRST, SECOND
ONLINE = {
    "kind": "one",
    "actingFor": "家人",
    "agent.name": "陈志远",
    "agent.idNo": AGENT,
    "mandate.way": "本人在线确认",
    "mandate.until": "2026-12-31",
    "a.name": "林晓彤",
    "a.idNo": PRINCIPAL,
}
PAPER = {**ONLINE, "mandate.way": "授权委托书"}
APPLY = "/services/pair/apply"
SEND = "/services/pair/invitations"


def filed_with_paper(browser):
    """Act for somebody with a signed mandate; return the case number."""
    browser.get(APPLY)
    file = (BytesIO(b"%PDF-1.4\n%%EOF\n"), "mandate.pdf")
    page = browser.post(APPLY, {**PAPER, "mandate.file": file})
    sent = browser.post("/services/pair/cases", browser.hidden(page))
    return sent.location.split("/")[-2]


@pytest.fixture
def agreed(host):
    """A case that `citizen` has filed for `other`, who agreed from an own account."""
    given = Application("pair", posted(**ONLINE))
    row = runtime.invite(host, ME, given, key="key-1")
    code = runtime.view_invitation(host, ME, row.invitation_id).code
    runtime.join_invitation(host, OTHER, code, PRINCIPAL)
    return Pair(host, row.invitation_id).agree(OTHER)


def roles(host, case_no):
    with host.database.read() as conn:
        found = cases.parties(conn, cases.get(conn, case_no).instance_id)
    return {one.role: one for one in found}


def test_where_the_law_wants_people_in_person_nobody_acts_for_them(browse, host):
    citizen = browse("citizen")
    citizen.get(APPLY)

    page = citizen.post(APPLY, {**ONLINE, "kind": "two", "b.name": "王", "b.idNo": AGENT})

    assert page.status_code == 422
    assert "两个人要自己来。（依据：测试法 第一条）" in page.text
    with pytest.raises(InvalidInput) as refused:
        runtime.start_case(host, ME, "pair", posted(**{**ONLINE, "kind": "two"}))
    assert "测试法 第一条" in refused.value.fields["actingFor"]


def test_nobody_acts_for_oneself(browse):
    citizen = browse("citizen")
    citizen.get(APPLY)

    page = citizen.post(APPLY, {**ONLINE, "a.idNo": AGENT})

    assert page.status_code == 422
    assert "代办人和申请人不能是同一个人" in page.text


def test_what_was_prefilled_about_the_agent_is_left_out_for_the_family_member(browse, host):
    verified(host, ME, AGENT)
    citizen = browse("citizen")
    assert AGENT in citizen.get(APPLY).text

    page = citizen.post(
        f"{APPLY}?refresh=1", {"actingFor": "家人", "a.name": "我", "a.idNo": AGENT}
    )

    assert AGENT not in page.text


def test_a_service_that_names_no_proxy_refuses(host):
    with host.database.read() as conn:
        outing = host.definitions.newest(conn, "outing")

    assert acting_fault(outing, {"actingFor": "家人"}, host.environment(MONDAY)) == (
        "actingFor",
        "not-offered",
    )


def test_the_principal_agrees_in_an_own_session(browse, host):
    # Given an agent who has filled everything in
    citizen, other = browse("citizen"), browse("other")
    citizen.get(APPLY)
    page = citizen.post(APPLY, ONLINE)
    assert "我受托办理。" in page.text
    sent = citizen.post(SEND, {**citizen.hidden(page), "_agreed": "1"})
    code = re.search(r"<strong>(\w{4}-\w{4})</strong>", citizen.get(sent.location).text)[1]

    # When the principal comes, reads and agrees
    other.get("/join")
    found = other.post("/join", {"code": code, "idNo": PRINCIPAL})
    read = other.get(found.location)
    assert "我委托他办理。" in read.text
    seen = other.hidden(read)["_seen"][0]
    other.post(f"{found.location}/agree", {"_seen": seen, "_agreed": "1"})

    # Then both see the case, and it says who acts for whom
    (case,) = all_cases(host)
    assert case.submitted_by == "citizen"
    for one in (citizen, other):
        assert "代办与委托" in one.get(f"/my/cases/{case.case_no}").text
    parties = roles(host, case.case_no)
    assert (parties["agent"].user, parties["principal"].user) == ("citizen", "other")
    assert parties["agent"].until.isoformat().startswith("2026-12-31T16:00")


def test_a_revoked_mandate_takes_the_case_off_the_agent_at_once(browse, host, agreed):
    citizen, other = browse("citizen"), browse("other")
    assert citizen.get(f"/my/cases/{agreed}").status_code == 200
    other.get(f"/my/cases/{agreed}")
    known = query_code(citizen.get(f"/my/cases/{agreed}/receipt"))
    other.get(f"/my/cases/{agreed}")

    other.post(f"/my/cases/{agreed}/revoke", {"reason": "自己来办"})

    assert citizen.get(f"/my/cases/{agreed}").status_code == 404
    assert agreed not in citizen.get("/my/cases").text
    tracker = other.get(f"/my/cases/{agreed}")
    assert "委托已于" in tracker.text
    new = query_code(other.get(f"/my/cases/{agreed}/receipt"))
    stranger = browse()
    for code, status in ((known, 404), (new, 200)):
        stranger.get("/lookup")
        told = {"case_no": agreed, "query_code": code}
        assert stranger.post("/lookup", told).status_code == status
    assert "补充说明" in tracker.text
    with host.database.read() as conn:
        instance_id = cases.get(conn, agreed).instance_id
        events = list(history.read(conn, host.keys, instance_id))
    assert [one.kind for one in events][-1] == "MandateRevoked"
    assert events[-1].personal["reason"] == "自己来办"


def test_nothing_that_was_told_is_read_any_more_after_the_mandate(host, agreed):
    told = [one for one in runtime.list_news(host, ME, NewsFilter()) if one.text]
    assert told

    runtime.revoke_mandate(host, OTHER, agreed)

    assert not [one for one in runtime.list_news(host, ME, NewsFilter()) if one.text]
    assert [one for one in runtime.list_news(host, OTHER, NewsFilter()) if one.text]


def test_revoked_twice_it_is_one_event(host, agreed):
    runtime.revoke_mandate(host, OTHER, agreed)

    assert runtime.revoke_mandate(host, OTHER, agreed).repeated


def test_only_the_principal_revokes(host, agreed):
    with pytest.raises(NotAllowed):
        runtime.revoke_mandate(host, ME, agreed)


def test_with_a_signed_mandate_the_case_opens_at_once(browse, host):
    case_no = filed_with_paper(browse("citizen"))

    parties = roles(host, case_no)
    assert (parties["agent"].user, parties["principal"].user) == ("citizen", None)
    assert "代办与委托" in browse("citizen").get(f"/my/cases/{case_no}").text
    assert browse("other").get(f"/my/cases/{case_no}").status_code == 404


def test_a_principal_who_verifies_the_account_sees_the_case_and_can_revoke(browse, host):
    case_no = filed_with_paper(browse("citizen"))
    verified(host, OTHER, PRINCIPAL)
    other = browse("other")
    assert case_no in other.get("/my/cases").text

    runtime.withdraw_identity(host, OTHER)
    assert other.get(f"/my/cases/{case_no}").status_code == 404

    verified(host, OTHER, PRINCIPAL)
    runtime.revoke_mandate(host, OTHER, case_no)
    assert browse("citizen").get(f"/my/cases/{case_no}").status_code == 404


def test_a_principal_who_was_verified_before_sees_the_case_from_the_start(browse, host):
    verified(host, OTHER, PRINCIPAL)

    case_no = filed_with_paper(browse("citizen"))

    assert browse("other").get(f"/my/cases/{case_no}").status_code == 200


def test_a_mandate_ends_with_its_last_day(browse, host, clock):
    case_no = filed_with_paper(browse("citizen"))
    clock.advance(timedelta(days=38))
    assert runtime.end_old_mandates(host) == 0
    assert case_no in browse("citizen").get("/my/cases").text

    clock.advance(timedelta(days=1))

    assert runtime.end_old_mandates(host) == 1
    assert case_no not in browse("citizen").get("/my/cases").text


def test_a_verified_agent_acts_in_the_own_name_alone(browse, host):
    verified(host, ME, "37050219680412991X")

    with pytest.raises(InvitationRefused):
        runtime.invite(host, ME, Application("pair", posted(**ONLINE)), key="key-1")
    citizen = browse("citizen")
    citizen.get(APPLY)
    file = (BytesIO(b"%PDF-1.4\n%%EOF\n"), "mandate.pdf")
    page = citizen.post(APPLY, {**PAPER, "mandate.file": file})
    sent = citizen.post("/services/pair/cases", citizen.hidden(page))
    assert sent.status_code == 409
    assert "与您在申请中填写的不一致" in sent.text


def test_a_clerk_reads_who_acts_for_whom(browse, host, agreed):
    other = browse("other")
    task = re.search(r"/my/tasks/[^\"]+", other.get(f"/my/cases/{agreed}").text)[0]
    other.get(task)
    other.post(task, {"words": "好"})

    page = browse("reader").get(f"/cases/{agreed}")

    assert "申请人本人（委托人）" in page.text
    assert "受托代办人" in page.text


def test_what_was_about_a_family_member_is_not_prefilled(browse, host):
    citizen = browse("citizen")
    filed_with_paper(citizen)

    assert PRINCIPAL not in citizen.get(APPLY).text
