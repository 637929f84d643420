"""What people and attackers type into an application: refused in words, shown as text."""

import re
from io import BytesIO

from onething.forms.rules.identity_number import check_character
from unit.web.conftest import APPLICATION

APPLY = "/services/outing/apply"
EVIL = '"><script>alert(1)</script>'
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def valid(body: str) -> str:
    """Return a number whose check character is right."""
    return body + check_character(body)


def told(page, field: str) -> str:
    """Return what the page says at a field."""
    name = re.sub(r"\W+", "-", field)
    found = re.search(f'id="field-{name}-error"[^>]*>(.*?)</p>', page.text, re.DOTALL)
    return re.sub("<[^>]+>", "", found[1]).strip() if found else ""


WRONG_NUMBERS = {
    "3705021968041299": "17 位数字加",
    "37050219680412991X0": "17 位数字加",
    "37050219680412991Ｘ": "17 位数字加",
    "３７０５０２１９６８０４１２９９１Ｘ": "17 位数字加",
    "陈志远": "17 位数字加",
    "370502680412991": "15 位",
    "370502196804129910": "校验码",
    valid("37050219990230123"): "出生日期不存在",
    valid("37050220991231001"): "晚于今天",
    valid("81000019900307123"): "居住证",
    valid("82000019900307123"): "居住证",
    valid("83000019900307123"): "居住证",
}
"""Each with a part of what the page says to it."""


def test_each_kind_of_wrong_identity_number_is_refused_in_its_own_words(browse):
    citizen = browse("citizen")

    for number, words in WRONG_NUMBERS.items():
        page = citizen.post(APPLY, {**APPLICATION, "sender.idNo": number})

        assert page.status_code == 422
        assert words in told(page, "sender.idNo"), number
        assert f'value="{number}"' in page.text


def test_a_small_x_is_taken_and_stored_as_the_large_one(browse):
    case_no = browse("citizen").apply(**{"sender.idNo": " 37050219680412991x "})

    again = browse("other").post("/services/outing/cases", APPLICATION)

    assert again.status_code == 409
    assert case_no in again.text  # the same person, whichever way the number was written


def test_script_in_every_text_field_is_shown_as_text_on_every_page(browse):
    # Given an application with script wherever free text is taken
    citizen, clerk = browse("citizen"), browse("reader")
    free = {**APPLICATION, "kind": "sea", "note": EVIL, "guests[0].name": EVIL}
    checked = citizen.post(APPLY, {**free, "plan": (BytesIO(PNG), f"{EVIL}.png")})
    sent = citizen.post("/services/outing/cases", citizen.hidden(checked))
    case_no = sent.location.split("/")[-2]

    # When everybody opens what there is to open, and the answer to a task bears script too
    receipt = citizen.get(sent.location)
    duty = re.search(r'href="(/my/tasks/[^"]+)"', citizen.get(f"/my/cases/{case_no}").text)[1]
    form = citizen.get(duty)
    wrong = citizen.post(duty, {"words": EVIL * 500})
    citizen.post(duty, {"words": EVIL})
    queue = clerk.get(f"/tasks?q={case_no}")
    task = re.search(r'href="(/tasks/[0-9a-zA-Z-]+)"', queue.text)[1]
    pages = {
        "check": checked,
        "receipt": receipt,
        "tracker": citizen.get(f"/my/cases/{case_no}"),
        "own task": form,
        "own task refused": wrong,
        "own task done": citizen.get(duty),
        "list": citizen.get("/my/cases"),
        "messages": citizen.get("/messages"),
        "queue": queue,
        "task": clerk.get(task),
        "case": clerk.get(f"/cases/{case_no}"),
        "search": clerk.get("/tasks", query_string={"q": EVIL}),
        "register": clerk.get("/registers", query_string={"q": EVIL, "item": EVIL}),
    }
    papers = [
        citizen.get(f"/my/cases/{case_no}/receipt.pdf"),
        clerk.get(f"/cases/{case_no}/sheet.pdf"),
        clerk.get("/registers.pdf"),
    ]

    # Then it is text everywhere, and what is printed is printed
    assert [paper.data[:5] for paper in papers] == [b"%PDF-"] * 3
    assert [name for name, page in pages.items() if page.status_code not in (200, 422)] == []
    assert [name for name, page in pages.items() if "<script>alert" in page.text] == []
    shown = {name for name, page in pages.items() if "&lt;script&gt;alert(1)" in page.text}
    assert shown >= {"check", "own task refused", "own task done", "search"}


def test_script_is_no_name_of_a_person(browse):
    page = browse("citizen").post(APPLY, {**APPLICATION, "sender.name": EVIL})

    assert page.status_code == 422
    assert told(page, "sender.name")
    assert "<script>alert" not in page.text


def test_200_kb_in_a_field_are_refused_in_words(browse):
    citizen, sea = browse("citizen"), {**APPLICATION, "kind": "sea", "note": "伞"}

    for field in ("sender.name", "sender.idNo", "note", "guests[0].name"):
        page = citizen.post(APPLY, {**sea, field: "陈" * 70_000})

        assert page.status_code == 422
        assert told(page, field), field

    assert "您还没有办件" in citizen.get("/my/cases").text


def test_a_body_over_the_limit_is_refused_by_a_page(browse, host):
    large = {"case_no": "1" * (host.settings.body_limit_bytes + 1)}

    page = browse().post("/lookup", large)

    assert page.status_code == 413
    assert "请压缩或者分开后再试" in page.text
    assert "回到首页" in page.text
