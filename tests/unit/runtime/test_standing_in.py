"""Standing in for an absent colleague, and moving an office."""

from dataclasses import replace

import pytest

from onething import identity, runtime
from onething.errors import Conflict, InvalidInput, NotAllowed, NotFound, PersonAbsent
from onething.forms import Posted
from onething.identity import SYSTEM, Actor, Days, Moment
from onething.runtime import Office
from unit.runtime.node import MONDAY, Node
from unit.runtime.test_workload import HEAD, id_no

POSTS = {"clerk": "370502", "wang": "370502", "far": "370503"}


@pytest.fixture
def police(node: Node) -> Node:
    """Three clerks of the police's household post, one of them in another region."""
    database = node.host.database
    identity.put_department(database, SYSTEM, MONDAY, code="police", name="公安")
    for code in ("370500", "370502", "370503"):
        identity.put_region(database, SYSTEM, MONDAY, code=code, name=code)
    settings = node.host.settings
    for user, region in POSTS.items():
        identity.add_person(database, SYSTEM, MONDAY, user=user, name=user, settings=settings)
        where = {"department_code": "police", "post_name": "household", "region_code": region}
        identity.give_post(database, SYSTEM, MONDAY, user=user, roles=["clerk"], **where)
    return node


def away(node: Node, user: str, substitute: str | None = "wang") -> int:
    today = node.host.today
    days = Days(user, today, today, "leave", substitute)
    return identity.enter_absence(node.host.database, HEAD, Moment(MONDAY, today), days)


def person(node: Node, user: str) -> Actor:
    """Return somebody as they are when they come to the pages."""
    with node.host.database.read() as conn:
        return identity.present(conn, identity.actor(conn, user), node.host.today)


def held(node: Node, user: str = "clerk", serial: int = 0) -> tuple[str, str]:
    """Let somebody hold the task of a case; return the case's number and the task's id."""
    case_no = node.start(idNo=id_no(serial))
    task = node.task(case_no)
    runtime.claim(node.host, person(node, user), task.id)
    return case_no, task.id


def test_a_substitute_completes_what_the_absent_holds_in_their_name(police: Node) -> None:
    case_no, task_id = held(police)
    away(police, "clerk")

    runtime.complete(police.host, person(police, "wang"), task_id, {"check": {"finding": "属实"}})

    last = next(one for one in police.events(case_no) if one.kind == "TaskCompleted")
    assert (last.actor, last.on_behalf_of) == ("wang", "clerk")
    assert runtime.replay(police.host, case_no).is_clean


def test_a_substitute_claims_and_returns_it_and_history_says_for_whom(police: Node) -> None:
    case_no, task_id = held(police)
    away(police, "clerk")
    wang = person(police, "wang")

    runtime.claim(police.host, wang, task_id)
    task = police.task(case_no)
    runtime.return_task(police.host, wang, task_id)

    assert (task.assignee, task.held_for) == ("wang", "clerk")
    assert (police.task(case_no).assignee, police.task(case_no).held_for) == (None, None)
    acts = [(one.kind, one.on_behalf_of) for one in police.events(case_no)[-2:]]
    assert acts == [("TaskClaimed", "clerk"), ("TaskReturned", "clerk")]


def test_what_was_taken_over_is_done_in_the_absents_name_after_they_are_back(police: Node) -> None:
    case_no, task_id = held(police)
    absence = away(police, "clerk")
    runtime.claim(police.host, person(police, "wang"), task_id)
    when = Moment(MONDAY, police.host.today)
    identity.end_absence(police.host.database, HEAD, when, absence)

    runtime.complete(police.host, person(police, "wang"), task_id, {"check": {"finding": "属实"}})

    done = next(one for one in police.events(case_no) if one.kind == "TaskCompleted")
    assert (done.actor, done.on_behalf_of) == ("wang", "clerk")


def back(node: Node, absence: int) -> None:
    identity.end_absence(node.host.database, HEAD, Moment(MONDAY, node.host.today), absence)


def test_a_substitute_gives_back_what_was_taken_over_once_the_absent_is_there(
    police: Node,
) -> None:
    case_no, task_id = held(police)
    own, _task = held(police, "wang", 1)
    absence = away(police, "clerk")
    wang = person(police, "wang")
    runtime.claim(police.host, wang, task_id)
    typed = runtime.Typed({"check.finding": ["查到一半"]})
    page = runtime.DraftPage("d1", 0, "tab")
    runtime.save_draft(police.host, wang, f"task:{task_id}", page, typed)
    with pytest.raises(PersonAbsent):
        runtime.hand_back(police.host, wang, task_id)
    assert runtime.view_taken_over(police.host, wang) == []
    back(police, absence)
    wang = person(police, "wang")
    (taken,) = runtime.view_taken_over(police.host, wang)

    done = runtime.hand_back_all(police.host, wang, "clerk")

    assert [one.id for one in taken.tasks] == [task_id]
    assert (done.given, done.left) == (1, ())
    task, last = police.task(case_no), police.events(case_no)[-1]
    assert (task.assignee, task.held_for) == ("clerk", None)
    assert (last.kind, last.actor, last.on_behalf_of) == ("TaskDelegated", "wang", "clerk")
    draft = runtime.find_draft(police.host, person(police, "clerk"), f"task:{task_id}")
    assert (draft.begun_by, police.task(own).assignee) == ("wang", "wang")
    assert runtime.replay(police.host, case_no).is_clean


def test_a_supervisor_gives_it_back_for_the_substitute_and_nobody_else_does(police: Node) -> None:
    case_no, task_id = held(police)
    absence = away(police, "clerk")
    runtime.claim(police.host, person(police, "wang"), task_id)
    back(police, absence)
    loads = {one.user: one for one in runtime.view_workload(police.host, HEAD)}

    with pytest.raises(NotAllowed):
        runtime.hand_back_all(police.host, person(police, "clerk"), "clerk", "wang")
    with pytest.raises(NotAllowed):
        runtime.hand_back(police.host, person(police, "clerk"), task_id)
    done = runtime.hand_back_all(police.host, HEAD, "clerk", "wang")

    assert [(one.absent, one.is_back) for one in loads["wang"].taken] == [("clerk", True)]
    assert (done.given, police.task(case_no).assignee) == (1, "clerk")


def test_what_the_absent_may_do_no_more_stays_with_the_substitute(police: Node) -> None:
    case_no, task_id = held(police)
    absence = away(police, "clerk")
    runtime.claim(police.host, person(police, "wang"), task_id)
    back(police, absence)
    with police.host.database.read() as conn:
        (post,) = identity.get_person(conn, "clerk").posts
    identity.take_post(police.host.database, SYSTEM, MONDAY, post.post_id)

    done = runtime.hand_back_all(police.host, person(police, "wang"), "clerk")

    assert (done.given, [one.case_no for one in done.left]) == (0, [case_no])
    assert police.task(case_no).assignee == "wang"


def test_what_nobody_took_over_cannot_be_given_back(police: Node) -> None:
    _case_no, task_id = held(police)

    with pytest.raises(Conflict):
        runtime.hand_back(police.host, person(police, "clerk"), task_id)


def test_nobody_else_touches_what_an_absent_person_holds(police: Node) -> None:
    _case_no, task_id = held(police)
    wang = person(police, "wang")
    away(police, "clerk", None)

    with pytest.raises(Conflict):
        runtime.claim(police.host, wang, task_id)
    with pytest.raises(NotAllowed):
        runtime.return_task(police.host, wang, task_id)


def test_a_substitute_of_another_region_sees_the_absents_tasks_and_cases_only_meanwhile(
    police: Node,
) -> None:
    case_no, task_id = held(police)
    free = police.task(police.start(idNo=id_no(5))).id
    with pytest.raises(NotFound):
        runtime.view_case(police.host, person(police, "far"), case_no)
    absence = away(police, "clerk", "far")
    far = person(police, "far")

    seen = {one.id for one in runtime.list_tasks(police.host, far, runtime.own_tasks(far))}
    runtime.view_case(police.host, far, case_no)
    runtime.view_task(police.host, far, task_id)

    assert seen == {task_id, free}
    identity.end_absence(police.host.database, HEAD, Moment(MONDAY, police.host.today), absence)
    with pytest.raises(NotFound):
        runtime.view_case(police.host, person(police, "far"), case_no)


def test_claim_next_gives_nothing_to_who_is_away_and_their_free_tasks_to_the_substitute(
    police: Node,
) -> None:
    case_no = police.start()
    away(police, "clerk", "far")

    with pytest.raises(PersonAbsent):
        runtime.claim_next(police.host, person(police, "clerk"))
    assert runtime.claim_following(police.host, person(police, "clerk"), case_no) is None
    assert runtime.claim_next(police.host, person(police, "far")) == police.task(case_no).id
    assert police.task(case_no).held_for == "clerk"


def test_delegating_to_who_is_away_names_the_substitute_unless_confirmed(police: Node) -> None:
    case_no, task_id = held(police, "wang")
    away(police, "clerk", "far")
    wang = person(police, "wang")

    with pytest.raises(PersonAbsent) as refused:
        runtime.delegate(police.host, wang, task_id, "clerk")
    assert (refused.value.user, refused.value.substitute) == ("clerk", "far")
    runtime.delegate(police.host, wang, task_id, "clerk", even_if_absent=True)
    assert police.task(case_no).assignee == "clerk"


def test_what_absent_people_hold_without_a_substitute_goes_on_at_once(police: Node) -> None:
    cases = [held(police, serial=at)[0] for at in range(2)]
    away(police, "clerk", None)

    loads = {one.user: one for one in runtime.view_workload(police.host, HEAD)}
    assert loads["clerk"].is_uncovered
    with pytest.raises(PersonAbsent):
        runtime.hand_on_uncovered(police.host, HEAD, "clerk", "休假")
    handed = runtime.hand_on_uncovered(police.host, HEAD, "wang", "休假")

    assert (handed.moved, handed.left) == (2, ())
    assert {police.task(one).assignee for one in cases} == {"wang"}


def test_an_office_moves_with_all_its_tasks_and_one_reason(police: Node) -> None:
    cases = [held(police)[0], police.start(idNo=id_no(7))]
    old, new = Office("household", "370502"), Office("household", "370503")

    assert runtime.count_office(police.host, HEAD, old) == 2
    handed = runtime.move_office(police.host, HEAD, old, new, "窗口合并")

    assert (handed.moved, handed.left) == (2, ())
    for one in cases:
        task, last = police.task(one), police.events(one)[-1]
        assert (task.region, task.assignee, task.state) == ("370503", None, "open")
        assert (last.kind, last.personal["reason"]) == ("TaskMoved", "窗口合并")
        assert runtime.replay(police.host, one).is_clean
    runtime.claim(police.host, person(police, "far"), police.task(cases[0]).id)
    with pytest.raises(NotFound):
        runtime.claim(police.host, person(police, "wang"), police.task(cases[1]).id)


OLD, NEW = (Office("household", region) for region in ("370502", "370503"))


def test_later_tasks_follow_a_moved_office_until_that_is_lifted(police: Node) -> None:
    runtime.move_office(police.host, HEAD, OLD, NEW, "窗口合并", later_too=True)
    case_no = police.start(idNo=id_no(1))
    (known,) = runtime.list_redirects(police.host, HEAD)

    runtime.lift_redirect(police.host, HEAD, known.number)
    later = police.start(idNo=id_no(2))

    task, first = police.task(case_no), police.events(case_no)[0]
    assert (task.post, task.region) == ("household", "370503")
    assert first.effects["tasks"][0][2:5] == ["police", "household", "370503"]
    assert first.effects["redirected"] == [[task.token, known.number]]
    assert runtime.replay(police.host, case_no).is_clean
    assert police.task(later).region == "370502"
    assert "redirected" not in police.events(later)[0].effects
    assert runtime.list_redirects(police.host, HEAD) == []
    with pytest.raises(NotFound):
        runtime.lift_redirect(police.host, HEAD, known.number)


def test_a_redirect_is_followed_twice_and_never_leads_in_a_circle(police: Node) -> None:
    runtime.move_office(police.host, HEAD, OLD, NEW, "合并", later_too=True)
    with pytest.raises(InvalidInput):
        runtime.move_office(police.host, HEAD, NEW, OLD, "搬回", later_too=True)
    where = {"department_code": "police", "post_name": "household", "region_code": "370500"}
    identity.give_post(police.host.database, SYSTEM, MONDAY, user="wang", roles=["clerk"], **where)

    runtime.move_office(
        police.host, HEAD, NEW, Office("household", "370500"), "再合并", later_too=True
    )

    assert police.task(police.start()).region == "370500"


def test_a_second_move_of_an_office_takes_the_place_of_the_first(police: Node) -> None:
    where = {"department_code": "police", "post_name": "household", "region_code": "370500"}
    identity.give_post(police.host.database, SYSTEM, MONDAY, user="wang", roles=["clerk"], **where)
    city = Office("household", "370500")
    for to in (NEW, city):
        runtime.move_office(police.host, HEAD, OLD, to, "合并", later_too=True)

    assert [one.to_region for one in runtime.list_redirects(police.host, HEAD)] == ["370500"]
    assert police.task(police.start()).region == "370500"


def test_only_a_supervisor_of_the_place_redirects_and_lifts(police: Node) -> None:
    elsewhere = replace(HEAD, region="370503")
    with pytest.raises(NotAllowed):
        runtime.move_office(police.host, elsewhere, OLD, NEW, "why", later_too=True)
    runtime.move_office(police.host, HEAD, OLD, NEW, "why", later_too=True)
    (known,) = runtime.list_redirects(police.host, HEAD)

    for actor in (elsewhere, person(police, "wang")):
        with pytest.raises(NotAllowed):
            runtime.lift_redirect(police.host, actor, known.number)
    with pytest.raises(NotFound):
        runtime.lift_redirect(police.host, replace(HEAD, department="window"), known.number)
    assert police.task(police.start()).region == "370503"


def test_what_is_being_completed_stays_where_it_is(police: Node) -> None:
    case_no, task_id = held(police)
    answers = Posted({"check.finding": ["属实"]})
    runtime.hold_completion(police.host, person(police, "clerk"), task_id, answers, key="k")
    old, new = Office("household", "370502"), Office("household", "370503")

    handed = runtime.move_office(police.host, HEAD, old, new, "窗口合并")

    assert (handed.moved, [one.case_no for one in handed.left]) == (0, [case_no])


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        (Office("household", "370502"), "why"),
        (Office("household", "370505"), "why"),
        (Office("household", "370503"), " "),
    ],
)
def test_an_office_does_not_move_to_itself_to_nobody_or_without_reason(
    police: Node, to: Office, reason: str
) -> None:
    case_no, _task = held(police)

    with pytest.raises(InvalidInput):
        runtime.move_office(police.host, HEAD, Office("household", "370502"), to, reason)
    assert police.task(case_no).assignee == "clerk"


def test_only_the_supervisor_of_the_place_moves_an_office(police: Node) -> None:
    case_no, _task = held(police)
    old, new = Office("household", "370502"), Office("household", "370503")

    with pytest.raises(NotAllowed):
        runtime.move_office(police.host, person(police, "wang"), old, new, "why")
    elsewhere = replace(HEAD, region="370503")
    handed = runtime.move_office(police.host, elsewhere, old, new, "why")
    assert (handed.moved, police.task(case_no).assignee) == (0, "clerk")
