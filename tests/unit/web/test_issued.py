"""What a department issued to a person is offered to that person, with consent, while it stands."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest

from onething import cases, history, materials, runtime
from onething.cases import AGENT, COSIGNER, CaseLink, Hold, PartyRow
from onething.errors import InvalidInput, NotAllowed, NotFound
from onething.identity import SYSTEM, Actor
from onething.runtime import Application, Reuse
from onething.runtime.applications.joint_application import KeptFile
from onething.tasks import Filter
from unit.web.issuing import Case
from unit.web.test_reuse import apply, offer, row
from unit.web.test_two_parties import SECOND, Pair, paired, posted, verified

__all__ = ["paired"]
ME = Actor("citizen", "citizen", frozenset({"applicant"}))
SPOUSE = Actor("other", "other", frozenset({"applicant"}))
DAY = date(2026, 11, 23)
SAME = "37050219680412991X"
"""The number that every application of the citizen names."""


@pytest.fixture
def citizen(browse):
    return browse("citizen")


@pytest.fixture
def before(citizen, host) -> Case:
    """A closed case of the citizen whose item is granted."""
    case = Case(host, apply(citizen))
    case.decide()
    host.database.write(lambda conn: cases.close(conn, case.instance_id, "GRANTED", case.at))
    return case


def offered(host, actor=ME, code="outing", **more):
    with host.database.read() as conn:
        service = host.definitions.newest(conn, code).service
    return runtime.list_reusable(host, actor, service, **more)


def party(case, role, user=SPOUSE.user, **more):
    given = {"party": "b", "is_verified": True, "version": "t", "answers": "", "agreed_at": None}
    return PartyRow(instance_id=case.instance_id, role=role, user=user, **{**given, **more})


def hold(case):
    told = {"kind": "review", "document": "x", "dated_on": DAY, "basis": "x", "put_by": "head"}
    return Hold(case.instance_id, 1, case.case_no, "window", put_at=case.host.clock(), **told)


def link(case, after):
    told = {"kind": "error", "basis": "x", "department": "window", "opened_by": "head"}
    ids = (after.instance_id, after.case_no, case.instance_id, case.case_no)
    return CaseLink(*ids, opened_at=case.host.clock(), **told)


def write(host, function, *given, **more):
    return host.database.write(lambda conn: function(conn, *given, **more))


def test_the_application_offers_a_document_with_department_number_case_and_day(citizen, before):
    slip = before.issue()

    page = citizen.get("/services/outing/apply")

    told = re.sub(r"<[^>]+>|\s+", " ", page.text)
    assert f"行程：出游单 {slip.number}" in re.sub(r" +", " ", told)
    assert f"综合窗口于 2026-11-23 出具，办件 {before.case_no}，2027-02-21 前可用" in told
    assert "勾选表示您同意为办理“一次出游”再次使用" in told


def test_the_page_says_it_in_english_too(citizen, before):
    slip = before.issue()

    citizen.get("/services/outing/apply")
    citizen.post("/display", {"language": "en"})
    told = re.sub(r"<[^>]+>|\s+", " ", citizen.get("/services/outing/apply").text)

    assert f"Outing slip {slip.number}" in re.sub(r" +", " ", told)
    assert f"on 2026-11-23, case {before.case_no}" in told


def test_a_tick_gives_it_to_the_case_with_trust_a_and_is_kept_as_consent(citizen, before, host):
    slip = before.issue()

    second = apply(citizen, _reuse=offer(citizen.get("/services/outing/apply")))

    given, events = row(host, second)
    kept = {"material": given.id, "from": before.case_no, "document": slip.number}
    assert (given.sha256, given.trust, given.source) == (slip.sha256, "A", "CERT")
    assert (given.kind, given.reused_from, given.given_by) == ("plan", before.case_no, "citizen")
    assert events[0].input["reused"] == [kept]
    assert "一次出游" in events[0].input["consent"]
    page = citizen.get(f"/my/cases/{second}").text
    assert f"经本人同意，使用办件 {before.case_no} 出具的文书" in page
    assert "部门出具，可直接使用" in page


def test_without_a_tick_it_goes_nowhere(citizen, before, host):
    before.issue()

    second = apply(citizen)

    with host.database.read() as conn:
        assert materials.ids(conn, cases.get(conn, second).instance_id) == set()


def test_the_case_page_offers_it_and_wants_consent(citizen, before, host):
    slip = before.issue()
    second = apply(citizen)
    chosen = offer(citizen.get(f"/my/cases/{second}"))

    citizen.post(f"/my/cases/{second}/reuse", {"offer": chosen})
    silent = citizen.get(f"/my/cases/{second}").text
    citizen.post(f"/my/cases/{second}/reuse", {"offer": chosen, "consent": "1"})

    _given, events = row(host, second)
    page = citizen.get(f"/my/cases/{second}").text
    assert "请选择材料，并勾选同意" in silent
    assert events[-1].input["reused"][0]["document"] == slip.number
    assert f"出游单 {slip.number}.pdf" in page
    assert 'name="offer"' not in page  # the case has it now


def test_a_document_goes_before_an_uploaded_copy_of_itself(citizen, before, host):
    slip = before.issue()
    content = host.store.get(slip.sha256)
    apply(citizen, plan=(BytesIO(content), "slip.pdf"))

    (only,) = offered(host)

    assert only.issued.number == slip.number
    assert only.row.trust == "A"


def test_it_is_not_offered_from_where_it_was_used_again(citizen, before, host):
    before.issue()
    second = apply(citizen, _reuse=offer(citizen.get("/services/outing/apply")))

    (only,) = offered(host)

    assert only.case.case_no == before.case_no
    assert offered(host, without=second) == []


def test_the_days_of_the_service_that_asks_count_from_the_day_of_issue(before, host, clock):
    before.issue()

    clock.advance(timedelta(days=29))
    assert len(offered(host, code="pair")) == 1
    clock.advance(timedelta(days=2))
    assert offered(host, code="pair") == []
    assert len(offered(host)) == 1
    clock.advance(timedelta(days=60))
    assert offered(host) == []


def test_nobody_else_is_offered_it_or_can_take_it(citizen, before, browse, host):
    slip = before.issue()
    theirs = apply(browse("other"))
    given = Reuse(before.case_no, materials.id_of(slip.sha256))

    with pytest.raises(InvalidInput):
        runtime.reuse_material(host, SPOUSE, theirs, given, material="plan", item="reading")

    assert offered(host, SPOUSE) == []
    with host.database.read() as conn:
        assert materials.ids(conn, cases.get(conn, theirs).instance_id) == set()


def test_a_helper_and_the_case_s_agent_are_offered_none(before, host):
    before.issue()
    helper = Actor("citizen", "citizen", frozenset({"helper"}))
    write(host, cases.add_parties, [party(before, AGENT, "citizen", party="agent")])

    assert offered(host, helper) == []
    assert offered(host) == []


def test_what_somebody_filed_for_another_is_that_ones(browse, host):
    case = Case(host, apply(browse("village")))
    case.decide()
    case.issue()

    assert offered(host, Actor("village", "village", frozenset({"applicant"}))) == []


@pytest.mark.parametrize(("to", "is_offered"), [("applicant", True), ("b", True), ("c", False)])
def test_another_party_of_the_case_is_offered_what_is_made_out_to_it(before, host, to, is_offered):
    before.issue(to=to)
    write(host, cases.add_parties, [party(before, COSIGNER)])

    assert bool(offered(host, SPOUSE)) is is_offered


@pytest.mark.parametrize("state", ["waiting", "in_progress", "denied", "cancelled", "withdrawn"])
def test_what_belongs_to_an_item_that_is_not_granted_is_not_offered(before, host, state):
    before.issue()
    before.decide(state)

    assert offered(host) == []


def test_a_document_of_the_whole_case_is_offered_once_the_case_is_closed(citizen, host):
    before = Case(host, apply(citizen))
    before.issue(item=None)
    assert offered(host) == []

    for _n in range(2):
        (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=before.case_no))
        runtime.complete(host, SYSTEM, task.id, {"words": "带伞", "adding": {"words": "带伞"}})

    (only,) = offered(host)
    assert only.issued.department == "window"


def test_what_a_newer_one_replaced_is_not_offered(before, host, clock):
    before.issue()
    clock.advance(timedelta(hours=1))
    newer = before.issue("d2")

    (only,) = offered(host)

    assert only.issued.number == newer.number


def test_a_case_on_hold_offers_nothing_and_a_decision_that_was_annulled_never_again(before, host):
    before.issue()
    write(host, cases.put_hold, hold(before))
    assert offered(host) == []

    told = {"document": "x", "dated_on": DAY, "by": "head", "at": host.clock()}
    write(host, cases.lift_hold, hold(before), outcome="annulled", **told)

    assert offered(host) == []


def test_a_decision_that_was_maintained_is_offered_again(before, host):
    before.issue()
    told = {"document": "x", "dated_on": DAY, "by": "head", "at": host.clock()}
    write(host, cases.put_hold, hold(before))
    write(host, cases.lift_hold, hold(before), outcome="maintained", **told)

    assert len(offered(host)) == 1


def test_a_case_that_another_one_corrects_offers_nothing_unless_that_is_withdrawn(
    citizen, before, host
):
    before.issue()
    after = Case(host, apply(citizen))
    write(host, cases.add_link, link(before, after))
    assert offered(host) == []

    write(host, cases.close, after.instance_id, "WITHDRAWN", host.clock())

    assert len(offered(host)) == 1


def test_what_was_put_on_hold_meanwhile_is_refused_and_said_at_the_field(citizen, before, host):
    before.issue()
    token = offer(citizen.get("/services/outing/apply"))
    write(host, cases.put_hold, hold(before))

    checked = citizen.post("/services/outing/apply", {**posted_outing(), "_reuse": token})
    sent = citizen.post("/services/outing/cases", citizen.hidden(checked))

    assert sent.status_code == 422
    assert "这份材料不能再次使用" in sent.text
    assert "cannot be used again" not in sent.text


def posted_outing():
    return {"sender.name": "陈志远", "sender.idNo": SAME, "kind": "hill"}


def test_in_an_application_of_two_it_is_the_inviter_s_with_consent(before, host):
    before.issue()
    (found,) = offered(host, code="pair")
    row = found.row
    file = KeptFile("plan", row.name, row.sha256, row.type, reused=found.reuse)
    invitation = runtime.invite(
        host, ME, Application("pair", posted(**{"a.idNo": SAME}), [file]), key="key-1"
    )
    code = runtime.view_invitation(host, ME, invitation.invitation_id).code
    runtime.join_invitation(host, SPOUSE, code, SECOND)

    case_no = Pair(host, invitation.invitation_id).agree(SPOUSE)

    with host.database.read() as conn:
        instance_id = cases.get(conn, case_no).instance_id
        (given,) = materials.of_case(conn, instance_id, lambda _sealed: "")
        first = next(iter(history.read(conn, None, instance_id)))
    assert (given.trust, given.source, given.given_by) == ("A", "CERT", "citizen")
    assert first.input["reused"][0]["document"] == found.issued.number


def test_an_invitation_with_what_holds_no_more_is_refused_at_its_field(before, host):
    before.issue()
    (found,) = offered(host, code="pair")
    row = found.row
    file = KeptFile("plan", row.name, row.sha256, row.type, reused=found.reuse)
    write(host, cases.put_hold, hold(before))

    with pytest.raises(InvalidInput) as refused:
        runtime.invite(
            host, ME, Application("pair", posted(**{"a.idNo": SAME}), [file]), key="key-1"
        )

    assert set(refused.value.fields) == {"plan"}


@pytest.mark.parametrize(("id_no", "is_offered"), [(SAME, True), (SECOND, False)])
def test_an_account_verified_as_somebody_else_is_offered_nothing(before, host, id_no, is_offered):
    before.issue()
    verified(host, ME, id_no)

    assert bool(offered(host)) is is_offered


def test_an_application_that_names_somebody_else_may_not_use_it(citizen, before):
    before.issue()
    token = offer(citizen.get("/services/outing/apply"))
    other = {**posted_outing(), "sender.idNo": "11010519491231002X", "_reuse": token}

    checked = citizen.post("/services/outing/apply", other)
    sent = citizen.post("/services/outing/cases", citizen.hidden(checked))

    assert sent.status_code == 422
    assert "这份材料不能再次使用" in sent.text


def test_a_withdrawn_document_is_offered_no_more_and_its_check_says_so(
    citizen, before, browse, host
):
    older = before.issue("d0")
    slip = before.issue()
    second = apply(citizen, _reuse=offer(citizen.get("/services/outing/apply")))
    clerk = browse("reader")
    for case_no in (before.case_no, second):
        (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
        runtime.complete(host, SYSTEM, task.id, {"words": "带伞"})
    page = clerk.get(f"/cases/{before.case_no}")
    where = f"/cases/{before.case_no}/documents/{slip.id}/withdraw"
    assert where in page.text

    silent = clerk.post(where, {"reason": " "}, follow_redirects=True)
    done = clerk.post(where, {"reason": "出具错误"}, follow_redirects=True)
    again = clerk.post(where, {"reason": "再来一次"}, follow_redirects=True)

    assert "没有作废：请写明理由" in silent.text
    assert "文书已作废" in done.text
    assert again.status_code == 200
    assert offered(host, without=second) == []
    assert older.number != slip.number
    checked = browse().get(f"/verify?number={slip.number}&code={slip.check_code}")
    assert '已于 <span class="whole">2026-11-23</span> 作废' in checked.text
    assert "已作废 2026-11-23" in citizen.get(f"/my/cases/{before.case_no}").text
    assert "文书已作废" in citizen.get("/messages").text
    given, _events = row(host, second)
    given_page = citizen.get(f"/cases/{second}/materials/{given.id}/view").text
    assert "请勿采信" in given_page
    assert "可直接使用" not in given_page
    with host.database.read() as conn:
        events = list(history.read(conn, None, before.instance_id))
    (event,) = (one for one in events if one.kind == "DocumentWithdrawn")
    assert event.input["document"] == slip.number
    assert "出具错误" not in str(event.input)
    assert runtime.replay(host, before.case_no).is_clean


def test_only_whose_department_issued_it_withdraws_a_document(citizen, before, browse, host):
    slip = before.issue()
    far = Actor("far", "far", frozenset({"clerk"}), "police")

    with pytest.raises(NotFound):
        runtime.withdraw_document(host, far, before.case_no, slip.id, "why")
    with pytest.raises(NotAllowed):
        runtime.withdraw_document(host, ME, before.case_no, slip.id, "why")

    assert len(offered(host)) == 1
