"""Read a task: its form filled with what the own post may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onething import cases, engine, instances
from onething.cases import CaseRow
from onething.definitions import Definition, Item
from onething.errors import NotFound
from onething.forms import Form, project
from onething.identity import Actor
from onething.materials import BY_HAND
from onething.runtime.cases.view_case import log_access, top_names, visible_elements
from onething.runtime.host import Host
from onething.runtime.permissions import sees_task, visible_task
from onething.runtime.rebuild import rebuild
from onething.runtime.sharing.sharing import demands, failures
from onething.tasks import TaskRow, get, split_id


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as the person who may do it sees it."""

    task: TaskRow
    case: CaseRow
    item: Item | None
    definition: Definition
    form: Form | None
    data: dict[str, Any]
    """Values of the form's fields alone."""
    known: dict[str, Any]
    """All variables of the task, and `demandable`, names of materials that a notice may demand:
    the form's conditions and texts read them, nothing else."""
    summary: dict[str, Any]
    """The elements of the application that the person's post may see."""


def find_task(host: Host, actor: Actor, task_id: str) -> TaskRow:
    """Return a task without anything of its case; raise NotFound where it is not the person's."""
    with host.database.read() as conn:
        return visible_task(actor, conn, task_id)


def view_task(host: Host, actor: Actor, task_id: str) -> TaskView:
    """Return a task with its form's data, and log the reading.

    Raises:
        NotFound: There is none, or it is not this person's to see; the attempt is logged.
    """
    with host.database.read() as conn:
        task = get(conn, *split_id(task_id))
        case = cases.of_instance(conn, task.instance_id)
        allowed = sees_task(actor, conn, task)
        row = instances.get(conn, task.instance_id)
        definition = host.definitions.get(conn, row.service, row.number)
        form = _form(definition, task)
        is_notice = allowed and form is not None and bool(demands(form))
        failed = failures(conn, task.instance_id) if is_notice else {}
        token = task.token if task.is_live else None
        variables = engine.variables(rebuild(host, conn, row), token) if allowed else {}
        elements = visible_elements(conn, actor, case, definition.service)
    shown = sorted({field.path for field in form.fields}) if form else []
    log_access(host, actor, case.case_no, f"task {task.activity}", shown, allowed=allowed)
    if not allowed:
        raise NotFound(f"No task {task_id}")
    root = {name: variables.get(name) for name in top_names(definition.application)}
    return TaskView(
        task=task,
        case=case,
        item=definition.service.item(task.item),
        definition=definition,
        form=form,
        known=variables | {"demandable": demandable(definition, failed)},
        data=project(variables, shown),
        summary=root if elements is None else project(root, elements),
    )


def demandable(definition: Definition, failed: Mapping[str, str]) -> list[str]:
    """Return the names of the materials that a notice may demand.

    That is what people bring, and what departments could not share.
    """
    rules = [rule for item in definition.service.items for rule in item.materials]
    supplied = {
        rule.id for rule in rules if rule.source not in BY_HAND and rule.operation not in failed
    }
    return list(dict.fromkeys(rule.name for rule in rules if rule.id not in supplied))


def _form(definition: Definition, task: TaskRow) -> Form | None:
    return definition.form(task.form) if task.form else None
