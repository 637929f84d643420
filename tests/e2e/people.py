"""What the people of a journey can do: all of it through pages."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Locator, Page, expect

PASSWORD = "onething-demo-2026"
WAIT_S = 30


@dataclass(frozen=True)
class Demonstration:
    """A running server with its simulated departments and a clock that can be moved."""

    url: str
    departments_url: str
    clock: Path
    data: Path

    def advance(self, *, days: float = 0, hours: float = 0) -> None:
        """Move the clock of the server ahead."""
        ahead = float(self.clock.read_text("ascii")) if self.clock.exists() else 0.0
        moved = self.clock.with_suffix(".new")
        moved.write_text(str(ahead + days * 86_400 + hours * 3_600), "ascii")
        moved.replace(self.clock)

    def fail(self, department: str, mode: str, operation: str | None = None) -> None:
        """Let a department's system fail from now on."""
        self._ask("PUT", f"/_faults/{department}", {"mode": mode, "operation": operation})

    def mend(self, department: str) -> None:
        """Let a department's system work again."""
        self._ask("DELETE", f"/_faults/{department}")

    def records(self, kind: str, **wanted: str) -> list[dict[str, Any]]:
        """Return what a department has on record."""
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        return self._ask("GET", f"/_records/{kind}?{query}")

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        url = f"{self.departments_url}{path}"
        request = Request(url, data=data, method=method)  # noqa: S310 - our own simulator
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - our own simulator
            return json.loads(answer.read() or b"null")


class Visitor:
    """One signed-in person with a window."""

    def __init__(self, page: Page, user: str) -> None:
        self.page = page
        self.user = user

    @classmethod
    def signed_in(cls, page: Page, user: str) -> "Visitor":
        """Sign in on the page."""
        page.goto("/sign-in")
        page.fill("#user", user)
        page.fill("#password", PASSWORD)
        page.click("main form button")
        expect(page.get_by_role("button", name="退出")).to_be_visible()
        return cls(page, user)

    def fill(self, answers: Mapping[str, Any]) -> None:
        """Fill a form: text and choices by the field's name, true for a tick-box.

        Choices are made first, in the order given: they may show further fields.
        """
        for name, value in answers.items():
            self._fill(name, value)

    def _fill(self, name: str, value: Any) -> None:
        field = self.page.locator(f'main form.filling [name="{name}"]')
        first = field.first
        first.wait_for(state="attached")
        kind = first.evaluate("one => one.type || one.tagName.toLowerCase()")
        if kind == "radio":
            self._choose(field, value)
        elif kind == "checkbox":
            self._tick(field, value)
        elif kind.startswith("select"):
            self._changed(lambda: first.select_option(value))
        elif kind == "file":
            first.set_input_files(value)
        else:
            first.fill(str(value))

    def _choose(self, field: Locator, value: Any) -> None:
        wanted = field.and_(self.page.locator(f'[value="{value}"]'))
        if not wanted.is_checked():
            self._changed(wanted.check)

    def _tick(self, field: Locator, value: Any) -> None:
        if value is True or value is False:
            if field.first.is_checked() != value:
                self._changed(lambda: field.first.set_checked(value))
            return
        for one in value:
            self._changed(field.and_(self.page.locator(f'[value="{one}"]')).check)

    def _changed(self, act: Any) -> None:
        """Make a choice and wait for the form that the server sends for it."""
        with self.page.expect_response(re.compile(r"refresh=1")) as answer:
            act()
        answer.value.finished()
        self.page.wait_for_timeout(50)

    def apply(self, service: str, answers: Mapping[str, Any]) -> str:
        """Apply for a service, check the answers, and return the case number."""
        self.page.goto(f"/services/{service}")
        self.page.get_by_role("link", name="开始办理").first.click()
        self.fill(answers)
        self.page.locator(".actions button").first.click()
        expect(self.page.get_by_role("heading", name="请核对您填写的内容")).to_be_visible()
        self.page.get_by_role("button", name="提交申请").click()
        expect(self.page.get_by_role("heading", name="已收到您的申请")).to_be_visible()
        return self.page.locator("dd.mono").first.inner_text()

    def complete(self, case_no: str, task: str, answers: Mapping[str, Any]) -> None:
        """Take the task of that name from the queue and complete it."""
        self.open_task(case_no, task)
        self.fill(answers)
        self.page.get_by_role("button", name="提交办理结果").click()
        expect(self.page.locator("#error-summary")).to_have_count(0)

    def open_task(self, case_no: str, task: str) -> None:
        """Open a task of the own queue, waiting until it has arrived there."""
        link = self.page.get_by_role("link", name=task).first
        self._until(lambda: link.count() > 0, f"/tasks?q={case_no}", f"no task {task}")
        link.click()
        expect(self.page.get_by_role("heading", name=task, level=1)).to_be_visible()

    def do_own(self, case_no: str, task: str, answers: Mapping[str, Any]) -> None:
        """Do what the tracker asks of the applicant."""
        duty = self.page.locator(".duty").filter(has_text=task).first
        self._until(lambda: duty.count() > 0, f"/my/cases/{case_no}", f"no duty {task}")
        duty.get_by_role("link", name="去办理").click()
        self.fill(answers)
        self.page.locator(".actions button").first.click()
        expect(self.page.get_by_role("heading", name="办到哪一步")).to_be_visible()

    def tracks(self, case_no: str, text: str) -> None:
        """Wait until the tracker shows a text."""
        shown = self.page.locator("main").get_by_text(text)
        self._until(lambda: shown.count() > 0, f"/my/cases/{case_no}", f"never shown: {text}")

    def _until(self, is_true: Any, path: str, complaint: str) -> None:
        """Load a page again and again until something holds: jobs run behind the pages."""
        ends = time.monotonic() + WAIT_S
        while True:
            self.page.goto(path)
            if is_true():
                return
            shown = self.page.locator("main").inner_text()[:2000]
            assert time.monotonic() < ends, f"{complaint} on {path}:\n{shown}"
            time.sleep(0.3)
