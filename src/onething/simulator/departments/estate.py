"""银行 and 自然资源: deposits and real estate."""

from onething.errors import DepartmentRefused
from onething.simulator.desk import Desk, answers, iso_date, refuse_twice
from onething.simulator.records import Row


@answers("bank.deposits.query")
def deposits_query(desk: Desk, asked: Row) -> Row:
    """Tell the deposits of a known person by bank."""
    desk.person(asked["idNo"])
    deposits = desk.records.find("deposits", idNo=asked["idNo"])
    return {
        "banks": [{name: row[name] for name in ("bank", "total", "special")} for row in deposits]
    }


@answers("bank.deposits.release")
def deposits_release(desk: Desk, asked: Row) -> Row:
    """Pay a bank's deposit to the payees, once."""
    told = "该行没有存款"
    deposit = desk.records.need("deposits", told, idNo=asked["idNo"], bank=asked["bank"])
    amount = deposit["total"]
    refuse_twice(not amount, "存款已支付")
    if not asked["payees"]:
        raise DepartmentRefused("CONFLICT", "没有收款人")
    for payee in asked["payees"]:
        desk.living_person(payee["idNo"])
    first = asked["payees"][0]
    desk.records.change("deposits", deposit, total=0, special=0)
    number = desk.pay(asked["idNo"], first["idNo"], first["bank"], amount)
    return {"paymentNo": number, "amount": amount}


@answers("bank.deposits.paid")
def deposits_paid(desk: Desk, asked: Row) -> Row:
    """Tell the last payment of a person's deposit."""
    deposit = desk.records.need("deposits", "没有支付记录", idNo=asked["idNo"], bank=asked["bank"])
    paid = desk.records.find("payments", operation="bank.deposits.release", idNo=asked["idNo"])
    if deposit["total"] or not paid:
        raise DepartmentRefused("NO_RECORD", "没有支付记录")
    return {"paymentNo": paid[-1]["paymentNo"], "amount": paid[-1]["amount"]}


@answers("nr.realestate.query")
def realestate_query(desk: Desk, asked: Row) -> Row:
    """Tell the real estate of a known person."""
    desk.person(asked["idNo"])
    estates = desk.records.find("estates", idNo=asked["idNo"])
    return {"estates": [{"no": row["no"], "address": row["address"] or ""} for row in estates]}


@answers("nr.realestate.register")
def realestate_register(desk: Desk, asked: Row) -> Row:
    """Register real estate for living heirs, once."""
    estate = desk.records.need("estates", "没有该不动产", no=asked["no"])
    refuse_twice(estate["registrationNo"], "已办理继承登记")
    if not asked["heirs"]:
        raise DepartmentRefused("CONFLICT", "没有继承人")
    heirs = [desk.living_person(heir["idNo"])["idNo"] for heir in asked["heirs"]]
    number = desk.number("BDC3705")
    registered_on = iso_date(asked["date"]).isoformat()
    desk.records.change(
        "estates", estate, registrationNo=number, registeredOn=registered_on, heirs=heirs
    )
    return {"registrationNo": number, "registeredOn": registered_on}
