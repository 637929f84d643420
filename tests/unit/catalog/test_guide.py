"""The guide: what a situation means for items, materials and trips of the shipped services."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onething.catalog import Catalog, guide
from onething.definitions import Definition
from onething.feel import Environment
from onething.forms import Posted

SHIPPED = Catalog([Path(__file__).parents[3] / "bpmn"])
ENV = Environment(datetime(2026, 6, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai")))


@pytest.fixture(scope="module")
def definitions():
    return {
        code: Definition(SHIPPED.package(code))
        for code in ("marriage-status-change", "after-death", "adoption-registration")
    }


def told(definition, **posted):
    given = Posted({name.replace("__", "."): list(values) for name, values in posted.items()})
    return guide(definition, definition.application.submit(given, ENV).data, ENV)


def items(found):
    return [one.item.id for one in found.items]


def names(materials):
    return [one.rule.id for one in materials]


def test_only_what_is_ticked_is_told(definitions):
    marriage = definitions["marriage-status-change"]

    alone = told(marriage, kind=["结婚"])
    more = told(marriage, kind=["结婚"], linked__household=["true"], linked__fund=["true"])

    assert items(alone) == ["marriage-registration"]
    assert items(more) == ["marriage-registration", "household-status", "housing-fund-update"]


def test_what_departments_share_is_not_brought(definitions):
    found = told(definitions["marriage-status-change"], kind=["结婚"])

    assert "id-card" in names(found.fetched)
    assert "id-card" not in names(found.brought)
    assert found.trips == 1


def test_what_hangs_on_what_was_not_asked_is_told_as_uncertain(definitions):
    found = told(definitions["marriage-status-change"], kind=["结婚"])

    (proof,) = [one for one in found.brought if one.rule.id == "status-proof"]
    assert not proof.is_certain


def test_a_condition_that_is_answered_decides(definitions):
    whole = told(definitions["marriage-status-change"], kind=["补领结婚证"], certLost=["无"])
    after_death = definitions["after-death"]
    at_home = told(after_death, items=["火化"], dead__place=["家"], dead__class=["正常"])
    abroad = told(after_death, items=["火化"], dead__place=["境外"], dead__class=["正常"])

    assert all(one.rule.required is True or one.is_certain for one in whole.brought)
    assert set(names(abroad.brought)) >= set(names(at_home.brought))


def test_items_without_a_decision_follow_their_own_conditions(definitions):
    adoption = definitions["adoption-registration"]

    orphan = told(adoption, adoption__kind=["收养登记"], adoption__type=["孤儿"])
    step_child = told(adoption, adoption__kind=["收养登记"], adoption__type=["继子女"])
    dissolved = told(adoption, adoption__kind=["解除收养"])

    assert "adoption-assessment" in items(orphan)
    assert "adoption-assessment" not in items(step_child)
    assert "adoption-dissolution" in items(dissolved)
    assert "adoption-registration" not in items(dissolved)


def test_whatever_is_chosen_each_material_is_told_once_on_one_side(definitions):
    for definition in definitions.values():
        for field in definition.application.fields:
            if field.path in definition.service.guide.questions and field.options.fixed:
                for option in field.options.fixed:
                    posted = Posted({field.path: [str(option.value)]})
                    data = definition.application.submit(posted, ENV).data
                    found = guide(definition, data, ENV)
                    both = [*names(found.brought), *names(found.fetched)]
                    assert len(both) == len(set(both))
