"""人力资源和社会保障: pensions, survivors' benefits, social security cards."""

from decimal import Decimal

from onething.errors import DepartmentRefused
from onething.simulator.desk import Desk, answers, iso_date, refuse_twice
from onething.simulator.records import Row

_MONTHS = 12


@answers("hr.pension.get")
def pension_get(desk: Desk, asked: Row) -> Row:
    """Tell a person's pension insurance."""
    return _pension(desk, asked["idNo"])


@answers("hr.pension.stop")
def pension_stop(desk: Desk, asked: Row) -> Row:
    """Stop a pension and tell what was paid for months from then on."""
    pension = _pension(desk, asked["idNo"])
    refuse_twice(pension["stoppedFrom"], "养老金已停发")
    months = _months_paid_from(pension, asked["from"])
    overpaid = Decimal(pension["monthlyPension"]) * months
    desk.records.change(
        "pensions", pension, stoppedFrom=asked["from"], insured=False, overpaid=overpaid
    )
    return {"receiptNo": desk.receipt(), "overpaid": overpaid}


@answers("hr.pension.pay_survivor")
def pay_survivor(desk: Desk, asked: Row) -> Row:
    """Pay funeral subsidy and survivors' pension to a living payee, once."""
    _pension(desk, asked["idNo"])
    desk.living_person(asked["payeeIdNo"])
    _refuse_second_payment(desk, asked["idNo"], "遗属待遇已支付")
    amount = asked["funeral"] + asked["pension"]
    return {"paymentNo": desk.pay(asked["idNo"], asked["payeeIdNo"], asked["bank"], amount)}


@answers("hr.pension.pay_account")
def pay_account(desk: Desk, asked: Row) -> Row:
    """Pay the balance of the personal account to a living payee, once."""
    pension = _pension(desk, asked["idNo"])
    desk.living_person(asked["payeeIdNo"])
    _refuse_second_payment(desk, asked["idNo"], "个人账户余额已支付")
    amount = pension["accountBalance"]
    desk.records.change("pensions", pension, accountBalance=0)
    number = desk.pay(asked["idNo"], asked["payeeIdNo"], asked["bank"], amount)
    return {"paymentNo": number, "amount": amount}


@answers("hr.pension.reclaim")
def reclaim(desk: Desk, asked: Row) -> Row:
    """Reclaim what was paid too much, never more than that."""
    pension = _pension(desk, asked["idNo"])
    open_amount = pension["overpaid"] - pension["reclaimed"]
    if asked["amount"] > open_amount:
        raise DepartmentRefused("CONFLICT", f"多领金额只有 {open_amount} 元")
    desk.records.change("pensions", pension, reclaimed=pension["reclaimed"] + asked["amount"])
    return {"receiptNo": desk.receipt()}


@answers("hr.card.issue")
def card_issue(desk: Desk, asked: Row) -> Row:
    """Issue a social security card, once for a person."""
    desk.living_person(asked["idNo"])
    refuse_twice(desk.records.first("social_cards", idNo=asked["idNo"]), "已有社会保障卡")
    number = desk.number("KP")
    desk.records.put("social_cards", {**asked, "cardNo": number})
    return {"cardNo": number}


@answers("hr.person.update")
def person_update(desk: Desk, asked: Row) -> Row:
    """Write the marital status of an insured person."""
    pension = _pension(desk, asked["idNo"])
    desk.records.change("pensions", pension, maritalStatus=asked["maritalStatus"])
    return {"receiptNo": desk.receipt()}


def _pension(desk: Desk, id_no: str) -> Row:
    return desk.records.need("pensions", "没有参加养老保险", idNo=id_no)


def _refuse_second_payment(desk: Desk, id_no: str, told: str) -> None:
    refuse_twice(desk.records.first("payments", idNo=id_no, operation=desk.operation.id), told)


def _months_paid_from(pension: Row, start: str) -> int:
    """Count the paid months from the month of ``start`` on."""
    if not pension["retired"] or not pension["lastPaidMonth"]:
        return 0
    first, last = iso_date(start), iso_date(pension["lastPaidMonth"] + "-01")
    return max(0, (last.year - first.year) * _MONTHS + last.month - first.month + 1)
