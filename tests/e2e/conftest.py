"""One demonstration for the browser tests of a worker; at the end its histories are proved."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from e2e.journey import Journey, set_out
from e2e.person import Person
from e2e.site import Site

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
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
        told = "no chromium; as root: apt-get install chromium"
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


@pytest.fixture(scope="session")
def open_case(site: Site, people: Callable[[str], Person]) -> Journey:
    """A case that was applied for and waits at the front desk."""
    journey = set_out(site, people, "after-death", "in-service-twelve-years")
    journey.play(until=journey.scenario.steps[1]["complete"])
    return journey


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
