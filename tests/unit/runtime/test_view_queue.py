"""The clerk's queue is filtered by fields of the case, and by none that the post may not see."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from onething import runtime, tasks
from onething.catalog import Catalog
from onething.definitions import Package
from onething.errors import InvalidInput
from onething.identity import SYSTEM, Actor
from onething.runtime import QueueQuery
from onething.simulator import Records, create_app
from onething.tasks import finding
from onething.testing.world import World
from unit.runtime.node import CLERK, ID_NO, MONDAY, OPERATOR, Node, id_no

PACKAGE = Catalog([Path(__file__).parent / "package"]).package("permit")
FORM, MANIFEST = "forms/permit/application.form", "bpmn/permit/service.toml"
DIAGRAM = "bpmn/permit/permit.bpmn"
EXPLAIN = (
    '<bpmn:userTask id="explain" name="说明"><bpmn:extensionElements>'
    '<zeebe:formDefinition formId="permit/{}"/>'
)
RENAMING = (
    ('sourceRef="explain" targetRef="done"', 'sourceRef="explain" targetRef="check"'),
    (EXPLAIN.format("check"), EXPLAIN.format("renaming")),
)
"""Whoever explains gives the person another name, and the check follows."""
SEEN = '"person.name", "person.sex", "person.born"'
HEALTH = Actor("health", "卫", frozenset({"clerk"}), "health", "household", "370502")
ANSWER = {"check": {"finding": "好"}}
HIDDEN = "permit:person.idNo"


def field(kind: str, key: str, element: str) -> dict[str, object]:
    return {
        "type": kind,
        "id": key.replace(".", "-"),
        "key": key,
        "label": key,
        "properties": {"element": element},
    }


def package(seen: str = SEEN) -> Package:
    """Return the small service with bound fields, some of which its clerks see."""
    form = json.loads(PACKAGE.files[FORM])
    form["components"] = [
        field("textfield", "way", "case.service"),
        field("textfield", "person.name", "person.name"),
        field("textfield", "person.idNo", "person.id_number"),
        field("textfield", "person.spouseIdNo", "person.passport"),
        field("textfield", "person.division", "person.hukou_division"),
        field("select", "person.sex", "person.sex"),
        field("datetime", "person.born", "person.birth") | {"subtype": "date"},
        field("checkbox", "person.ill", "death.treated"),
    ]
    manifest = PACKAGE.files[MANIFEST].decode()
    changed = manifest.replace('elements = ["person.name"]', f"elements = [{seen}]")
    assert changed != manifest
    diagram = PACKAGE.files[DIAGRAM].decode()
    for old, new in RENAMING:
        assert old in diagram
        diagram = diagram.replace(old, new)
    files = {
        FORM: json.dumps(form).encode(),
        MANIFEST: changed.encode(),
        DIAGRAM: diagram.encode(),
        "forms/permit/renaming.form": PACKAGE.files["forms/permit/check.form"].replace(
            b'"check.finding"', b'"person.name"'
        ),
    }
    return Package("permit", {**PACKAGE.files, **files})


@pytest.fixture
def node() -> Iterator[Node]:
    with World(MONDAY, create_app, Records) as world:
        world.deploy(package())
        yield Node(world)


def found(node: Node, actor: Actor = CLERK, **asked: object) -> list[str]:
    rows = runtime.view_queue(node.host, actor, QueueQuery(**asked))  # type: ignore[arg-type]
    return sorted(row.case_no for row in rows)


def terms(node: Node, case_no: str) -> set[int]:
    with node.host.database.read() as conn:
        return tasks.terms_of(conn, node.instance(case_no))


@pytest.fixture
def two(node: Node) -> tuple[str, str]:
    """Open two cases of different people."""
    other = {"name": "欧阳 修", "idNo": "", "sex": "女", "born": "1990-01-02"}
    return node.start(sex="男", born="1985-04-12"), node.start(**other)


@pytest.mark.parametrize("rare", [1, finding.RARE])
def test_a_case_is_found_by_its_fields_whichever_way_the_search_takes(
    node: Node, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch, rare: int
) -> None:
    monkeypatch.setattr(finding, "RARE", rare)
    sex, born = ("permit:person.sex", "男"), ("permit:person.born", "1985-04-12")

    assert found(node, fields=[sex]) == [two[0]]
    assert found(node, fields=[sex, born]) == [two[0]]
    assert found(node, fields=[sex, born], text="核查") == [two[0]]
    assert found(node, fields=[sex, ("permit:person.born", "1990-01-02")]) == []
    assert found(node, fields=[sex], text="没有") == []
    assert found(node, text="核查") == list(two)


BORN = "permit:person.born"


@pytest.mark.parametrize("rare", [1, finding.RARE])
def test_a_range_of_days_finds_both_ends_and_what_lies_between(
    node: Node, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch, rare: int
) -> None:
    monkeypatch.setattr(finding, "RARE", rare)
    third = node.start(name="王一", idNo="370502198505011232", born="1985-05-01", sex="男")

    def born(first: str, last: str, **more: object) -> list[str]:
        return found(node, fields=[(BORN, f"{first}/{last}")], **more)

    assert born("1985-04-12", "1985-05-01") == sorted([two[0], third])
    assert born("1985-04-13", "1985-05-01") == [third]
    assert born("1985-04-01", "1985-04-30") == [two[0]]
    assert born("1985-04-12", "1985-04-12") == [two[0]]
    assert born("1985-05-02", "1985-06-01") == []
    assert born("1985-04-12", "1985-05-12", text="张三") == [two[0]]
    wanted = [(BORN, "1985-04-01/1985-05-01"), ("permit:person.sex", "女")]
    assert found(node, fields=wanted) == []


@pytest.mark.parametrize(
    "value",
    [
        "1985-04-12/1985-05-13",
        "1985-04-12/1985-04-11",
        "1985-04-31/1985-05-01",
        "1985-04-12/",
        "/1985-04-12",
        "0001-01-01/9999-12-31",
    ],
)
def test_a_range_longer_than_a_month_or_of_no_days_is_refused(
    node: Node, two: tuple[str, str], value: str
) -> None:
    with pytest.raises(InvalidInput):
        found(node, fields=[(BORN, value)])


def test_a_range_opens_no_field_that_the_own_department_may_not_see(
    node: Node, two: tuple[str, str]
) -> None:
    assert found(node, HEALTH, fields=[(BORN, "1985-04-01/1985-04-30")]) == []


def test_a_text_is_a_whole_name_a_case_number_or_its_end(node: Node, two: tuple[str, str]) -> None:
    assert found(node, text="张三") == [two[0]]
    assert found(node, text="欧阳 修") == [two[1]]
    assert found(node, text="欧阳") == []
    assert found(node, text=two[1]) == [two[1]]
    assert found(node, text=two[1].lower()[-5:]) == [two[1]]
    assert found(node, text=two[0][3:12]) == list(two)


def test_nobody_finds_a_case_by_a_field_that_the_own_department_may_not_see(
    node: Node, two: tuple[str, str]
) -> None:
    offered = [one.key for _of, fields in runtime.queue_fields(node.host, CLERK) for one in fields]

    assert offered == ["permit:person.name", "permit:person.sex", "permit:person.born"]
    assert found(node, fields=[(HIDDEN, ID_NO)]) == []
    assert found(node, text=ID_NO) == []
    assert found(node, HEALTH, text="张三") == []
    assert runtime.queue_fields(node.host, HEALTH) == []


def test_a_case_of_before_is_not_found_by_a_field_that_only_later_deployments_show(
    node: Node,
) -> None:
    before = node.start()
    node.world.deploy(package(f'{SEEN}, "person.idNo"'))
    after = node.start(idNo=id_no(7))

    assert found(node, fields=[(HIDDEN, ID_NO)]) == []
    assert found(node, text=id_no(7)) == [after]
    assert found(node, text="张三") == [before, after]


def test_a_case_that_is_migrated_is_found_by_what_its_new_deployment_shows(node: Node) -> None:
    case_no = node.start()
    node.world.deploy(package(f'{SEEN}, "person.idNo"'))

    list(runtime.migrate(runtime.prepare_migration(node.host, OPERATOR, "permit", 1, 2, None)))

    assert found(node, text=ID_NO) == [case_no]


def test_sensitive_values_of_few_kinds_are_never_filtered_by(node: Node) -> None:
    node.world.deploy(package('"*"'))

    offered = [one.path for _of, fields in runtime.queue_fields(node.host, CLERK) for one in fields]

    assert "person.idNo" in offered
    assert "person.ill" not in offered


def test_a_department_filters_by_those_fields_alone_that_are_marked(node: Node) -> None:
    node.world.deploy(package(f'{SEEN}]\nfilters = ["person.sex"'))
    case_no = node.start(sex="男")

    assert found(node, text="张三") == []
    assert found(node, fields=[("permit:person.sex", "男")]) == [case_no]


def test_terms_follow_what_changes_and_go_with_the_end_of_the_case(node: Node) -> None:
    case_no = node.start("explain")
    runtime.complete(node.host, SYSTEM, node.task(case_no).id, {"person": {"name": "李四"}})

    renamed = found(node, text="李四"), found(node, text="张三")
    runtime.complete(node.host, CLERK, node.task(case_no).id, ANSWER)

    assert renamed == ([case_no], [])
    assert terms(node, case_no) == set()


def test_the_index_is_written_anew_as_it_was(node: Node, two: tuple[str, str]) -> None:
    before = [terms(node, one) for one in two]
    node.host.database.write(lambda conn: tasks.drop_terms(conn, node.instance(two[0])))

    count = runtime.index_cases(node.host, print)

    assert count == 2
    assert [terms(node, one) for one in two] == before
    assert all(before)


def test_the_counts_tell_what_lies_here_and_what_this_clerk_did_today(
    node: Node, two: tuple[str, str]
) -> None:
    runtime.claim(node.host, CLERK, node.task(two[1]).id)
    runtime.complete(node.host, CLERK, node.task(two[0]).id, ANSWER)

    told = runtime.queue_counts(node.host, CLERK, runtime.tomorrow(node.host))
    done = found(node, done_since=runtime.today(node.host))

    assert (told.all, told.mine, told.free, told.done) == (1, 1, 0, 1)
    assert done == [two[0]]


def test_region_and_post_narrow_the_own_queue_and_never_widen_it(
    node: Node, two: tuple[str, str]
) -> None:
    assert found(node, region="370502") == list(two)
    assert found(node, region="370000") == []
    assert found(node, post="household") == list(two)
    assert found(node, post="criminal") == []
