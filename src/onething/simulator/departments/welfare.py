"""民政救助福利, 残联 and 退役军人: benefits and cards."""

from onething.errors import DepartmentRefused
from onething.simulator.desk import Desk, answers, refuse_twice
from onething.simulator.records import Row

_FOR_CHILDREN = ("孤儿基本生活费", "事实无人抚养儿童基本生活补贴")


@answers("civil.welfare.list")
def welfare_list(desk: Desk, asked: Row) -> Row:
    """Tell the benefits that a person receives now."""
    desk.person(asked["idNo"])
    benefits = desk.records.find("welfare", idNo=asked["idNo"], stoppedFrom=None)
    told = [{"kind": row["kind"], "monthly": row["monthly"] or 0} for row in benefits]
    return {"benefits": told}


@answers("civil.welfare.stop")
def welfare_stop(desk: Desk, asked: Row) -> Row:
    """Stop one benefit, once."""
    told = "没有领取该项待遇"
    benefit = desk.records.need("welfare", told, idNo=asked["idNo"], kind=asked["kind"])
    return _stop(desk, benefit, asked["from"])


@answers("civil.child.welfare_stop")
def child_welfare_stop(desk: Desk, asked: Row) -> Row:
    """Stop the living allowance of an orphan or a child without care, once."""
    benefits = desk.records.find("welfare", idNo=asked["idNo"])
    for benefit in benefits:
        if benefit["kind"] in _FOR_CHILDREN:
            return _stop(desk, benefit, asked["from"])
    raise DepartmentRefused("NO_RECORD", "没有领取儿童福利待遇")


@answers("dpf.disability.get")
def disability_get(desk: Desk, asked: Row) -> Row:
    """Tell a person's disability certificate."""
    return _certificate(desk, asked["idNo"])


@answers("dpf.disability.cancel")
def disability_cancel(desk: Desk, asked: Row) -> Row:
    """Cancel a disability certificate, once."""
    certificate = _certificate(desk, asked["idNo"])
    refuse_twice(certificate["cancelledOn"], "残疾人证已注销")
    desk.records.change("disabilities", certificate, cancelledOn=desk.today)
    return {"receiptNo": desk.receipt()}


@answers("veterans.card.get")
def card_get(desk: Desk, asked: Row) -> Row:
    """Tell a veteran's card."""
    return _card(desk, asked["idNo"])


@answers("veterans.card.cancel")
def card_cancel(desk: Desk, asked: Row) -> Row:
    """Cancel a veteran's card, once."""
    card = _card(desk, asked["idNo"])
    refuse_twice(card["cancelledOn"], "优待证已注销")
    desk.records.change("veterans", card, cancelledOn=desk.today)
    return {"receiptNo": desk.receipt()}


def _stop(desk: Desk, benefit: Row, start: str) -> Row:
    refuse_twice(benefit["stoppedFrom"], "该项待遇已停发")
    desk.records.change("welfare", benefit, stoppedFrom=start)
    return {"receiptNo": desk.receipt()}


def _certificate(desk: Desk, id_no: str) -> Row:
    return desk.records.need("disabilities", "没有残疾人证", idNo=id_no)


def _card(desk: Desk, id_no: str) -> Row:
    return desk.records.need("veterans", "没有优待证", idNo=id_no)
