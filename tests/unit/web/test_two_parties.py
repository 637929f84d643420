"""Applications of two parties: invited, read, corrected, agreed to, and opened exactly once."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from onething import cases, history, identity, invitations, runtime
from onething.catalog import Catalog
from onething.errors import CaseAlreadyOpen, InvitationRefused, NotFound, TooOften
from onething.forms import Posted
from onething.identity import SYSTEM, Actor
from onething.runtime import Application
from onething.runtime.cases.start_case import query_code_of
from unit.web.conftest import MONDAY, PASSWORD

PAIRING = Path(__file__).parent / "pairing"
SEND = "/services/pair/invitations"
FIRST, SECOND = "37050219960518993X", "370521199711029904"
ANSWERS = {
    "kind": "two",
    "a.name": "陈志远",
    "a.idNo": FIRST,
    "b.name": "林晓彤",
    "b.idNo": SECOND,
    "b.phone": "13805460002",
}
ME = Actor("citizen", "citizen", frozenset({"applicant"}))
OTHER = Actor("other", "other", frozenset({"applicant"}))
THIRD = Actor("third", "third", frozenset({"applicant"}))


@pytest.fixture(autouse=True)
def paired(host):
    runtime.deploy(host, SYSTEM, Catalog([PAIRING]).package("pair"))
    database, settings = host.database, host.settings
    identity.add_person(
        database,
        SYSTEM,
        MONDAY,
        user="third",
        name="third",
        password=PASSWORD,
        must_change_password=False,
        settings=settings,
    )
    identity.give_post(database, SYSTEM, MONDAY, user="third", roles=["applicant"])


def posted(**answers):
    return Posted({name: [value] for name, value in {**ANSWERS, **answers}.items()})


def invited(host, key="key-1", by=ME, **answers):
    return runtime.invite(host, by, Application("pair", posted(**answers)), key=key)


def code_of(host, row, by=ME):
    return runtime.view_invitation(host, by, row.invitation_id).code


@dataclass
class Pair:
    """An invitation to which the other party has come."""

    host: runtime.Host
    id: str

    def view(self, actor):
        return runtime.view_invitation(self.host, actor, self.id)

    def agree(self, actor, seen=None):
        seen = self.view(actor).digest if seen is None else seen
        return runtime.agree_to_application(self.host, actor, self.id, seen)


@pytest.fixture
def pair(host):
    row = invited(host)
    runtime.join_invitation(host, OTHER, code_of(host, row), SECOND)
    return Pair(host, row.invitation_id)


def all_cases(host):
    with host.database.read() as conn:
        return cases.listing(conn, service="pair")


def test_a_first_applicant_is_led_to_invite_and_not_to_send(browse):
    citizen = browse("citizen")
    citizen.get("/services/pair/apply")

    page = citizen.post("/services/pair/apply", ANSWERS)

    assert "同意并邀请对方" in page.text
    assert "提交申请</button>" not in page.text
    assert "出发时两人都要到场。" in page.text


def test_an_application_that_concerns_one_person_is_sent_as_before(browse):
    citizen = browse("citizen")
    citizen.get("/services/pair/apply")
    page = citizen.post("/services/pair/apply", {**ANSWERS, "kind": "one"})

    sent = citizen.post("/services/pair/cases", citizen.hidden(page))

    assert sent.location.endswith("/receipt")


def test_nobody_opens_a_case_of_two_alone(browse, host):
    citizen = browse("citizen")
    citizen.get("/services/pair/apply")
    page = citizen.post("/services/pair/apply", ANSWERS)

    sent = citizen.post("/services/pair/cases", citizen.hidden(page))

    assert sent.status_code == 409
    assert all_cases(host) == []


def test_a_helper_files_for_both_as_before(browse, host):
    village = browse("village")
    village.get("/services/pair/apply")
    page = village.post("/services/pair/apply", ANSWERS)

    sent = village.post("/services/pair/cases", village.hidden(page))

    assert sent.location.endswith("/receipt")
    assert len(all_cases(host)) == 1


def test_two_people_agree_in_their_own_sessions_and_one_case_opens(browse, host):
    # Given an applicant who has agreed and gets a code with a picture of the link
    citizen, other = browse("citizen"), browse("other")
    citizen.get("/services/pair/apply")
    page = citizen.post("/services/pair/apply", ANSWERS)
    sent = citizen.post(SEND, {**citizen.hidden(page), "_agreed": "1"})
    shown = citizen.get(sent.location)
    code = re.search(r"<strong>(\w{4}-\w{4})</strong>", shown.text)[1]
    assert "<svg" in shown.text
    assert f"/join?code={code.replace('-', '')}" in shown.text

    # When the other one comes with it, reads and agrees
    asked = other.get(f"/join?code={code}")
    assert code in asked.text
    found = other.post("/join", {"code": code, "idNo": SECOND.lower()})
    read = other.get(found.location)
    assert "陈志远" in read.text
    seen = other.hidden(read)["_seen"][0]
    done = other.post(f"{found.location}/agree", {"_seen": seen, "_agreed": "1"})

    # Then there is one case, which both follow, with both agreements in its first event
    (case,) = all_cases(host)
    assert done.location == f"/my/cases/{case.case_no}/receipt"
    assert case.submitted_by == "citizen"
    for one in (citizen, other):
        assert case.case_no in one.get("/my/cases").text
        tracker = one.get(f"/my/cases/{case.case_no}")
        assert tracker.status_code == 200
        assert "补充说明" in tracker.text
        assert "双方确认" in tracker.text
        receipt = one.get(f"/my/cases/{case.case_no}/receipt").text
        assert query_code_of(host, case.instance_id) in receipt
    assert "双方都已确认，申请已提交" in citizen.get("/messages").text
    assert "双方都已确认，申请已提交" not in other.get("/messages").text
    with host.database.read() as conn:
        first = next(history.read(conn, host.keys, case.instance_id, limit=1))
        rows = cases.parties(conn, case.instance_id)
    assert [(one.party, one.role, one.user) for one in rows] == [
        ("a", "applicant", "citizen"),
        ("b", "cosigner", "other"),
    ]
    noted = first.input["parties"]
    assert [one["version"] for one in noted] == ["t-1", "t-1"]
    assert len({one["answers"] for one in noted}) == 1


def test_agreeing_needs_the_tick(browse, host):
    citizen = browse("citizen")
    citizen.get("/services/pair/apply")
    page = citizen.post("/services/pair/apply", ANSWERS)

    refused = citizen.post(SEND, citizen.hidden(page))

    assert refused.status_code == 422
    assert "请先勾选同意" in refused.text
    assert runtime.list_invitations(host, ME) == []


def test_the_draft_is_gone_with_the_invitation_and_does_not_come_back_late(browse, host):
    citizen = browse("citizen")
    citizen.get("/services/pair/apply")
    page = citizen.post("/services/pair/apply", ANSWERS)
    hidden = citizen.hidden(page)
    citizen.post(SEND, {**hidden, "_agreed": "1"})

    late = citizen.post("/services/pair/draft?quiet=1", hidden)

    assert late.status_code == 409
    assert runtime.find_draft(host, ME, "pair") is None


def test_the_same_application_sent_twice_is_one_invitation(host):
    assert invited(host).invitation_id == invited(host).invitation_id
    assert len(runtime.list_invitations(host, ME)) == 1


def test_what_is_kept_is_sealed(host):
    row = invited(host)

    assert FIRST.encode() not in row.sealed
    assert "陈志远".encode() not in row.sealed


@pytest.mark.parametrize(
    ("answers", "why"),
    [({"b.idNo": FIRST}, "same-number"), ({"kind": "one"}, "nobody")],
)
def test_who_cannot_be_invited(host, answers, why):
    with pytest.raises(InvitationRefused) as refused:
        invited(host, **answers)

    assert refused.value.why == why


def test_one_account_lets_five_applications_wait(host):
    for number in range(5):
        invited(host, key=f"key-{number}")

    with pytest.raises(InvitationRefused) as refused:
        invited(host, key="key-6")

    assert refused.value.why == "many"


def test_whoever_invites_cannot_be_the_other_party(host):
    row = invited(host)

    with pytest.raises(InvitationRefused) as refused:
        runtime.join_invitation(host, ME, code_of(host, row), SECOND)

    assert refused.value.why == "self"


@pytest.mark.parametrize("id_no", ["", FIRST, "370502196804129910"])
def test_the_code_opens_nothing_with_another_number(host, id_no):
    row = invited(host)

    with pytest.raises(NotFound):
        runtime.join_invitation(host, OTHER, code_of(host, row), id_no)


def test_a_code_of_one_who_has_come_opens_nothing_for_others(host, pair):
    code = pair.view(ME).code

    with pytest.raises(NotFound):
        runtime.join_invitation(host, THIRD, code, SECOND)
    with pytest.raises(NotFound):
        pair.view(THIRD)


def test_codes_and_numbers_are_tried_ten_times_an_hour(host, clock):
    code = code_of(host, invited(host))
    for _ in range(10):
        with pytest.raises(NotFound):
            runtime.join_invitation(host, OTHER, code, FIRST)

    for person in (OTHER, THIRD):
        with pytest.raises(TooOften):
            runtime.join_invitation(host, person, code, SECOND)
    clock.advance(timedelta(hours=1, seconds=1))
    assert runtime.join_invitation(host, OTHER, code, SECOND)


def test_a_new_code_ends_the_old_one(host):
    row = invited(host)
    old = code_of(host, row)
    runtime.renew_code(host, ME, row.invitation_id)
    new = code_of(host, row)

    assert new != old
    with pytest.raises(NotFound):
        runtime.join_invitation(host, OTHER, old, SECOND)
    assert runtime.join_invitation(host, OTHER, new, SECOND)


def test_what_the_other_corrects_goes_back_to_the_first(host, pair):
    # Given a correction of the own part, which tries to change more than that
    own = posted(**{"b.phone": "13805460099", "b.idNo": FIRST, "a.name": "张三"})
    assert runtime.correct_application(host, OTHER, pair.id, own)

    # When the other one agrees
    assert pair.agree(OTHER) is None

    # Then nothing is opened before the first has agreed to what it is now
    view = pair.view(ME)
    assert not view.has_agreed
    assert view.other_has_agreed
    assert [(one.field, one.new) for one in view.joint.changes] == [("b.phone", "13805460099")]
    assert view.joint.answers["a.name"] == ["陈志远"]
    assert pair.agree(ME) == all_cases(host)[0].case_no


def test_a_correction_that_is_none_leaves_the_first_agreement(host, pair):
    assert not runtime.correct_application(host, OTHER, pair.id, posted())
    assert pair.view(ME).has_agreed


def test_only_the_other_corrects(host, pair):
    for person in (ME, THIRD):
        with pytest.raises(NotFound):
            runtime.correct_application(host, person, pair.id, posted())


def test_correcting_is_a_page_of_the_own_answers_alone(browse, host, pair):
    other = browse("other")

    page = other.get(f"/invitations/{pair.id}/correct")
    wrong = other.post(f"/invitations/{pair.id}/correct", {"b.name": "", "b.phone": "1"})
    right = other.post(
        f"/invitations/{pair.id}/correct", {"b.name": "林晓彤", "b.phone": "13805460077"}
    )

    assert 'name="b.phone"' in page.text
    assert 'name="a.name"' not in page.text
    assert wrong.status_code == 422
    assert right.location.endswith(pair.id)
    told = browse("citizen").get(f"/invitations/{pair.id}")
    assert "同行人更正了自己的信息" in told.text
    assert "13805460077" in told.text


def test_what_was_not_seen_is_not_agreed_to(host, pair):
    seen = pair.view(OTHER).digest
    runtime.correct_application(host, OTHER, pair.id, posted(**{"b.phone": "13805460099"}))

    with pytest.raises(InvitationRefused) as refused:
        pair.agree(OTHER, seen)

    assert refused.value.why == "changed"


def test_pressed_twice_it_is_one_case(host, pair):
    seen = pair.view(OTHER).digest

    assert pair.agree(OTHER, seen) == pair.agree(OTHER, seen)
    assert len(all_cases(host)) == 1


def test_agreed_to_by_both_at_once_it_is_one_case(host, pair):
    runtime.correct_application(host, OTHER, pair.id, posted(**{"b.phone": "13805460099"}))
    seen = pair.view(ME).digest

    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(lambda who: pair.agree(who, seen), [ME, OTHER, ME, OTHER]))

    (case,) = all_cases(host)
    assert set(told) - {None} == {case.case_no}


def test_what_stops_the_opening_leaves_the_agreement_undone(host, pair, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(cases, "add_parties", lambda *_all: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            pair.agree(OTHER)

    assert all_cases(host) == []
    assert not pair.view(OTHER).has_agreed
    assert pair.agree(OTHER)


def test_files_of_the_first_become_materials_of_the_case(browse, host):
    citizen = browse("citizen")
    citizen.get("/services/pair/apply")
    file = (BytesIO(b"%PDF-1.4\n%%EOF\n"), "plan.pdf")
    page = citizen.post("/services/pair/apply", {**ANSWERS, "plan": file})
    sent = citizen.post(SEND, {**citizen.hidden(page), "_agreed": "1"})
    pair = Pair(host, sent.location.rpartition("/")[2])
    runtime.join_invitation(host, OTHER, pair.view(ME).code, SECOND)
    assert "plan.pdf" in browse("other").get(sent.location).text

    case_no = pair.agree(OTHER)

    (material,) = runtime.view_case(host, OTHER, case_no).materials
    assert (material.name, material.given_by) == ("plan.pdf", "citizen")


def test_a_no_has_a_reason_which_the_first_reads(browse, host, pair):
    other = browse("other")
    other.get(f"/invitations/{pair.id}")
    empty = other.post(f"/invitations/{pair.id}/decline", {"reason": " "})
    other.post(f"/invitations/{pair.id}/decline", {"reason": "日期 <b>不合适</b>"})

    read = browse("citizen").get(f"/invitations/{pair.id}")
    after = other.get(f"/invitations/{pair.id}")

    assert empty.status_code == 422
    assert "<details open>" in empty.text
    assert "您没有同意" in after.text
    assert "尚未提交" not in after.text + read.text
    assert "日期 &lt;b&gt;不合适&lt;/b&gt;" in read.text
    assert "陈志远" not in after.text
    with pytest.raises(InvitationRefused) as refused:
        pair.agree(OTHER)
    assert refused.value.why == "declined"


def test_changing_voids_the_invitation_and_keeps_the_answers(browse, host, pair):
    citizen = browse("citizen")
    citizen.get(f"/invitations/{pair.id}")

    led = citizen.post(f"/invitations/{pair.id}/change")

    assert "林晓彤" in citizen.get(led.location).text
    told = browse("other").get(f"/invitations/{pair.id}").text
    assert "邀请已取消或者作废" in told
    assert "陈志远" not in told
    assert invited(host, key="key-2").invitation_id != pair.id


def test_a_cancelled_invitation_keeps_nothing(host, pair):
    runtime.cancel_invitation(host, ME, pair.id)

    view = pair.view(ME)
    assert (view.state, view.joint.answers) == ("cancelled", {})
    with pytest.raises(NotFound):
        runtime.take_back_application(host, ME, pair.id)


@pytest.mark.parametrize(
    "command", [runtime.cancel_invitation, runtime.take_back_application, runtime.renew_code]
)
def test_only_the_first_gives_up(host, pair, command):
    for person in (OTHER, THIRD):
        with pytest.raises(NotFound):
            command(host, person, pair.id)


@pytest.mark.parametrize("command", [runtime.cancel_invitation, runtime.take_back_application])
def test_what_is_a_case_cannot_be_given_up_as_an_invitation(host, pair, command):
    pair.agree(OTHER)

    with pytest.raises(InvitationRefused) as refused:
        command(host, ME, pair.id)

    assert refused.value.why == "opened"


def test_after_its_days_nobody_agrees_and_a_week_later_it_is_gone(browse, host, clock, pair):
    clock.advance(timedelta(days=30))

    with pytest.raises(InvitationRefused) as refused:
        pair.agree(OTHER)
    assert refused.value.why == "over"
    assert "过期" in browse("citizen").get(f"/invitations/{pair.id}").text
    assert runtime.drop_old_invitations(host) == 0
    clock.advance(timedelta(days=7))
    assert runtime.drop_old_invitations(host) == 1


def test_strangers_find_nothing(browse, pair):
    stranger = browse("third")

    assert stranger.get(f"/invitations/{pair.id}").status_code == 404
    assert stranger.post(f"/invitations/{pair.id}/agree", {"_agreed": "1"}).status_code == 404
    assert browse("reader").get("/join").status_code == 403


def test_a_second_application_on_the_subject_is_told_before_anybody_is_invited(host, pair):
    pair.agree(OTHER)

    with pytest.raises(CaseAlreadyOpen):
        invited(host, key="key-2")


def test_each_of_the_two_does_what_the_case_asks(browse, host, pair):
    case_no = pair.agree(OTHER)
    other = browse("other")
    tracker = other.get(f"/my/cases/{case_no}")
    task = re.search(r"/my/tasks/[^\"]+", tracker.text)[0]

    other.get(task)
    sent = other.post(task, {"words": "好"})

    assert sent.location == f"/my/cases/{case_no}"
    withdrawn = other.post(f"/my/cases/{case_no}/withdraw", {})
    assert withdrawn.status_code == 302
    assert browse("third").get(f"/my/cases/{case_no}").status_code == 404


def test_clerks_see_that_an_account_was_not_verified(browse, host, pair):
    case_no = pair.agree(OTHER)
    citizen = browse("citizen")
    task = re.search(r"/my/tasks/[^\"]+", citizen.get(f"/my/cases/{case_no}").text)[0]
    citizen.get(task)
    citizen.post(task, {"words": "好"})

    page = browse("reader").get(f"/cases/{case_no}")

    assert "账号未核验身份，请当面核验" in page.text


def test_the_row_of_an_opened_case_keeps_no_answers(host, pair):
    pair.agree(OTHER)

    with host.database.read() as conn:
        row = invitations.find(conn, pair.id)
    assert row.state == "opened"
    assert pair.view(ME).joint.answers == {}


def verified(host, actor, id_no):
    runtime.set_verified(host, actor, actor.name, id_no, "test")


def test_a_verified_person_needs_no_number_and_is_marked_as_verified(browse, host):
    verified(host, ME, FIRST)
    verified(host, OTHER, SECOND)
    row = invited(host)
    other = browse("other")
    assert 'name="idNo"' not in other.get("/join").text

    found = other.post("/join", {"code": code_of(host, row)})

    pair = Pair(host, found.location.rpartition("/")[2])
    case_no = pair.agree(OTHER)
    with host.database.read() as conn:
        rows = cases.parties(conn, cases.get(conn, case_no).instance_id)
    assert [one.is_verified for one in rows] == [True, True]


def test_a_verified_person_opens_nothing_that_is_for_somebody_else(host):
    verified(host, OTHER, "37050219680412991X")
    row = invited(host)

    with pytest.raises(NotFound):
        runtime.join_invitation(host, OTHER, code_of(host, row), SECOND)


def test_a_verified_person_invites_only_in_the_own_name(host):
    verified(host, ME, SECOND)

    with pytest.raises(InvitationRefused) as refused:
        invited(host)

    assert refused.value.why == "not-own"


def test_whoever_turns_out_to_be_somebody_else_cannot_agree(host, pair):
    verified(host, OTHER, "37050219680412991X")

    with pytest.raises(InvitationRefused) as refused:
        pair.agree(OTHER)

    assert refused.value.why == "not-own"
