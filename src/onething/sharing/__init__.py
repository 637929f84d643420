"""Shared data in applications: what departments told, and what people say against it."""

from onething.sharing.answers import (
    AnswerRow,
    drop_answer,
    drop_expired_answers,
    find_answer,
    put_answer,
)
from onething.sharing.models import STATES
from onething.sharing.objections import (
    ObjectionRow,
    add_objections,
    answer_objection,
    count_open_objections,
    get_objection,
    list_objections,
    objections_of,
)

__all__ = [
    "STATES",
    "AnswerRow",
    "ObjectionRow",
    "add_objections",
    "answer_objection",
    "count_open_objections",
    "drop_answer",
    "drop_expired_answers",
    "find_answer",
    "get_objection",
    "list_objections",
    "objections_of",
    "put_answer",
]
