"""The cards and the figures of departments as workbooks."""

from collections.abc import Iterable

from flask_babel import gettext as _

from onething.cards import COLOURS, CardRow
from onething.runtime import Figures, Host
from onething.web import sheet
from onething.web.card_words import card_basis, card_colour, card_rule, card_state, card_subject
from onething.web.due_signs import last_moment
from onething.web.naming import department_name, person_name
from onething.web.shown import moment_text

_PERCENTS = (4, 5)


def figures_book(host: Host, figures: Iterable[Figures]) -> bytes:
    """Return an .xlsx file with one row a department."""
    heads = [_("部门"), _("办结"), _("按时办结"), _("按时率"), _("平均用去时限")]
    heads += [card_colour(one).text for one in COLOURS] + [_("再次告知补正")]
    rows = (_figures_row(one, department_name(host, one.department)) for one in figures)
    return sheet.workbook(str(_("电子监察")), heads, rows, percents=_PERCENTS)


def cards_book(host: Host, cards: Iterable[CardRow]) -> bytes:
    """Return an .xlsx file with one row a card."""
    heads = [_("牌色"), _("原因"), _("办件"), _("事项"), _("部门"), _("承办人"), _("状态")]
    heads += [_("亮牌时间"), _("说明期限"), _("依据")]
    return sheet.workbook(str(_("亮牌")), heads, (_card_row(host, one) for one in cards))


def _figures_row(one: Figures, name: str) -> list[sheet.Value]:
    share = one.on_time / one.ended if one.ended else None
    cards = [one.cards.get(colour, 0) for colour in COLOURS]
    return [name, one.ended, one.on_time, share, one.average_share, *cards, one.second_notices]


def _card_row(host: Host, one: CardRow) -> list[sheet.Value]:
    return [
        card_colour(one.colour).text,
        card_rule(one.rule),
        one.case_no,
        card_subject(one),
        department_name(host, one.department),
        person_name(one.holder),
        card_state(one.state).text,
        moment_text(host, one.raised_at),
        f"{last_moment(host, one.reply_due_at):%Y-%m-%d}" if one.reply_due_at else "",
        card_basis(one),
    ]
