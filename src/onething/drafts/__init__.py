"""Drafts: applications that people have begun and not sent yet."""

from onething.drafts.changes import drop, drop_all, drop_expired, give_code, put, save
from onething.drafts.models import KINDS
from onething.drafts.queries import DraftRow, find, of_code, of_user

__all__ = [
    "KINDS",
    "DraftRow",
    "drop",
    "drop_all",
    "drop_expired",
    "find",
    "give_code",
    "of_code",
    "of_user",
    "put",
    "save",
]
