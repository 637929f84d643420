"""History: append-only events, their sealed values, and the proof that nothing changed."""

from onething.feel.json import canonical
from onething.history.events import Event, NewEvent, append, by_key, read
from onething.history.hashes import GENESIS
from onething.history.keys import CaseKey, Keys, seal, unseal

__all__ = [
    "GENESIS",
    "CaseKey",
    "Event",
    "Keys",
    "NewEvent",
    "append",
    "by_key",
    "canonical",
    "read",
    "seal",
    "unseal",
]
