"""Offer what a person gave or got before where a task of theirs asks for it again."""

from collections.abc import Iterator
from typing import Any

from onething.forms.paths import read, steps_of
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.materials.add_material import SHARED_OPERATION
from onething.runtime.materials.reuse import Offer, list_reusable
from onething.runtime.tasks.view_task import TaskView

_ROWS = "[]."


def list_reusable_in_task(host: Host, actor: Actor, view: TaskView) -> list[tuple[str, Offer]]:
    """Return what would do for the file fields of a party's task, each with its field's name.

    A field in a list takes the material that its row names, as a supplement notice does; the
    field of a task that stands in for shared data takes what the departments could not share.
    """
    wanted = list(_wanted(view))
    if not wanted or not view.task.is_live or view.task.party is None:
        return []
    service, case_no = view.definition.service, view.case.case_no
    offers = list_reusable(host, actor, service, without=case_no)
    return [
        (field, one)
        for field, material in wanted
        for one in offers
        if material in (one.rule.name, one.rule.operation)
    ]


def _wanted(view: TaskView) -> Iterator[tuple[str, str]]:
    """Yield each file field with the name of its material, or the operation it stands in for."""
    paths = [one.path for one in view.form.fields if one.value_type == "file"] if view.form else []
    for path in paths:
        if _ROWS in path:
            yield from _wanted_in_rows(path, view.known)
        elif view.known.get(SHARED_OPERATION):
            yield path, str(view.known[SHARED_OPERATION])


def _wanted_in_rows(path: str, known: dict[str, Any]) -> Iterator[tuple[str, str]]:
    place, _, field = path.partition(_ROWS)
    rows = read(known, steps_of(place))
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, dict) and row.get("name"):
            yield f"{place}[{number}].{field}", str(row["name"])
