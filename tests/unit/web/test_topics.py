"""An application in topics: one a page, everything carried along."""

import re

FIRST = {"sender.name": "陈志远", "sender.idNo": "37050219680412991X", "kind": "hill"}
APPLY = "/services/outing/apply"


def shown(page) -> str:
    """Return the topic that is not hidden."""
    (found,) = re.findall(r'<div class="topic" id="topic-(\d+)">', page.text)
    return found


def test_an_applicant_sees_one_topic_and_carries_the_others(browse):
    page = browse("citizen").get(APPLY)

    assert "第 1 步，共 2 步" in page.text
    assert '<div class="topic" id="topic-1" hidden>' in page.text
    assert "下一步：同行人" in page.text


def test_a_helper_sees_everything_on_one_page(browse):
    page = browse("village").get(APPLY)

    assert page.status_code == 200
    assert 'name="_topic"' not in page.text


def test_the_next_topic_comes_when_this_one_has_no_mistakes(browse):
    browser = browse("citizen")

    held = browser.post(APPLY, {**FIRST, "_topic": "0", "sender.idNo": "1"})
    following = browser.post(APPLY, {**FIRST, "_topic": "0"})

    assert held.status_code == 422
    assert shown(held) == "0"
    assert 'id="error-summary"' in held.text
    assert following.status_code == 200
    assert shown(following) == "1"
    assert 'name="sender.name" value="陈志远"' in following.text


def test_mistakes_of_later_topics_wait_for_their_page(browse):
    page = browse("citizen").post(APPLY, {"_topic": "1", "_go": "0"})

    assert page.status_code == 200
    assert shown(page) == "0"
    assert "error-summary" not in page.text


def test_the_last_topic_leads_to_the_answers_and_each_answer_back_to_its_topic(browse):
    browser = browse("citizen")

    answers = browser.post(APPLY, {**FIRST, "_topic": "1"})
    back = browser.post(APPLY, {**browser.hidden(answers), "_go": "0"})

    assert "请核对您填写的内容" in answers.text
    assert 'name="_go" value="1"' in answers.text
    assert shown(back) == "0"


def test_a_mistake_before_the_last_topic_leads_back_to_it(browse):
    page = browse("citizen").post(APPLY, {**FIRST, "kind": "", "_topic": "1"})

    assert page.status_code == 422
    assert shown(page) == "0"
    assert 'href="#field-kind' in page.text


def test_a_step_back_asks_for_nothing(browse):
    page = browse("citizen").post(APPLY, {"_topic": "1", "_back": "1"})

    assert (page.status_code, shown(page)) == (200, "0")


def test_the_reader_chooses_how_it_is_shown_and_keeps_what_was_typed(browse):
    browser = browse("citizen")

    whole = browser.post(APPLY, {**FIRST, "_topic": "0", "_pages": "one"})
    again = browser.get(APPLY)

    assert 'name="_topic"' not in whole.text
    assert 'value="陈志远"' in whole.text
    assert 'name="_topic"' not in again.text
    assert 'name="_topic"' in browser.post(APPLY, {**FIRST, "_pages": "each"}).text


def test_a_place_that_is_none_shows_a_topic_all_the_same(browse):
    browser = browse("citizen")

    for place in ("-1", "99", "９", "1e5", "x" * 200_000):
        page = browser.post(APPLY, {**FIRST, "_topic": place, "_go": place})
        assert page.status_code == 200
        assert shown(page) in ("0", "1")


def test_a_suggested_text_is_put_into_its_field_without_script(browse):
    browser = browse("citizen")
    sea = {**FIRST, "kind": "sea", "_topic": "0"}

    offered = browser.post(f"{APPLY}?refresh=1", sea)
    said = browser.post(APPLY, {**sea, "note": "伞", "_say": "note=雨衣"})
    more = browser.post(APPLY, {**sea, "note": "伞", "_say": "note+=雨衣"})

    assert 'value="note=&lt;望远镜&gt;"' in offered.text
    assert 'name="note" value="雨衣"' in said.text
    assert 'name="note" value="伞；雨衣"' in more.text
    assert shown(more) == "0"


def test_a_suggestion_cannot_set_what_is_the_pages_own(browse):
    page = browse("citizen").post(APPLY, {**FIRST, "_topic": "0", "_say": "_topic=1"})

    assert shown(page) == "0"
