"""Complete a task: its form is checked, the engine steps, what follows is written."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from onething import cases, engine, feel
from onething.engine import CompleteTask
from onething.errors import AlreadyDone, InvalidInput
from onething.forms import Form
from onething.forms.json_value import Json
from onething.identity import Actor
from onething.runtime.answers import plain
from onething.runtime.appointments.case_booking import book_answers, slot_field
from onething.runtime.host import Host
from onething.runtime.materials.add_material import (
    Upload,
    consented,
    prepare,
    store_with_task,
    with_files,
)
from onething.runtime.messages.tell_workers import tell_of_supplement
from onething.runtime.permissions import acting_for
from onething.runtime.sharing.sharing import demands, failures, refused_demands
from onething.runtime.tasks.work_on_task import require_hold
from onething.runtime.turn import Receipt, Turn, require_key
from onething.tasks import TaskRow


def complete(  # noqa: PLR0913 - the parts of one completion
    host: Host,
    actor: Actor,
    task_id: str,
    answers: Mapping[str, Any],
    *,
    uploads: Sequence[Upload] = (),
    key: str | None = None,
) -> Receipt:
    """Complete a task with the answers of its form.

    Args:
        host: The node.
        actor: Who completes it; an unclaimed task need not be claimed first. History names an
            absent colleague for whom they stand in.
        task_id: `<instance>-<token>`.
        answers: HTML fields or JSON of the task's form.
        uploads: Materials given with it.
        key: Idempotency key: a repeated request is answered with the first one's answer.

    Raises:
        NotFound: No such task for this person.
        InvalidInput: Answers do not fit; `fields` says which; nothing is written.
        AlreadyDone: It is closed.
        Conflict: Somebody else holds it.
        InstanceSuspended: An operator has suspended the case.
    """
    require_key(key)
    prepared = prepare(host, uploads)
    answers = with_files(answers, prepared)
    request = {"task": task_id, "answers": plain(answers)}

    def transaction(conn: Connection) -> Receipt:
        turn, task = Turn.on_task(host, conn, actor, task_id)
        # A task that is live was not completed under this key; another use of the key is
        # refused by the event's unique index.
        earlier = None if task.is_live else turn.repeated(key, request)
        if earlier is not None:
            return earlier
        data = checked(turn, task, answers)
        for one in prepared:
            store_with_task(turn, one, task, data)
        consent = consented(turn.definition.service, prepared)
        return step(turn, task, data, key, request, **consent)

    return host.write(transaction)


def checked(turn: Turn, task: TaskRow, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form's answers, once the actor may complete the task with them.

    Raises:
        InvalidInput, AlreadyDone, Conflict, InstanceSuspended: As `complete`.
    """
    _require_mine(turn.actor, task)
    turn.actor = acting_for(turn.actor, task)
    turn.require_running()
    return _checked(turn, task, answers)


def step(
    turn: Turn,
    task: TaskRow,
    data: dict[str, Any],
    key: str | None,
    request: dict[str, Any],
    **note: Any,  # noqa: ANN401 - JSON values
) -> Receipt:
    """Complete a task with checked answers."""
    command = CompleteTask(task.token, data)
    told = {"activity": task.activity, **note} | _booked(turn, task, data)
    receipt = turn.step("TaskCompleted", command, key=key, request=request, note=told)[1]
    if task.party is not None:
        tell_of_supplement(turn, task)
    return receipt


def _require_mine(actor: Actor, task: TaskRow) -> None:
    if not task.is_live:
        raise AlreadyDone("This task is closed")
    require_hold(actor, task)


def _booked(turn: Turn, task: TaskRow, data: dict[str, Any]) -> dict[str, str]:
    """Book the time that the answers chose; return what the event says of it."""
    form = turn.definition.form(task.form) if task.form else None
    if form is None or slot_field(form, turn.definition) is None:
        return {}
    service = turn.definition.service
    known = {**engine.variables(turn.state, task.token), **data}
    person = (
        feel.to_json(feel.compile_attribute(service.applicant).evaluate(known, turn.environment))
        if service.applicant
        else None
    )
    booked = book_answers(
        turn.host,
        turn.conn,
        turn.actor,
        turn.definition,
        form,
        known,
        instance_id=turn.row.instance_id,
        case_no=turn.row.case_no,
        person=person,
        user=cases.of_instance(turn.conn, turn.row.instance_id).submitted_by,
    )
    return {"appointment": booked.appointment_id} if booked else {}


def _checked(turn: Turn, task: TaskRow, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form's answers; its computed and hidden fields see the task's variables."""
    if task.form is None:
        return {}
    form = turn.definition.form(task.form)
    base = engine.variables(turn.state, task.token)
    answer = form.submit(answers, turn.environment, base)
    if not answer.is_valid:
        turn.keep()
        raise InvalidInput("The form has mistakes", answer.texts())
    _require_fair_demands(turn, task, form, answer.data)
    return answer.data


def _require_fair_demands(turn: Turn, task: TaskRow, form: Form, data: Mapping[str, Json]) -> None:
    """Raise InvalidInput where a clerk demands what a department supplies."""
    if task.party is not None or not demands(form):
        return
    failed = failures(turn.conn, turn.row.instance_id)
    wrong = refused_demands(turn.definition.service, form, data, failed)
    if wrong:
        turn.keep()
        raise InvalidInput("A department supplies what is demanded", wrong)
