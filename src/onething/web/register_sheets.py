"""A register as a table: on the page, as a workbook, and on paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from onething.cases import RegisterKind
from onething.documents import day
from onething.documents.printout import Printout, Table
from onething.runtime import MOST_LINES, Host, Register, RegisterLine
from onething.web import printing, sheet
from onething.web.language import language
from onething.web.naming import department_name, person_name
from onething.web.node import actor
from onething.web.register_names import KINDS
from onething.web.shown import moment_text
from onething.web.wording import worded_of
from onething.web.words import item_state


@dataclass(frozen=True, slots=True)
class Asked:
    """Which register is asked for."""

    kind: RegisterKind
    first: date
    last: date
    service: str | None = None
    item: str | None = None


def heads() -> list[str]:
    """Return the names of the columns."""
    found = [_("序号"), _("办件编号"), _("事项"), _("申请人"), _("收件日"), _("受理日")]
    return [*found, _("办结日"), _("结果"), _("文书编号"), _("送达日"), _("经办人")]


def rows(host: Host, register: Register) -> Iterator[list[str]]:
    """Yield the lines of a register, numbered."""
    for number, line in enumerate(register.lines, start=1):
        yield [str(number), *_row(host, line)]


def register_book(host: Host, asked: Asked, register: Register) -> bytes:
    """Return an .xlsx file with one row a line."""
    lines: list[list[sheet.Value]] = [list(one) for one in rows(host, register)]
    if register.is_cut:
        lines.append([cut_text()])
    return sheet.workbook(str(KINDS[asked.kind]), heads(), lines)


def register_paper(host: Host, asked: Asked, register: Register, narrowed: str) -> Printout:
    """Return a register as a printout.

    Args:
        host: The node.
        asked: What was asked for.
        register: Its lines.
        narrowed: Names of the service and item that it is narrowed to; empty for all.
    """
    department = actor().department
    span = f"{day(asked.first, language())} – {day(asked.last, language())}"
    return Printout(
        title=str(KINDS[asked.kind]),
        issuer=department_name(host, department),
        facts=(
            (str(_("部门")), department_name(host, department)),
            (str(_("时间")), span),
            (str(_("事项")), narrowed or str(_("全部"))),
            (str(_("条数")), str(len(register.lines))),
        ),
        tables=(
            Table(
                "",
                tuple(heads()),
                tuple(tuple(one) for one in rows(host, register)),
                str(_("这段时间没有记录。")),
            ),
        ),
        notes=(cut_text(),) if register.is_cut else (str(_("（以下空白）")),),
        footer=printing.footer(),
        page_label=printing.page_label(),
        language=language(),
        seal=printing.seal_of(department),
        is_wide=True,
    )


def cut_text() -> str:
    """Say that a register has more lines than fit."""
    return str(_("超过 %(n)s 条，其余没有列出。请缩短时间或者选定事项。", n=MOST_LINES))


def _row(host: Host, line: RegisterLine) -> list[str]:
    item = line.item
    ends = (item.submitted_at, item.accepted_at, item.ended_at, line.delivered_at)
    received, accepted, ended, delivered = (moment_text(host, one)[:10] for one in ends)
    return [
        item.case_no,
        worded_of(item.name, item.service, item.number),
        item.title.partition(" · ")[2] or "—",
        received,
        accepted,
        ended,
        item_state(item.state).text,
        line.document,
        delivered,
        person_name(line.worker),
    ]
