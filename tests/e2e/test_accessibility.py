"""Pages that everybody can use: what axe-core finds, and what the keyboard alone can do.

Source: WCAG 2.1 AA; GB/T 37668-2019.
"""

from dataclasses import dataclass, field

import pytest

from e2e.barriers import barriers
from e2e.pages import DESKTOP, PAGES, PHONE, REFUSED
from e2e.person import Person


@dataclass
class Tour:
    """What was seen on one account's pages, at a desk and on a phone."""

    faults: list[tuple] = field(default_factory=list)
    wide: list[tuple] = field(default_factory=list)
    """Pages that a phone has to scroll sideways."""
    refused: list[str] = field(default_factory=list)
    missing: list[tuple] = field(default_factory=list)
    """Addresses that are not this account's pages."""


@pytest.fixture(scope="module", params=PAGES)
def tour(request, browser, site, open_case):
    """Visit every page of an account once, in both sizes."""
    person, found = Person(browser, site.url, request.param, DESKTOP), Tour()
    for path in PAGES[request.param]:
        status = person.go(path.format(case_no=open_case.case_no))
        wanted = REFUSED.get((request.param, path), 200)
        found.missing += [(path, status)] if status != wanted else []
        for size in (DESKTOP, PHONE):
            person.page.set_viewport_size(size)
            found.faults += [(path, size["width"], *one) for one in barriers(person.page)]
        width = person.page.evaluate("document.documentElement.scrollWidth")
        found.wide += [(path, width)] if width > PHONE["width"] else []
    found.refused = person.refused
    person.close()
    return found


def test_nothing_bars_people_from_a_page(tour):
    assert tour.faults == []


def test_the_pages_are_there(tour):
    assert tour.missing == []


def test_nothing_is_wider_than_a_phone(tour):
    assert tour.wide == []


def test_no_script_of_a_page_fails(tour):
    assert tour.refused == []


def test_a_task_with_its_diagram_bars_nobody(waiting_case, visitor):
    clerk = visitor("window")
    clerk.visit(f"/tasks?q={waiting_case.case_no}")

    clerk.page.locator("[data-line] a").first.click()
    clerk.page.locator(".diagram svg").first.wait_for()

    assert barriers(clerk.page) == []


def test_a_form_with_mistakes_bars_nobody(visitor):
    citizen = visitor("citizen")
    citizen.visit("/services/marriage-status-change/apply")

    citizen.press("下一步：甲方（申请人）")

    assert citizen.mistakes
    assert barriers(citizen.page) == []


def test_the_first_key_leads_past_the_menu_to_the_content(visitor):
    citizen = visitor("citizen")
    citizen.visit("/my/cases")

    citizen.page.keyboard.press("Tab")
    skip = citizen.page.locator(":focus")

    assert skip.inner_text() == "跳到正文"
    assert skip.bounding_box()["x"] >= 0
    citizen.page.keyboard.press("Enter")
    assert citizen.page.evaluate("document.activeElement.id") == "main"


def test_what_has_the_focus_is_seen_to_have_it(visitor):
    citizen = visitor("citizen")
    citizen.visit("/services/marriage-status-change/apply")
    outline = "getComputedStyle(document.activeElement).outlineStyle"

    seen = set()
    for _ in range(12):
        citizen.page.keyboard.press("Tab")
        seen.add(citizen.page.evaluate(outline))

    assert "none" not in seen
