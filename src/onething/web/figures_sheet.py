"""The figures of departments as a workbook."""

from collections.abc import Callable, Iterable
from io import BytesIO

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from onething.runtime import Figures

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PERCENT = "0.0%"
_WIDTH = 22


def workbook(figures: Iterable[Figures], name_of: Callable[[str], str]) -> bytes:
    """Return an .xlsx file with one row a department.

    Args:
        figures: What departments came to.
        name_of: Gives a department's name by its code.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = str(_("电子监察"))
    sheet.append(_heads())
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for one in figures:
        sheet.append(_row(one, name_of(one.department)))
        name = sheet.cell(sheet.max_row, 1)
        name.data_type = "s"  # a name that begins with "=" stays a name
        for column in (4, 5):
            sheet.cell(sheet.max_row, column).number_format = _PERCENT
    for column in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
    sheet.freeze_panes = "A2"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _heads() -> list[str]:
    heads = [_("部门"), _("办结"), _("按时办结"), _("按时率"), _("平均用去时限")]
    return [str(one) for one in (*heads, _("预警"), _("黄牌"), _("红牌"), _("再次告知补正"))]


def _row(one: Figures, name: str) -> list[str | int | float | None]:
    share = one.on_time / one.ended if one.ended else None
    cards = [one.cards.get(colour, 0) for colour in ("amber", "yellow", "red")]
    return [name, one.ended, one.on_time, share, one.average_share, *cards, one.second_notices]
