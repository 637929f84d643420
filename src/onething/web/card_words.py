"""The words for cards: colours with their signs, rules, states, and to whom they go."""

from flask_babel import lazy_gettext as later

from onething.cards import CardRow
from onething.definitions import Definition
from onething.web.node import host
from onething.web.wording import item_name, service_name, worded
from onething.web.words import Word, word_of

_COLOURS = {
    "amber": ("warn", "△", later("预警")),
    "yellow": ("yellow", "◆", later("黄牌")),
    "red": ("bad", "■", later("红牌")),
}
_STATES = {
    "open": ("warn", "!", later("待说明")),
    "escalated": ("bad", "▲", later("逾期未说明，已上报")),
    "answered": ("brand", "●", later("已说明，待核实")),
    "reviewed": ("good", "✓", later("已核实")),
    "waived": ("", "–", later("已撤销")),
}
_RULES = {
    "approaching": later("承诺时限将到"),
    "promised-passed": later("超过承诺时限"),
    "statutory-passed": later("超过法定时限"),
    "reception-passed": later("逾期未作受理决定，视为受理"),
    "second-notice": later("同一部门第二次要求补正"),
    "many-yellow": later("同一办件黄牌超过两张"),
    "rating-unanswered": later("差评未按时回访"),
    "rating-unfixed": later("差评未按时整改"),
    "shared-requested": later("重复索要可共享的材料"),
}
_ADDRESSEES = {
    "handler": later("承办人"),
    "section": later("承办人和科室负责人"),
    "bureau": later("本局和行政审批服务局"),
}


def card_colour(colour: str) -> Word:
    """Return the word for a card's colour."""
    return word_of(_COLOURS, colour)


def card_state(state: str) -> Word:
    """Return the word for a card's state."""
    return word_of(_STATES, state)


def card_rule(rule: str) -> str:
    """Return why a card was raised; a site's own rule stays as its table names it."""
    return str(_RULES.get(rule, rule))


def card_subject(card: CardRow) -> str:
    """Return the item that a card is about, as the newest deployment calls it; else the service."""
    service = _newest(card.service).service
    item = service.item(card.item_id)
    return item_name(item) if item is not None else service_name(service)


def card_basis(card: CardRow) -> str:
    """Return what a card rests on, in the reader's language."""
    return worded(card.basis, _newest(card.service))


def _newest(service: str) -> Definition:
    with host().database.read() as conn:
        return host().definitions.newest(conn, service)


def card_addressee(addressee: str) -> str:
    """Return to whom a card goes."""
    return str(_ADDRESSEES.get(addressee, addressee))


FILTERS = {
    "card_colour": card_colour,
    "card_state": card_state,
    "card_rule": card_rule,
    "card_addressee": card_addressee,
    "card_subject": card_subject,
}
"""What the templates call these by."""
