"""Two spouses: one fills in on a desk, the other reads, corrects and agrees on a phone."""

import pytest

from e2e.journey import application, forget_identity, set_out

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def couple(site, people):
    """The application of two people who marry."""
    journey = set_out(
        site, people, "marriage-status-change", "marriage-of-two-outsiders-with-id-cards"
    )
    return {**journey.moved(application(journey.scenario)), "statusProof": ["judgment"]}


def test_two_spouses_agree_each_in_their_own_session(visitor, couple):
    # Given one who has filled everything in and invites the other
    one, other = visitor("citizen"), visitor("citizen2", PHONE)
    forget_identity(one)
    forget_identity(other)
    one.visit("/services/marriage-status-change/apply")
    one.fill_topics(couple)
    assert one.reads("不能代替到场登记")
    one.page.locator("#agreed").check()
    one.press("同意并邀请对方")
    link = one.page.locator("#invite .mono.small").inner_text()
    invitation = one.page.url

    # When the other one opens the link and the file, corrects the own telephone number and agrees
    other.page.goto(link)
    other.page.get_by_label("您的证件号码").fill(couple["b"]["idNo"])
    other.press("打开申请")
    assert other.reads(couple["a"]["name"])
    other.follow("judgment.pdf")
    copy = other.page.locator("main a.button", has_text="在新标签页查看").get_attribute("href")
    assert other.page.request.get(copy).headers["content-type"] == "application/pdf"
    assert not other.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    other.follow("返回申请")
    other.follow("更正我的信息")
    other.page.locator('[name="b.phone"]').fill("13805460099")
    other.press("保存更正")
    other.page.locator("#agreed").check()
    other.press("同意")

    # Then the first one is shown what was corrected, and opens the case by agreeing again
    one.visit(invitation)
    assert one.reads("乙方更正了自己的信息")
    assert one.reads("13805460099")
    one.page.locator("#agreed").check()
    one.press("同意并提交申请")
    assert one.reads("已收到您的申请")
    case_no = one.case_no
    for person in (one, other):
        assert person.visit(f"/my/cases/{case_no}") == 200
        assert person.reads("双方确认")
    assert not other.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert one.refused == other.refused == []
    one.page.get_by_text("我不想办了").click()
    one.press("确认撤回")
    assert one.reads("已撤回")
