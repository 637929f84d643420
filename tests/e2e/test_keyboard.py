"""A clerk works off the queue without ever touching the mouse."""

import time
from collections.abc import Mapping
from typing import Any

from e2e.barriers import barriers
from e2e.journey import Journey
from e2e.person import PATIENCE_S, Person, as_text, flat

SCENARIOS = ("household-already-cancelled", "overpaid-pension-is-offset")
MOST = 150
"""So many keys lead to any field of a page."""
WHERE = "document.activeElement.name ?? ''"
PRESSED = "document.activeElement.textContent.trim()"
CHOSEN = """
(() => {
  const here = document.activeElement;
  return here.type === "radio" && !here.checked ? "" : here.value;
})()
"""


def rest(person: Person) -> None:
    """Wait until the server has said which fields a choice brings."""
    person.page.locator(".htmx-request, .htmx-swapping").first.wait_for(state="detached")


def tab_to(person: Person, where: str, wanted: str) -> None:
    """Press Tab until what has the focus is the one wanted."""
    keys = person.page.keyboard
    for _ in range(MOST):
        if person.page.evaluate(where) == wanted:
            return
        keys.press("Tab")
    raise AssertionError(f"no key leads to {wanted} on {person.page.url}")


def enter(person: Person, name: str, value: str) -> None:
    """Go to a field and fill it in."""
    page, keys = person.page, person.page.keyboard
    tab_to(person, WHERE, name)
    kind = page.evaluate("document.activeElement.type")
    if kind == "checkbox":
        if str(page.evaluate("document.activeElement.checked")).lower() != value:
            keys.press("Space")
            rest(person)
    elif kind in ("radio", "select-one"):
        for _ in range(MOST):
            if page.evaluate(CHOSEN) == value:
                return
            keys.press("ArrowDown")
            rest(person)
        raise AssertionError(f"{name} does not offer {value}")
    else:
        keys.press("ControlOrMeta+a")
        keys.type(value)


def open_from_queue(person: Person, journey: Journey, activity: str) -> None:
    """Search the case, mark its line and claim it, until the task of an activity is open."""
    page, keys, name = person.page, person.page.keyboard, journey.names[activity]
    end = time.monotonic() + PATIENCE_S
    while page.locator("h1").inner_text() != name or not person.reads(journey.case_no):
        assert time.monotonic() < end, f"{name} never comes"
        keys.press("/")
        page.locator("#search:focus").wait_for()
        keys.press("ControlOrMeta+a")
        with page.expect_navigation():
            keys.type(f"{journey.case_no}\n")
        if page.locator("[data-line]").count():
            keys.press("j")
            assert page.locator("[data-line][aria-current] a:focus").count() == 1
            with page.expect_navigation():
                keys.press("c" if page.locator("[data-key=c]").count() else "Enter")


def complete(person: Person, journey: Journey, step: Mapping[str, Any]) -> None:
    """Fill in the task that is open as its scenario says, and send it."""
    for name, value in flat(journey.moved(step["data"])):
        enter(person, name, as_text(value))
    tab_to(person, PRESSED, "提交办理结果")
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    assert not person.mistakes, person.mistakes
    assert person.reads(f"“{journey.names[step['complete']]}”已办结")


def test_clerks_complete_eleven_tasks_by_keyboard_alone(begin, visitor):
    # Given two deaths in town that were applied for
    journeys = [begin("after-death", name) for name in SCENARIOS]
    for journey in journeys:
        journey.play(until="check-application")
    clerks = {}

    # When the departments do all their tasks
    for journey in journeys:
        for step in journey.scenario.steps[1:]:
            user = step["as"].partition(".")[0]
            if user not in clerks:
                clerks[user] = visitor(user)
                clerks[user].visit("/tasks")
            open_from_queue(clerks[user], journey, step["complete"])
            complete(clerks[user], journey, step)

    # Then both cases are done, and no script failed
    for journey in journeys:
        journey.wait_for("全部办成")
    assert [one.refused for one in clerks.values()] == [[], [], [], []]


def test_keys_rest_while_somebody_types_and_are_shown_and_switched_off(waiting_case, visitor):
    clerk = visitor("window")
    clerk.visit("/tasks")
    page, keys = clerk.page, clerk.page.keyboard

    # When letters are typed into the search
    keys.press("/")
    keys.type("njc?")

    # Then they stand there, and nothing was claimed or opened
    assert page.locator("#search").input_value() == "njc?"
    assert not page.locator("#keys").is_visible()

    # When the keys are asked for, switched off, and the window is closed
    page.locator("h1").click()
    keys.press("?")
    assert page.locator("#keys").is_visible()
    assert barriers(page) == []
    tab_to(clerk, "document.activeElement.type ?? ''", "checkbox")
    keys.press("Space")
    keys.press("Escape")
    assert not page.locator("#keys").is_visible()
    keys.press("j")

    # Then they rest, also on the next page
    assert page.locator("[data-line][aria-current]").count() == 0
    clerk.visit("/tasks")
    keys.press("j")
    assert page.locator("[data-line][aria-current]").count() == 0
