"""A person before a browser: signs in, reads pages, fills in forms, presses buttons."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from e2e.barriers import require_open
from e2e.pdf import small_pdf

PASSWORD = "onething-demo-2026"
PATIENCE_S = 60
WAIT_MS = 30_000
DESKTOP = {"width": 1280, "height": 900}

Fields = Mapping[str, Any]


class Person:
    """One person with a browser window of their own, who signs in where there is an account."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        user: str,
        size: Mapping[str, int] | None = None,
        *,
        runs_scripts: bool = True,
    ) -> None:
        self.user = user
        self.runs_scripts = runs_scripts
        """Without scripts pages answer as plain HTML; axe-core cannot look at them then."""
        self._context = browser.new_context(
            base_url=url,
            viewport=dict(size or DESKTOP),
            locale="zh-CN",
            accept_downloads=True,
            java_script_enabled=runs_scripts,
        )
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.refused: list[str] = []
        """What the browser complained about: script errors, blocked content."""
        self.page.on("pageerror", lambda error: self.refused.append(str(error)))

    def close(self) -> None:
        """Close the window."""
        self._context.close()

    def sign_in(self, password: str = PASSWORD) -> None:
        """Sign in through the page."""
        if not self.page.url.partition("?")[0].endswith("/sign-in"):
            self.page.goto("/sign-in")
        self.page.get_by_label("账号", exact=True).fill(self.user)
        self.page.get_by_label("密码", exact=True).fill(password)
        self.leave_by(self.page.locator("main").get_by_role("button", name="登录"))

    def visit(self, path: str) -> int:
        """Open a page, signing in when asked to; return the status."""
        status = self.go(path)
        self._look()
        return status

    def go(self, path: str) -> int:
        """Open a page, as `visit`, which the caller looks at."""
        answer = self.page.goto(path)
        if self.user and self.page.url.partition("?")[0].endswith("/sign-in"):
            self.sign_in()
            answer = self.page.goto(path)
        assert answer is not None
        return answer.status

    def reads(self, text: str) -> bool:
        """Say whether the page's main part shows a text."""
        return text in self.page.locator("main").inner_text()

    def wait_until(self, path: str, is_so: Callable[[], bool], what: str) -> None:
        """Look at a page again and again until it is so."""
        end = time.monotonic() + PATIENCE_S
        while self.visit(path) != 200 or not is_so():
            assert time.monotonic() < end, f"{self.user} waits in vain at {path}: {what}"
            self.page.wait_for_timeout(300)

    def press(self, name: str) -> None:
        """Press a button of the page's main part that leads to another page."""
        button = self.page.locator("main").get_by_role("button", name=name, exact=True)
        self.leave_by(button.first)
        self._look()

    def follow(self, name: str) -> None:
        """Follow a link of the page's main part to another page."""
        self.leave_by(self.page.locator("main").get_by_role("link", name=name).first)
        self._look()

    def leave_by(self, way: Locator) -> None:
        """Click on what leads to another page and wait until that page is there, whole."""
        with self.page.expect_navigation():
            way.click()

    @property
    def case_no(self) -> str:
        """The case number on a receipt."""
        return self.page.locator("dd.mono").first.inner_text().strip()

    @property
    def query_code(self) -> str:
        """The query code on a receipt."""
        return self.page.locator("dd strong.mono").first.inner_text().strip()

    @property
    def mistakes(self) -> list[str]:
        """The summary of errors above a form, line by line."""
        return self.page.locator("#error-summary li").all_inner_texts()

    def download(self, link: Locator) -> bytes:
        """Press a link and return the file that it leads to."""
        with self.page.expect_download() as waiting:
            link.click()
        return waiting.value.path().read_bytes()

    def fill(self, data: Fields) -> list[str]:
        """Fill in a form; fields that a choice brings are filled in too, rows are added.

        Return the names that the page did not ask for.
        """
        left = dict(flat(data))
        while left:
            here = [name for name in left if self._field(name).count()]
            if not here and not self._add_row(left):
                break
            for name in here:
                self._set(name, left.pop(name))
        return list(left)

    def fill_topics(self, data: Fields) -> None:
        """Fill in an application topic by topic until all its answers are shown.

        Whoever is led back to a topic fills in what it asks for by then; mistakes that stay end
        it on their topic.
        """
        left = dict(flat(data))
        following = self.page.locator("main form.filling .actions button:not([name])")
        while following.count():
            before = self.mistakes
            left = {name: left[name] for name in self.fill(left)}
            self.leave_by(following)
            if before and self.mistakes == before:
                return

    def _look(self) -> None:
        if self.runs_scripts:
            require_open(self.page)

    def _field(self, name: str) -> Locator:
        return self.page.locator(
            f'main form.filling [name="{name}"]:not([type=hidden], [hidden] *)'
        )

    def _set(self, name: str, value: Any) -> None:
        field = self._field(name)
        if not field.count():
            return
        folded = field.first.locator("xpath=ancestor::details[not(@open)]/summary")
        if folded.count():
            folded.first.click()
        kind = field.first.get_attribute("type") or ""
        tag = field.first.evaluate("node => node.tagName")
        if kind == "file":
            papers = [
                {"name": f"{one}.pdf", "mimeType": "application/pdf", "buffer": small_pdf(one)}
                for one in value
            ]
            with self.refreshed():
                field.first.set_input_files(papers)
        elif kind in ("radio", "checkbox"):
            self._choose(name, kind, value)
        elif tag == "SELECT":
            if field.input_value() != as_text(value):
                with self.refreshed():
                    field.select_option(as_text(value))
        else:
            field.fill(_as_typed(kind, as_text(value)))

    def _choose(self, name: str, kind: str, value: Any) -> None:
        if kind == "checkbox" and isinstance(value, bool):
            wanted = {"true"} if value else set()
        else:
            wanted = {as_text(one) for one in (value if isinstance(value, list) else [value])}
        offered = self._field(name).evaluate_all("all => all.map(one => one.value)")
        assert wanted <= set(offered), f"{name} does not offer {wanted - set(offered)}"
        for choice in offered:
            box = self._field(name).and_(self.page.locator(f'[value="{choice}"]'))
            if box.is_checked() != (choice in wanted) and (kind == "checkbox" or choice in wanted):
                with self.refreshed():
                    box.set_checked(choice in wanted)

    @contextmanager
    def refreshed(self) -> Iterator[None]:
        """Wait until the server has said which fields a choice brings."""
        if not self.runs_scripts:
            yield
            return
        with self.page.expect_response(lambda one: "refresh=1" in one.url) as answer:
            yield
        answer.value.finished()
        self.page.wait_for_function("!document.querySelector('.htmx-request, .htmx-swapping')")

    def _add_row(self, names: Iterable[str]) -> bool:
        """Ask for the next row of a list that is not yet whole; say whether there is one."""
        for name in names:
            place, _, rest = name.partition("[")
            more = self.page.locator(f'button[name="_more"][value="{place}"]:not([hidden] *)')
            if rest and more.count():
                self.leave_by(more)
                return True
        return False


def flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (field name, value) of nested data as a page names its fields."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from flat(part, f"{name}.{key}" if name else key)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, part in enumerate(value):
            yield from flat(part, f"{name}[{number}]")
    elif value not in ("", None, []):
        yield name, value


def as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_typed(kind: str, text: str) -> str:
    """Bring a value into the shape that an input of this kind takes."""
    lengths = {"date": 10, "datetime-local": 16, "month": 7}
    return text[: lengths[kind]] if kind in lengths else text
