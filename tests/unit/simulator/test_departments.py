from datetime import timedelta
from decimal import Decimal

import pytest

from onething.errors import DepartmentRefused

REGISTRY = "东营市东营区民政局婚姻登记处"


def refused(reason, call, operation, **inputs):
    with pytest.raises(DepartmentRefused) as told:
        call(operation, **inputs)
    return told.value.reason == reason


def test_a_marriage_changes_what_the_register_tells_of_both(city, people):
    a, b = people["陈志远"], people["林晓彤"]
    assert city.call("civil.marriage.check", idNo=a)["status"] == "未婚"

    number = city.call(
        "civil.marriage.register", aIdNo=a, bIdNo=b, date="2026-06-01", registry=REGISTRY
    )["certificateNo"]

    told = city.call("civil.marriage.check", idNo=b)
    assert (told["status"], told["spouseIdNo"], told["certificateNo"]) == ("已婚", a, number)


def test_a_married_person_cannot_marry(city, people):
    assert refused(
        "CONFLICT",
        city.call,
        "civil.marriage.register",
        aIdNo=people["赵明辉"],
        bIdNo=people["林晓彤"],
        date="2026-06-01",
        registry=REGISTRY,
    )


def test_a_divorced_couple_marries_again(city, people):
    a, b = people["王海涛"], people["李敏"]

    city.call("civil.marriage.register", aIdNo=a, bIdNo=b, date="2026-06-01", registry=REGISTRY)

    assert city.call("civil.marriage.check", idNo=a)["kind"] == "复婚"


def test_a_divorce_is_registered_once(city, people):
    number = city.call("civil.marriage.check", idNo=people["赵明辉"])["certificateNo"]

    divorce = city.call("civil.marriage.dissolve", certificateNo=number, date="2026-06-01")

    told = city.call("civil.marriage.check", idNo=people["孙丽华"])
    assert (told["status"], told["certificateNo"]) == ("离婚", divorce["certificateNo"])
    assert refused(
        "CONFLICT", city.call, "civil.marriage.dissolve", certificateNo=number, date="2026-06-02"
    )


def test_the_survivor_of_a_marriage_is_widowed(city, people):
    assert city.call("civil.marriage.check", idNo=people["宫淑贞"])["status"] == "丧偶"


def test_a_certificate_issued_again_replaces_the_old_number(city, people):
    old = city.call("civil.marriage.check", idNo=people["赵明辉"])["certificateNo"]

    new = city.call("civil.marriage.reissue", idNo=people["孙丽华"], kind="结婚证")["certificateNo"]

    assert city.call("civil.marriage.check", idNo=people["赵明辉"])["certificateNo"] == new != old
    assert refused(
        "NO_RECORD", city.call, "civil.marriage.reissue", idNo=people["赵明辉"], kind="离婚证"
    )


def test_the_household_book_follows_a_change_of_marital_status(city, people):
    city.call(
        "police.household.update_marital_status",
        idNo=people["陈志远"],
        spouseIdNo=people["林晓彤"],
        status="已婚",
        certificateNo="J1",
        date="2026-06-01",
    )

    assert city.call("police.household.get", idNo=people["陈志远"])["maritalStatus"] == "已婚"


def test_who_moves_to_the_spouse_becomes_a_member_of_that_household(city, people):
    city.call(
        "police.household.move",
        idNo=people["林晓彤"],
        toDivision="370502",
        toAddress="胜园街道样例路1号",
        hostIdNo=people["陈国栋"],
        relation="儿媳",
    )

    members = city.call("police.household.get", idNo=people["陈国栋"])["members"]
    assert {"name": "林晓彤", "idNo": people["林晓彤"], "relation": "儿媳"} in members


def test_a_dead_person_is_no_member_of_the_household_any_more(city, people):
    city.call("police.household.cancel", idNo=people["杨树林"], diedOn="2026-05-20")

    told = city.call("police.household.get", idNo=people["宫淑贞"])
    assert people["杨树林"] not in {member["idNo"] for member in told["members"]}
    assert not city.call("police.household.get", idNo=people["杨树林"])["alive"]


def test_a_revoked_or_foreign_death_certificate_does_not_cancel_a_household(city, people):
    death = city.records.first("deaths", idNo=people["杨树林"])
    foreign = city.records.first("deaths", idNo=people["石磊"])
    city.records.change("deaths", death, revoked=True)

    for certificate, reason in ((death, "REVOKED"), (foreign, "CONFLICT")):
        assert refused(
            reason,
            city.call,
            "police.household.cancel",
            idNo=people["杨树林"],
            diedOn="2026-05-20",
            certificateNo=certificate["certificateNo"],
        )


def test_a_child_without_number_gets_a_right_one(city, people):
    told = city.call(
        "police.household.register_child",
        name="陈新生",
        sex="女",
        birth="2026-05-20",
        parents=[people["赵明辉"], people["孙丽华"]],
        division="370502",
    )

    assert told["idNo"] == "370502202605200006"[:17] + told["idNo"][17]
    child = city.call("police.household.get", idNo=told["idNo"])
    assert child["sex"] == "女"
    assert {member["name"] for member in child["members"]} >= {"赵明辉", "孙丽华"}


def test_a_stopped_pension_tells_what_was_paid_too_much_and_no_more_is_reclaimed(city, people):
    stop = city.call("hr.pension.stop", idNo=people["邱维新"], **{"from": "2026-04-01"})

    assert stop["overpaid"] == Decimal(6890) * 2
    assert refused("CONFLICT", city.call, "hr.pension.reclaim", idNo=people["邱维新"], amount=13781)
    assert city.call("hr.pension.reclaim", idNo=people["邱维新"], amount=13780)["receiptNo"]
    assert refused("CONFLICT", city.call, "hr.pension.reclaim", idNo=people["邱维新"], amount=1)


def test_benefits_are_paid_once_and_to_the_living(city, people):
    asked = {"idNo": people["杨树林"], "funeral": 8000, "pension": Decimal("95000.50"), "bank": "1"}

    assert refused(
        "CONFLICT", city.call, "hr.pension.pay_survivor", payeeIdNo=people["万福来"], **asked
    )
    city.call("hr.pension.pay_survivor", payeeIdNo=people["宫淑贞"], **asked)
    assert refused(
        "CONFLICT", city.call, "hr.pension.pay_survivor", payeeIdNo=people["宫淑贞"], **asked
    )
    (payment,) = city.records.find("payments")
    assert payment["amount"] == Decimal("103000.50")


@pytest.mark.parametrize(
    ("operation", "extra"),
    [
        ("med.insurance.pay_balance", {}),
        ("hr.pension.pay_account", {}),
        ("bank.deposits.release", {"bank": "样例银行东营分行"}),
        ("fund.housing.withdraw", {}),
    ],
)
def test_a_balance_is_paid_whole_and_once(city, people, operation, extra):
    payee = {"idNo": people["方玉洁"], "share": 1, "bank": "6222"}
    single = operation.startswith(("med", "hr"))
    to = {"payeeIdNo": payee["idNo"], "bank": "6222"} if single else {"payees": [payee]}
    asked = {"idNo": people["石磊"], **to, **extra}

    assert city.call(operation, **asked)["amount"] > 0
    assert refused("CONFLICT", city.call, operation, **asked)


def test_a_benefit_stopped_is_not_listed_any_more(city, people):
    who = people["白长河"]
    city.call("civil.welfare.stop", idNo=who, kind="高龄津贴", **{"from": "2026-07-01"})

    kinds = {one["kind"] for one in city.call("civil.welfare.list", idNo=who)["benefits"]}
    assert kinds == {"最低生活保障", "困难残疾人生活补贴"}


def test_a_body_after_a_death_that_is_not_normal_waits_for_the_police(city, people):
    who = people["石磊"]
    slot = {"home": "东营市殡仪馆", "slot": "2026-06-02T09:00+08:00"}
    assert city.call("police.death.clearance", idNo=who) == {"cleared": False}
    assert refused("CONFLICT", city.call, "civil.funeral.book", idNo=who, **slot)

    city.records.put("clearances", {"idNo": who, "documentNo": "公许9001"})

    assert city.call("police.death.clearance", idNo=who)["documentNo"] == "公许9001"
    assert city.call("civil.funeral.book", idNo=who, **slot)["bookingNo"]


def test_a_cremation_has_taken_place_when_its_slot_has_passed(city, people):
    who = people["杨树林"]
    city.call("civil.funeral.book", idNo=who, home="东营市殡仪馆", slot="2026-06-02T09:00+08:00")
    assert not city.call("civil.funeral.cremation", idNo=who)["cremated"]

    city.clock.advance(timedelta(days=2))

    told = city.call("civil.funeral.cremation", idNo=who)
    assert told["crematedAt"] == "2026-06-02T11:00:00+08:00"
    assert told == city.call("civil.funeral.cremation", idNo=who)


def test_two_bookings_do_not_share_a_slot(city, people):
    slot = {"home": "东营市殡仪馆", "slot": "2026-06-02T09:00+08:00"}
    city.call("civil.funeral.book", idNo=people["杨树林"], **slot)

    assert refused("CONFLICT", city.call, "civil.funeral.book", idNo=people["邱维新"], **slot)


def test_a_death_certificate_is_issued_once(city, people):
    asked = {
        "idNo": people["白长河"],
        "name": "白长河",
        "diedAt": "2026-05-31T20:00+08:00",
        "place": "家",
        "class": "正常",
    }
    issued = city.call("health.death.issue", **asked)

    assert (
        city.call("health.death.get", idNo=people["白长河"])["certificateNo"]
        == (issued["certificateNo"])
    )
    assert refused("CONFLICT", city.call, "health.death.issue", **asked)


def test_a_child_is_adopted_once_until_the_adoption_ends(city, people):
    child = people["党安安"]
    asked = {"adopters": [people["徐文博"], people["贺婉清"]], "adopteeIdNo": child}
    number = city.call("civil.adoption.register", date="2026-06-01", **asked)["certificateNo"]
    assert refused("CONFLICT", city.call, "civil.adoption.register", date="2026-06-01", **asked)

    city.call("civil.adoption.dissolve", certificateNo=number, date="2026-06-01")

    assert city.call("civil.adoption.register", date="2026-06-02", **asked)
    assert city.call("civil.adoption.check", certificateNo=number)["dissolvedOn"] == "2026-06-01"


def test_records_that_may_harm_a_child_are_told_apart(city, people):
    assert city.call("police.record.check", idNo=people["曹阳"])["harmful"]
    assert not city.call("police.record.check", idNo=people["韩江"])["harmful"]
    assert city.call("police.record.check", idNo=people["徐文博"])["offences"] == []


def test_a_judgment_without_effect_yet_is_refused(city, people):
    number = "（2026）鲁0502民初90001号"
    assert len(city.call("court.judgment.get", documentNo=number)["parties"]) == 2
    judgment = city.records.first("judgments", documentNo=number)
    city.records.change("judgments", judgment, effectiveOn="2026-06-15")

    assert refused("CONFLICT", city.call, "court.judgment.get", documentNo=number)


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("police.driving.cancel", "石磊"),
        ("dpf.disability.cancel", "白长河"),
        ("veterans.card.cancel", "白长河"),
    ],
)
def test_a_card_is_cancelled_once(city, people, operation, name):
    extra = {"diedOn": "2026-05-18"} if "driving" in operation else {}

    assert city.call(operation, idNo=people[name], **extra)["receiptNo"]
    assert refused("CONFLICT", city.call, operation, idNo=people[name], **extra)
    assert refused("NO_RECORD", city.call, operation, idNo=people["林晓彤"], **extra)


def test_a_house_passes_to_its_heirs_once(city, people):
    (estate,) = city.call("nr.realestate.query", idNo=people["杨树林"])["estates"]
    asked = {"no": estate["no"], "heirs": [{"idNo": people["宫淑贞"], "share": 1}]}

    assert city.call("nr.realestate.register", date="2026-06-01", **asked)["registrationNo"]
    assert refused("CONFLICT", city.call, "nr.realestate.register", date="2026-06-02", **asked)


def test_an_adopted_child_is_insured_transferred_announced_and_gets_a_card(city, people):
    child = {"idNo": people["党佳佳"], "name": "党佳佳"}
    born = {"birth": "2013-09-09", "division": "370503"}

    assert city.call("med.insurance.enrol", **child)["receiptNo"]
    assert city.call("health.child.transfer", idNo=child["idNo"], toDivision="370503")
    assert city.call("edu.student.notify", **child, **born)["receiptNo"]
    assert city.call("civil.child.welfare_stop", idNo=child["idNo"], **{"from": "2026-07-01"})
    assert refused("CONFLICT", city.call, "hr.card.issue", **child)
