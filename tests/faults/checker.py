"""Compare what clients were told, what departments did, and what history says.

Nothing of the product is imported here: tables are read by SQL, the departments' records by
SQLite, clients' journals line by line, materials from their files, and the hash chain is counted
again from its format (``docs/operating/proof.md``).
"""

import hashlib
import json
import sqlite3
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg.rows import dict_row

SERVICE = "through-faults"
ONCE = ("CaseStarted", "TaskCompleted check", "TaskCompleted archive", "JobCompleted move")
ENDED_WITH = Counter(dict.fromkeys((*ONCE, "MessageCorrelated paper", "TimerFired pause"), 1))
"""What the history of a whole case of the load holds, each once."""
KINDS = ("lost", "doubled", "divergent", "stuck", "broken")
_GENESIS = bytes(32)
_MOST_SHOWN = 20


@dataclass
class Findings:
    """What was found; every list is empty where the product kept its word."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    divergent: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Chains that do not hold, instants that run backwards."""
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not any(getattr(self, kind) for kind in KINDS)

    def to_json(self) -> dict[str, Any]:
        """Return counts, and the first of each kind."""
        whole = asdict(self)
        figures = whole.pop("figures")
        counts = {kind: len(found) for kind, found in whole.items()}
        return {**counts, "first": {kind: one[:_MOST_SHOWN] for kind, one in whole.items()}} | {
            "figures": figures
        }


@dataclass
class Case:
    """One instance as the database shows it."""

    instance_id: str
    case_no: str
    service: str
    status: str
    sequence: int
    hash: bytes
    hash_name: str
    events: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Evidence:
    """Everything that is compared, as it was read."""

    cases: dict[str, Case]
    waits: dict[str, dict[str, int]]
    """What each instance waits for, counted."""
    requests: list[dict[str, Any]]
    """What departments received."""
    answered: dict[str, str]
    """The operation of each idempotency key that departments remember."""
    asked: dict[str, int]
    """How often each key of a client was sent."""
    told: dict[str, list[dict[str, Any]]]
    """All answers that clients had, by key."""
    materials: dict[tuple[str, str], int]
    """How many rows there are of each material, by case number and SHA-256 in hexadecimal."""
    contents: dict[str, str]
    """What is wrong with the content of each of these hashes; empty where it is whole."""


def read(database: str, departments: Path, journal: Path, data: Path) -> Evidence:
    """Read the database, the departments' records, the clients' journal and the materials."""
    with psycopg.connect(database, row_factory=dict_row) as conn:
        cases, waits, materials = _cases(conn), _waits(conn), _materials(conn)
    received, answered = _departments(departments)
    asked, told = _journal(journal)
    contents = _contents(data, {sha256 for _, sha256 in materials})
    return Evidence(cases, waits, received, answered, asked, told, materials, contents)


class Checker:
    """Looks at everything once and collects what does not fit together."""

    def __init__(self, evidence: Evidence) -> None:
        self.found = Findings()
        self.cases, self.waits = evidence.cases, evidence.waits
        self.requests, self.answered = evidence.requests, evidence.answered
        self.asked, self.told = evidence.asked, evidence.told
        self.materials, self.contents = evidence.materials, evidence.contents
        self.by_number = {one.case_no: one for one in self.cases.values()}

    def check(self) -> Findings:
        """Make every comparison and return what was found."""
        for one in self.cases.values():
            self._check_chain(one)
            self._check_once(one)
            self._check_stuck(one)
        self._check_promises()
        self._check_repetitions()
        self._check_departments()
        self._check_materials()
        self._count()
        return self.found

    # -- history by itself ------------------------------------------------------------------

    def _check_chain(self, case: Case) -> None:
        previous, at = _GENESIS, datetime.min.replace(tzinfo=UTC)
        for place, event in enumerate(case.events, 1):
            where = f"{case.case_no} event {event['sequence']}"
            if event["sequence"] != place or event["previous_hash"] != previous:
                self.found.broken.append(f"{where}: it does not follow the one before")
                return
            if _hash(event, case.hash_name) != event["hash"]:
                self.found.broken.append(f"{where}: its content does not give its hash")
                return
            if event["at"] < at:
                self.found.broken.append(f"{where}: {event['at']} is before {at}")
            previous, at = event["hash"], event["at"]
        if (len(case.events), previous) != (case.sequence, case.hash):
            self.found.broken.append(f"{case.case_no}: its row and its history differ")

    def _check_once(self, case: Case) -> None:
        kinds = Counter(_kind(event) for event in case.events)
        keys = Counter(event["key"] for event in case.events if event["key"])
        self.found.doubled += [f"{case.case_no}: key {one}" for one, n in keys.items() if n > 1]
        if case.service != SERVICE:
            return
        counted = {one: kinds[one] for one in ENDED_WITH}
        self.found.doubled += [f"{case.case_no}: {one} {n}" for one, n in counted.items() if n > 1]
        if case.status == "completed" and counted != dict(ENDED_WITH):
            self.found.lost.append(f"{case.case_no}: ended with {counted}")

    def _check_stuck(self, case: Case) -> None:
        """Whoever is not at an end waits for somebody who can move it on, or has an incident."""
        waits = self.waits[case.instance_id]
        if case.status != "active" or waits["incident"]:
            return
        if case.service == SERVICE:
            # Every fault is over, the queue is empty, and all papers were sent.
            self.found.stuck.append(f"{case.case_no}: {_shown(waits)} at event {case.sequence}")
        elif not waits["task"] and not waits["subscription"] and not waits["timer"]:
            self.found.stuck.append(f"{case.case_no} ({case.service}): {_shown(waits)}")

    # -- what clients were told -------------------------------------------------------------

    def _check_promises(self) -> None:
        for key, answers in self.told.items():
            promised = [one for one in answers if 200 <= one["status"] < 300]
            if not promised:
                continue
            said = {json.dumps(one["answer"], sort_keys=True) for one in promised}
            if len(said) > 1:
                self.found.doubled.append(f"{key}: two different answers {sorted(said)}")
            self._check_promise(key, promised[0])

    def _check_promise(self, key: str, told: dict[str, Any]) -> None:
        answer = told["answer"]
        if "case_no" not in answer:
            return  # a message that was kept: its case would be stuck without it
        case = self.by_number.get(answer["case_no"])
        if case is None:
            self.found.lost.append(f"{key}: there is no case {answer['case_no']}")
            return
        place = answer.get("sequence", 1)
        if place > len(case.events):
            self.found.lost.append(f"{key}: {case.case_no} has no event {place}")
            return
        event = case.events[place - 1]
        if event["kind"] != _promised_kind(told["path"]):
            self.found.lost.append(f"{key}: event {place} of {case.case_no} is {event['kind']}")
        own = (event["key"] or "").partition(":")[2]
        if "/complete" in told["path"] and own != key:
            self.found.lost.append(f"{key}: event {place} of {case.case_no} has the key {own}")

    def _check_repetitions(self) -> None:
        """One request opens one case at most; one task is completed for one client only."""
        opened = [key for key in self.asked if key.startswith("open-")]
        if len(self.cases) > len(opened):
            self.found.doubled.append(f"{len(self.cases)} cases of {len(opened)} requests")
        winners: dict[str, set[str]] = defaultdict(set)
        for key, answers in self.told.items():
            for one in answers:
                if one["status"] == 200 and one["path"].endswith("/complete"):
                    winners[one["path"]].add(key)
        self.found.doubled += [
            f"{path}: completed for {sorted(keys)}"
            for path, keys in winners.items()
            if len(keys) > 1
        ]

    # -- what departments did ---------------------------------------------------------------

    def _check_departments(self) -> None:
        keys: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in self.requests:
            if one["operation"] not in self.changing:
                continue
            body = json.loads(one["body"])
            keys[one["case"], one["operation"], one["body"]].add(one["key"])
            numbers[one["operation"], body.get("idNo", "")].add(one["case"])
        for (case_no, operation, _), used in keys.items():
            if len(used) > 1:
                self.found.doubled.append(f"{case_no}: {operation} under {sorted(used)}")
        for (operation, who), cases in numbers.items():
            if who and len(cases) > 1:
                self.found.doubled.append(f"{operation} of {who} for {sorted(cases)}")
        self._check_effects({case for case, operation, _ in keys if operation == MOVE})

    def _check_effects(self, moved: set[str]) -> None:
        done = {one["case"] for one in self.requests if one["key"] in self.answered}
        for case in self.cases.values():
            if case.service != SERVICE:
                continue
            said = any(_kind(event) == "JobCompleted move" for event in case.events)
            if said and case.case_no not in moved & done:
                self.found.lost.append(f"{case.case_no}: history says moved, the police do not")
            if not said and case.status == "completed" and case.case_no in done:
                self.found.lost.append(f"{case.case_no}: the police moved, history does not say")

    # -- materials --------------------------------------------------------------------------

    def _check_materials(self) -> None:
        """What a client was told to be taken lies in the store, whole, and in its case once."""
        for key, answers in self.told.items():
            if not key.startswith(GIVEN) or not any(one["status"] == 201 for one in answers):
                continue
            case_no, sent = answers[0]["path"].split("/")[-2], key.removeprefix(GIVEN)
            said = {one["answer"]["sha256"] for one in answers if one["status"] == 201}
            if said != {sent} or (case_no, sent) not in self.materials:
                self.found.lost.append(f"{key}: {case_no} was told {said} and does not hold it")
        for (case_no, sha256), rows in self.materials.items():
            if rows > 1:
                self.found.doubled.append(f"{case_no}: {rows} materials {sha256}")
            if self.contents[sha256]:
                self.found.lost.append(f"{case_no}: {sha256}: {self.contents[sha256]}")
        noted = self._noted()
        differing = (noted - Counter(self.materials)) + (Counter(self.materials) - noted)
        for (case_no, sha256), times in noted.items():
            if times > 1:
                self.found.doubled.append(f"{case_no}: history holds {sha256} {times} times")
        self.found.broken += [
            f"{case_no}: history and materials differ in {sha256}" for case_no, sha256 in differing
        ]

    def _noted(self) -> Counter[tuple[str, str]]:
        """Count what history says of materials that were given to a case that was open."""
        return Counter(
            (case.case_no, json.loads(event["input"])["sha256"])
            for case in self.cases.values()
            for event in case.events
            if event["kind"] == "MaterialAdded"
        )

    @property
    def changing(self) -> set[str]:
        """The operations that leave a record in a department: those whose keys it remembers."""
        return set(self.answered.values())

    def _count(self) -> None:
        calls = Counter(one["key"] for one in self.requests if one["key"])
        answers = [one for given in self.told.values() for one in given]
        slowest = sorted(one["seconds"] for one in answers if one["status"] < 300)
        self.found.figures |= {
            "cases": len(self.cases),
            "cases ended": sum(one.status == "completed" for one in self.cases.values()),
            "events": sum(len(one.events) for one in self.cases.values()),
            "commands asked": len(self.asked),
            "commands told": sum(
                any(200 <= one["status"] < 300 for one in given) for given in self.told.values()
            ),
            "department requests": len(self.requests),
            "department effects": len(self.answered),
            "materials": len(self.materials),
            "calls repeated under their key": sum(n > 1 for n in calls.values()),
            "incidents open": sum(bool(one["incident"]) for one in self.waits.values()),
            "p50 s": _share(slowest, 0.5),
            "p99 s": _share(slowest, 0.99),
            "longest s": slowest[-1] if slowest else None,
        }


MOVE = "police.household.move"
GIVEN = "give-"
"""Begin of a client's key for a material; the SHA-256 of what it sent follows."""
_NONCE_BYTES = 12


def _cases(conn: psycopg.Connection) -> dict[str, Case]:
    rows = conn.execute(
        "SELECT i.instance_id, i.case_no, i.service, i.status, i.sequence, i.hash, k.hash_name"
        " FROM instance i JOIN case_key k USING (instance_id)"
    )
    cases = {row["instance_id"]: Case(**row) for row in rows}
    with conn.cursor(name="events") as events:
        events.itersize = 5000
        events.execute("SELECT * FROM event ORDER BY instance_id, sequence")
        for row in events:
            cases[row["instance_id"]].events.append(row)
    return cases


def _waits(conn: psycopg.Connection) -> dict[str, dict[str, int]]:
    """Count what each instance waits for."""
    questions = {
        "task": "SELECT instance_id FROM task WHERE state IN ('open', 'claimed')",
        "timer": "SELECT instance_id FROM timer",
        "subscription": "SELECT instance_id FROM subscription",
        "job": "SELECT instance_id FROM outbox WHERE state NOT IN ('done', 'failed', 'cancelled')",
        "incident": "SELECT instance_id FROM incident WHERE state = 'open'",
    }
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(questions, 0))
    for name, question in questions.items():
        for row in conn.execute(question):
            found[row["instance_id"]][name] += 1
    return found


def _materials(conn: psycopg.Connection) -> dict[tuple[str, str], int]:
    rows = conn.execute(
        "SELECT i.case_no, m.sha256, count(*) AS n FROM material m"
        " JOIN instance i USING (instance_id) GROUP BY i.case_no, m.sha256"
    )
    return {(row["case_no"], row["sha256"]): row["n"] for row in rows}


def _contents(data: Path, names: set[str]) -> dict[str, str]:
    """Open each content: a nonce of 12 bytes, then AES-256-GCM bound to the content's name."""
    key = AESGCM(bytes.fromhex((data / "contents.key").read_text().strip()))
    return {name: _fault(data / "contents" / name[:2] / name, key) for name in names}


def _fault(file: Path, key: AESGCM) -> str:
    """Return what is wrong with a content; nothing where it holds what its name says."""
    try:
        raw = file.read_bytes()
        content = key.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], file.name.encode())
    except (OSError, InvalidTag, ValueError) as error:
        return f"{type(error).__name__} {error}"
    return "" if hashlib.sha256(content).hexdigest() == file.name else "another content"


def _departments(path: Path) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return what the departments received, and the operation of each key that they remember."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as conn:
        conn.row_factory = sqlite3.Row
        received = [dict(row) for row in conn.execute("SELECT * FROM received ORDER BY id")]
        answered = dict(conn.execute('SELECT "key", operation FROM answered').fetchall())
    return received, answered


def _journal(path: Path) -> tuple[dict[str, int], dict[str, list[dict[str, Any]]]]:
    """Return how often each key was asked, and all that was told for it."""
    asked: Counter[str] = Counter()
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        one = json.loads(line)
        if "asked" in one:
            asked[one["asked"]] += 1
        else:
            told[one["told"]].append(one)
    return asked, told


def _hash(event: dict[str, Any], name: str) -> bytes:
    """Count an event's hash again: of its JSON with sorted keys, without spaces."""
    names = ("actor", "instance_id", "key", "kind", "on_behalf_of", "post", "sequence")
    parts = {one: json.dumps(event[one], ensure_ascii=False) for one in names}
    at = event["at"].astimezone(UTC).isoformat(timespec="microseconds")
    parts |= {"at": json.dumps(at), "effects": event["effects"], "input": event["input"]}
    parts |= {one: f'"{event[one].hex()}"' for one in ("commitment", "previous_hash")}
    text = "{" + ",".join(f'"{one}":{parts[one]}' for one in sorted(parts)) + "}"
    return hashlib.new(name, text.encode()).digest()


def _kind(event: dict[str, Any]) -> str:
    """Return an event's kind with the activity that it names."""
    activity = json.loads(event["input"]).get("activity")
    return f"{event['kind']} {activity}" if activity else str(event["kind"])


def _promised_kind(path: str) -> str:
    if path.endswith("/complete"):
        return "TaskCompleted"
    if path.endswith("/cases"):
        return "CaseStarted"
    return "MessageCorrelated" if path.endswith("/messages") else "JobRetried"


def _shown(waits: dict[str, int]) -> str:
    return "waits for " + (", ".join(one for one, n in waits.items() if n) or "nothing")


def _share(ordered: list[float], share: float) -> float | None:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None
