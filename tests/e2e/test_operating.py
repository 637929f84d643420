"""A department is down: thirty incidents, one cause, one batch that a person tries and starts."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from e2e.barriers import barriers
from e2e.pages import PHONE
from e2e.person import DESKTOP, Person
from e2e.site import Site

PACKAGE = Path(__file__).parents[1] / "unit" / "runtime" / "package"
CASES = 30
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
WHY = "公安身份核验系统已恢复"


@pytest.fixture(scope="module")
def down(browser, tmp_path_factory) -> Iterator[Site]:
    """A site for these tests: police that refuse every call, asked by thirty cases."""
    site = Site(tmp_path_factory.mktemp("down"))
    try:
        site.start()
        _deploy(site)
        site.fail("police", "revoked")
        _open(site, [_id_no(number) for number in range(CASES)])
        _open(site, [_id_no(CASES)], way="check")
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="module")
def operator(browser, down) -> Iterator[Person]:
    """An operator before the pages of that site."""
    person = Person(browser, down.url, "operator")
    yield person
    person.close()


def _token(site: Site, user: str) -> dict[str, str]:
    done = site.run("token", "add", user)
    assert done.returncode == 0, done.stderr
    return {"Authorization": f"Bearer {done.stdout.split()[-1]}"}


def _deploy(site: Site) -> None:
    """Deploy a small service whose first step asks the police who somebody is."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in PACKAGE.rglob("*.*"):
            archive.write(file, file.relative_to(PACKAGE))
    headers = _token(site, "designer") | {"Content-Type": "application/zip"}
    address = f"{site.url}/api/v1/deployments?service=permit"
    httpx.post(address, content=packed.getvalue(), headers=headers, timeout=60).raise_for_status()


def _open(site: Site, id_numbers: list[str], way: str = "call") -> None:
    headers = _token(site, "citizen")
    for one in id_numbers:
        site.give("people", {"idNo": one, "name": "张三", "sex": "男", "division": "370502"})
        person = {"name": "张三", "idNo": one, "division": "370502"}
        body = {"data": {"way": way, "person": person}}
        address = f"{site.url}/api/v1/services/permit/cases"
        httpx.post(address, json=body, headers=headers, timeout=60).raise_for_status()


def _id_no(number: int) -> str:
    """Return a valid identity number of nobody."""
    digits = f"370502{19600101 + number}101"
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + CHECKS[total % 11]


def test_what_operators_meet_bars_nobody_and_fits_a_phone(operator, down):
    page = operator.page
    operator.wait_until("/incidents", lambda: page.locator("input[data-one]").count() > 1, "some")
    first = page.locator("td[data-label='环节'] a[href^='/incidents/']").first
    paths = ["/incidents", "/operations/jobs", str(first.get_attribute("href"))]
    operator.visit(paths[-1])
    paths += [
        str(page.locator(f"main dd a[href^='/operations/{name}/']").get_attribute("href"))
        for name in ("instances", "jobs")
    ]
    operator.visit("/incidents")
    page.locator("input[data-one]").first.check()
    page.get_by_role("button", name="预演重试勾选的异常").click()
    page.get_by_text("预演完成").wait_for()
    paths += [page.url.removeprefix(down.url), "/operations/batches", "/operations"]

    faults, wide = [], []
    for path in paths:
        operator.go(path)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            faults += [(path, *one) for one in barriers(page)]
        width = page.evaluate("document.documentElement.scrollWidth")
        wide += [(path, width)] if width > PHONE["width"] else []
    page.set_viewport_size(DESKTOP)
    operator.visit(paths[5])
    operator.press("放弃")

    assert faults == []
    assert wide == []
    assert operator.refused == []


def test_the_queues_refresh_themselves_and_leave_the_focus_where_it_is(operator, down):
    address = f"{down.url}/operations/jobs"
    operator.visit("/operations/jobs")
    link = operator.page.locator("#found tbody a").first
    name = link.get_attribute("id")
    link.focus()
    operator.page.evaluate("document.querySelector('#found').dataset.seen = 'before'")

    with operator.page.expect_response(lambda answer: answer.url.startswith(address)):
        pass
    operator.page.wait_for_function("!document.querySelector('#found').dataset.seen")

    assert operator.page.evaluate("document.activeElement.id") == name
    assert operator.refused == []


def test_thirty_incidents_of_one_cause_are_retried_by_one_batch(operator, down):
    # Given an operator who sees one line for thirty cases
    page = operator.page
    button = page.get_by_role("button", name=f"预演重试 {CASES} 件")
    operator.wait_until("/incidents", lambda: button.count() == 1, "one line for all incidents")
    assert operator.reads("police.identity.verify")
    down.mend()

    # When the batch was tried, nothing has been sent yet
    button.click()
    page.get_by_text("预演完成").wait_for()
    assert page.get_by_text(f"{CASES} 件将执行，0 件不会执行").count() == 1
    assert httpx.get(f"{down.url}/healthz", timeout=30).is_success

    # And it does not begin without a reason
    page.get_by_label("原因").fill("")
    page.get_by_role("button", name="开始执行").click()
    assert operator.reads("请写明原因")
    page.get_by_label("原因").fill(WHY)
    page.get_by_role("button", name="开始执行").click()

    # Then the page itself follows it to the end, and no incident is left
    page.locator("main .tag", has_text="已结束").first.wait_for()
    done = page.locator("dl.tiles div", has_text="已执行").locator("dd")
    assert done.inner_text() == str(CASES)
    assert operator.download(page.get_by_role("link", name="导出表格")).startswith(b"PK")
    operator.wait_until(
        "/incidents", lambda: operator.reads("没有待处置的异常"), "no incident is left"
    )
    replayed = down.run("replay", "--all")
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
    assert operator.refused == []


def test_the_overview_refreshes_itself_and_leaves_the_focus_where_it_is(operator, down):
    operator.visit("/operations")
    link = operator.page.locator("#running-1")
    link.focus()
    before = operator.page.locator("#pulse").get_attribute("data-pulse")

    with operator.page.expect_response(lambda answer: answer.url.endswith("/operations")):
        pass
    operator.page.wait_for_load_state("networkidle")

    assert before == "on"
    assert operator.page.evaluate("document.activeElement.id") == "running-1"
    assert operator.refused == []
