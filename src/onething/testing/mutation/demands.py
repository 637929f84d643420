"""What a scenario expects to be refused: demands of a form, a second case on one subject."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from onething.catalog.diagram import parsed
from onething.catalog.elements import MODEL
from onething.definitions import Package
from onething.testing.mutation.mutant import Mutant, replaced
from onething.testing.player import Played

_DEMANDS = ("check", "required", "readonly")
_CHOICES = frozenset({"select", "radio", "checklist"})


def without_demands(package: Package, played: Played) -> Iterator[Mutant]:
    """Take the demands off each field whose refusal the scenario expects."""
    for field, step in played.scenario.refused.items():
        path = _form(package, step)
        form = json.loads(package.files[path])
        if _relaxed(form, "", field):
            data = json.dumps(form, ensure_ascii=False).encode()
            make = partial(replaced, package, path, data)
            yield Mutant(f"demands: {path}: {field}", field, make)


def _form(package: Package, step: Mapping[str, Any]) -> str:
    """Return the file of the form that a step fills in."""
    if "apply" in step:
        manifest = tomllib.loads(package.files[f"bpmn/{package.code}/service.toml"].decode("utf-8"))
        return _path(package, str(manifest["application"]))
    forms = (
        form.get("formId")
        for data in package.ending(".bpmn").values()
        for task in parsed(data).iter(f"{MODEL}userTask")
        for form in task.iter("{*}formDefinition")
        if task.get("id") == step.get("complete")
    )
    return _path(package, str(next(forms)))


def _path(package: Package, form_id: str) -> str:
    return f"forms/{form_id if '/' in form_id else f'{package.code}/{form_id}'}.form"


def _relaxed(component: dict[str, Any], above: str, wanted: str) -> bool:
    """Take the demands off the component with a path; return whether there was one.

    Rows of a list have keys of their own below that of the list.
    """
    here = ".".join(part for part in (above, component.get("path"), component.get("key")) if part)
    found = component.get("key") is not None and here == wanted
    if found:
        component.pop("validate", None)
        properties = component.get("properties", {})
        bound = component.get("type") in _CHOICES  # its choices come from the element
        for name in _DEMANDS if bound else (*_DEMANDS, "element"):
            properties.pop(name, None)
    inside = here if component.get("path") else above
    for inner in component.get("components", ()):
        found = _relaxed(inner, inside, wanted) or found
    return found


def without_subject(package: Package, played: Played) -> Iterator[Mutant]:
    """Let a second application on the same subject through, where the scenario expects none."""
    codes = {expect.get("error", {}).get("code") for expect in played.scenario.expect}
    if "case-already-open" not in codes:
        return
    path = f"bpmn/{package.code}/service.toml"
    lines = package.files[path].decode("utf-8").splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith("subject ="))
    yield Mutant(
        f"subject: {path}: subject", "subject", partial(replaced, package, path, kept.encode())
    )
