"""Drafts: what people have typed into applications and tasks and not sent yet."""

from onething.drafts.changes import drop, drop_all, drop_expired, drop_of, give_code, put, save
from onething.drafts.models import KINDS, TASK, subject_of
from onething.drafts.queries import (
    DraftRow,
    count_of,
    find,
    kept_of,
    of_code,
    of_subject,
    of_user,
)

__all__ = [
    "KINDS",
    "TASK",
    "DraftRow",
    "count_of",
    "drop",
    "drop_all",
    "drop_expired",
    "drop_of",
    "find",
    "give_code",
    "kept_of",
    "of_code",
    "of_subject",
    "of_user",
    "put",
    "save",
    "subject_of",
]
