"""Clocks: the legal and promised time limits of cases, items and tasks, with their ledgers."""

from onething.clocks.changes import save, stamp
from onething.clocks.clock import KINDS, OPEN, Clock, Kind, Leg, Owner, State
from onething.clocks.dating import Frame
from onething.clocks.effects import effects, fold
from onething.clocks.ledger import Day, Entry, EntryKind, Ledger, Move, limits
from onething.clocks.opening import Opening, Why
from onething.clocks.promise import Part, reckon
from onething.clocks.queries import (
    ended,
    of_case,
    of_cases,
    oldest_first,
    open_due,
    provisional,
    ran_out,
    second_notices,
    supplemented,
    versions,
)
from onething.clocks.register import Register

__all__ = [
    "KINDS",
    "OPEN",
    "Clock",
    "Day",
    "Entry",
    "EntryKind",
    "Frame",
    "Kind",
    "Ledger",
    "Leg",
    "Move",
    "Opening",
    "Owner",
    "Part",
    "Register",
    "State",
    "Why",
    "effects",
    "ended",
    "fold",
    "limits",
    "of_case",
    "of_cases",
    "oldest_first",
    "open_due",
    "provisional",
    "ran_out",
    "reckon",
    "save",
    "second_notices",
    "stamp",
    "supplemented",
    "versions",
]
