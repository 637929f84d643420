"""A citizen on a phone: one topic a page, a supplement asked for once, a photo handed in."""

import pytest

from e2e.journey import Journey, application, of_another, set_out
from e2e.pages import PHONE
from e2e.photo import photo

MISSING = {
    "check": {
        "identityChecked": True,
        "identityResult": "consistent",
        "materialsComplete": False,
        "materialsValid": True,
        "decision": "supplement",
        "missing": [{"name": "亲属关系证明", "problem": "未提交", "requirement": "拍照上传"}],
        "reason": "缺少亲属关系证明",
    }
}
COMPLETE = {
    "check": {
        "identityChecked": True,
        "identityResult": "consistent",
        "materialsComplete": True,
        "materialsValid": True,
        "decision": "accept",
    }
}
SUPPLEMENT = {"supplement": {"files": [{"name": "亲属关系证明"}], "note": "已拍照"}}


@pytest.fixture
def journey(site, people, visitor) -> Journey:
    """A death at home that a citizen with a phone applies for."""
    citizen = visitor("citizen", PHONE)
    return set_out(
        site,
        lambda user: citizen if user == "citizen" else people(user),
        "after-death",
        "front-desk-does-not-accept",
    )


def fits(citizen) -> bool:
    return not citizen.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_citizen_applies_and_hands_in_a_photo_by_phone(journey):
    # Given a citizen who fills in topic by topic, and a clerk who misses a material
    journey.filer, citizen = "citizen", journey.people("citizen")
    journey.apply("citizen", of_another(application(journey.scenario), 1))
    assert fits(citizen)
    journey.complete("window", "check-application", MISSING)

    # When the citizen reads of it and hands in a photo from the tracker
    duty = citizen.page.locator(".duty")
    path = f"/my/cases/{journey.case_no}"
    citizen.wait_until(path, lambda: duty.count() > 0, "what is to be handed in")
    assert fits(citizen)
    citizen.visit(f"/messages?case={journey.case_no}")
    citizen.leave_by(citizen.page.locator(".news a:not(.button)").first)
    citizen.visit(citizen.page.url)
    assert fits(citizen)
    citizen.visit(f"/messages?case={journey.case_no}")
    citizen.follow("补正告知书")
    assert citizen.reads("未提交；拍照上传")
    citizen.visit(path)
    citizen.follow("去办理")
    assert citizen.reads("拍照上传")
    citizen.fill(SUPPLEMENT)
    taken = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    with citizen.refreshed():
        citizen.page.locator("main input[type=file]").first.set_input_files(taken)
    citizen.page.locator("#draft").get_by_text("已暂存").wait_for()
    citizen.visit(citizen.page.url)  # another day, the photo is still there
    assert citizen.reads("IMG_0001.jpg")
    assert fits(citizen)
    citizen.press("提交")
    assert not citizen.mistakes

    # Then the clerk sees the photo in the case and accepts
    clerk = journey.people("window")
    journey.claim(clerk, "check-application")
    form = clerk.page.url
    clerk.follow("IMG_0001.jpg")
    picture = "document.querySelector('figure.shown img')"
    clerk.page.wait_for_function(f"{picture}.complete && {picture}.naturalWidth > 0")
    clerk.visit(form)
    clerk.fill(COMPLETE)
    clerk.press("提交办理结果")
    assert not clerk.mistakes
    citizen.wait_until(path, lambda: citizen.reads("办理中"), "the case goes on")
    assert fits(citizen)
    assert citizen.refused == clerk.refused == []
