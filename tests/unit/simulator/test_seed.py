import re
from pathlib import Path
from typing import get_args

from onething.simulator.faults import Mode
from onething.simulator.kinds import KINDS
from onething.simulator.numbers import check_digit, read_id_number


def test_every_seed_person_has_a_right_number_that_is_kept_for_made_up_people(city):
    everyone = city.records.find("people")

    assert len(everyone) >= 55
    for person in everyone:
        told = read_id_number(person["idNo"])
        assert told is not None, person["name"]
        assert told.birth.isoformat() == person["birth"]
        assert told.sex == person["sex"]
        assert 980 <= int(person["idNo"][14:17]) <= 999


def test_every_record_of_the_seed_speaks_of_its_people(city):
    known = {person["idNo"] for person in city.records.find("people")}

    for kind in ("pensions", "medical", "funds", "deposits", "welfare", "deaths", "licences"):
        assert {row["idNo"] for row in city.records.find(kind)} <= known, kind
    for marriage in city.records.find("marriages"):
        assert {marriage["aIdNo"], marriage["bIdNo"]} <= known


def test_every_household_has_a_head_who_lives_in_it(city):
    people = {person["idNo"]: person for person in city.records.find("people")}

    for house in city.records.find("households"):
        assert people[house["headIdNo"]]["householdNo"] == house["householdNo"]


def test_every_seed_marriage_is_in_the_household_books_of_the_living(city):
    for marriage in city.records.find("marriages", endedOn=None):
        a = city.records.first("people", idNo=marriage["aIdNo"])
        b = city.records.first("people", idNo=marriage["bIdNo"])
        if a["alive"] and b["alive"]:
            assert (a["spouseIdNo"], b["spouseIdNo"]) == (b["idNo"], a["idNo"])
            assert a["maritalStatus"] == b["maritalStatus"] == "已婚"


def test_the_check_digit_is_that_of_the_standard():
    # The example of GB 11643-1999.
    assert check_digit("11010519491231002") == "X"


def test_every_kind_and_mode_stands_in_the_documents():
    page = (Path(__file__).parents[3] / "docs/operating/simulator.md").read_text(encoding="utf-8")

    listed = set(re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE))

    assert set(KINDS) <= listed
    assert all(f"`{mode}`" in page for mode in get_args(Mode))
