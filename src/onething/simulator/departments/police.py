"""公安: identity, records, clearances, driving licences."""

from onething.errors import DepartmentRefused
from onething.simulator.desk import Desk, answers, refuse_twice
from onething.simulator.records import Row


@answers("police.identity.verify")
def verify(desk: Desk, asked: Row) -> Row:
    """Tell whether name and number belong together."""
    person = desk.person(asked["idNo"])
    return {"matches": person["name"] == asked["name"], "alive": person["alive"]}


@answers("police.record.check")
def record_check(desk: Desk, asked: Row) -> Row:
    """Tell the offences of a person and whether one of them may harm a child."""
    person = desk.person(asked["idNo"])
    offences = desk.records.find("offences", idNo=person["idNo"])
    told = [{"kind": offence["kind"], "on": offence["on"]} for offence in offences]
    return {"harmful": any(offence["harmful"] for offence in offences), "offences": told}


@answers("police.child.found_report")
def found_report(desk: Desk, asked: Row) -> Row:
    """Tell where a child was found and whether its parents were traced."""
    return desk.records.need("found_reports", "没有该报案证明", reportNo=asked["reportNo"])


@answers("police.death.clearance")
def clearance(desk: Desk, asked: Row) -> Row:
    """Tell whether the body may be dealt with: at once after a normal death."""
    given = desk.records.first("clearances", idNo=asked["idNo"])
    if given:
        return {"cleared": True, "documentNo": given["documentNo"]}
    death = desk.records.need("deaths", "没有死亡记录", idNo=asked["idNo"])
    return {"cleared": death["class"] == "正常", "documentNo": None}


@answers("police.driving.get")
def driving_get(desk: Desk, asked: Row) -> Row:
    """Tell a person's licence and vehicles."""
    licence = _licence(desk, asked["idNo"])
    vehicles = desk.records.find("vehicles", idNo=asked["idNo"])
    return {
        "licenceNo": licence["licenceNo"],
        "vehicles": [{"plate": vehicle["plate"]} for vehicle in vehicles],
    }


@answers("police.driving.cancel")
def driving_cancel(desk: Desk, asked: Row) -> Row:
    """Cancel a licence, once."""
    licence = _licence(desk, asked["idNo"])
    refuse_twice(licence["cancelledOn"], "驾驶证已注销")
    desk.records.change("licences", licence, cancelledOn=desk.today)
    return {"receiptNo": desk.receipt()}


def _licence(desk: Desk, id_no: str) -> Row:
    licence = desk.records.need("licences", "没有驾驶证", idNo=id_no)
    if not licence["licenceNo"]:
        raise DepartmentRefused("NO_RECORD", "没有驾驶证")
    return licence
