"""民政殡葬: bookings and cremations."""

from datetime import datetime, timedelta

from onething.errors import DepartmentRefused
from onething.simulator.desk import ZONE, Desk, answers, refuse_twice
from onething.simulator.records import Row

_CREMATION_TAKES = timedelta(hours=2)


@answers("civil.funeral.book")
def book(desk: Desk, asked: Row) -> Row:
    """Book a cremation for a dead person, once, in a free slot."""
    death = desk.records.need("deaths", "没有死亡医学证明", idNo=asked["idNo"])
    refuse_twice(desk.records.first("cremations", idNo=asked["idNo"]), "已预约火化")
    slot = _instant(asked["slot"]).isoformat()
    refuse_twice(desk.records.first("cremations", home=asked["home"], slot=slot), "该时段已被预约")
    if death["class"] != "正常" and not desk.records.first("clearances", idNo=asked["idNo"]):
        raise DepartmentRefused("CONFLICT", "非正常死亡，未经公安许可不得火化")
    number = desk.number("HZ")
    booking = {"idNo": asked["idNo"], "bookingNo": number, "home": asked["home"], "slot": slot}
    desk.records.put("cremations", booking)
    return {"bookingNo": number}


@answers("civil.funeral.cremation")
def cremation(desk: Desk, asked: Row) -> Row:
    """Tell whether the booked cremation has taken place by now."""
    booking = desk.records.need("cremations", "没有火化预约", idNo=asked["idNo"])
    if not booking["crematedAt"]:
        done_at = _instant(booking["slot"]) + _CREMATION_TAKES
        if done_at > desk.now:
            return {"cremated": False, "cremationNo": None, "crematedAt": None}
        desk.records.change(
            "cremations",
            booking,
            crematedAt=done_at.isoformat(),
            cremationNo=desk.number("HH"),
        )
    return {
        "cremated": True,
        "cremationNo": booking["cremationNo"],
        "crematedAt": booking["crematedAt"],
    }


def _instant(text: str) -> datetime:
    """Read an instant; one without zone is local."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise DepartmentRefused("CONFLICT", f"没有这个时间：{text}") from error
    return at.astimezone(ZONE) if at.tzinfo else at.replace(tzinfo=ZONE)
