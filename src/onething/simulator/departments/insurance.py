"""医疗保障 and 住房公积金: medical insurance and housing fund."""

from onething.errors import DepartmentRefused
from onething.simulator.desk import Desk, answers, refuse_twice
from onething.simulator.records import Row


@answers("med.insurance.get")
def insurance_get(desk: Desk, asked: Row) -> Row:
    """Tell whether a person is insured, and the balance of the account."""
    return _medical(desk, asked["idNo"])


@answers("med.insurance.stop")
def insurance_stop(desk: Desk, asked: Row) -> Row:
    """Stop an insurance, once."""
    medical = _medical(desk, asked["idNo"])
    refuse_twice(not medical["insured"], "已停保")
    desk.records.change("medical", medical, insured=False, stoppedFrom=asked["from"])
    return {"receiptNo": desk.receipt()}


@answers("med.insurance.pay_balance")
def pay_balance(desk: Desk, asked: Row) -> Row:
    """Pay the whole balance to a living payee, once."""
    medical = _medical(desk, asked["idNo"])
    desk.living_person(asked["payeeIdNo"])
    paid = desk.records.first("payments", idNo=asked["idNo"], operation=desk.operation.id)
    refuse_twice(paid, "个人账户余额已支取")
    amount = medical["balance"]
    desk.records.change("medical", medical, balance=0)
    number = desk.pay(asked["idNo"], asked["payeeIdNo"], asked["bank"], amount)
    return {"paymentNo": number, "amount": amount}


@answers("med.insurance.enrol")
def enrol(desk: Desk, asked: Row) -> Row:
    """Insure a living person who is not insured."""
    desk.living_person(asked["idNo"])
    medical = desk.records.first("medical", idNo=asked["idNo"])
    refuse_twice(medical and medical["insured"], "已参保")
    desk.records.put("medical", {**(medical or {}), **asked, "insured": True, "stoppedFrom": None})
    return {"receiptNo": desk.receipt()}


@answers("med.insurance.update")
def insurance_update(desk: Desk, asked: Row) -> Row:
    """Write the marital status of an insured person."""
    medical = _medical(desk, asked["idNo"])
    desk.records.change("medical", medical, maritalStatus=asked["maritalStatus"])
    return {"receiptNo": desk.receipt()}


@answers("fund.housing.get")
def housing_get(desk: Desk, asked: Row) -> Row:
    """Tell the balance of a housing fund account."""
    return _fund(desk, asked["idNo"])


@answers("fund.housing.withdraw")
def housing_withdraw(desk: Desk, asked: Row) -> Row:
    """Pay the whole balance to the payees, once."""
    fund = _fund(desk, asked["idNo"])
    paid = desk.records.first("payments", idNo=asked["idNo"], operation=desk.operation.id)
    refuse_twice(paid, "住房公积金已提取")
    payees = asked["payees"]
    if not payees:
        raise DepartmentRefused("CONFLICT", "没有提取人")
    for payee in payees:
        desk.living_person(payee["idNo"])
    amount = fund["balance"]
    desk.records.change("funds", fund, balance=0)
    number = desk.pay(asked["idNo"], payees[0]["idNo"], payees[0]["bank"], amount)
    return {"paymentNo": number, "amount": amount}


@answers("fund.housing.update")
def housing_update(desk: Desk, asked: Row) -> Row:
    """Write the marital status of an account's holder."""
    fund = _fund(desk, asked["idNo"])
    desk.records.change("funds", fund, maritalStatus=asked["maritalStatus"])
    return {"receiptNo": desk.receipt()}


def _medical(desk: Desk, id_no: str) -> Row:
    return desk.records.need("medical", "没有参加医疗保险", idNo=id_no)


def _fund(desk: Desk, id_no: str) -> Row:
    return desk.records.need("funds", "没有住房公积金账户", idNo=id_no)
