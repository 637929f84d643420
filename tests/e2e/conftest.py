"""One demonstration for the browser tests of a worker; at the end its histories are proved."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, sync_playwright

from e2e.journey import Journey, set_out
from e2e.person import Person
from e2e.site import Site

WAITING = (
    "in-service-twelve-years",
    "estate-without-deposits-or-notary",
    "retired-worker-real-estate-by-publicity",
    "mandated-by-the-heirs",
)
"""Scenarios about different people that begin with an application at the front desk."""
PATIENCE = timedelta(days=2)
"""So long the front desk surely has to accept a case: five working days."""
CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium-headless-shell"
"""The browser without its windows: the same engine for half the processor."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without it these tests are skipped, except where all must run."""
    if not os.access(CHROMIUM, os.X_OK):
        told = "no chromium-headless-shell; as root: apt-get install chromium-headless-shell"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running demonstration; when the tests are over, every case replays and proves true."""
    running = Site(tmp_path_factory.mktemp("site"))
    try:
        running.start()
        yield running
    finally:
        running.stop()
    verified, replayed = running.run("verify"), running.run("replay", "--all")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr


@pytest.fixture(scope="session")
def people(browser: Browser, site: Site) -> Iterator[Callable[[str], Person]]:
    """Give the person of an account; each has one window for all tests."""
    known: dict[str, Person] = {}

    def person(user: str) -> Person:
        if user not in known:
            known[user] = Person(browser, site.url, user)
        return known[user]

    yield person
    for one in known.values():
        one.close()


@pytest.fixture
def begin(site: Site, people: Callable[[str], Person]) -> Iterator[Callable[[str, str], Journey]]:
    """Set out on a scenario of a service; departments that it lets fail are mended afterwards."""
    yield lambda service, name: set_out(site, people, service, name)
    site.mend()


class FrontDesk:
    """Cases at the front desk: where days have passed since one, another follows it."""

    def __init__(self, site: Site, people: Callable[[str], Person]) -> None:
        self._site, self._people = site, people
        self._spare = iter(WAITING)
        self._case: Journey | None = None
        self._until = site.now

    def waiting(self) -> Journey:
        """Return a case that was applied for within the last days and waits at the front desk."""
        if self._case is None or self._site.now > self._until:
            journey = set_out(self._site, self._people, "after-death", next(self._spare))
            journey.play(until=journey.scenario.steps[1]["complete"])
            self._case, self._until = journey, self._site.now + PATIENCE
        return self._case


@pytest.fixture(scope="session")
def front_desk(site: Site, people: Callable[[str], Person]) -> FrontDesk:
    """The front desk of the demonstration."""
    return FrontDesk(site, people)


@pytest.fixture(scope="session")
def open_case(front_desk: FrontDesk) -> Journey:
    """A case that was applied for; days may have passed since."""
    return front_desk.waiting()


@pytest.fixture
def waiting_case(front_desk: FrontDesk) -> Journey:
    """A case that waits at the front desk now."""
    return front_desk.waiting()


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Callable[..., Person]]:
    """Give a person with a fresh window, who is not signed in."""
    known: list[Person] = []

    def person(user: str = "", size: dict[str, int] | None = None, **more: bool) -> Person:
        known.append(Person(browser, site.url, user, size, **more))
        return known[-1]

    yield person
    for one in known:
        one.close()
