"""The queue's page: filters by fields, filters that are kept, shared and copied, counters."""

import json
import re
from html import unescape

import pytest

from onething import identity, runtime
from onething.catalog import Catalog
from onething.definitions import Package
from onething.identity import SYSTEM
from onething.tasks import Filter
from unit.web.conftest import MONDAY, PACKAGE, PASSWORD

FORM, MANIFEST = "forms/outing/application.form", "bpmn/outing/service.toml"
ID_NUMBERS = ("37050219680412991X", "370502198504129810")
DAY = {
    "type": "datetime",
    "subtype": "date",
    "id": "day",
    "key": "day",
    "dateLabel": "哪天",
    "label": "哪天",
    "properties": {"element": "person.birth", "label_en": "Day"},
}
HILL = "field=outing%3Akind&value=hill"


@pytest.fixture(autouse=True)
def outing(host):
    """Let the window see destination and name, and two clerks work there."""
    files = Catalog([PACKAGE]).package("outing").files
    form = json.loads(files[FORM])
    form["components"][1]["properties"]["element"] = "delivery.mode"
    form["components"].append(DAY)
    seen = b'["kind", "note", "sender.name", "day"]'
    manifest = files[MANIFEST].replace(b'["kind", "note"]', seen)
    changed = {FORM: json.dumps(form).encode(), MANIFEST: manifest}
    runtime.deploy(host, SYSTEM, Package("outing", {**files, **changed}))
    identity.add_person(
        host.database,
        SYSTEM,
        MONDAY,
        user="mate",
        name="mate",
        password=PASSWORD,
        must_change_password=False,
        settings=host.settings,
    )
    window = {"roles": ["clerk"], "department_code": "window"}
    identity.give_post(host.database, SYSTEM, MONDAY, user="mate", **window)


@pytest.fixture
def waiting(browse, host) -> list[str]:
    """Let one case to the hills and one to the sea wait at the window; return their tasks."""
    citizen, found = browse("citizen"), []
    sea = {"kind": "sea", "note": "帽子", "sender.name": "李小明", "day": "2026-11-05"}
    ways = ({"kind": "hill", "day": "2026-10-20"}, sea)
    for id_no, way in zip(ID_NUMBERS, ways, strict=True):
        case_no = citizen.apply(**{"sender.idNo": id_no}, **way)
        (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
        runtime.complete(host, SYSTEM, task.id, {"words": "带伞"})
        (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
        found.append(task.id)
    return found


def shown(page, waiting) -> list[bool]:
    return [f'href="/tasks/{task}"' in page.text for task in waiting]


def view_of(answer) -> str:
    return answer.location.partition("view=")[2]


def test_a_field_is_added_and_filtered_by_with_the_input_that_fits_it(browse, waiting):
    clerk = browse("reader")
    plain = clerk.get("/tasks").text

    adding = clerk.get("/tasks?add=outing:kind").text
    hills = clerk.get(f"/tasks?{HILL}")

    assert re.search(r'<optgroup label="一次出游"><option value="outing:kind">去哪里', plain)
    assert '<option value="outing:sender.name">姓名' in plain
    assert "outing:sender.idNo" not in plain
    assert '<option value="hill">山里</option>' in adding
    assert shown(hills, waiting) == [True, False]
    assert '<option value="hill" selected>山里</option>' in hills.text


FROM_TO = "field=outing:day&value={}&until={}"


def test_days_are_filtered_by_one_of_them_or_by_a_range(browse, waiting):
    clerk = browse("reader")

    asking = clerk.get("/tasks?add=outing:day").text
    found = {
        days: shown(clerk.get(f"/tasks?{FROM_TO.format(*days)}"), waiting)
        for days in (
            ("2026-10-20", "2026-11-05"),
            ("2026-10-21", "2026-11-05"),
            ("2026-10-20", ""),
            ("", "2026-11-05"),
        )
    }

    assert 'name="value" type="date"' in asking
    assert 'name="until" type="date"' in asking
    assert list(found.values()) == [[True, True], [False, True], [True, False], [False, True]]


def test_the_range_stays_in_the_inputs_beside_other_fields(browse, waiting):
    query = f"field=outing:kind&value=sea&until=&{FROM_TO.format('2026-10-20', '2026-11-05')}"

    page = browse("reader").get(f"/tasks?{query}")

    assert shown(page, waiting) == [False, True]
    assert 'type="date" maxlength="100" value="2026-10-20"' in page.text
    assert 'name="until" type="date" value="2026-11-05"' in page.text
    assert '<option value="sea" selected>' in page.text


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("2026-10-01", "2026-11-01"), "日期范围最多 31 天"),
        (("2026-11-05", "2026-11-04"), "结束日期早于开始日期"),
        (("2026-11-31", "2026-12-01"), "日期不存在"),
    ],
)
def test_a_range_that_cannot_be_looked_for_is_refused_and_told_beside_the_field(
    browse, waiting, days, told
):
    page = browse("reader").get(f"/tasks?{FROM_TO.format(*days)}")

    assert page.status_code == 422
    assert re.search(rf'id="field-1-fault">.*{told}', page.text)
    assert 'aria-invalid="true" aria-describedby="field-1-fault"' in page.text
    assert f'value="{days[0]}"' in page.text
    assert shown(page, waiting) == [False, False]
    assert "把这些条件存为视图" not in page.text


def test_a_view_keeps_the_range_and_none_that_cannot_be_looked_for(browse, waiting, host):
    clerk = browse("reader")
    clerk.get("/tasks")

    saved = {"wanted": FROM_TO.format("2026-10-20", "2026-11-04"), "name": "十月", "default": "on"}
    clerk.post("/tasks/filters", saved)
    opened = clerk.get("/tasks")
    long = {"wanted": FROM_TO.format("2026-01-01", "2026-12-31"), "name": "全年"}
    refused = clerk.post("/tasks/filters", long, follow_redirects=True)

    assert shown(opened, waiting) == [True, False]
    assert 'name="until" type="date" value="2026-11-04"' in opened.text
    assert "日期范围最多 31 天" in refused.text
    (kept,) = runtime.list_filters(host, identity_of(host, "reader"))
    assert kept.wanted == [["field", "outing:day"], ["value", "2026-10-20/2026-11-04"]]


def test_the_range_goes_with_the_columns_and_the_address_of_a_field_taken_away(browse, waiting):
    clerk = browse("reader")
    query = f"{HILL}&until=&{FROM_TO.format('2026-10-20', '2026-11-05')}"

    page = clerk.get(f"/tasks?{query}")
    wanted = unescape(re.search(r'name="wanted" value="([^"]+)"', page.text)[1])
    chosen = clerk.post("/tasks/columns", {"wanted": wanted, "column": "case"})

    (kind_gone, _day_gone) = re.findall(r'href="/tasks\?([^"]+)">去掉', page.text)
    assert "value=2026-10-20%2F2026-11-05" in unescape(kind_gone)
    assert "value=2026-10-20%2F2026-11-05" in chosen.location


def test_a_name_is_found_and_a_hidden_number_is_not(browse, waiting):
    clerk = browse("reader")

    assert shown(clerk.get("/tasks?q=李小明"), waiting) == [False, True]
    hidden = clerk.get(f"/tasks?q={ID_NUMBERS[0]}")
    assert shown(hidden, waiting) == [False, False]
    assert "姓名、号码要填完整" in hidden.text


def test_a_field_that_the_post_may_not_see_is_left_out_and_told(browse, waiting):
    page = browse("reader").get(f"/tasks?field=outing:sender.idNo&value={ID_NUMBERS[0]}")

    assert "您的岗位看不到" in page.text
    assert shown(page, waiting) == [True, True]


def test_due_and_holder_narrow_together(browse, waiting, host):
    clerk = browse("reader")
    clerk.post(f"/tasks/{waiting[0]}/claim")

    assert shown(clerk.get("/tasks?held=free"), waiting) == [False, True]
    assert shown(clerk.get("/tasks?held=taken&due=nonsense"), waiting) == [True, False]
    assert shown(clerk.get("/tasks?held=free&due=late"), waiting) == [False, False]


def test_the_counters_stand_over_the_queue(browse, waiting, host):
    clerk = browse("reader")
    clerk.get(f"/tasks/{waiting[0]}")
    clerk.post(f"/tasks/{waiting[0]}", {"words": "好"})

    page = clerk.get("/tasks?scope=done")

    counts = dict(re.findall(r'scope=(\w+)"[^>]*>[^<]*<span class="count[^"]*">(\d+)', page.text))
    wanted = {"all": "1", "mine": "0", "free": "1", "late": "0", "today": "0", "done": "1"}
    assert counts | wanted == counts
    assert shown(page, waiting) == [True, False]


def test_a_filter_is_kept_and_opens_the_queue(browse, waiting):
    clerk = browse("reader")
    clerk.get("/tasks")

    saved = {"wanted": f"q=李小明&{HILL}", "name": " 山里  的 ", "default": "on"}
    answer = clerk.post("/tasks/filters", saved)

    opened = clerk.get("/tasks")
    assert shown(opened, waiting) == [True, False]
    assert 'value="山里 的"' in opened.text
    assert 'name="q" data-key="/" aria-keyshortcuts="/" maxlength="100" value=""' in opened.text
    assert shown(clerk.get("/tasks?scope=all"), waiting) == [True, True]
    assert shown(clerk.get(answer.location), waiting) == [True, False]


def test_names_and_searched_texts_are_not_kept(browse, waiting, host):
    clerk = browse("reader")
    clerk.get("/tasks")

    wanted = f"q=李小明&field=outing:sender.name&value=李小明&{HILL}&held=free&nonsense=1"
    clerk.post("/tasks/filters", {"wanted": wanted, "name": "a"})

    (kept,) = runtime.list_filters(host, identity_of(host, "reader"))
    assert kept.wanted == [["held", "free"], ["field", "outing:kind"], ["value", "hill"]]


def identity_of(host, user):
    return identity.Actor(user, user, frozenset({"clerk"}), "window")


def test_a_colleague_sees_and_copies_a_shared_filter_and_cannot_change_it(browse, waiting, host):
    clerk, mate = browse("reader"), browse("mate")
    clerk.get("/tasks")
    mate.get("/tasks")
    own = view_of(clerk.post("/tasks/filters", {"wanted": HILL, "name": "山里"}))
    unseen = mate.get("/tasks").text
    clerk.post(f"/tasks/filters/{own}", {"name": "山里", "shared": "on"})

    seen = mate.get(f"/tasks?view={own}")
    refused = [
        mate.post(f"/tasks/filters/{own}", {"name": "x"}).status_code,
        mate.post(f"/tasks/filters/{own}/delete").status_code,
    ]
    copied = mate.post(f"/tasks/filters/{own}/copy", follow_redirects=True).text

    assert "山里</a>" not in unseen
    assert shown(seen, waiting) == [True, False]
    assert "reader 共享" in seen.text
    assert "管理视图" not in seen.text
    assert refused == [404, 404]
    assert "已复制为您自己的视图" in copied
    assert "管理视图“山里”" in copied
    assert [one.name for one in runtime.list_filters(host, identity_of(host, "reader"))] == ["山里"]


def test_another_department_sees_no_shared_filter(browse, host):
    clerk = browse("reader")
    clerk.get("/tasks")
    clerk.post("/tasks/filters", {"wanted": HILL, "name": "山里", "shared": "on"})

    police = identity.Actor("p", "p", frozenset({"clerk"}), "police")

    assert runtime.list_filters(host, police) == []


def test_a_filter_is_renamed_and_deleted_and_what_it_filtered_stays(browse, waiting, host):
    clerk = browse("reader")
    clerk.get("/tasks")
    own = view_of(clerk.post("/tasks/filters", {"wanted": HILL, "name": "山里"}))

    clerk.post(f"/tasks/filters/{own}", {"name": "进山"})
    renamed = clerk.get(f"/tasks?view={own}").text
    gone = clerk.post(f"/tasks/filters/{own}/delete", follow_redirects=True)

    assert "管理视图“进山”" in renamed
    assert "已删除" in gone.text
    assert shown(gone, waiting) == [True, False]
    assert runtime.list_filters(host, identity_of(host, "reader")) == []


def test_names_are_bounded_and_so_is_their_number(browse, host):
    clerk = browse("reader")
    clerk.get("/tasks")

    for name in ("", " ", "长" * 31):
        told = clerk.post("/tasks/filters", {"wanted": HILL, "name": name}, follow_redirects=True)
        assert "1 至 30 个字" in told.text
    for at in range(runtime.MOST_FILTERS):
        runtime.save_filter(host, identity_of(host, "reader"), f"n{at}", [("held", "free")])
    full = clerk.post("/tasks/filters", {"wanted": HILL, "name": "more"}, follow_redirects=True)
    again = clerk.post("/tasks/filters", {"wanted": HILL, "name": "n3"}, follow_redirects=True)

    assert "最多保存 20 个视图" in full.text
    assert "视图已保存" in again.text


def test_script_in_any_parameter_is_shown_as_text(browse, waiting):
    evil = '"><script>alert(1)</script>'
    clerk = browse("reader")
    clerk.get("/tasks")

    clerk.post("/tasks/filters", {"wanted": HILL, "name": "<b>x</b>"})
    query = {"q": evil, "service": evil, "region": evil, "field": "outing:kind", "value": evil}
    page = clerk.get("/tasks", query_string=query | {"view": evil})

    assert "<script>alert" not in page.text
    assert "&lt;b&gt;x&lt;/b&gt;" in page.text
    assert evil in unescape(page.text)


def test_the_next_page_keeps_the_filter(browse, host, waiting, monkeypatch):
    monkeypatch.setattr("onething.web.views.queue.rows", lambda: 1)
    clerk = browse("reader")

    first = clerk.get("/tasks?held=free")
    following = unescape(re.search(r'href="([^"]+)" rel="next"', first.text)[1])

    assert "held=free&after=" in following
    assert sum(map(int, shown(clerk.get(following), waiting))) == 1
