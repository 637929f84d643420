"""A scenario's people and data, played through the pages by signed-in people."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lxml import etree

from e2e.person import Person
from e2e.site import Site
from onething.forms.rules.identity_number import check_character
from onething.testing.scenario import Scenario, read

SERVICES = Path(__file__).parents[2] / "bpmn"
RECENT = timedelta(days=120)
"""Days before a scenario's present that move with it; older ones are people's lives."""
PARTIES = {"applicant": "citizen", "helper": "village"}
OTHER_PARTY = "citizen2"
"""Agrees to what the applicant has filled in, where a service wants two parties."""
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_DAY = re.compile(r"(?P<day>20\d\d-\d\d-\d\d)(?P<rest>T.*)?")
_AFTER = re.compile(r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)?")


@dataclass(slots=True)
class Journey:
    """One case on its way through the pages; its days begin when the journey does."""

    site: Site
    people: Callable[[str], Person]
    scenario: Scenario
    names: Mapping[str, str]
    shift: timedelta = timedelta()
    case_no: str = ""
    query_code: str = ""
    filer: str = ""
    """The account that applied: whatever a party has to do, it does."""
    done: list[str] = field(default_factory=list)
    """Activities that were completed, in order."""
    _position: int = 0

    def play(self, until: str | None = None) -> None:
        """Play the steps that are left, up to the first completion of an activity named."""
        for step in self.scenario.steps[self._position :]:
            if until is not None and step.get("complete") == until:
                return
            self._do(step)
            self._position += 1

    def apply(self, user: str, data: Mapping[str, Any]) -> None:
        """Fill in the application, check it, send it and keep the case number."""
        person = self.people(user)
        if user == PARTIES["applicant"] and second_party(data) is not None:
            for one in (person, self.people(OTHER_PARTY)):
                forget_identity(one)
        person.visit("/my/cases")
        assert person.visit(f"/services/{self.scenario.service}") == 200
        person.leave_by(person.page.get_by_role("link", name="开始办理").first)
        person.fill_topics(self.moved(data))
        assert not person.mistakes, person.mistakes
        if person.page.get_by_role("button", name="同意并邀请对方").count():
            person = self.agree_together(person, data)
        else:
            person.press("提交申请")
        assert person.reads("已收到您的申请"), person.page.locator("main").inner_text()
        self.case_no, self.query_code = person.case_no, person.query_code

    def agree_together(self, person: Person, data: Mapping[str, Any]) -> Person:
        """Invite the other party, who agrees in a window of their own; return who was last."""
        person.page.locator("#agreed").check()
        person.press("同意并邀请对方")
        code = person.page.locator(".resume-code").inner_text()
        other = self.people(OTHER_PARTY)
        other.visit("/join")
        other.page.get_by_label("邀请码").fill(code)
        second = second_party(data)
        assert second is not None
        other.page.get_by_label("您的证件号码").fill(second["idNo"])
        other.press("打开申请")
        other.page.locator("#agreed").check()
        other.press("同意并提交申请")
        return other

    def complete(self, user: str, activity: str, data: Mapping[str, Any]) -> None:
        """Take a task from a clerk's queue, fill in its form and send it."""
        person = self.people(user)
        self.claim(person, activity)
        person.page.get_by_label("提交后领取并打开下一件").uncheck()
        self._send(person, activity, data, "提交办理结果")

    def answer(self, activity: str, data: Mapping[str, Any]) -> None:
        """Do what the tracker asks of whoever filed the case."""
        person = self.people(self.filer)
        name = self.names[activity]
        duty = person.page.locator(".duty").filter(has_text=name)
        path = f"/my/cases/{self.case_no}"
        person.wait_until(path, lambda: duty.count() > 0, f"own task {name}")
        person.leave_by(duty.first.get_by_role("link", name="去办理"))
        self._send(person, activity, data, "提交")

    def _send(self, person: Person, activity: str, data: Mapping[str, Any], button: str) -> None:
        person.fill(self.moved(data))
        person.press(button)
        assert not person.mistakes, f"{activity}: {person.mistakes}"
        self.done.append(activity)

    def claim(self, person: Person, activity: str) -> None:
        """Take the case's task of this activity from the queue and open it."""
        name = self.names[activity]
        queue = f"/tasks?q={self.case_no}"
        line = person.page.locator("tr[data-line]").filter(
            has=person.page.get_by_role("link", name=name, exact=True)
        )
        person.wait_until(queue, lambda: line.count() > 0, f"task {name}")
        person.leave_by(line.first.get_by_role("button", name="领取"))
        assert person.page.locator("h1").inner_text() == name

    def wait_for(self, text: str) -> Person:
        """Wait until the tracker of whoever filed shows a text; return that person."""
        person = self.people(self.filer)
        person.wait_until(f"/my/cases/{self.case_no}", lambda: person.reads(text), text)
        return person

    def moved(self, value: Any) -> Any:
        """Move the days of a scenario's data to the days of this journey."""
        if isinstance(value, Mapping):
            return {key: self.moved(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.moved(part) for part in value]
        match = _DAY.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            return value
        day = date.fromisoformat(match["day"])
        if day < self.scenario.now.date() - RECENT:
            return value
        return f"{day + self.shift}{match['rest'] or ''}"

    def _do(self, step: Mapping[str, Any]) -> None:
        who = str(step.get("as", "applicant"))
        if "apply" in step:
            self.filer = PARTIES[who]
            self.apply(self.filer, step["data"])
        elif "complete" in step and who in PARTIES:
            self.answer(str(step["complete"]), step.get("data", {}))
        elif "complete" in step:
            user = who.partition(".")[0]
            self.complete(user, str(step["complete"]), step.get("data", {}))
        else:
            self.site.advance(self._distance(step))

    def _distance(self, step: Mapping[str, Any]) -> timedelta:
        if "until" in step:
            return max(step["until"] + self.shift - self.site.now, timedelta())
        match = _AFTER.fullmatch(str(step["after"]))
        assert match is not None, step
        return timedelta(**{name: int(n) for name, n in match.groupdict("0").items()})


def second_party(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the person who has to agree to an application beside the applicant, or None."""
    if data.get("kind") in ("结婚", "复婚", "离婚"):
        return data["b"]
    adopters = data.get("adopters", [])
    return adopters[1] if len(adopters) > 1 else None


def application(scenario: Scenario) -> Mapping[str, Any]:
    """Return what a scenario's applicant fills in."""
    return next(step["data"] for step in scenario.steps if "apply" in step)


def of_another(data: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return an application about another dead person, so that no open case is in its way."""
    body = f"370522194412{number:02d}991"
    return {**data, "dead": {**data["dead"], "idNo": body + check_character(body)}}


def forget_identity(person: Person) -> None:
    """Let an account be nobody's in particular: a scenario's people have numbers of their own."""
    person.visit("/account")
    if person.page.get_by_role("button", name="撤回核验").count():
        person.press("撤回核验")


def set_out(site: Site, people: Callable[[str], Person], service: str, name: str) -> Journey:
    """Set out on a scenario: departments know its records and have its faults; today is its day."""
    scenario = read(SERVICES / service / "scenarios" / f"{name}.toml")
    today = site.wait_for_morning(scenario.now.weekday())
    journey = Journey(site, people, scenario, task_names(service))
    journey.shift = timedelta(days=(today.date() - scenario.now.date()).days)
    for given in scenario.given:
        if "record" in given:
            record = {key: part for key, part in given.items() if key != "record"}
            site.give(str(given["record"]), journey.moved(record))
        else:
            site.fail(given["fault"], given["mode"], given.get("operation"))
    return journey


def task_names(service: str) -> dict[str, str]:
    """Return the names of the user tasks that a service may open, by activity."""
    found: dict[str, str] = {}
    for folder in (SERVICES / "_shared", SERVICES / "marriage-divorce", SERVICES / service):
        for file in sorted(folder.glob("*.bpmn")):
            tree = etree.parse(file)
            tasks = tree.iter(f"{_BPMN}userTask")
            found |= {str(one.get("id")): str(one.get("name")) for one in tasks}
    return found
