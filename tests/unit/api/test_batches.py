"""Batches through the API: tried first, started with a reason, followed to the end."""

import pytest

from onething import cases, instances, runtime

WHY = {"reason": "部门系统维护"}
ID_NUMBERS = ("370502198504129810", "370502198709039827", "370502198504129829")


def begin(site, count: int) -> list[str]:
    """Open cases of several people."""
    people = [{"name": "陈志远", "idNo": one} for one in ID_NUMBERS[:count]]
    return [site.start(sender=one) for one in people]


def settle(site) -> None:
    """Let the worker do what batches have to do."""
    while runtime.advance_batches(site.host):
        pass


def make(site, body=None, user="operator", **more):
    return site.post("/batches", body or {"kind": "suspend", "all": True}, user, **more)


def ready(site, **body) -> str:
    """Make a batch, let it be tried, return its id."""
    made = make(site, body or None)
    assert made.status_code == 201, made.text
    settle(site)
    return made.json["id"]


def is_held(site, case_no: str) -> bool:
    with site.host.database.read() as conn:
        return instances.get(conn, cases.get(conn, case_no).instance_id).is_suspended


def test_a_batch_is_tried_started_followed_and_taken_back(site):
    first, second = begin(site, 2)
    batch_id = ready(site)

    tried = site.get(f"/batches/{batch_id}", "operator").json
    before = [is_held(site, one) for one in (first, second)]
    started = site.post(f"/batches/{batch_id}/start", WHY, "operator").json
    settle(site)
    ended = site.get(f"/batches/{batch_id}", "auditor").json
    after = [is_held(site, one) for one in (first, second)]
    undone = site.post(f"/batches/{batch_id}/undo", {}, "operator")
    settle(site)
    site.post(f"/batches/{undone.json['id']}/start", WHY, "operator")
    settle(site)

    assert (tried["state"], tried["total"], tried["counts"]["waiting"]) == ("ready", 2, 2)
    assert before == [False, False]
    assert (started["state"], started["started_by"]) == ("running", "operator")
    assert (ended["state"], ended["counts"]["done"], ended["can_be_undone"]) == ("ended", 2, True)
    assert after == [True, True]
    assert (undone.status_code, undone.json["undo_of"]) == (201, batch_id)
    assert [is_held(site, one) for one in (first, second)] == [False, False]


def test_lines_are_pages_and_say_what_came_of_each(site):
    numbers = begin(site, 3)
    site.post(f"/cases/{numbers[1]}/suspend", WHY, "operator")
    path = f"/batches/{ready(site)}/lines"

    first = site.get(f"{path}?limit=2", "operator").json
    rest = site.get(f"{path}?limit=2&after={first['next']}", "operator").json
    refused = site.get(f"{path}?state=refused", "operator").json["items"]

    assert sorted(one["case_no"] for one in first["items"] + rest["items"]) == sorted(numbers)
    assert rest["next"] is None
    assert [(one["case_no"], one["code"]) for one in refused] == [
        (numbers[1], "instance-suspended")
    ]


def test_batches_are_listed_newest_first_in_pages(site):
    site.start()
    made = [make(site).json["id"] for _ in range(3)]
    for _ in made:
        settle(site)

    first = site.get("/batches?limit=2", "auditor").json
    rest = site.get(f"/batches?limit=2&after={first['next']}", "auditor").json

    assert {one["id"] for one in first["items"] + rest["items"]} == set(made)
    assert rest["next"] is None


def test_only_what_is_named_is_meant(site):
    first, second = begin(site, 2)
    batch_id = ready(site, kind="suspend", only=[second])

    site.post(f"/batches/{batch_id}/start", WHY, "operator")
    settle(site)

    assert (is_held(site, first), is_held(site, second)) == (False, True)


def test_a_repeated_request_makes_one_batch(site):
    named = begin(site, 2)
    body = {"kind": "suspend", "only": named}

    answers = [make(site, body, key="k") for _ in range(2)]
    settle(site)
    again = make(site, body, key="k")

    assert [one.status_code for one in (*answers, again)] == [201] * 3
    assert len({one.json["id"] for one in (*answers, again)}) == 1
    assert len(site.get("/batches", "operator").json["items"]) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "cancel"},
        {"only": ["second", "third"]},
        {"only": [], "all": True},
        {"only": [], "service": "letter"},
    ],
)
def test_the_key_of_a_batch_serves_no_other_request(site, other):
    named = dict(zip(("first", "second", "third"), begin(site, 3), strict=True))
    body = {"kind": "suspend", "only": [named["first"], named["second"]]}
    make(site, body, key="k")
    changed = body | other
    changed["only"] = [named.get(one, one) for one in changed["only"]]

    answer = make(site, changed, key="k")

    assert (answer.status_code, answer.json["code"]) == (409, "key-reused")


def test_a_repeated_start_and_stop_are_answered(site):
    site.start()
    path = f"/batches/{ready(site)}"

    started = [site.post(f"{path}/start", WHY, "operator", key="s").status_code for _ in range(2)]
    other = site.post(f"{path}/start", {"reason": "anders"}, "operator", key="s")
    without = site.post(f"{path}/start", WHY, "operator")
    stopped = [site.post(f"{path}/stop", {}, "operator", key="p") for _ in range(2)]

    assert started == [200, 200]
    assert (other.status_code, without.status_code) == (409, 409)
    assert [one.json["state"] for one in stopped] == ["cancelled", "cancelled"]
    assert site.post(f"{path}/stop", {}, "operator").status_code == 409


def test_nothing_starts_before_its_dry_run_is_over(site):
    site.start()
    batch_id = make(site).json["id"]

    answer = site.post(f"/batches/{batch_id}/start", WHY, "operator")

    assert (answer.status_code, answer.json["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "suspend"},
        {"kind": "explode", "all": True},
        {"kind": "suspend", "all": True, "service": "letter"},
        {"kind": "suspend", "only": ["x"], "service": "letter"},
        {"kind": "suspend", "code": "UNAVAILABLE"},
        {"kind": "retry", "status": "active"},
        {"kind": "suspend", "status": "lost"},
        {"kind": "suspend", "only": "x"},
        {"kind": "suspend", "only": [7]},
        {"kind": "suspend", "before": "2026-11-23T00:00:00"},
        {"kind": "suspend", "before": "yesterday"},
        {"kind": "suspend", "has_incident": "yes"},
        {"kind": "suspend", "from": True},
        {"kind": "suspend", "from": 2**63},
        {"kind": "suspend", "all": True, "to": 2},
        {"kind": "migrate", "service": "letter", "from": 1},
        {"kind": "migrate", "service": "letter", "from": 1, "to": 2, "mapping": {"a": 1}},
        {"kind": "suspend", "service": "nothing-of-it"},
        {"kind": "suspend", "every": True},
    ],
)
def test_what_is_no_batch_is_refused_and_leaves_none(site, body):
    site.start()

    answer = make(site, body)

    assert answer.status_code == 422, answer.text
    assert site.get("/batches", "operator").json["items"] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/batches/nothing"),
        ("GET", "/batches/nothing/lines"),
        ("POST", "/batches/nothing/start"),
        ("POST", "/batches/nothing/stop"),
        ("POST", "/batches/nothing/undo"),
    ],
)
def test_a_batch_that_is_none_is_not_found(site, method, path):
    body = WHY if path.endswith("start") else {}

    answer = site.call(method, path, "operator", **({"json": body} if method == "POST" else {}))

    assert answer.status_code == 404


@pytest.mark.parametrize("user", ["reader", "citizen", "auditor"])
def test_operators_alone_act(site, user):
    site.start()
    batch_id = ready(site)

    answers = [
        make(site, user=user),
        site.post(f"/batches/{batch_id}/start", WHY, user),
        site.post(f"/batches/{batch_id}/stop", {}, user),
        site.post(f"/batches/{batch_id}/undo", {}, user),
    ]

    assert [one.status_code for one in answers] == [403] * 4


@pytest.mark.parametrize("path", ["/batches", "/batches/x", "/batches/x/lines"])
def test_a_clerk_reads_none(site, path):
    assert site.get(path, "reader").status_code == 403
