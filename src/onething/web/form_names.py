"""What a deployment's forms are called: a form has no title, what it is for has one."""

from collections.abc import Iterator

from flask_babel import gettext as _

from onething.definitions import Definition
from onething.web.wording import item_name, worded


def form_names(definition: Definition) -> dict[str, str]:
    """Return every form by id, with the item that is applied for or the task that is done by it."""
    named = {path: name for path, name in reversed([*_named(definition)]) if name}
    ids = {path: _id(path) for path in definition.package.ending(".form")}
    return {ids[path]: named.get(path, ids[path]) for path in sorted(ids)}


def _named(definition: Definition) -> Iterator[tuple[str, str]]:
    service, process = definition.service, definition.process
    yield definition.form_path(service.application), str(_("申请表"))
    for item in service.items:
        yield definition.form_path(item.form), item_name(item)
    for each in process.process_ids:
        for one in process.activities(each):
            if one.form:
                yield definition.form_path(one.form), worded(one.name, definition)


def _id(path: str) -> str:
    return path.removeprefix("forms/").removesuffix(".form")
