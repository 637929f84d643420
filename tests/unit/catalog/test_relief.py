"""What a service takes off people, on packages small enough to count by hand."""

import json

import pytest

from onething import catalog
from onething.catalog import Catalog, Days, Relief
from onething.catalog.promised_days import days_of
from onething.catalog.rules import relief_items
from onething.catalog.subject import Subject
from onething.definitions import Definition, Package
from onething.errors import ModelRefused, NotFound

TOP = """
code = "move"
name = "搬家"
life_stage = "置业"
process = "move"
application = "application"
lanes = [{ name = "window", department = "window" }]
"""
SHIPPED = ["adoption-registration", "after-death", "marriage-status-change"]


def item(name: str, **more) -> str:
    """Write one item; `materials` are lines of TOML."""
    materials = more.pop("materials", [])
    said = {"id": name, "name": f"事{name}", "department": "window", "type_code": "20"}
    said |= {"elements": [], "legal_basis": ["none: a test"], "form": name} | more
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items()]
    lines += [f"[[items.materials]]\n{one}" for one in materials]
    return "\n".join(["[[items]]", *lines])


def material(name: str, source: str, **more) -> str:
    said = {"id": name, "name": f"件{name}", "source": source} | more
    return "\n".join(f"{key} = {json.dumps(value)}" for key, value in said.items())


def form(*keys: str) -> bytes:
    fields = [{"id": f"field-{key}", "type": "textfield", "key": key, "label": key} for key in keys]
    return json.dumps({"id": "form", "schemaVersion": 19, "components": fields}).encode()


def package(*items: str, end: str = "", **forms: bytes) -> Package:
    names = ["application", *(one.split('"')[1] for one in items)]
    files = {f"forms/move/{name}.form": forms.get(name, form(name)) for name in names}
    manifest = "\n".join([TOP, *items, end]).encode()
    return Package(
        "move", files | {"bpmn/move/service.toml": manifest, "forms/_elements.toml": b""}
    )


def reckoned(*items: str, end: str = "", only: tuple[str, ...] = (), **forms: bytes) -> Relief:
    return catalog.relief(Definition(package(*items, end=end, **forms)), only)


def ids(needed) -> list[str]:
    return [one.id for one in needed]


def test_every_item_is_one_application_before_and_all_are_one_after():
    one = reckoned(item("a"), item("b"), item("c"))

    assert (one.steps_before, one.steps_after) == (3, 1)


def test_fields_are_those_of_the_single_forms_and_of_the_joint_one():
    one = reckoned(item("a"), item("b"), application=form("n"), a=form("x", "y"), b=form("y", "z"))

    assert (one.fields.before, one.fields.after) == (5, 4)


def test_before_every_item_wants_its_materials_and_after_only_what_nobody_supplies():
    one = reckoned(
        item("a", materials=[material("card", "SHARE"), material("photo", "UPLOAD")]),
        item("b", materials=[material("photo", "UPLOAD"), material("proof", "SYSTEM")]),
        item("c", materials=[material("vow", "PROMISE"), material("card", "PAPER")]),
    )

    assert [ids(single.materials) for single in one.singles] == [
        ["card", "photo"],
        ["photo", "proof"],
        ["vow", "card"],
    ]
    assert one.materials_before == 6
    assert ids(one.materials) == ["photo", "vow"]


def test_materials_with_a_condition_stand_apart_and_optional_ones_do_not_count():
    one = reckoned(
        item("a", materials=[material("waiver", "UPLOAD", required="=x = 1")]),
        item("b", materials=[material("waiver", "UPLOAD", required="=x = 2")]),
        item("c", materials=[material("extra", "UPLOAD", required=False)]),
    )

    assert (one.materials_before, ids(one.materials)) == (0, [])
    assert [ids(single.in_some_cases) for single in one.singles] == [["waiver"], ["waiver"], []]
    assert ids(one.in_some_cases) == ["waiver"]


def test_what_one_item_always_wants_is_not_wanted_in_some_cases():
    one = reckoned(
        item("a", materials=[material("waiver", "UPLOAD", required="=x = 1")]),
        item("b", materials=[material("waiver", "UPLOAD")]),
    )

    assert (ids(one.materials), ids(one.in_some_cases)) == (["waiver"], [])


def test_what_a_person_gives_where_sharing_fails_is_told_apart():
    shared = [material("card", "SHARE", fallback="UPLOAD"), material("sheet", "SHARE")]

    one = reckoned(item("a", materials=shared), item("b", materials=shared[:1]))

    assert (ids(one.materials), ids(one.if_sharing_fails)) == ([], ["card"])


def test_before_the_days_add_up_and_after_the_longest_way_counts():
    one = reckoned(
        item("a", promised="WD(2)"),
        item("b", promised="WD(5)", after=["a"]),
        item("c", promised="WD(3)", after=["a"]),
        item("d", promised="WD(6)"),
    )

    assert one.days_before == Days(working=16)
    assert (one.path, one.days_after) == (("a", "b"), Days(working=7))


def test_working_and_natural_days_are_told_apart_and_compared_as_weeks():
    one = reckoned(item("a", promised="WD(5)"), item("b", promised="ND(8)"))

    assert one.days_before == Days(working=5, natural=8)
    assert (one.path, one.days_after) == (("b",), Days(natural=8))
    assert one.days_before.calendar_days == 15


def test_a_limit_that_is_not_promised_is_the_statutory_one_and_none_is_said():
    one = reckoned(item("a", statutory="ND(30)"), item("b"))

    assert one.days_before == Days(natural=30)
    assert one.without_limit == ("b",)


def test_a_special_procedure_that_is_an_item_comes_before_and_another_is_named():
    one = reckoned(
        item("a", promised="ND(15)", special=["事b", "公告", "zero-fee"]),
        item("b", promised="ND(60)"),
    )

    assert (one.path, one.days_after) == (("b", "a"), Days(natural=75))
    assert one.special == ("公告",)


def test_items_that_wait_for_each_other_are_reckoned_nevertheless():
    one = reckoned(
        item("a", promised="WD(1)", after=["b"]), item("b", promised="WD(2)", after=["a"])
    )

    assert one.days_after.working <= one.days_before.working == 3


def test_trips_are_those_named_else_one_an_item_as_an_assumption():
    named = reckoned(item("a", trips=2, joint_trips=1))
    both = reckoned(item("a", trips=2, joint_trips=1), item("b"))
    marked = reckoned(item("a", trips=2, assumption=["trips"]))

    assert (named.trips_before, named.trips_after, named.assumes_trips) == (2, 1, False)
    assert (both.trips_before, both.trips_after, both.assumes_trips) == (3, 1, True)
    assert marked.assumes_trips


def test_what_is_shown_on_paper_needs_one_visit_for_all_items():
    paper = [material("card", "PAPER")]

    one = reckoned(
        item("a", materials=paper),
        item("b", materials=[material("book", "PAPER")]),
        item("c", joint_trips=0, materials=[material("sheet", "PAPER")]),
    )

    assert (one.trips_before, one.trips_after) == (3, 1)


def test_the_manifest_names_the_case_that_is_reckoned_and_others_may_be_asked_for():
    items = [item("a", promised="WD(1)"), item("b", promised="WD(2)"), item("c", promised="WD(4)")]
    usual = '[relief]\nitems = ["c", "a"]\nassumption = true'

    named, asked = reckoned(*items, end=usual), reckoned(*items, end=usual, only=("b",))

    assert [single.item for single in named.singles] == ["a", "c"]
    assert (named.is_example, named.is_assumed) == (True, True)
    assert named.days_before == Days(working=5)
    assert [part.item for part in named.fields.singles] == ["", "a", "c"]
    assert (asked.steps_before, asked.is_assumed) == (1, False)


def test_an_item_that_is_not_there_is_refused():
    with pytest.raises(NotFound, match="no item z"):
        reckoned(item("a"), only=("z",))


def test_a_case_of_unknown_items_is_found_by_the_checks():
    subject = Subject(package(item("a"), end='[relief]\nitems = ["a", "z"]\nassumption = true'))

    assert [one.message for one in relief_items.check(subject)] == ["the service has no item z"]


def test_a_case_says_its_source_or_that_it_is_an_assumption():
    with pytest.raises(ModelRefused):
        reckoned(item("a"), end='[relief]\nitems = ["a"]')


@pytest.mark.parametrize(
    ("limit", "days"),
    [
        ("WD(5)", Days(working=5)),
        ("ND(30)", Days(natural=30)),
        ("PN(60)", Days(natural=60)),
        ("P2W", Days(natural=14)),
        ("P30D", Days(natural=30)),
        ("PT4H", Days()),
        ("WH(4)", Days()),
        ("on-the-spot", Days()),
        ("same-day", Days()),
        ("", None),
        ("P1M", None),
    ],
)
def test_days_of_a_limit(limit, days):
    assert days_of(limit) == days


@pytest.mark.parametrize(("working", "about"), [(0, 0), (1, 2), (5, 7), (6, 9), (10, 14)])
def test_five_working_days_are_about_a_week(working, about):
    assert Days(working=working).calendar_days == about


@pytest.mark.parametrize("code", SHIPPED)
@pytest.mark.parametrize("of_all", [False, True], ids=["usual", "all"])
def test_a_shipped_service_never_asks_more_than_its_items_do(code, of_all):
    definition = Definition(Catalog().package(code))
    every = tuple(one.id for one in definition.service.items) if of_all else ()

    one = catalog.relief(definition, every)

    assert one.steps_after <= one.steps_before
    assert one.fields.after <= one.fields.before
    assert one.fields.duplicates >= 0
    assert one.fields.asked_twice == ()
    assert len(one.materials) <= one.materials_before
    assert one.days_after.calendar_days <= one.days_before.calendar_days
    assert one.days_after.working <= one.days_before.working
    assert one.trips_after <= one.trips_before
    assert one.without_limit == ()
