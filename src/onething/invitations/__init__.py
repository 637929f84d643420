"""Invitations: applications that are whole and wait until the other party agrees to them."""

from onething.invitations.changes import add, drop_over, join, renew_code, save
from onething.invitations.models import AWAITING, CANCELLED, DECLINED, OPENED
from onething.invitations.queries import InvitationRow, find, hold, of_code, of_user

__all__ = [
    "AWAITING",
    "CANCELLED",
    "DECLINED",
    "OPENED",
    "InvitationRow",
    "add",
    "drop_over",
    "find",
    "hold",
    "join",
    "of_code",
    "of_user",
    "renew_code",
    "save",
]
