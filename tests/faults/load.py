"""The load: windows that open cases, clerks that work the queue, operators that mend."""

import random
import threading
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from itertools import count

from faults.client import Client, Told
from onething.simulator.numbers import make_id_number

SERVICE = "through-faults"
SHIPPED = "marriage-status-change"
SHIPPED_EVERY = 40
CARELESS_EVERY = 10
"""One case in so many is opened by a client that asks once, without a key."""
RIVAL_EVERY = 20
"""One task in so many is completed by a second clerk as well."""
MATERIAL_EVERY = 3
"""One case in so many is given a material; its key names the hash of what was sent."""
PATIENT = 500
"""So often is asked what nobody else would ask: without it a case would stand for ever."""
MOST_OPEN_TASKS = 400
KEEP_S = 7 * 24 * 3600
_FIRST_BIRTH = date(1930, 1, 1)
_LOOK_EVERY_S = 0.5
_PAGE = 200


@dataclass(frozen=True)
class Actors:
    """Who makes clients: by the client's name and the account it acts for."""

    client: Callable[[str, str], Client]


class Load:
    """All threads of the load, and what they know."""

    def __init__(
        self,
        actors: Actors,
        cases: int,
        *,
        windows: int = 8,
        clerks: int = 8,
        pause_s: float = 0.0,
    ) -> None:
        self.cases = cases
        self.pause_s = pause_s
        """So long a window waits between two cases."""
        self.numbers = count()
        self.is_over = threading.Event()
        self.open_tasks = 0
        self.started = 0
        self.unexpected: list[str] = []
        self.clients: list[Client] = []
        self.lock = threading.Lock()
        self.queue: list[dict] = []
        self.in_hand: set[str] = set()
        self.at_queue = threading.Lock()
        self.openers = [
            self._thread(actors, f"window-{at}", "window", self.open_cases) for at in range(windows)
        ]
        self.clerks = [
            self._thread(actors, f"clerk-{at}", "window", self.work_queue) for at in range(clerks)
        ]
        self.operator = self._thread(actors, "operator-0", "operator", self.mend)
        self.citizen = actors.client("citizen-0", "citizen")
        self.clients.append(self.citizen)

    def _thread(self, actors: Actors, name: str, user: str, body) -> threading.Thread:
        client = actors.client(name, user)
        self.clients.append(client)
        return threading.Thread(target=body, args=(client,), name=name, daemon=True)

    @property
    def seen(self) -> Counter[str]:
        """What all clients saw together."""
        return sum((one.seen for one in self.clients), Counter())

    def start(self) -> None:
        """Let everybody begin."""
        for one in (*self.openers, *self.clerks):
            one.start()

    @property
    def is_opening(self) -> bool:
        """Whether cases are still being opened."""
        return any(one.is_alive() for one in self.openers)

    def finish(self) -> None:
        """Let everybody go home."""
        self.is_over.set()
        for one in (*self.openers, *self.clerks, self.operator):
            if one.ident is not None:
                one.join(60)

    # -- windows --------------------------------------------------------------------------

    def open_cases(self, client: Client) -> None:
        """Open cases until there are enough; wait while the clerks are behind."""
        while not self.is_over.is_set():
            with self.lock:
                number = next(self.numbers)
            if number >= self.cases:
                return
            while self.open_tasks > MOST_OPEN_TASKS and not self.is_over.wait(_LOOK_EVERY_S):
                pass
            self.open_case(client, number)
            self.is_over.wait(self.pause_s)

    def open_case(self, client: Client, number: int) -> None:
        """Open one case; send its paper at once for every second one."""
        if number % SHIPPED_EVERY == SHIPPED_EVERY - 1:
            self.apply_for_marriage(number)
            return
        is_careless = number % CARELESS_EVERY == CARELESS_EVERY - 1
        told = client.command(
            f"/api/v1/services/{SERVICE}/cases",
            {"data": {"idNo": id_of(number)}},
            f"open-{number}",
            attempts=1 if is_careless else 12,
        )
        self.started += told.is_ok
        self.expect(told, 201)
        if not told.is_ok:
            return
        if number % MATERIAL_EVERY == 0:
            self.give_material(client, told.answer["case_no"], number)
        if number % 2:
            self.send_paper(client, told.answer["case_no"])

    def give_material(self, client: Client, case_no: str, number: int) -> None:
        """Give the case a file that no other case has."""
        content = scan(number)
        name = {"name": f"scan-{number}.pdf", "content": b64encode(content).decode()}
        key = f"give-{sha256(content).hexdigest()}"
        told = client.command(f"/api/v1/cases/{case_no}/materials", name, key)
        # Who was not answered for long may come when the case has ended.
        self.expect(told, 201, 409)

    def send_paper(self, client: Client, case_no: str) -> None:
        """Send the message that the case waits for, or will wait for."""
        body = {"name": "PaperArrived", "key": case_no, "payload": {}, "keep_seconds": KEEP_S}
        key = f"paper-{case_no}"
        self.expect(client.command("/api/v1/messages", body, key, attempts=PATIENT), 200)

    def apply_for_marriage(self, number: int) -> None:
        """Apply for a shipped service, whose tasks stay open."""
        with self.lock:
            told = self.citizen.command(
                f"/api/v1/services/{SHIPPED}/cases",
                {"data": marriage(number)},
                f"open-{number}",
            )
        self.started += told.is_ok
        self.expect(told, 201)

    # -- clerks ---------------------------------------------------------------------------

    def work_queue(self, client: Client) -> None:
        """Complete what lies in the queue until the end."""
        while not self.is_over.is_set():
            task = self._take(client)
            if task is None:
                self.is_over.wait(_LOOK_EVERY_S)
                continue
            try:
                self.complete(client, task)
            finally:
                self.in_hand.discard(task["id"])

    def _take(self, client: Client) -> dict | None:
        """Take a task that no other clerk has in hand; one of them looks for all."""
        with self.at_queue:
            if not self.queue:
                page = client.look(f"/api/v1/tasks?service={SERVICE}&limit={_PAGE}")
                tasks = page["items"] if page else []
                self.open_tasks = len(tasks) if len(tasks) < _PAGE else 2 * MOST_OPEN_TASKS
                self.queue = [one for one in tasks if one["id"] not in self.in_hand]
            if not self.queue:
                self.is_over.wait(_LOOK_EVERY_S)
                return None
            task = self.queue.pop(0)
            self.in_hand.add(task["id"])
            return task

    def complete(self, client: Client, task: dict) -> None:
        """Complete one task; send the paper of a case that was just checked."""
        path = f"/api/v1/tasks/{task['id']}/complete"
        data, key = {"note": task["activity"]}, f"do-{task['id']}"
        told = client.command(path, {"data": data}, key, attempts=PATIENT)
        self.expect(told, 200, 409)
        if sum(task["id"].encode()) % RIVAL_EVERY == 0:
            other = client.command(path, {"data": {"note": "rival"}}, f"rival-{task['id']}")
            self.expect(other, 200, 409)
        if task["activity"] == "check" and told.is_ok:
            self.send_paper(client, task["case_no"])

    # -- operators ------------------------------------------------------------------------

    def mend(self, client: Client) -> None:
        """Try every incident again, until the end."""
        while not self.is_over.wait(1):
            page = client.look("/api/v1/incidents?state=open&limit=200")
            for one in page["items"] if page else []:
                told = client.command(
                    f"/api/v1/incidents/{one['id']}/retry",
                    {"reason": "the department answers again"},
                    f"retry-{one['id']}",
                )
                self.expect(told, 200, 409)

    def expect(self, told: Told, *statuses: int) -> None:
        """Note an answer that no fault explains."""
        if told.status and told.status < 500 and told.status not in statuses:
            self.unexpected.append(f"{told.status} {str(told.answer)[:300]}")


def scan(number: int) -> bytes:
    """Return a file of 3 to 11 KB as a scanner sends it."""
    chance = random.Random(number)  # noqa: S311 - no secret
    return b"%PDF-1.7\n" + chance.randbytes(chance.randrange(3_000, 11_000)) + b"\n%%EOF\n"


def id_of(number: int) -> str:
    """Return the identity number of a case's applicant: nobody has two cases."""
    born = _FIRST_BIRTH + timedelta(days=number // 500)
    return make_id_number("370502", born, "女", number % 500)


def couple(number: int) -> tuple[str, str]:
    """Return the identity numbers of a couple that marries."""
    born = date(1990, 1, 1) + timedelta(days=number // 250)
    at = number % 250
    return tuple(make_id_number("370502", born, sex, at) for sex in ("男", "女"))


def people(cases: int) -> list[dict[str, str]]:
    """Return everybody that the load speaks of, for the departments' records."""
    known = [{"idNo": id_of(number), "name": "钱立群"} for number in range(cases)]
    for number in range(SHIPPED_EVERY - 1, cases, SHIPPED_EVERY):
        known += [{"idNo": one, "name": "陈志远"} for one in couple(number)]
    return known


def marriage(number: int) -> dict:
    """Return an application for the shipped marriage service."""
    him, her = couple(number)
    common = {
        "name": "陈志远",
        "idType": "111",
        "nationality": "CHN",
        "ethnic": "汉族",
        "education": "大学本科",
        "job": "专业技术人员",
        "hukouDivision": "370502",
        "address": "样例路1号",
        "phone": "13805460001",
        "maritalDeclared": "未婚",
    }
    slot = (date.today() + timedelta(days=1)).isoformat()  # noqa: DTZ011 - any near day does
    return {
        "kind": "结婚",
        "registry": "东营区民政局婚姻登记处",
        "registryDivision": "370502",
        "slot": f"{slot}T10:00:00+08:00",
        "a": {**common, "idNo": him},
        "b": {**common, "idNo": her},
        "kinshipDeclaration": True,
        "voluntary": True,
        "linked": {"household": True},
        "delivery": {"mode": "ecert"},
        "commitment": {"truthful": True},
    }
