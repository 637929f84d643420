"""What a page asks of a weak phone: Chromium with a processor four times slower, on a slow line.

The pages are those of the demonstration with the shipped services, on SQLite; the queue holds
more than 200 tasks. A page is usable when it is painted, its scripts have run and the main
thread answers.
"""

import gzip
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from playwright.sync_api import Browser, Page, Response, sync_playwright

from e2e.conftest import ARGUMENTS, CHROMIUM
from e2e.pages import DESKTOP, PHONE
from e2e.person import Person
from e2e.site import Site

PROGRAM = shutil.which("chromium") or CHROMIUM
"""The browser as people have it where it is installed, else the lighter one of the tests."""
SLOWER = 4
LINE_BYTES_S = 1_600_000 / 8
LATENCY_MS = 150
ROUNDS = 7
ROWS = 200
AIM_MS = 1_500
AIM_BYTES = 20 * 1024
SERVICE = "marriage-status-change"
OPEN = 900
"""Cases of it: of their tasks more than ROWS wait at the registry."""
USABLE = """
new Promise((done) => {
  const told = () => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0));
  if (document.readyState === "complete") told(); else addEventListener("load", told);
})
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """One page that is measured."""

    name: str
    user: str
    path: str
    size: dict[str, int]


PAGES = (
    Shown("application, one topic", "citizen", "/services/marriage-status-change/apply", PHONE),
    Shown("application, all on one page", "village", "/services/after-death/apply", PHONE),
    Shown("own cases", "citizen", "/my/cases", PHONE),
    Shown("service", "", "/services/after-death", PHONE),
    Shown("queue", "registry", "/tasks", DESKTOP),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page took: milliseconds of the first and of later visits, bytes."""

    first_ms: list[float]
    again_ms: list[float]
    page_bytes: int
    own_script_bytes: int
    """Scripts of the product's own, compressed; libraries apart."""
    script_bytes: int
    """All scripts, compressed."""
    rows: int


def report() -> str:
    """Measure every page and return the section."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as told,
        full(Path(told)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS)
        seen = [(one, look(browser, site, one)) for one in PAGES]
        browser.close()
    return "\n".join([*heading(), *(line(page, found) for page, found in seen)])


def heading() -> Iterator[str]:
    """Say what was measured, and how."""
    yield "## Pages in a browser\n"
    yield (
        f"{Path(PROGRAM).name.capitalize()}, processor slowed {SLOWER} times, line of 1.6 Mbit/s "
        f"with {LATENCY_MS} ms of latency, the server on the same machine without a proxy that "
        f"compresses. Milliseconds from asking to usable: median and longest of {ROUNDS} visits, "
        f"first with nothing kept, then with what browsers keep. Aims: {AIM_MS} ms for application "
        f"and queue, own scripts of an applicant's page {AIM_BYTES // 1024} KB compressed.\n"
    )
    yield "| page | first visit | longest | again | longest | HTML KB | own script KB | all |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"


def line(page: Shown, seen: Seen) -> str:
    """Return the row of one page."""
    rows = f" ({seen.rows} rows)" if seen.rows else ""
    cells = [
        page.name + rows,
        *(
            f"{one:,.0f}"
            for times in (seen.first_ms, seen.again_ms)
            for one in (statistics.median(times), max(times))
        ),
        *(f"{one / 1024:.1f}" for one in (seen.page_bytes, seen.own_script_bytes)),
        f"{seen.script_bytes / 1024:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


@contextmanager
def full(folder: Path) -> Iterator[Site]:
    """Serve a demonstration whose registry has more tasks than a page lists."""
    site = Site(folder)
    words = ["--open", str(OPEN), "--closed", "0", "--scenarios", "2", "--made-up-cases"]
    made = site.run("generate", "--service", SERVICE, *words)
    if made.returncode:
        raise RuntimeError(made.stderr)
    site.start()
    try:
        yield site
    finally:
        site.stop()


def look(browser: Browser, site: Site, page: Shown) -> Seen:
    """Visit a page several times, each time as somebody who comes for the first time."""
    first, again = [], []
    for _ in range(ROUNDS):
        with visitor(browser, site, page) as person:
            slow(person.page)
            first.append(visit(person.page, page))
            again.append(visit(person.page, page))
    with visitor(browser, site, page) as person:
        return Seen(first, again, *weigh(person.page, page))


@contextmanager
def visitor(browser: Browser, site: Site, page: Shown) -> Iterator[Person]:
    """Give somebody who is signed in, with a browser that has kept nothing of the product."""
    known = Person(browser, site.url, page.user, page.size)
    if page.user:
        known.visit("/sign-in")
        known.sign_in()
    if page.path == "/tasks":
        list_many(known.page)
    person = Person(browser, site.url, page.user, page.size)
    person.page.context.add_cookies(known.page.context.cookies())
    known.close()
    yield person
    person.close()


def list_many(page: Page) -> None:
    """Choose as many rows a page as there are to choose."""
    page.goto("/tasks")
    chooser = page.locator("details").filter(has=page.locator("select[name=rows]"))
    chooser.locator("summary").click()
    chooser.locator("select[name=rows]").select_option(str(ROWS))
    chooser.locator("button").click()
    page.wait_for_load_state()


def slow(page: Page) -> None:
    """Slow down the page's processor and line."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    line = {"downloadThroughput": LINE_BYTES_S, "uploadThroughput": LINE_BYTES_S / 2}
    told = {"offline": False, "latency": LATENCY_MS, **line}
    session.send("Network.emulateNetworkConditions", told)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def visit(page: Page, shown: Shown) -> float:
    """Open a page; return the milliseconds until it is usable."""
    answer = page.goto(shown.path, wait_until="commit")
    if answer is None or answer.status != HTTPStatus.OK:
        raise RuntimeError(f"{shown.path}: {answer and answer.status}")
    return float(page.evaluate(USABLE))


def weigh(page: Page, shown: Shown) -> tuple[int, int, int, int]:
    """Return bytes of the page, of its own scripts and of all, compressed, and its rows."""
    scripts: list[tuple[str, int]] = []

    def note(answer: Response) -> None:
        if answer.request.resource_type == "script":
            scripts.append((answer.url, len(gzip.compress(answer.body()))))

    page.on("response", note)
    answer = page.goto(shown.path, wait_until="networkidle")
    assert answer is not None
    own = sum(size for url, size in scripts if "/vendor/" not in url)
    rows = page.locator("tr[data-line]").count()
    return len(answer.body()), own, sum(size for _, size in scripts), rows
