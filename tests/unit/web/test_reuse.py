"""What a person gave before is used again with consent, by that person alone, while it holds."""

import re
import shutil
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from onething import history, materials, runtime
from onething.cases import get, of_instance
from onething.catalog import Catalog
from onething.identity import SYSTEM
from onething.tasks import Filter
from unit.web.conftest import APPLICATION, PACKAGE

OTHER = {"sender.idNo": "11010519491231002X", "sender.name": "陈志远"}


def png(colour: str = "navy") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def apply(browser, **answers) -> str:
    checked = browser.post("/services/outing/apply", {**APPLICATION, **answers})
    return browser.post("/services/outing/cases", browser.hidden(checked)).location.split("/")[-2]


@pytest.fixture
def citizen(browse):
    return browse("citizen")


@pytest.fixture
def before(citizen) -> str:
    """The number of a case whose application had a plan."""
    return apply(citizen, plan=(BytesIO(png()), "plan.png"))


def row(host, case_no):
    with host.database.read() as conn:
        instance_id = get(conn, case_no).instance_id
        (found,) = materials.of_case(conn, instance_id, lambda _sealed: "")
        events = list(history.read(conn, None, instance_id))
    return found, events


def offer(page) -> str:
    return re.search(r'name="(?:_reuse|offer)" value="([^"]+)"', page.text)[1]


def test_the_application_offers_what_was_given_before_and_a_tick_is_kept_as_consent(
    citizen, before, host
):
    page = citizen.get("/services/outing/apply")

    second = apply(citizen, **OTHER, _reuse=offer(page))

    first, _events = row(host, before)
    again, events = row(host, second)
    assert before in page.text
    assert (again.sha256, again.reused_from, again.kind) == (first.sha256, before, "plan")
    assert events[0].input["reused"] == [{"material": again.id, "from": before}]
    assert "一次出游" in events[0].input["consent"]
    assert f"沿用办件 {before} 的材料" in citizen.get(f"/my/cases/{second}").text


def test_without_a_tick_nothing_is_used_again(citizen, before, host):
    second = apply(citizen, **OTHER)

    with host.database.read() as conn:
        assert materials.ids(conn, get(conn, second).instance_id) == set()


def test_the_case_page_offers_it_and_wants_consent(citizen, before, host):
    second = apply(citizen, **OTHER)
    chosen = offer(citizen.get(f"/my/cases/{second}"))

    citizen.post(f"/my/cases/{second}/reuse", {"offer": chosen})
    silent = citizen.get(f"/my/cases/{second}").text
    citizen.post(f"/my/cases/{second}/reuse", {"offer": chosen, "consent": "1"})
    again, events = row(host, second)
    page = citizen.get(f"/my/cases/{second}").text

    assert "请选择材料，并勾选同意" in silent
    assert again.reused_from == before
    assert events[-1].input["reused"][0]["from"] == before
    assert 'name="offer"' not in page  # the case has it now


def test_what_holds_no_more_is_not_offered(citizen, before, clock):
    page = citizen.get("/services/outing/apply")
    token = offer(page)
    clock.advance(timedelta(days=91))

    citizen.sign_in("citizen")
    later = citizen.get("/services/outing/apply")
    checked = citizen.post("/services/outing/apply", {**APPLICATION, **OTHER, "_reuse": token})
    sent = citizen.post("/services/outing/cases", citizen.hidden(checked))

    assert 'name="_reuse"' not in later.text
    assert sent.status_code == 422
    assert "这份材料不能再次使用，请重新上传</p>" in sent.text
    assert 'name="_file"' not in sent.text


def test_what_was_used_again_is_offered_from_where_it_was_given_first(citizen, before):
    second = apply(citizen, **OTHER, _reuse=offer(citizen.get("/services/outing/apply")))

    page = citizen.get("/services/outing/apply")

    assert before in page.text
    assert second not in page.text


ASKED = """"components": [
{"type": "dynamiclist", "path": "asked.files", "isRepeating": true, "id": "asked",
 "label": "补正材料", "components": [
  {"type": "textfield", "key": "name", "label": "材料名称", "id": "name"},
  {"type": "filepicker", "key": "file", "label": "文件", "id": "file"}]},"""
NAMED = """<zeebe:ioMapping>
  <zeebe:input target="asked"
    source="={files: [{name: &quot;照片&quot;}, {name: &quot;行程&quot;}]}" />
</zeebe:ioMapping></bpmn:extensionElements>"""


@pytest.fixture
def supplement(citizen, before, host, tmp_path) -> str:
    """The address of a task that asks for a photo and the plan, in a later case."""
    shutil.copytree(PACKAGE, tmp_path / "later")
    forms = tmp_path / "later/forms/outing"
    asking = (forms / "adding.form").read_text().replace('"components": [', ASKED, 1)
    (forms / "asking.form").write_text(asking)
    diagram = tmp_path / "later/bpmn/outing/outing.bpmn"
    asked = diagram.read_text().replace("outing/adding", "outing/asking", 1)
    diagram.write_text(asked.replace("</bpmn:extensionElements>", NAMED, 1))
    runtime.deploy(host, SYSTEM, Catalog([tmp_path / "later"]).package("outing"))
    (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=apply(citizen, **OTHER)))
    return f"/my/tasks/{task.id}"


def test_a_task_offers_what_it_asks_for_and_a_tick_is_kept_as_consent(
    citizen, before, supplement, host
):
    page = citizen.get(supplement)
    told = {**citizen.hidden(page), "words": "带伞", "_reuse": offer(page)}

    saved = citizen.post(f"{supplement}/draft", told)
    citizen.post(supplement, {**citizen.hidden(saved), "words": "带伞"})

    case_no = supplement.rpartition("/")[2].partition("-")[0]
    with host.database.read() as conn:
        again, events = row(host, of_instance(conn, case_no).case_no)
    assert page.text.count('name="_reuse"') == 1
    assert (again.kind, again.reused_from) == ("plan", before)
    assert events[-1].input["reused"] == [{"material": again.id, "from": before}]


def test_a_file_in_a_row_that_names_a_material_is_that_material(citizen, supplement, host):
    rows = {"asked.files[0].name": "别的", "asked.files[1].name": "行程"}
    files = {"asked.files[1].file": (BytesIO(png("teal")), "new.png")}

    citizen.post(supplement, {**rows, **files, "words": "带伞"})

    instance_id = supplement.rpartition("/")[2].partition("-")[0]
    with host.database.read() as conn:
        (given,) = materials.of_case(conn, instance_id, lambda _sealed: "")
    assert (given.kind, given.item, given.reused_from) == ("plan", "reading", None)


def test_what_holds_no_more_is_not_taken_for_a_task(citizen, supplement, clock):
    token = offer(citizen.get(supplement))
    clock.advance(timedelta(days=91))
    citizen.sign_in("citizen")

    rows = {"asked.files[0].name": "照片", "asked.files[1].name": "行程"}
    page = citizen.post(supplement, {**rows, "words": "带伞", "_reuse": token})

    assert page.status_code == 422
    assert "这份材料不能再次使用" in page.text
    assert 'name="_file"' not in page.text


def test_nobody_else_is_offered_it_or_can_take_it(citizen, before, browse, host):
    other = browse("other")
    other_case = apply(other, **OTHER)
    second = apply(citizen, **{**OTHER, "sender.idNo": "11010519491231003X"[:17] + "8"})
    chosen = offer(citizen.get(f"/my/cases/{second}"))

    page = other.get("/services/outing/apply")
    other.post(f"/my/cases/{other_case}/reuse", {"offer": chosen, "consent": "1"})

    assert 'name="_reuse"' not in page.text
    with host.database.read() as conn:
        assert materials.ids(conn, get(conn, other_case).instance_id) == set()


def test_a_token_of_somebody_else_is_refused(citizen, before, browse):
    token = offer(citizen.get("/services/outing/apply"))
    other = browse("other")
    other.get("/services/outing/apply")

    sent = other.post("/services/outing/apply", {**APPLICATION, **OTHER, "_reuse": token})

    assert sent.status_code == 422


@pytest.mark.parametrize("chosen", ["", "x", "a/b/c/d", "reading/plan/../..", "////", "a" * 9_999])
def test_an_offer_that_was_never_made_is_refused(citizen, before, chosen, host):
    second = apply(citizen, **OTHER)

    sent = citizen.post(f"/my/cases/{second}/reuse", {"offer": chosen, "consent": "1"})

    assert sent.status_code == 302
    with host.database.read() as conn:
        assert materials.ids(conn, get(conn, second).instance_id) == set()


def test_the_trust_that_a_clerk_gave_it_goes_along(citizen, before, host):
    first, _events = row(host, before)
    host.database.write(lambda conn: materials.compared(conn, first, "reader", host.clock()))

    second = apply(citizen, **OTHER, _reuse=offer(citizen.get("/services/outing/apply")))

    again, _events = row(host, second)
    assert (again.trust, again.seen_by) == ("B", "reader")
