"""Materials: the documents that a case is given, kept by what they hold.

`inspect` a file before the transaction, `Store.put` its bytes, then `add` the row.
"""

from onething.materials.changes import add, compared, judge, not_compared
from onething.materials.file_types import JPEG, OFD, PDF, PNG
from onething.materials.inspection import File, inspect, sanitised
from onething.materials.queries import get, given_by_hand, ids, of_case
from onething.materials.row import BY_HAND, REASONS, SOURCES, STATES, TRUSTS, MaterialRow, id_of
from onething.materials.scanning import Clamd, Command, NoScanner, Scanner, scanner_of
from onething.materials.store import Store
from onething.materials.waiting import forget, hold_due, keep_until, put_off

__all__ = [
    "BY_HAND",
    "JPEG",
    "OFD",
    "PDF",
    "PNG",
    "REASONS",
    "SOURCES",
    "STATES",
    "TRUSTS",
    "Clamd",
    "Command",
    "File",
    "MaterialRow",
    "NoScanner",
    "Scanner",
    "Store",
    "add",
    "compared",
    "forget",
    "get",
    "given_by_hand",
    "hold_due",
    "id_of",
    "ids",
    "inspect",
    "judge",
    "keep_until",
    "not_compared",
    "of_case",
    "put_off",
    "sanitised",
    "scanner_of",
]
