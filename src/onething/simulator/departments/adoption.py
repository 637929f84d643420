"""民政收养登记: adoptions and the children of institutions."""

from onething.errors import DepartmentRefused
from onething.simulator.desk import Desk, answers, iso_date, refuse_twice
from onething.simulator.records import Row


@answers("civil.child.get")
def child_get(desk: Desk, asked: Row) -> Row:
    """Tell an institution's entry record of a child."""
    return desk.records.need("children", "没有入院登记", entryNo=asked["entryNo"])


@answers("civil.adoption.check")
def check(desk: Desk, asked: Row) -> Row:
    """Tell what the register says of an adoption."""
    return _adoption(desk, asked["certificateNo"])


@answers("civil.adoption.register")
def register(desk: Desk, asked: Row) -> Row:
    """Register an adoption by living people of a child who is not adopted."""
    if not asked["adopters"]:
        raise DepartmentRefused("CONFLICT", "没有收养人")
    for id_no in asked["adopters"]:
        desk.living_person(id_no)
    child, name = asked.get("adopteeIdNo"), asked.get("adopteeName")
    if not child and not name:
        raise DepartmentRefused("CONFLICT", "没有被收养人")
    if child:
        name = name or desk.living_person(child)["name"]
        refuse_twice(_is_adopted(desk, child), "该儿童已被收养")
    number = desk.number("SY370500-", 4)
    desk.records.put(
        "adoptions",
        {
            "certificateNo": number,
            "adopters": asked["adopters"],
            "adopteeIdNo": child,
            "adopteeName": name,
            "registeredOn": iso_date(asked["date"]).isoformat(),
        },
    )
    return {"certificateNo": number, "registeredOn": asked["date"]}


@answers("civil.adoption.dissolve")
def dissolve(desk: Desk, asked: Row) -> Row:
    """Register the end of an adoption, once."""
    adoption = _adoption(desk, asked["certificateNo"])
    refuse_twice(adoption["dissolvedOn"], "收养关系已解除")
    number = desk.number("JS370500-", 4)
    ended_on = iso_date(asked["date"]).isoformat()
    desk.records.change("adoptions", adoption, dissolvedOn=ended_on, dissolutionNo=number)
    return {"certificateNo": number, "registeredOn": ended_on}


def _adoption(desk: Desk, certificate_no: str) -> Row:
    return desk.records.need("adoptions", "没有收养登记", certificateNo=certificate_no)


def _is_adopted(desk: Desk, id_no: str) -> bool:
    adoptions = desk.records.find("adoptions", adopteeIdNo=id_no)
    return any(not adoption["dissolvedOn"] for adoption in adoptions)
