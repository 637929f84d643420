"""Drafts of tasks in their pages: a clerk's form and an applicant's, neither is lost."""

import re

import pytest

from onething import runtime
from onething.drafts import subject_of
from onething.identity import SYSTEM, Actor
from onething.tasks import Filter
from unit.web.test_drafts import Tab, end_session

READER = Actor("reader", "reader", frozenset({"clerk"}), "window")
CITIZEN = Actor("citizen", "citizen", frozenset({"applicant"}))
TYPED = {"words": "看到一半"}


class Form(Tab):
    """One tab with a task open."""

    def save(self, answers=None, **more):
        """Save as the page's script does."""
        page = self.post(f"{self.path}/draft?quiet=1", answers or TYPED, **more)
        found = re.search(r'name="_version" value="(\d+)"', page.text)
        if page.status_code == 200:
            self.carried["_version"] = found[1]
        return page

    def __init__(self, browser, path: str) -> None:
        self.path = path
        super().__init__(browser, path)


@pytest.fixture
def own(browse, host):
    """The applicant's task, open in a tab."""
    browser = browse("citizen")
    (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=browser.apply()))
    return Form(browser, f"/my/tasks/{task.id}")


@pytest.fixture
def tab(own, browse, host):
    """The clerk's task of the same case, open in a tab."""
    first = own.path.rpartition("/")[2]
    runtime.complete(host, SYSTEM, first, {"words": "带伞"})
    case_no = own.browser.get("/my/cases").text.partition('href="/my/cases/')[2].partition('"')[0]
    (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    return Form(browse("reader"), f"/tasks/{task.id}")


def saved(host, form, actor=READER, kind="saved"):
    subject = subject_of(form.path.rpartition("/")[2])
    row = runtime.find_draft(host, actor, subject, kind)
    return None if row is None else runtime.read_draft(host, row).answers


def test_a_clerks_form_saves_itself_and_is_gone_on_with_in_another_session(tab, browse, host):
    opened = tab.browser.get(tab.path)
    page = tab.save()

    again = browse("reader").get(tab.path)

    assert "draft.js" in opened.text
    assert 'data-form="task-form"' in opened.text
    assert "已暂存" in page.text
    assert "<html" not in page.text
    assert saved(host, tab) == {"words": ["看到一半"]}
    assert "看到一半" in again.text
    assert "清空草稿，重新填写" in again.text


def test_an_applicants_form_saves_itself_and_is_gone_on_with_in_another_session(own, browse, host):
    own.save()

    again = browse("citizen").get(own.path)

    assert "看到一半" in again.text
    assert "草稿" not in browse("citizen").get("/my/cases").text
    assert saved(host, own, CITIZEN) == {"words": ["看到一半"]}


@pytest.mark.parametrize("name", ["tab", "own"])
def test_the_button_saves_without_a_script(name, request):
    form = request.getfixturevalue(name)

    page = form.post(f"{form.path}/draft", TYPED)

    assert page.status_code == 200
    assert "已暂存" in page.text
    assert "看到一半" in page.text
    assert form.browser.get(f"{form.path}/draft").location == form.path


def test_of_two_tabs_the_older_one_is_told(tab, host):
    tab.save()
    other = Form(tab.browser, tab.path)
    other.save({"words": "另一页"})

    page = tab.save({"words": "这一页"})

    assert page.status_code == 409
    assert "已在别处修改" in page.text
    assert saved(host, tab) == {"words": ["另一页"]}


def test_beginning_anew_deletes_what_was_typed(tab, host):
    tab.save()

    page = tab.browser.get(tab.post(f"{tab.path}/draft/discard", TYPED).location)

    assert "看到一半" not in page.text
    assert saved(host, tab) is None


def test_completing_deletes_the_draft_and_a_tab_left_open_is_told(tab, host):
    tab.save()
    tab.post(tab.path, {"words": "好"})

    page = tab.save()

    assert page.status_code == 409
    assert "已在别处提交或转交" in page.text
    assert saved(host, tab) is None


def test_what_was_sent_twice_is_done_once(tab):
    first = tab.post(tab.path, {"words": "好"})
    second = tab.post(tab.path, {"words": "好"})

    assert first.location == second.location == "/tasks"
    assert "已办结" in tab.browser.get("/tasks").text


@pytest.mark.parametrize("name", ["tab", "own"])
def test_what_is_sent_after_the_session_has_ended_is_kept_and_offered(name, request, host):
    form = request.getfixturevalue(name)
    user = {"tab": "reader", "own": "citizen"}[name]
    end_session(form.browser)

    page = form.post(form.path, TYPED)
    offer = form.browser.sign_in(user).get(form.path)
    taken = form.browser.post(f"{form.path}/draft/take", {"kind": "left"})

    assert page.location == form.path
    assert "登录过期时您填写的内容已保留" in offer.text
    assert ("转给同事" in offer.text) == (name == "tab")
    assert taken.location == form.path
    assert "看到一半" in form.browser.get(form.path).text


def test_the_script_is_told_that_the_session_has_ended(tab):
    end_session(tab.browser)

    page = tab.save()

    assert page.status_code == 401
    assert "登录已过期" in page.text


def test_a_successor_starts_from_what_was_typed_and_reads_who_began(tab, host):
    runtime.claim(host, READER, tab.path.rpartition("/")[2])
    tab.save()
    rival = Actor("rival", "对手", frozenset({"clerk"}), "window")
    runtime.return_task(host, READER, tab.path.rpartition("/")[2])
    runtime.claim(host, rival, tab.path.rpartition("/")[2])

    runtime.return_task(host, rival, tab.path.rpartition("/")[2])
    runtime.claim(host, READER, tab.path.rpartition("/")[2])

    assert "开始填写" not in tab.browser.get(tab.path).text
    assert saved(host, tab) == {"words": ["看到一半"]}


def test_a_draft_of_another_person_is_not_shown(own, tab, browse, host):
    tab.save()

    assert browse("other").get(own.path).status_code == 404
    assert browse("citizen").post(f"{tab.path}/draft", TYPED).status_code == 404
    assert saved(host, tab, CITIZEN) is None
