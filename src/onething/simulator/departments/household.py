"""公安户籍: household registration."""

from onething.errors import DepartmentRefused
from onething.simulator.desk import Desk, answers, iso_date, refuse_twice
from onething.simulator.numbers import make_id_number, read_id_number
from onething.simulator.records import Row

_MOST_CHILDREN_A_DAY = 500


@answers("police.household.get")
def household_get(desk: Desk, asked: Row) -> Row:
    """Tell what the household book says of a person, dead or alive."""
    person = desk.person(asked["idNo"])
    told = (
        "name",
        "idNo",
        "sex",
        "birth",
        "ethnic",
        "division",
        "address",
        "householdNo",
        "maritalStatus",
        "alive",
    )
    house = desk.records.find("people", householdNo=person["householdNo"], alive=True)
    members = [
        {name: other[name] for name in ("name", "idNo", "relation")}
        for other in house
        if other["idNo"] != person["idNo"]
    ]
    return {**{name: person[name] for name in told}, "members": members}


@answers("police.household.update_marital_status")
def update_marital_status(desk: Desk, asked: Row) -> Row:
    """Write a living person's marital status."""
    person = desk.living_person(asked["idNo"])
    spouse = asked.get("spouseIdNo")
    if asked["status"] == "已婚" and not spouse:
        raise DepartmentRefused("CONFLICT", "已婚须有配偶的公民身份号码")
    married = asked["status"] == "已婚"
    desk.records.change(
        "people",
        person,
        maritalStatus=asked["status"],
        spouseIdNo=spouse if married else None,
    )
    return {"updatedOn": desk.today, "receiptNo": desk.receipt()}


@answers("police.household.move")
def move(desk: Desk, asked: Row) -> Row:
    """Move a person into the host's household, or into an own one."""
    person = desk.living_person(asked["idNo"])
    host = asked.get("hostIdNo")
    household = f"H{person['idNo']}"
    if host:
        household = desk.living_person(host)["householdNo"]
        refuse_twice(household == person["householdNo"], "已在该户内")
    desk.records.change(
        "people",
        person,
        division=asked["toDivision"],
        address=asked["toAddress"],
        householdNo=household,
        relation=asked.get("relation") or ("非亲属" if host else "户主"),
    )
    return {"receiptNo": desk.receipt(), "movedOn": desk.today}


@answers("police.household.cancel")
def cancel(desk: Desk, asked: Row) -> Row:
    """Cancel a dead person's registration, once."""
    person = desk.person(asked["idNo"])
    refuse_twice(not person["alive"], "户口已注销")
    if iso_date(asked["diedOn"]) > desk.now.date():
        raise DepartmentRefused("CONFLICT", "死亡日期在今天之后")
    if asked.get("certificateNo"):
        certificate = desk.records.first("deaths", certificateNo=asked["certificateNo"])
        if certificate and certificate["revoked"]:
            raise DepartmentRefused("REVOKED", "死亡医学证明已作废")
        if certificate and certificate["idNo"] != person["idNo"]:
            raise DepartmentRefused("CONFLICT", "死亡医学证明属于他人")
    desk.records.change(
        "people", person, alive=False, diedOn=asked["diedOn"], cancelledOn=desk.today
    )
    return {"receiptNo": desk.receipt(), "cancelledOn": desk.today}


@answers("police.household.register_child")
def register_child(desk: Desk, asked: Row) -> Row:
    """Register a child with its parents, or move a registered child to them."""
    if not asked["parents"]:
        raise DepartmentRefused("CONFLICT", "没有父母，不能登记")
    if iso_date(asked["birth"]) > desk.now.date():
        raise DepartmentRefused("CONFLICT", "出生日期在今天之后")
    parents = [desk.living_person(id_no) for id_no in asked["parents"]]
    parent = parents[0]
    number = asked.get("idNo") or _new_number(desk, asked)
    known = desk.records.first("people", idNo=number) or {}
    refuse_twice(known.get("householdNo") == parent["householdNo"], "已登记在该户")
    desk.records.put(
        "people",
        {
            **known,
            "idNo": number,
            "name": asked["name"],
            "sex": asked["sex"],
            "birth": asked["birth"],
            "ethnic": known.get("ethnic") or parent["ethnic"],
            "division": asked["division"],
            "address": parent["address"],
            "householdNo": parent["householdNo"],
            "relation": "子" if asked["sex"] == "男" else "女",
            "maritalStatus": "未婚",
            "alive": True,
        },
    )
    return {"receiptNo": desk.receipt(), "idNo": number, "registeredOn": desk.today}


def _new_number(desk: Desk, asked: Row) -> str:
    """Give the child the first identity number of its day that nobody has."""
    birth = iso_date(asked["birth"])
    for sequence in range(_MOST_CHILDREN_A_DAY):
        number = make_id_number(asked["division"], birth, asked["sex"], sequence)
        if read_id_number(number) and not desk.records.first("people", idNo=number):
            return number
    raise DepartmentRefused("CONFLICT", "当日公民身份号码已用完")
