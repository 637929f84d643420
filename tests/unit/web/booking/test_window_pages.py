"""Window mode: the card is read once, the case is the citizen's, the clerk is who helped."""

import html
import re

import pytest

from onething import cases, history, runtime
from onething.errors import DepartmentUnavailable, InvalidInput, NotFound
from unit.appointments.conftest import CITIZEN, CLERK
from unit.web.printed import text_of

WINDOW = "/offices/east/window"
ID_NO = "37050219680412991X"


class Police:
    """Answers whether name and number belong together, or is away."""

    hooks: dict[str, object] = {}  # noqa: RUF012 - read only
    drops: dict[str, object] = {}  # noqa: RUF012 - read only

    def __init__(self, answer=None) -> None:
        self.answer, self.asked = answer, []

    def call(self, operation, inputs, *_more):
        self.asked.append((operation.id, inputs))
        if self.answer is None:
            raise DepartmentUnavailable("away")
        return self.answer


def fields(page):
    """Return what the page's main form would send, as a browser does."""
    text = page.text.partition("<main")[2]
    found = dict(
        re.findall(r'<input type="(?:hidden|text)"[^>]*? name="([^"]+)" value="([^"]*)"', text)
    )
    found |= dict(
        re.findall(r'<input type="datetime-local"[^>]*? name="([^"]+)" value="([^"]*)"', text)
    )
    return {name: html.unescape(value) for name, value in found.items() if name != "csrf_token"}


def begin(clerk, card=f"陈志远,男,汉,1968年04月12日,样例路,{ID_NO}", **more):
    clerk.get(WINDOW)
    return clerk.post(WINDOW, {"service": "meeting", "_card": card, **more})


def send(clerk, page, **more):
    checked = clerk.post(f"{WINDOW}/meeting", {**fields(page), **more})
    sent = clerk.post(f"{WINDOW}/meeting/send", {**fields(checked), "_declared": "true"})
    return checked, sent


def the_case(host):
    with host.database.read() as conn:
        (found,) = cases.listing(conn, submitted_by="clerk")
        filing = cases.find_filing(conn, found.instance_id)
        first = next(iter(history.read(conn, None, found.instance_id, limit=1)))
    return found, filing, first


@pytest.mark.parametrize(
    "card",
    [
        ID_NO,
        ID_NO.lower(),
        " 370502 19680412 991X\t",
        f"陈志远,男,汉,19680412,样例路,{ID_NO},公安局",
        f"陈志远|{ID_NO}",
    ],
)
def test_a_card_reader_may_send_the_number_or_a_line(host, card):
    found = runtime.read_card(host, card)

    assert (found.id_no, found.sex, found.birth.isoformat()) == (ID_NO, "男", "1968-04-12")
    assert found.name == ("陈志远" if "陈" in card else "")


@pytest.mark.parametrize(
    "card",
    ["", "370502196804129910", "37050219681332991X", "x" * 5_000, f"{ID_NO},370502199003074430"],
)
def test_what_is_no_card_is_refused(host, clerk, card):
    with pytest.raises(InvalidInput):
        runtime.read_card(host, card)

    page = begin(clerk, card)
    assert page.status_code == 422
    assert "没有读到有效的身份证号码" in page.text


def test_the_number_stands_wherever_the_form_asks_for_it(clerk):
    page = begin(clerk)

    filled = fields(page)
    assert (filled["guest.name"], filled["guest.idNo"]) == ("陈志远", ID_NO)
    assert filled["registry"] == "东营区会面中心"
    assert filled["registryDivision"] == "山东省东营市东营区"
    assert ID_NO not in page.text.partition("<form")[0]


def test_the_case_is_the_citizens_and_the_clerk_is_who_helped(clerk, host, browse):
    _, sent = send(clerk, begin(clerk))

    case, filing, first = the_case(host)
    assert case.channel == "1"
    assert filing.holder == host.keys.digest(["identity", ID_NO])
    assert (filing.filed_by, filing.declaration) == ("clerk", "window-1")
    assert first.actor == "clerk"
    assert first.on_behalf_of == f"citizen:{filing.holder[:16]}"
    assert sent.status_code == 302


def test_the_first_task_opens_by_itself_and_the_receipt_can_be_printed(clerk, host, browse):
    _, sent = send(clerk, begin(clerk))
    assert sent.location.startswith("/tasks/")
    case, _, _ = the_case(host)

    task = clerk.get(sent.location)
    code = re.search(r"查询码 ([0-9A-F]{8})", task.text)[1]
    receipt = clerk.get(f"{WINDOW}/receipts/{case.case_no}")

    assert code in receipt.text
    assert 'src="data:image/svg+xml' in receipt.text
    assert ID_NO not in receipt.text
    public = browse()
    public.get(f"/lookup?case_no={case.case_no}")
    found = public.post("/lookup", {"case_no": case.case_no, "query_code": code})
    assert "一次会面" in found.text


def test_without_the_declaration_no_case_is_opened(clerk, host):
    checked = clerk.post(f"{WINDOW}/meeting", fields(begin(clerk)))

    page = clerk.post(f"{WINDOW}/meeting/send", fields(checked))

    assert page.status_code == 422
    assert "申请人声明后才能开立办件" in page.text
    with host.database.read() as conn:
        assert cases.listing(conn, submitted_by="clerk") == []


def test_another_persons_number_in_the_form_is_refused(clerk, host):
    page = begin(clerk)

    _, sent = send(clerk, page, **{"guest.idNo": "370502199003074430"})

    assert sent.status_code == 422
    assert "与读到的身份证号码不一致" in sent.text


def test_sent_twice_one_case_is_opened(clerk, host):
    checked = clerk.post(f"{WINDOW}/meeting", fields(begin(clerk)))
    whole = {**fields(checked), "_declared": "true"}
    clerk.post(f"{WINDOW}/meeting/send", whole)

    again = clerk.post(f"{WINDOW}/meeting/send", whole)

    assert again.status_code == 302
    assert the_case(host)


def test_a_changed_page_tells_nobody_what_the_police_said(clerk):
    whole = fields(begin(clerk))

    page = clerk.post(f"{WINDOW}/meeting", {**whole, "_id": whole["_id"] + "x"})

    assert page.status_code == 422
    assert "页面已过期，请重新读卡。" in page.text
    assert f'action="{WINDOW}"' in page.text


def test_the_number_at_the_counter_is_linked_to_the_case(clerk, host):
    clerk.get("/offices/east")
    clerk.post("/offices/east/numbers", {"service": "meeting", "name": "陈志远"})
    clerk.post("/offices/east/counter", {"counter": "3"})
    clerk.post("/offices/east/next")
    assert "B001" in clerk.get(WINDOW).text

    send(clerk, begin(clerk))

    (entry,) = runtime.view_day(host, CLERK, "east").entries
    assert entry.row.case_no == the_case(host)[0].case_no


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"matches": True, "alive": True}, "公安核验一致"),
        ({"matches": False, "alive": True}, "公安核验不一致"),
        ({"matches": True, "alive": False}, "公安核验不一致"),
        (None, "公安系统联系不上"),
    ],
)
def test_the_police_are_asked_and_hinder_nobody(clerk, host, answer, said):
    host.departments = Police(answer)

    page = begin(clerk)

    assert page.status_code == 200
    assert said in page.text
    assert host.departments.asked == [("police.identity.verify", {"name": "陈志远", "idNo": ID_NO})]


@pytest.mark.parametrize("user", ["stranger", "citizen", "auditor"])
def test_nobody_else_opens_cases_here(browse, user):
    browser = browse(user)

    assert browser.get(WINDOW).status_code in (403, 404)
    assert browser.post(WINDOW, {"service": "meeting", "_card": ID_NO}).status_code in (403, 404)


def test_a_receipt_is_for_who_opened_the_case(clerk, head, host):
    send(clerk, begin(clerk))
    case, _, _ = the_case(host)

    assert head.get(f"{WINDOW}/receipts/{case.case_no}").status_code == 404
    with pytest.raises(NotFound):
        runtime.view_filing(host, CLERK, "L0")


def test_a_service_that_the_office_does_not_take_is_not_opened(clerk):
    page = begin(clerk, service="outing")

    assert page.status_code == 422
    assert clerk.post(f"{WINDOW}/outing/send", fields(begin(clerk))).status_code == 404


def test_the_receipt_on_paper_is_for_the_clerk_who_helped(clerk, head, citizen, host):
    send(clerk, begin(clerk))
    case, _filing, _first = the_case(host)
    paper = f"{WINDOW}/receipts/{case.case_no}.pdf"

    assert paper in clerk.get(f"{WINDOW}/receipts/{case.case_no}").text
    text = text_of(clerk.get(paper))
    assert case.case_no in text
    assert "窗口，工作人员帮办" in text
    assert head.get(paper).status_code == 404
    assert citizen.get(paper).status_code in {403, 404}


def test_the_citizen_finds_the_case_once_the_account_is_verified(clerk, citizen, browse, host):
    send(clerk, begin(clerk))
    found = the_case(host)[0]
    assert found.case_no not in citizen.get("/my/cases").text

    runtime.set_verified(host, CITIZEN, "陈志远", ID_NO, "test")

    assert found.case_no in citizen.get("/my/cases").text
    page = citizen.get(f"/my/cases/{found.case_no}")
    assert page.status_code == 200
    assert "双方确认" not in page.text
    assert found.case_no not in browse("other").get("/my/cases").text


def test_whose_account_is_verified_finds_the_case_at_once(clerk, citizen, host):
    runtime.set_verified(host, CITIZEN, "陈志远", ID_NO, "test")

    send(clerk, begin(clerk))

    assert the_case(host)[0].case_no in citizen.get("/my/cases").text
