"""What is under review stays, and links outlive the archive."""

from dataclasses import replace

import pytest

from onething import runtime
from onething.errors import NotFound
from onething.identity import Actor
from onething.runtime import Correction, Holding, Ruling
from unit.runtime.node import APPLICANT, MONDAY

HEAD = Actor("chief", "长", frozenset({"supervisor"}), "police", None, "370500")
HOLDING = Holding("litigation", "12号", MONDAY.date(), "某法")
WHY = Correction("error", "某法 第一条", "姓名有误")


def test_a_held_case_is_neither_archived_nor_erased_until_it_is_lifted(site, old):
    held, others = old[0], old[1:]
    settings = replace(site.host.settings, retention_years="permit=2")
    runtime.hold_case(site.host, HEAD, held, HOLDING)
    before = len(site.events(held))

    site.archive()
    site.host.settings = settings
    assert sum(one.cases for one in runtime.overdue(site.host)) == len(others)
    assert len(site.events(held)) == before
    assert not any(site.events(one) for one in others)

    ruling = Ruling("maintained", "9号", MONDAY.date())
    runtime.lift_hold(site.host, HEAD, held, ruling)
    site.archive()
    assert not site.events(held)
    (told,) = runtime.view_holds(site.host, HEAD, held)
    assert told.outcome == "maintained"
    assert site.verify().is_clean


def test_both_ends_of_a_link_are_told_of_after_one_is_archived(site, old):
    closed = old[0]
    number = runtime.correct_case(site.host, HEAD, closed, {}, WHY).case_no

    site.archive()

    assert not site.events(closed)
    (after,) = runtime.view_links(site.host, APPLICANT, closed).followed_by
    assert (after.case_no, after.is_visible) == (number, True)
    assert runtime.view_links(site.host, APPLICANT, number).follows.case_no == closed
    assert site.verify().is_clean


def test_an_archived_case_is_not_followed_before_it_is_restored(site, old):
    site.archive()

    with pytest.raises(NotFound):
        runtime.correct_case(site.host, HEAD, old[0], {}, WHY)
