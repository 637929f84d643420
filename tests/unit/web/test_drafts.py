"""Drafts of an application: saved, gone on with, and never lost or seen by another person."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from onething import runtime
from onething.identity import Actor
from unit.web.conftest import PASSWORD

APPLY = "/services/outing/apply"
DRAFT = "/services/outing/draft"
TYPED = {"sender.name": "陈志远", "sender.idNo": "", "kind": "hill"}
WHOLE = {**TYPED, "sender.idNo": "37050219680412991X"}
CITIZEN = Actor("citizen", "citizen", frozenset({"applicant"}))


class Tab:
    """One tab with the application open: it carries what its page carries."""

    def __init__(self, browser, path: str = APPLY) -> None:
        self.browser = browser
        self.show(browser.get(path))

    def show(self, page):
        """Remember the page's own fields."""
        found = re.findall(r'<input type="hidden" name="(_[a-z]+)" value="([^"]*)"', page.text)
        self.carried = dict(found)
        self.token = self.browser.token
        return page

    def post(self, path: str, answers=None, **more):
        """Send the tab's form somewhere, under the token that its page was shown with."""
        self.browser.token = self.token
        return self.browser.post(path, {**self.carried, **(answers or TYPED), **more})

    def save(self, answers=None, **more):
        """Save as the page's script does."""
        page = self.post(f"{DRAFT}?quiet=1", answers, **more)
        found = re.search(r'name="_version" value="(\d+)"', page.text)
        if page.status_code == 200:
            self.carried["_version"] = found[1]
        return page


@pytest.fixture
def tab(browse):
    return Tab(browse("citizen"))


def saved(host, kind="saved"):
    row = runtime.find_draft(host, CITIZEN, "outing", kind)
    return None if row is None else runtime.read_draft(host, row).answers


def test_a_form_that_was_just_opened_says_that_it_saves_itself(tab):
    page = tab.browser.get(APPLY)

    assert "填写的内容和选好的文件会自动暂存" in page.text
    assert "draft.js" in page.text


def test_saving_says_when_it_was(tab, host):
    page = tab.save()

    assert page.status_code == 200
    assert "已暂存 09:00" in page.text
    assert "<html" not in page.text
    assert saved(host)["sender.name"] == ["陈志远"]


def test_the_pages_own_fields_are_no_part_of_a_draft(tab, host):
    tab.save()

    assert saved(host).keys() == TYPED.keys()


def test_the_button_saves_without_script_and_shows_the_form_again(tab):
    page = tab.post(DRAFT)

    assert page.status_code == 200
    assert "已暂存 09:00" in page.text
    assert 'value="陈志远"' in page.text
    assert "error-summary" not in page.text


def test_who_comes_back_is_asked_whether_to_go_on(tab, clock):
    tab.save()
    clock.advance(timedelta(days=3))

    page = tab.browser.sign_in("citizen").get(APPLY)

    assert "您有一份尚未提交的申请" in page.text
    assert "（3 天前），保留到" in page.text
    assert "sender.name" not in page.text


def plan(content: bytes = b"%PDF-1.4\n%%EOF\n"):
    return BytesIO(content), "plan.pdf"


def choose(tab, file=None):
    """Choose a file as the page does: it is taken in before anything is sent."""
    return tab.show(tab.post(f"{APPLY}?refresh=1", plan=file or plan()))


def kept(host, kind="saved"):
    row = runtime.find_draft(host, CITIZEN, "outing", kind)
    return [] if row is None else [one.name for one in runtime.read_draft(host, row).files]


def test_going_on_elsewhere_shows_what_was_typed_and_the_files(tab, browse, host):
    choose(tab)
    tab.save()
    phone = browse("citizen")

    taken = phone.post(f"{DRAFT}/take", {"kind": "saved"})
    page = phone.get(taken.location)
    second = phone.post(APPLY, {**phone.hidden(page), **WHOLE})
    checked = phone.post(APPLY, {**phone.hidden(second), **WHOLE})
    sent = phone.post("/services/outing/cases", phone.hidden(checked))

    assert 'value="陈志远"' in page.text
    assert 'plan.pdf <span class="quiet small">行程</span>' in page.text
    assert "已暂存" in page.text
    case_no = sent.location.split("/")[-2]
    view = runtime.view_case(host, CITIZEN, case_no, "test")
    assert [(one.kind, one.name) for one in view.materials] == [("plan", "plan.pdf")]


def test_a_file_that_was_taken_off_is_in_the_draft_no_more(tab, host):
    page = choose(tab)
    tab.save()
    token = re.search(r'name="_drop" value="([^"]+)"', page.text)[1]

    tab.show(tab.post(f"{APPLY}?refresh=1", _drop=token))
    tab.save()

    assert kept(host) == []


def test_saving_without_script_takes_the_chosen_file_along(tab, host):
    page = tab.post(DRAFT, plan=plan())

    assert "plan.pdf" in page.text
    assert kept(host) == ["plan.pdf"]


def test_a_file_that_cannot_be_taken_is_said_beside_the_draft(tab, host):
    page = tab.post(DRAFT, plan=plan(b"MZ no document"))

    assert "error-summary" in page.text
    assert (saved(host)["sender.name"], kept(host)) == (["陈志远"], [])


def test_a_file_is_given_once_however_often_the_form_comes_back(tab):
    shown = tab.show(tab.post(APPLY, plan=plan()))
    again = tab.show(tab.post(APPLY))

    assert shown.status_code == again.status_code == 422
    assert again.text.count("plan.pdf") == shown.text.count("plan.pdf") > 0


def test_a_page_that_was_open_for_days_asks_again_for_a_file_that_is_gone_alone(tab, clock, host):
    choose(tab)
    end_session(tab.browser)
    clock.advance(timedelta(days=3))
    runtime.erase_contents(host)
    tab.browser.sign_in("citizen")
    tab.token = tab.browser.token

    page = tab.post(APPLY, WHOLE)

    assert page.status_code == 422
    assert "plan.pdf：上传的文件已过期，请重新选择" in page.text
    assert 'value="陈志远"' in page.text


def test_what_is_given_after_the_session_has_ended_is_kept_with_its_files(tab, host):
    choose(tab)
    end_session(tab.browser)

    tab.post(APPLY, WHOLE, plan=plan(b"%PDF-1.5\n%%EOF\n"))

    assert kept(host, "left") == ["plan.pdf", "plan.pdf"]


def test_the_file_of_another_persons_page_is_not_taken(tab, browse, host):
    choose(tab)
    other = Tab(browse("other"))

    page = other.post(DRAFT, _file=tab.carried["_file"])

    assert page.status_code == 422
    assert "不是本人的" in page.text


def test_beginning_anew_deletes_what_was_begun(tab, host):
    tab.save()

    page = tab.browser.get(tab.browser.post(f"{DRAFT}/discard").location)

    assert 'name="sender.name" value="citizen"' in page.text
    assert saved(host) is None


def test_the_own_cases_show_what_was_not_sent(tab):
    tab.save()

    page = tab.browser.get("/my/cases")

    assert "未提交" in page.text
    assert "草稿保存于" in page.text


def test_of_two_tabs_the_older_one_is_told(tab, host):
    tab.save()
    other = Tab(tab.browser, f"{APPLY}?draft=1")
    other.save({**TYPED, "sender.name": "另一页"})

    page = tab.save({**TYPED, "sender.name": "这一页"})

    assert page.status_code == 409
    assert "已在别处修改" in page.text
    assert saved(host)["sender.name"] == ["另一页"]


def test_two_tabs_that_both_begin_do_not_overwrite_each_other(browse, host):
    browser = browse("citizen")
    first, second = Tab(browser), Tab(browser)
    first.save({**TYPED, "sender.name": "先"})

    page = second.save({**TYPED, "sender.name": "后"})

    assert page.status_code == 409
    assert saved(host)["sender.name"] == ["先"]


def test_the_older_tab_may_take_its_own(browse, host):
    browser = browse("citizen")
    first, second = Tab(browser), Tab(browser)
    first.save({**TYPED, "sender.name": "先"})
    told = second.save({**TYPED, "sender.name": "后"})
    mine = re.search(r'name="_mine" value="([^"]+)"', told.text)[1]

    page = second.show(second.post(DRAFT, {**TYPED, "sender.name": "后"}, _mine=mine))

    assert page.status_code == 200
    assert saved(host)["sender.name"] == ["后"]
    assert second.save({**TYPED, "sender.name": "后来"}).status_code == 200
    assert first.save().status_code == 409


def test_the_address_of_a_saving_leads_to_the_form(tab):
    for path in (DRAFT, f"{DRAFT}/code"):
        assert tab.browser.get(path).location == f"{APPLY}?draft=1"


def test_a_conflict_without_script_shows_the_form_with_both_ways(browse):
    browser = browse("citizen")
    first, second = Tab(browser), Tab(browser)
    first.save()

    page = second.post(DRAFT, {**TYPED, "sender.name": "后"})

    assert page.status_code == 409
    assert 'value="后"' in page.text
    assert f"{APPLY}?draft=1" in page.text
    assert 'name="_mine"' in page.text


def test_a_page_whose_answer_was_lost_saves_on(tab):
    tab.post(f"{DRAFT}?quiet=1")

    assert tab.save().status_code == 200


def test_300_kb_are_not_saved_and_the_page_says_so(tab, host):
    page = tab.save({**TYPED, "sender.name": "x" * 300_000})

    assert page.status_code == 413
    assert "没有暂存" in page.text
    assert saved(host) is None


def test_script_in_a_text_comes_back_as_text(tab):
    evil = '"><script>alert(1)</script>'
    tab.save({**TYPED, "sender.name": evil})

    page = tab.browser.get(f"{APPLY}?draft=1")

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


def test_a_forged_version_is_no_error_of_ours(tab):
    for version in ("-1", "x", "9" * 40, "²"):
        tab.carried["_version"] = version
        assert tab.post(f"{DRAFT}?quiet=1").status_code in (200, 409)


def test_a_draft_of_another_person_does_not_exist(tab, browse):
    tab.save()
    other = browse("other")

    assert 'name="sender.name" value="other"' in other.get(f"{APPLY}?draft=1").text
    assert other.post(f"{DRAFT}/take", {"kind": "saved"}).status_code == 404
    assert "未提交" not in other.get("/my/cases").text


@pytest.mark.parametrize("user", ["reader", "auditor"])
def test_who_may_not_apply_has_no_drafts(browse, user):
    browser = browse(user)

    assert browser.post(DRAFT, TYPED).status_code == 403
    assert browser.post(f"{DRAFT}/code", TYPED).status_code == 403
    assert browser.post(f"{DRAFT}/take", {"kind": "saved"}).status_code == 403
    assert browser.post(f"{DRAFT}/discard").status_code == 403
    assert browser.get("/resume").status_code == 403


def test_a_save_without_its_token_is_refused(tab, host):
    tab.token = "forged"

    page = tab.post(f"{DRAFT}?quiet=1", _holder="")

    assert page.status_code == 400
    assert saved(host) is None


def shown_code(page) -> str:
    return re.search(r"<strong>(\w{4}-\w{4})</strong>", page.text)[1]


def test_a_code_leads_to_the_draft_on_another_device(tab, browse):
    code = shown_code(tab.post(f"{DRAFT}/code"))
    phone = browse("citizen")
    phone.get("/resume")

    found = phone.post("/resume", {"code": code.lower()})

    assert found.location == f"{APPLY}?draft=1"
    assert 'value="陈志远"' in phone.get(found.location).text


def test_a_code_asks_to_sign_in_first(browse):
    page = browse().get("/resume")

    assert "/sign-in" in page.location


def test_a_wrong_code_and_one_of_another_person_are_answered_alike(tab, browse):
    code = shown_code(tab.post(f"{DRAFT}/code"))
    other = browse("other")
    other.get("/resume")

    foreign, wrong, none = (other.post("/resume", {"code": one}) for one in (code, "22222222", ""))

    assert foreign.status_code == wrong.status_code == none.status_code == 404
    assert "续填码不正确" in foreign.text
    assert foreign.text == wrong.text


def test_codes_are_guessed_no_oftener_than_passwords(browse, host):
    browser = browse("other")
    browser.get("/resume")

    answers = [browser.post("/resume", {"code": "22222222"}).status_code for _ in range(51)]

    assert answers[0] == 404
    assert answers[-1] == 429


def end_session(browser) -> None:
    browser.client.delete_cookie("onething")


@pytest.mark.parametrize("path", [APPLY, "/services/outing/cases", DRAFT])
def test_what_is_sent_after_the_session_has_ended_is_kept_and_offered(tab, host, path):
    end_session(tab.browser)

    page = tab.post(path, WHOLE)
    asked = tab.browser.get(page.location)
    told = tab.browser.get(asked.location)
    offer = tab.browser.sign_in("citizen").get(APPLY)

    assert page.location == APPLY
    assert "/sign-in" in asked.location
    assert "您填写的内容已保留" in told.text
    assert "登录过期时您填写的内容已保留" in offer.text
    assert saved(host, "left") == {name: [value] for name, value in WHOLE.items()}
    taken = tab.browser.post(f"{DRAFT}/take", {"kind": "left"})
    assert 'value="陈志远"' in tab.browser.get(taken.location).text


def test_who_signs_out_in_another_tab_loses_nothing_either(tab, host):
    tab.post("/sign-out")

    page = tab.post(APPLY, WHOLE, _topic="1")

    assert page.location == APPLY
    assert saved(host, "left") is not None


def test_a_session_that_a_new_password_ended_loses_nothing_either(tab, browse, host):
    new = "Abendstern-77"
    phone = browse("citizen")
    phone.post("/account/password", {"old": PASSWORD, "password": new, "again": new})

    page = tab.post(APPLY, WHOLE, _topic="1")

    assert page.location == APPLY
    assert saved(host, "left") is not None


def test_the_script_is_told_that_the_session_has_ended(tab):
    end_session(tab.browser)

    page = tab.post(f"{DRAFT}?quiet=1", WHOLE)

    assert page.status_code == 401
    assert "登录已过期" in page.text
    assert "data-stop" in page.text


def test_the_language_outlives_the_session(browse):
    browser = browse("citizen")
    browser.post("/display", {"language": "en"})
    tab = Tab(browser)
    end_session(browser)

    told = tab.post(f"{DRAFT}?quiet=1", WHOLE)
    asked = browser.get(browser.get(APPLY).location)

    assert "Your session has ended" in told.text
    assert '<html lang="en"' in asked.text


def test_what_was_left_is_offered_beside_what_was_saved(tab, host):
    tab.save()
    end_session(tab.browser)
    tab.post(APPLY, WHOLE, _topic="1")

    offer = tab.browser.sign_in("citizen").get(f"{APPLY}?draft=1")

    assert "登录过期时您填写的内容已保留" in offer.text
    assert "尚未提交的申请" in offer.text
    assert saved(host)["sender.idNo"] == [""]


def test_what_was_left_as_it_was_saved_is_offered_once(tab, host):
    tab.save()
    end_session(tab.browser)
    tab.post(APPLY, TYPED)

    assert saved(host, "left") is None


def test_what_was_left_is_for_its_writer_alone(tab, browse, host):
    end_session(tab.browser)
    tab.post(APPLY, WHOLE, _topic="1")

    page = tab.browser.sign_in("other").get(APPLY)

    assert 'name="sender.name" value="other"' in page.text


def test_a_page_of_one_person_in_the_session_of_another_is_kept_for_the_first(tab, host):
    end_session(tab.browser)
    tab.browser.sign_in("other")

    page = tab.post(APPLY, WHOLE, _topic="1")

    assert page.status_code == 400
    assert "已保留" not in page.text
    assert saved(host, "left") is not None


@pytest.mark.parametrize("holder", ["", "forged", "WyJjaXRpemVuIiwib3V0aW5nIl0.aaaa.bbbb"])
def test_nobody_leaves_something_for_a_person_without_that_persons_page(browse, host, holder):
    page = browse().post(APPLY, {**WHOLE, "_holder": holder, "_key": "k"})

    assert page.status_code == 400
    assert saved(host, "left") is None


def test_a_page_of_yesterday_leaves_nothing(tab, host, monkeypatch):
    end_session(tab.browser)
    monkeypatch.setattr("onething.web.drafting._DAY_S", -1)

    assert tab.post(APPLY, WHOLE, _topic="1").status_code == 400
    assert saved(host, "left") is None


def test_sending_deletes_the_draft(tab, host):
    tab.save(WHOLE)
    checked = tab.post(APPLY, WHOLE, _topic="1")

    sent = tab.browser.post("/services/outing/cases", tab.browser.hidden(checked))

    assert "/receipt" in sent.location
    assert saved(host) is None


def test_back_to_the_form_and_sent_again_opens_one_case(tab):
    checked = tab.browser.hidden(tab.post(APPLY, WHOLE, _topic="1"))
    first = tab.browser.post("/services/outing/cases", checked)

    again = tab.browser.hidden(
        tab.post(APPLY, WHOLE, _topic="1")
    )  # the form as the browser kept it
    second = tab.browser.post("/services/outing/cases", again)

    assert first.location == second.location


def test_back_to_the_form_and_sent_with_another_answer_opens_nothing(tab):
    first = tab.browser.hidden(tab.post(APPLY, WHOLE, _topic="1"))
    tab.browser.post("/services/outing/cases", first)

    other = tab.browser.hidden(tab.post(APPLY, {**WHOLE, "sender.name": "陈致远"}, _topic="1"))
    page = tab.browser.post("/services/outing/cases", other)

    assert page.status_code == 409
    assert "这份申请已经提交" in page.text
    assert len(set(re.findall(r"/my/cases/(\w+)", tab.browser.get("/my/cases").text))) == 1


def test_two_devices_that_send_one_draft_open_one_case(tab, browse):
    tab.save(WHOLE)
    phone = Tab(browse("citizen"), f"{APPLY}?draft=1")
    cases = []
    for device in (tab, phone):
        checked = device.browser.hidden(device.post(APPLY, WHOLE))
        cases.append(device.browser.post("/services/outing/cases", checked).location)

    assert cases[0] == cases[1]


def test_a_tab_that_was_left_open_behind_its_case_is_told(tab, host):
    tab.save(WHOLE)
    checked = tab.browser.hidden(tab.post(APPLY, WHOLE, _topic="1"))
    tab.browser.post("/services/outing/cases", checked)

    page = tab.save(WHOLE)

    assert page.status_code == 409
    assert "已在别处提交或删除" in page.text
    assert saved(host) is None
