"""Ask a department that cannot tell a repeated call from a second one.

That it is asked is written down before the call. Whoever finds that written, and no answer,
does not know what the department did: it is asked what became of the call, where it can tell,
and a person decides where it cannot.
"""

from collections.abc import Mapping
from typing import Any

from onething import connectors, jobs
from onething.connectors import Operation
from onething.errors import (
    AlreadyDone,
    AnswerInvalid,
    DepartmentRefused,
    DepartmentUnavailable,
    OutcomeUnknown,
)
from onething.jobs import JobRow
from onething.runtime.host import Host

NOT_DONE = "NO_RECORD"
"""What a department answers that knows of no such call."""


def ask_once(  # noqa: PLR0913 - the parts of one call
    host: Host,
    job: JobRow,
    operation: Operation,
    inputs: Mapping[str, Any],
    case_no: str,
    purpose: str,
) -> dict[str, Any]:
    """Call a department at most once, and return its answer.

    Raises:
        OutcomeUnknown: It may have acted, and cannot say what it did.
        DepartmentUnavailable: It has not acted, or it is asked later what it did.
        DepartmentRefused: It refused.
        AnswerPending: It has taken the call and answers later.
    """
    if job.asked_at is not None:
        told = _what_became(host, job, operation, inputs, case_no)
        if told is not None:
            return told
    elif not host.write(lambda conn: jobs.ask(conn, job, host.clock())):
        raise AlreadyDone("The job went another way")
    try:
        return _way(host).call(operation, inputs, job.id, case_no, purpose)
    except DepartmentUnavailable as error:
        if not error.may_have_acted:
            host.write(lambda conn: jobs.ask(conn, job, None))
            raise
        if operation.query is None:
            raise OutcomeUnknown(error.message) from error
        raise
    except AnswerInvalid as error:
        raise OutcomeUnknown(error.message) from error


def _what_became(
    host: Host, job: JobRow, operation: Operation, inputs: Mapping[str, Any], case_no: str
) -> dict[str, Any] | None:
    """Return the answer that was lost; None where the department knows of no such call."""
    if operation.query is None:
        raise OutcomeUnknown(f"{operation.id}: the answer was lost with the process that asked")
    query = connectors.operations()[operation.query]
    asked = {name: inputs.get(name) for name in query.inputs["properties"]}
    try:
        told = _way(host).call(query, asked, f"{job.id}?", case_no, query.purpose)
        return connectors.checked_answer(operation, told)
    except DepartmentRefused as error:
        if error.reason == NOT_DONE:
            return None
        raise OutcomeUnknown(f"{query.id}: {error.reason}") from error
    except AnswerInvalid as error:
        raise OutcomeUnknown(error.message) from error


def _way(host: Host) -> connectors.Connector:
    if host.departments is None:
        raise DepartmentUnavailable(may_have_acted=False)
    return host.departments
