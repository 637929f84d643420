"""The decision tables of after-death affairs, at the edges of the law."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from onething import decisions, feel

FOLDER = Path(__file__).parents[3] / "bpmn" / "after-death"
ENV = feel.Environment(now=datetime(2026, 6, 2, 1, tzinfo=UTC))
AMOUNTS = {"monthlyDisposableIncome": 4000, "residentFuneralGrant": 1000, "burialDivisions": []}
BASIS = {
    "kind": "企业职工",
    "contributionYears": 12,
    "retired": False,
    "fullYearsDrawn": 0,
    "workInjury": False,
    "otherSource": False,
}


def decide(file: str, decision: str, variables: dict[str, Any]) -> Any:
    """Evaluate one decision of the package and give its value as JSON."""
    model = decisions.parse((FOLDER / file).read_bytes(), file)
    return feel.to_json(model.evaluate(decision, variables, ENV).value)


def benefit(**basis: Any) -> Any:
    """Decide the survivor benefit on a basis that differs from the usual one."""
    return decide(
        "survivor.dmn", "survivor-benefit", {"basis": BASIS | basis, "parameters": AMOUNTS}
    )


@pytest.mark.parametrize(
    ("years", "months"),
    [
        ("0", 3),
        ("4.99", 3),
        ("5", 6),
        ("9.99", 6),
        ("10", 9),
        ("15", 9),
        ("15.99", 9),
        ("16", 10),
        ("29.99", 23),
        ("30", 24),
        ("44", 24),
    ],
)
def test_months_of_survivor_grant_follow_contribution_years(years: str, months: int) -> None:
    # Given a worker in service with these years of contribution
    # When the benefit is decided
    decided = benefit(contributionYears=Decimal(years))

    # Then the grant is so many months of the base
    assert decided["pension"] == months * 4000
    assert decided["funeral"] == 8000


@pytest.mark.parametrize(("drawn", "months"), [(0, 24), (1, 23), (15, 9), (16, 9), (40, 9)])
def test_a_retired_worker_loses_a_month_a_year_but_keeps_nine(drawn: int, months: int) -> None:
    # Given a retired worker with the most months, who drew a pension for so many years
    # When the benefit is decided
    decided = benefit(contributionYears=30, retired=True, fullYearsDrawn=drawn)

    # Then at least nine months are left
    assert decided["pension"] == months * 4000


@pytest.mark.parametrize(
    "basis", [{"workInjury": True}, {"otherSource": True, "choosesThis": False}]
)
def test_no_survivor_benefit_is_paid_twice(basis: dict[str, Any]) -> None:
    # Given a death that another fund pays for
    # When the benefit is decided
    decided = benefit(**basis)

    # Then this fund pays nothing and says why
    assert (decided["funeral"], decided["pension"]) == (0, 0)
    assert decided["reason"]


@pytest.mark.parametrize(
    ("overpaid", "funeral", "pension", "reclaim"),
    [(0, 8000, 36000, 0), (36000, 8000, 0, 0), (40000, 4000, 0, 0), (50000, 0, 0, 6000)],
)
def test_overpaid_pension_is_offset_and_only_the_rest_reclaimed(
    overpaid: int, funeral: int, pension: int, reclaim: int
) -> None:
    # Given a benefit and a pension that was paid too long
    variables = {"benefit": {"funeral": 8000, "pension": 36000}, "overpaid": overpaid}

    # When the settlement is decided
    settled = decide("survivor.dmn", "pension-settlement", variables)

    # Then the survivor grant pays first, the funeral grant next, the family last
    assert (settled["funeral"], settled["pension"]) == (funeral, pension)
    assert settled["reclaim"] == reclaim


@pytest.mark.parametrize(
    ("total", "special", "order", "will", "route"),
    [
        ("50000", "0", 1, False, "simple"),
        ("50000.01", "0", 1, False, "notarised"),
        ("56890", "6890", 1, False, "simple"),
        ("50000", "0", 2, False, "notarised"),
        ("50000", "0", 9, True, "simple"),
        ("780", "780", 2, False, "simple"),
    ],
)
def test_small_deposits_need_no_notary_for_first_order_heirs(
    total: str, special: str, order: int, *, will: bool, route: str
) -> None:
    # Given a deposit at one bank, and who asks for it
    variables = {
        "deposit": {"total": Decimal(total), "special": Decimal(special)},
        "handler_order": order,
        "estate": {"notarisedWill": will},
    }

    # When its route is decided
    decided = decide("estate.dmn", "deposit-route", variables)

    # Then funeral money does not count and the limit itself is within
    assert decided["route"] == route


@pytest.mark.parametrize(
    ("dead", "issuer"),
    [
        ({"class": "正常", "place": "医院"}, "hospital"),
        ({"class": "正常", "place": "途中"}, "hospital"),
        ({"class": "正常", "place": "家"}, "community"),
        ({"class": "正常", "place": "养老机构"}, "community"),
        ({"class": "待查", "place": "家"}, "police"),
        ({"class": "非正常", "place": "公共场所", "treated": False}, "police"),
        ({"class": "非正常", "place": "医院", "treated": True}, "hospital"),
        ({"class": "正常", "place": "境外"}, "abroad"),
        ({"class": "正常", "place": "家", "identityUnknown": True}, "police"),
    ],
)
def test_the_kind_and_place_of_a_death_decide_who_issues(dead: dict[str, Any], issuer: str) -> None:
    # Given a death of this kind at this place
    # When the issuer is decided
    decided = decide("death.dmn", "death-type", {"dead": dead})

    # Then it is this one
    assert decided["issuer"] == issuer


@pytest.mark.parametrize(
    ("died_at", "month"),
    [
        ("2026-06-01T05:30:00+08:00", "2026-07-01"),
        ("2026-12-31T23:59:00+08:00", "2027-01-01"),
        ("2026-01-31T00:00+08:00", "2026-02-01"),
    ],
)
def test_payments_stop_from_the_month_after_the_death(died_at: str, month: str) -> None:
    # Given a time of death
    # When the month is decided
    decided = decide("welfare.dmn", "stop-month", {"dead": {"diedAt": died_at}})

    # Then it is the first day of the next month
    assert decided == month


def test_a_brother_may_not_file_for_the_estate_while_a_child_lives() -> None:
    # Given a brother who files, and a child among the heirs
    variables = {
        "dead": {"identityUnknown": False},
        "items": ["银行", "户口注销", "遗属待遇"],
        "funeral": {"burial": "生态"},
        "handler": {"relation": "兄弟姐妹", "authorisation": None},
        "heirs": [{"relation": "子女"}],
    }

    # When the items are decided
    plan = decide("items.dmn", "item-plan", variables)
    omitted = {one["item"] for one in decide("items.dmn", "item-skip", variables)}

    # Then what needs no inheritance is handled, the deposits are not
    assert {"household-cancel", "survivor-benefit"} <= set(plan)
    assert "deposits" in omitted
    assert not set(plan) & omitted


@pytest.mark.parametrize(
    ("services", "listed", "due"),
    [
        (["遗体接运", "遗体火化"], True, 500),
        (["告别厅"], False, 0),
        (["遗体火化", "骨灰盒"], False, 300),
    ],
)
def test_only_listed_funeral_services_may_be_charged(
    services: list[str], *, listed: bool, due: int
) -> None:
    # Given services and the prices of the site
    prices = {"feeTransport": 200, "feeStorage": 80, "feeCremation": 300, "feeAshes": 60}
    variables = {"arrangement": {"services": services}, "parameters": prices}

    # When the bill is made
    bill = decide("funeral.dmn", "funeral-bill", variables)

    # Then others are named and cost nothing
    assert (bill["listed"], bill["due"]) == (listed, due)
