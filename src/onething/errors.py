"""Every error that onething raises on purpose.

The tree (a test compares it with the classes)::

    OnethingError
    ├── InvalidInput
    │   ├── SlotRefused
    │   ├── TooLarge
    │   ├── UnsupportedMaterial
    │   │   └── MaterialInfected
    │   ├── NotStampable
    │   └── ScannerAway
    ├── NotFound
    ├── NotAllowed
    │   ├── NotSignedIn
    │   │   └── LockedOut
    │   └── TooOften
    ├── Conflict
    │   ├── AbsenceRefused
    │   ├── AlreadyDone
    │   ├── AppointmentHeld
    │   ├── CaseAlreadyOpen
    │   ├── CaseArchived
    │   ├── ClockRefused
    │   ├── CorrectionRefused
    │   ├── InstanceSuspended
    │   │   └── CaseOnHold
    │   ├── InvitationRefused
    │   ├── KeyReused
    │   └── PersonAbsent
    ├── ModelRefused
    ├── ExpressionError
    │   ├── ExpressionSyntaxError
    │   └── ExpressionLimitExceeded
    ├── CalendarError
    ├── ConnectorError
    │   ├── DepartmentUnavailable
    │   ├── DepartmentRefused
    │   ├── AnswerInvalid
    │   ├── AnswerPending
    │   ├── CertificateInvalid
    │   └── OutcomeUnknown
    ├── HistoryBroken
    │   └── ReplayDiverged
    ├── StorageUnavailable
    ├── SettingsError
    ├── StartRefused
    └── StartDelayed
        └── DatabaseUnavailable

A BPMN error is a modelled event and none of these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Literal


class OnethingError(Exception):
    """Something went wrong that onething knows by name."""

    code: ClassVar[str] = "onething"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    """What a command that it ends answers to the shell."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").partition("\n")[0])

    @property
    def message(self) -> str:
        """The sentence that a person reads."""
        return str(self)


class InvalidInput(OnethingError):
    """The input does not fit; nothing was written."""

    code = "invalid-input"
    status = 422

    def __init__(self, message: str | None = None, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields: dict[str, str] = dict(fields or {})
        """Message per field, keyed by the field's dotted path."""


class SlotRefused(InvalidInput):
    """No appointment can be made at this time."""

    code = "slot-refused"

    def __init__(self, reason: str, field: str = "slot") -> None:
        told = _SLOT_REASONS[reason]
        super().__init__(told, {field: told})
        self.reason = reason
        """One of `past`, `closed`, `horizon`, `no-slot`, `taken`, `no-post`."""
        self.field = field
        """Path of the form's field that chose the time."""


_SLOT_REASONS = {
    "past": "This time is over; choose a later one",
    "closed": "The office is closed on this day; choose another one",
    "horizon": "This day is too far ahead; choose an earlier one",
    "no-slot": "The office has no appointment at this time; choose one of those offered",
    "taken": "This time was just taken; choose another one",
    "no-post": "The office takes no appointments for this service",
}


class TooLarge(InvalidInput):
    """The input is larger than allowed."""

    code = "too-large"
    status = 413


class UnsupportedMaterial(InvalidInput):
    """The file's type is not allowed, or its bytes do not match its name."""

    code = "unsupported-material"
    status = 415


class MaterialInfected(UnsupportedMaterial):
    """The virus scanner found something in the file; it was not kept."""

    code = "material-infected"


class NotStampable(InvalidInput):
    """No stamped copy of the file can be made, so it is not shown."""

    code = "not-stampable"


class ScannerAway(InvalidInput):
    """The virus scanner does not answer, so no file is taken; try again in some minutes."""

    code = "scanner-away"
    status = 503


class NotFound(OnethingError):
    """There is no such thing, or it is not yours to see."""

    code = "not-found"
    status = 404


class NotAllowed(OnethingError):
    """Your post does not allow this."""

    code = "not-allowed"
    status = 403


class NotSignedIn(NotAllowed):
    """Sign in first."""

    code = "not-signed-in"
    status = 401


class LockedOut(NotSignedIn):
    """Too many wrong passwords; try again later."""

    code = "locked-out"
    status = 429

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until
        """The instant from which passwords are looked at again, in UTC."""


class TooOften(NotAllowed):
    """More requests came within a minute than was agreed; send the rest later."""

    code = "too-often"
    status = 429

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until
        """The instant from which requests are taken again, in UTC."""


class Conflict(OnethingError):
    """The state has moved on; load it again."""

    code = "conflict"
    status = 409


class AbsenceRefused(Conflict):
    """The days of an absence, or its substitute, do not fit."""

    code = "absence-refused"

    def __init__(self, why: str, message: str, told: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.why = why
        """One word for what stands against it, such as `overlap` or `circle`."""
        self.told = dict(told or {})
        """First and last day of what stands in the way, where there is such."""


class AlreadyDone(Conflict):
    """This was done before."""

    code = "already-done"


class AppointmentHeld(Conflict):
    """This person has an appointment for this service already."""

    code = "appointment-held"

    def __init__(self, appointment_id: str = "") -> None:
        super().__init__()
        self.appointment_id = appointment_id
        """The appointment that is to come."""


class CaseAlreadyOpen(Conflict):
    """A case on the same subject is still open."""

    code = "case-already-open"

    def __init__(self, case_no: str) -> None:
        super().__init__(f"A case on the same subject is still open: {case_no}")
        self.case_no = case_no


class CaseArchived(Conflict):
    """The case is archived; an operator must restore it first."""

    code = "case-archived"


class ClockRefused(Conflict):
    """The law, or the clock's own days, do not allow to move it so."""

    code = "clock-refused"

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why
        """One word for what stands against it, such as `paused` or `extended`."""


class CorrectionRefused(Conflict):
    """The case cannot be followed by a new one as it stands."""

    code = "correction-refused"

    def __init__(self, why: str, message: str, case_no: str | None = None) -> None:
        super().__init__(message)
        self.why = why
        """One word for what stands against it, such as `running` or `followed`."""
        self.case_no = case_no
        """The case that follows it already."""


class InstanceSuspended(Conflict):
    """The case is suspended by the operators: nothing goes on in it until it is resumed."""

    code = "instance-suspended"


class CaseOnHold(InstanceSuspended):
    """The case rests while its decision is reviewed or before a court; a supervisor lifts that."""

    code = "case-on-hold"


class InvitationRefused(Conflict):
    """The application cannot be signed by two parties like this."""

    code = "invitation-refused"

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why
        """One word for what stands against it, such as `self`, `changed` or `over`."""


class KeyReused(Conflict):
    """The idempotency key was used before with another request."""

    code = "key-reused"


class PersonAbsent(Conflict):
    """The person is absent; choose who stands in, or say that it shall be so all the same."""

    code = "person-absent"

    def __init__(self, user: str, until: date, substitute: str | None = None) -> None:
        instead = f"; {substitute} stands in" if substitute else "; nobody stands in"
        super().__init__(f"{user} is absent until {until}{instead}")
        self.user = user
        self.until = until
        """The last day away."""
        self.substitute = substitute


Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found in a file of a service package."""

    file: str
    element: str
    """The element's id, or an empty text where the whole file is meant."""
    rule: str
    message: str
    remedy: str
    severity: Severity = "error"
    line: int | None = None


class ModelRefused(OnethingError):
    """The model breaks a rule and is not deployed."""

    code = "model-refused"
    status = 422

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        super().__init__(f"{first.file}: {first.element}: {first.message} ({first.rule})")
        self.findings = list(findings)


class ExpressionError(OnethingError):
    """An expression cannot be evaluated."""

    code = "expression"
    status = 422


class ExpressionSyntaxError(ExpressionError):
    """The expression is not FEEL."""

    code = "expression-syntax"

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.line = line
        self.column = column


class ExpressionLimitExceeded(ExpressionError):
    """The expression needs more depth, size, rounds or time than allowed."""

    code = "expression-limit"


class CalendarError(OnethingError):
    """The calendar cannot answer this."""

    code = "calendar"
    status = 422


class ConnectorError(OnethingError):
    """A call to a department failed."""

    code = "connector"
    status = 502


class DepartmentUnavailable(ConnectorError):
    """The department's system does not answer."""

    code = "department-unavailable"

    def __init__(self, message: str | None = None, *, may_have_acted: bool = True) -> None:
        super().__init__(message)
        self.may_have_acted = may_have_acted
        """Whether the request may have reached it: what it did is unknown then."""


class DepartmentRefused(ConnectorError):
    """The department's system answered with a refusal."""

    code = "department-refused"

    def __init__(self, reason: str, message: str | None = None) -> None:
        super().__init__(message or reason)
        self.reason = reason
        """NO_RECORD, CONFLICT or REVOKED."""


class AnswerInvalid(ConnectorError):
    """The department's answer does not follow its contract."""

    code = "answer-invalid"


class AnswerPending(ConnectorError):
    """The department has taken the call; its answer comes later."""

    code = "answer-pending"

    def __init__(self, within: timedelta, message: str | None = None) -> None:
        super().__init__(message)
        self.within = within
        """So long the call waits for it before it counts as unanswered."""


class CertificateInvalid(ConnectorError):
    """A certificate does not hold: the department's, or the one shown to it."""

    code = "certificate-invalid"


class OutcomeUnknown(ConnectorError):
    """What the department did is unknown, and asking again could do it twice."""

    code = "unknown-outcome"
    status = 409  # told to who would ask again; a call itself is told by its incident


class HistoryBroken(OnethingError):
    """The history does not prove itself."""

    code = "history-broken"


class ReplayDiverged(HistoryBroken):
    """Executing the history again gave another state."""

    code = "replay-diverged"


class StorageUnavailable(OnethingError):
    """The database or the disk cannot be used now; ask again under the same idempotency key."""

    code = "storage-unavailable"
    status = 503


class SettingsError(OnethingError):
    """A setting is missing or wrong; the product does not start with it."""

    code = "settings"
    exit_code = 78  # sysexits.h EX_CONFIG


class StartRefused(OnethingError):
    """The site does not start as it stands; a person must act."""

    code = "start-refused"
    exit_code = 78  # sysexits.h EX_CONFIG


class StartDelayed(OnethingError):
    """The site does not start at this moment; starting it again later may help."""

    code = "start-delayed"
    exit_code = 75  # sysexits.h EX_TEMPFAIL


class DatabaseUnavailable(StartDelayed):
    """The database is not there."""

    code = "database-unavailable"
    exit_code = 69  # sysexits.h EX_UNAVAILABLE
