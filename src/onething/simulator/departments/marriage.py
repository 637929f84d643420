"""民政婚姻登记: the national marriage register."""

from onething.errors import DepartmentRefused
from onething.simulator.desk import Desk, answers, iso_date, refuse_twice
from onething.simulator.records import Row


@answers("civil.marriage.check")
def check(desk: Desk, asked: Row) -> Row:
    """Tell the marital status that the register shows for a person."""
    person = desk.person(asked["idNo"])
    marriages = _marriages(desk, person["idNo"])
    if not marriages:
        return {"status": "未婚", "spouseIdNo": None, "certificateNo": None}
    last = marriages[-1]
    spouse = _spouse(last, person["idNo"])
    told = {"spouseIdNo": spouse, "registeredOn": last["registeredOn"], "kind": last["kind"]}
    if last["endedOn"]:
        number = last["endCertificateNo"]
        return {**told, "status": "离婚", "certificateNo": number, "kind": "离婚"}
    status = "已婚" if _is_alive(desk, spouse) else "丧偶"
    return {**told, "status": status, "certificateNo": last["certificateNo"]}


@answers("civil.marriage.register")
def register(desk: Desk, asked: Row) -> Row:
    """Register a marriage of two living people who are not married."""
    both = (asked["aIdNo"], asked["bIdNo"])
    refuse_twice(both[0] == both[1], "双方是同一人")
    for id_no in both:
        desk.living_person(id_no)
        refuse_twice(_present_marriage(desk, id_no), "当事人已有配偶")
    number = desk.number("J370500-", 5)
    before = {_spouse(old, both[0]) for old in _marriages(desk, both[0])}
    desk.records.put(
        "marriages",
        {
            "certificateNo": number,
            "aIdNo": both[0],
            "bIdNo": both[1],
            "kind": "复婚" if both[1] in before else "结婚",
            "registeredOn": iso_date(asked["date"]).isoformat(),
            "registry": asked["registry"],
        },
    )
    return {"certificateNo": number, "registeredOn": asked["date"]}


@answers("civil.marriage.dissolve")
def dissolve(desk: Desk, asked: Row) -> Row:
    """Register the divorce of a marriage, once."""
    told = "没有该结婚登记"
    marriage = desk.records.need("marriages", told, certificateNo=asked["certificateNo"])
    refuse_twice(marriage["endedOn"], "该婚姻已解除")
    number = desk.number("L370500-", 5)
    ended_on = iso_date(asked["date"]).isoformat()
    desk.records.change("marriages", marriage, endedOn=ended_on, endCertificateNo=number)
    return {"certificateNo": number, "registeredOn": ended_on}


@answers("civil.marriage.reissue")
def reissue(desk: Desk, asked: Row) -> Row:
    """Issue a certificate of marriage (结婚证) or divorce (离婚证) again, under a new number."""
    marriages = _marriages(desk, desk.person(asked["idNo"])["idNo"])
    if "离婚" in asked["kind"]:
        divorced = [marriage for marriage in marriages if marriage["endedOn"]]
        if not divorced:
            raise DepartmentRefused("NO_RECORD", "没有离婚登记")
        number = desk.number("BL370500-", 5)
        desk.records.change("marriages", divorced[-1], endCertificateNo=number)
        return {"certificateNo": number}
    present = _present_marriage(desk, asked["idNo"])
    if present is None:
        raise DepartmentRefused("NO_RECORD", "没有有效的结婚登记")
    # The number is the key: the marriage goes on under the new one.
    number = desk.number("BJ370500-", 5)
    desk.records.rename("marriages", present, certificateNo=number)
    return {"certificateNo": number}


def _marriages(desk: Desk, id_no: str) -> list[Row]:
    """Return a person's marriages, the latest last."""
    found = desk.records.find("marriages", aIdNo=id_no)
    found += desk.records.find("marriages", bIdNo=id_no)
    return sorted(found, key=lambda marriage: marriage["registeredOn"] or "")


def _present_marriage(desk: Desk, id_no: str) -> Row | None:
    """Return the marriage that stands: not dissolved, the spouse alive."""
    for marriage in _marriages(desk, id_no):
        if not marriage["endedOn"] and _is_alive(desk, _spouse(marriage, id_no)):
            return marriage
    return None


def _spouse(marriage: Row, id_no: str) -> str:
    return str(marriage["bIdNo"] if marriage["aIdNo"] == id_no else marriage["aIdNo"])


def _is_alive(desk: Desk, id_no: str) -> bool:
    """Tell whether a person lives; a spouse whom the police do not know counts as living."""
    person = desk.records.first("people", idNo=id_no)
    dead = desk.records.first("deaths", idNo=id_no)
    return not dead and (person is None or bool(person["alive"]))
