"""History: append-only events, their sealed values, and the proof that nothing changed."""

from onething.feel.json import canonical
from onething.history.access import AccessLog, Reading, readings
from onething.history.archive_shelf import archive_extent, archive_of
from onething.history.checkpoints import Checkpoint, checkpoint
from onething.history.events import (
    Event,
    NewEvent,
    append,
    append_all,
    by_key,
    horizon,
    is_of_key,
    newest,
    newest_at,
    next_at,
    read,
    read_all,
)
from onething.history.hashes import GENESIS
from onething.history.keys import CaseKey, Keys, any_case, seal, unseal
from onething.history.report import Fault, Report
from onething.history.signing import Ed25519Signer, Ed25519Verifier, Signer, Verifier
from onething.history.verification import KnownHeads, verify

__all__ = [
    "GENESIS",
    "AccessLog",
    "CaseKey",
    "Checkpoint",
    "Ed25519Signer",
    "Ed25519Verifier",
    "Event",
    "Fault",
    "Keys",
    "KnownHeads",
    "NewEvent",
    "Reading",
    "Report",
    "Signer",
    "Verifier",
    "any_case",
    "append",
    "append_all",
    "archive_extent",
    "archive_of",
    "by_key",
    "canonical",
    "checkpoint",
    "horizon",
    "is_of_key",
    "newest",
    "newest_at",
    "next_at",
    "read",
    "read_all",
    "readings",
    "seal",
    "unseal",
    "verify",
]
