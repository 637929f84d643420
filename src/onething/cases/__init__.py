"""Cases and items: what a citizen applied for, and each department's part."""

from onething.cases.changes import ENDED, add, close, move, set_item, set_state
from onething.cases.numbers import (
    BLOCK,
    NotDrawn,
    Serials,
    case_number,
    check_character,
    item_number,
    next_serial,
)
from onething.cases.queries import (
    CaseRow,
    ItemRow,
    count_by_state,
    decided,
    get,
    instances_filed_by,
    item_states,
    items,
    listing,
    of_instance,
    open_on_subject,
)

__all__ = [
    "BLOCK",
    "ENDED",
    "CaseRow",
    "ItemRow",
    "NotDrawn",
    "Serials",
    "add",
    "case_number",
    "check_character",
    "close",
    "count_by_state",
    "decided",
    "get",
    "instances_filed_by",
    "item_number",
    "item_states",
    "items",
    "listing",
    "move",
    "next_serial",
    "of_instance",
    "open_on_subject",
    "set_item",
    "set_state",
]
