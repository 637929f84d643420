"""法院, 教育 and 公证: judgments, schools, notaries."""

from onething.errors import DepartmentRefused
from onething.simulator.desk import Desk, answers, refuse_twice
from onething.simulator.records import Row


@answers("court.judgment.get")
def judgment_get(desk: Desk, asked: Row) -> Row:
    """Tell a judgment that has taken effect."""
    told = "没有该裁判文书"
    judgment = desk.records.need("judgments", told, documentNo=asked["documentNo"])
    if not judgment["effectiveOn"] or judgment["effectiveOn"] > desk.today:
        raise DepartmentRefused("CONFLICT", "裁判文书尚未生效")
    return judgment


@answers("edu.student.notify")
def student_notify(desk: Desk, asked: Row) -> Row:
    """Note that a living child has come to a division."""
    desk.living_person(asked["idNo"])
    number = desk.receipt()
    desk.records.put("students", {**asked, "receiptNo": number})
    return {"receiptNo": number}


@answers("notary.book")
def notary_book(desk: Desk, asked: Row) -> Row:
    """Book the notarisation of an estate with all its heirs, once."""
    desk.person(asked["deadIdNo"])
    if not asked["heirs"]:
        raise DepartmentRefused("CONFLICT", "没有继承人")
    for heir in asked["heirs"]:
        desk.living_person(heir)
    booked = desk.records.first("notary_bookings", deadIdNo=asked["deadIdNo"])
    refuse_twice(booked, "已预约公证")
    number = desk.number("GZ")
    desk.records.put("notary_bookings", {**asked, "bookingNo": number})
    return {"bookingNo": number}
