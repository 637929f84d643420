"""People of generated cases: made up, with numbers that the rules accept."""

from datetime import date
from random import Random

from onething.forms import identity_of
from onething.testing.generation.clones import Namer
from onething.testing.generation.people import recast

COUPLE = {
    "given": [{"record": "people", "idNo": "37050219960518993X", "name": "陈志远"}],
    "steps": [
        {"data": {"a": {"idNo": "37050219960518993X", "name": "陈志远", "birth": "1996-05-18"}}},
        {"data": {"recipient": "陈志远", "spouse": "37050219960518993X"}},
    ],
}


def test_a_person_is_another_one_everywhere_alike():
    told = recast(COUPLE, Random(7))  # noqa: S311 - repeatable choices, no secrets

    someone, applicant = told["given"][0], told["steps"][0]["data"]["a"]
    assert someone["name"] == applicant["name"] == told["steps"][1]["data"]["recipient"] != "陈志远"
    assert someone["idNo"] == applicant["idNo"] == told["steps"][1]["data"]["spouse"]
    assert applicant["birth"].replace("-", "") == applicant["idNo"][6:14]


def test_numbers_are_valid_of_the_test_series_and_keep_what_scenarios_hang_on():
    for seed in range(300):
        number = recast(COUPLE, Random(seed))["given"][0]["idNo"]  # noqa: S311 - as above

        person = identity_of(number, date(2026, 11, 23))
        assert person is not None
        assert person.sex == "男"
        assert (person.birth.year, number[:6]) == (1996, "370502")
        assert 980 <= int(number[14:17]) <= 999


def test_people_of_two_places_never_meet():
    def numbers(place):
        draws = [recast(COUPLE, Random(seed), place) for seed in range(300)]  # noqa: S311 - as above
        return {one["given"][0]["idNo"] for one in draws}

    assert numbers(0).isdisjoint(numbers(1))


def test_same_seed_gives_same_names():
    def drawn():
        namer = Namer(Random(3), 100)  # noqa: S311 - as above
        return [namer.draw("370502", "001", date(2026, 11, 2), "一件事") for _ in range(100)]

    assert drawn() == drawn()
    assert len({name for one in drawn() for name in one.values.values()}) > 5 * 100
