"""卫生健康: death and birth certificates, child health."""

from onething.errors import DepartmentRefused
from onething.simulator.desk import Desk, answers, refuse_twice
from onething.simulator.records import Row

ISSUER = "12370500494000000X"
"""Made-up unified social credit code of the hospital that issues certificates."""


@answers("health.death.get")
def death_get(desk: Desk, asked: Row) -> Row:
    """Tell the death certificate of a person."""
    death = desk.records.need("deaths", "没有死亡医学证明", idNo=asked["idNo"])
    if death["revoked"]:
        raise DepartmentRefused("REVOKED", "死亡医学证明已作废")
    return death


@answers("health.death.issue")
def death_issue(desk: Desk, asked: Row) -> Row:
    """Issue a death certificate, once for a person."""
    issued = desk.records.find("deaths", idNo=asked["idNo"])
    refuse_twice(any(not death["revoked"] for death in issued), "已签发死亡医学证明")
    issued_at = desk.now.isoformat(timespec="seconds")
    told = {
        "certificateNo": desk.number("SW370500"),
        "issuer": ISSUER,
        "issuedAt": issued_at,
    }
    desk.records.put("deaths", {**asked, **told})
    return told


@answers("health.birth.get")
def birth_get(desk: Desk, asked: Row) -> Row:
    """Tell the birth certificate of a child."""
    return desk.records.need("births", "没有出生医学证明", idNo=asked["idNo"])


@answers("health.birth.register")
def birth_register(desk: Desk, asked: Row) -> Row:
    """Register a coming or new child of living parents, once for each order."""
    desk.living_person(asked["motherIdNo"])
    if asked.get("fatherIdNo"):
        desk.person(asked["fatherIdNo"])
    same = {"motherIdNo": asked["motherIdNo"], "childOrder": asked["childOrder"]}
    refuse_twice(desk.records.first("birth_registrations", **same), "该孩次已登记")
    number = desk.receipt()
    desk.records.put("birth_registrations", {**asked, "receiptNo": number})
    return {"receiptNo": number}


@answers("health.child.transfer")
def child_transfer(desk: Desk, asked: Row) -> Row:
    """Move a child's vaccination and health file."""
    desk.living_person(asked["idNo"])
    kept = desk.records.first("child_health", idNo=asked["idNo"])
    refuse_twice(kept and kept["division"] == asked["toDivision"], "已在该地管理")
    desk.records.put("child_health", {"idNo": asked["idNo"], "division": asked["toDivision"]})
    return {"receiptNo": desk.receipt()}
