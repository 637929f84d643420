"""The checker finds what it is there for: each finding is provoked in evidence that was whole."""

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from faults import checker
from faults.checker import MOVE, SERVICE, Case, Checker, Evidence
from onething.materials import Store

BEGAN = datetime(2026, 11, 2, 1, tzinfo=UTC)
COMPLETE = "/api/v1/tasks/i-3/complete"
STEPS = (
    ("CaseStarted", None, ":"),
    ("TaskCompleted", "check", "window:do-i-3"),
    ("JobCompleted", "move", None),
    ("MessageCorrelated", "paper", None),
    ("TimerFired", "pause", None),
    ("TaskCompleted", "archive", "window:do-i-9"),
    ("MaterialAdded", None, "window:give-ab"),
)
GIVE = "/api/v1/cases/L1/materials"


def chained(steps=STEPS) -> Case:
    """A case whose history holds: each event hashed onto the one before."""
    case = Case("i", "L1", SERVICE, "completed", len(steps), bytes(32), "sha256")
    for place, (kind, activity, key) in enumerate(steps, 1):
        event = {
            "instance_id": "i",
            "sequence": place,
            "kind": kind,
            "actor": "window",
            "post": None,
            "on_behalf_of": None,
            "at": BEGAN + timedelta(minutes=place),
            "key": key,
            "input": json.dumps(said(kind, activity)),
            "effects": "{}",
            "commitment": bytes(32),
            "previous_hash": case.hash,
        }
        event["hash"] = case.hash = checker._hash(event, "sha256")
        case.events.append(event)
    return case


def said(kind: str, activity: str | None) -> dict[str, str]:
    """What an event says in plain words."""
    if kind == "MaterialAdded":
        return {"sha256": "ab"}
    return {"activity": activity} if activity else {}


def whole(steps=STEPS) -> Evidence:
    """One case that was opened, worked on and ended, with everybody's word for it."""
    told = {
        "open-0": [answer("/api/v1/services/x/cases", 201, {"case_no": "L1"})],
        "do-i-3": [answer(COMPLETE, 200, {"case_no": "L1", "sequence": 2})],
        "give-ab": [answer(GIVE, 201, {"sha256": "ab"})],
    }
    call = {"operation": MOVE, "case": "L1", "key": "i:2", "body": '{"idNo":"1"}'}
    return Evidence(
        cases={"i": chained(steps)},
        waits=defaultdict(lambda: dict.fromkeys(("task", "timer", "incident"), 0)),
        requests=[call, call],
        answered={"i:2": MOVE},
        asked={"open-0": 1, "do-i-3": 2},
        told=told,
        materials={("L1", "ab"): 1},
        contents={"ab": ""},
    )


def answer(path: str, status: int, body: dict) -> dict:
    return {"path": path, "status": status, "answer": body, "seconds": 0.1}


def found(evidence: Evidence) -> set[str]:
    """The kinds of findings."""
    told = Checker(evidence).check()
    return {kind for kind in checker.KINDS if getattr(told, kind)}


def test_evidence_that_fits_together_gives_no_finding():
    assert found(whole()) == set()


def material_is_gone(evidence):
    evidence.materials.clear()


def other_material_is_promised(evidence):
    evidence.told["give-ab"][0]["answer"]["sha256"] = "cd"


def content_is_gone(evidence):
    evidence.contents["ab"] = "FileNotFoundError"


def material_twice(evidence):
    evidence.materials["L1", "ab"] = 2


def material_without_history(evidence):
    evidence.materials["L1", "cd"] = 1
    evidence.contents["cd"] = ""


def event_is_gone(evidence):
    evidence.cases["i"] = chained(STEPS[:1])
    evidence.cases["i"].status = "active"
    evidence.waits["i"]["incident"] = 1
    evidence.requests.clear()


def case_is_gone(evidence):
    evidence.told["open-0"][0]["answer"]["case_no"] = "L2"


def department_knows_nothing(evidence):
    evidence.requests.clear()


def history_does_not_say(evidence):
    evidence.cases["i"] = chained([one for one in STEPS if one[1] != "move"])
    evidence.told.pop("do-i-3")


def two_answers(evidence):
    evidence.told["open-0"].append(answer("/cases", 201, {"case_no": "L1", "more": 1}))


def two_clerks(evidence):
    evidence.told["rival"] = [answer(COMPLETE, 200, {"case_no": "L1", "sequence": 2})]


def two_keys_at_a_department(evidence):
    evidence.requests.append({**evidence.requests[0], "key": "i:7"})


def two_cases_for_one_person(evidence):
    evidence.requests.append({**evidence.requests[0], "case": "L2", "key": "j:2"})


def command_counted_twice(evidence):
    evidence.cases["i"] = chained([*STEPS, STEPS[2]])


def more_cases_than_requests(evidence):
    evidence.asked.pop("open-0")


def active_without_incident(evidence):
    evidence.cases["i"].status = "active"
    evidence.waits["i"]["timer"] = 1


def edited(evidence):
    evidence.cases["i"].events[2]["input"] = '{"activity":"move","more":1}'


def cut_short(evidence):
    evidence.cases["i"].events.pop()


def runs_backwards(evidence):
    case = chained()
    case.events[-1]["at"] = BEGAN
    case.hash = case.events[-1]["hash"] = checker._hash(case.events[-1], "sha256")
    evidence.cases["i"] = case


def test_contents_are_opened_and_counted_again(tmp_path):
    key = b"k" * 32
    (tmp_path / "contents.key").write_text(key.hex())
    store = Store(tmp_path / "contents", key)
    good, damaged, missing = store.put(b"good"), store.put(b"damaged"), "0" * 64
    file = tmp_path / "contents" / damaged[:2] / damaged
    file.write_bytes(file.read_bytes()[:-1] + b"!")

    wrong = checker._contents(tmp_path, {good, damaged, missing})

    assert wrong[good] == ""
    assert "InvalidTag" in wrong[damaged]
    assert "FileNotFoundError" in wrong[missing]


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (event_is_gone, "lost"),
        (material_is_gone, "lost"),
        (other_material_is_promised, "lost"),
        (content_is_gone, "lost"),
        (material_twice, "doubled"),
        (material_without_history, "broken"),
        (case_is_gone, "lost"),
        (department_knows_nothing, "lost"),
        (history_does_not_say, "lost"),
        (two_answers, "doubled"),
        (two_clerks, "doubled"),
        (two_keys_at_a_department, "doubled"),
        (two_cases_for_one_person, "doubled"),
        (command_counted_twice, "doubled"),
        (more_cases_than_requests, "doubled"),
        (active_without_incident, "stuck"),
        (edited, "broken"),
        (cut_short, "broken"),
        (runs_backwards, "broken"),
    ],
)
def test_damage_is_found(damage, kind):
    evidence = whole()

    damage(evidence)

    assert kind in found(evidence)
