"""Without JavaScript: an application from the guide to the receipt; then a batch of one kind."""

from datetime import timedelta

import pytest

from e2e.journey import Journey, application, set_out

SERVICE = "marriage-status-change"
GUIDE = {"kind": "补领结婚证"}


@pytest.fixture(scope="module")
def journey(site, people) -> Journey:
    """A certificate that was lost, to be issued again and sent by post."""
    return set_out(site, people, SERVICE, "shared-post-confirmed-and-rectification-late")


def test_an_application_without_scripts_from_the_guide_to_the_receipt(journey, visitor):
    # Given a citizen whose browser runs no scripts
    citizen = visitor("citizen", runs_scripts=False)
    citizen.visit(f"/services/{SERVICE}")

    # When the guide has answered, and the form is filled in topic by topic
    citizen.follow("情形引导")
    citizen.fill(GUIDE)
    citizen.press("查看一次性告知")
    assert citizen.reads("一次性告知书")
    citizen.follow("开始办理")
    citizen.sign_in()
    citizen.fill_topics(journey.moved(application(journey.scenario)))
    assert not citizen.mistakes, citizen.mistakes
    citizen.press("提交申请")

    # Then there is a receipt, and the tracker shows the case
    assert citizen.reads("已收到您的申请")
    journey.case_no, journey.filer = citizen.case_no, "citizen"
    citizen.follow("查看进度")
    assert citizen.reads(journey.case_no)


def test_tasks_of_one_kind_are_done_with_one_confirmation(journey, people, site):
    # Given a certificate that was sent by post and of which nothing was heard for long
    assert journey.case_no
    _, review, post, *_ = journey.scenario.steps
    journey.complete("registry", "review-reissue", review["data"])
    journey.complete("window", "post-documents", post["data"])
    site.advance(timedelta(days=14))
    clerk, name = people("window"), journey.names["confirm-receipt"]
    line = clerk.page.locator("tr[data-line]").filter(has_text=name)
    queue = f"/tasks?q={journey.case_no}"
    clerk.wait_until(queue, lambda: line.count() > 0, name)

    # When its task is ticked and completed by the form for many
    line.first.locator("input[type=checkbox]").check()
    clerk.press("批量办理勾选的任务")
    clerk.fill({"receipt": {"outcome": "done", "on": site.now.date().isoformat()}})
    clerk.page.locator("[name=_sure]").check()
    clerk.press("办结 1 件任务")

    # Then the outcome is told case by case
    assert not clerk.mistakes, clerk.mistakes
    assert clerk.page.url.endswith("/tasks/together/done")
    assert clerk.reads("办结 1 件，没有办结 0 件。")
