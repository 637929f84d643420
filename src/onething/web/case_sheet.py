"""A case's sheet (办件单) as a printout: the case page on paper, cut to the same post."""

from collections.abc import Iterator

from flask_babel import gettext as _

from onething.cases import CaseRow
from onething.definitions import Definition
from onething.documents.printout import Printout, Table
from onething.runtime import CaseView
from onething.tasks import TaskRow
from onething.web import printing
from onething.web.language import language
from onething.web.material_words import material_kind, trust_word
from onething.web.naming import department_name, division_text, person_name
from onething.web.node import actor, host
from onething.web.shown import moment_text
from onething.web.summary import shown_elements
from onething.web.wording import case_title, worded
from onething.web.words import case_result, case_state, item_state, material_source


def case_sheet(view: CaseView) -> Printout:
    """Return the sheet of a case as its reader may see it."""
    with host().database.read() as conn:
        definition = host().definitions.get(conn, view.case.service, view.case.number)
    department = actor().department
    return Printout(
        title=str(_("办件单")),
        issuer=department_name(host(), department) if department else str(_("审计")),
        facts=tuple(_facts(view.case)),
        tables=(
            _items(view, definition),
            _tasks(view, definition),
            _application(view, definition),
            _materials(view),
            _documents(view),
        ),
        notes=(str(_("只列出本岗位可以看到的内容。含个人信息，请妥善保管，用后销毁。")),),
        footer=printing.footer(),
        page_label=printing.page_label(),
        language=language(),
        seal=printing.seal_of(department) if department else None,
    )


def _facts(case: CaseRow) -> Iterator[tuple[str, str]]:
    yield str(_("办件编号")), case.case_no
    yield str(_("申请事项")), case_title(case)
    result = case_result(case.result)
    yield str(_("状态")), case_state(case.state).text + (f" · {result.text}" if result else "")
    yield str(_("地区")), division_text(case.region)
    for label, at in (
        (_("提交时间"), case.submitted_at),
        (_("受理时间"), case.accepted_at),
        (_("办结时间"), case.closed_at),
    ):
        if at is not None:
            yield str(label), moment_text(host(), at)


def _items(view: CaseView, definition: Definition) -> Table:
    order = {item.id: place for place, item in enumerate(definition.service.items)}
    rows = sorted(view.items, key=lambda row: order.get(row.item_id, len(order)))
    return _table(
        _("单事项办件"),
        (_("事项"), _("部门"), _("状态"), _("编号")),
        [
            (
                worded(one.name, definition),
                department_name(host(), one.department),
                " · ".join(part for part in (item_state(one.state).text, one.reason or "") if part),
                one.item_no,
            )
            for one in rows
            if one.state != "not_needed"
        ],
    )


def _tasks(view: CaseView, definition: Definition) -> Table:
    rows = sorted(view.tasks, key=lambda one: (one.opened_at, one.token))
    return _table(
        _("人工任务"),
        (_("任务"), _("部门"), _("经办人"), _("状态"), _("时间")),
        [
            (
                worded(one.name, definition),
                department_name(host(), one.department) if one.department else str(_("申请人")),
                person_name(one.assignee) or "—",
                _state(one),
                moment_text(host(), one.closed_at or one.opened_at),
            )
            for one in rows
        ],
    )


def _state(one: TaskRow) -> str:
    if one.is_live:
        return str(_("办理中"))
    return str(_("已完成") if one.state == "completed" else _("已取消"))


def _application(view: CaseView, definition: Definition) -> Table:
    sections = shown_elements(host(), actor(), definition, view.case, view.data)
    return _table(
        _("申请内容"),
        (_("分组"), _("项目"), _("内容")),
        [(one.title, label, value) for one in sections for label, value in one.facts],
    )


def _materials(view: CaseView) -> Table:
    return _table(
        _("材料"),
        (_("名称"), _("文件"), _("来源"), _("可信级别"), _("提交时间")),
        [
            (
                material_kind(one, view.case) or str(_("其他材料")),
                one.name,
                material_source(one.source),
                f"{one.trust} · {trust_word(one.trust).text}",
                moment_text(host(), one.at),
            )
            for one in view.materials
        ],
    )


def _documents(view: CaseView) -> Table:
    return _table(
        _("文书"),
        (_("名称"), _("文书编号"), _("出具时间")),
        [
            (worded(one.title, view.case), one.number, moment_text(host(), one.at))
            for one in view.documents
        ],
    )


def _table(title: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    return Table(str(title), tuple(map(str, heads)), tuple(rows))
