"""The pages, one module an area."""

from flask import Blueprint

from onething.web.views import (
    apply,
    audit,
    case,
    catalogue,
    clock,
    definitions,
    diagrams,
    files,
    incidents,
    lookup,
    migration,
    operations,
    own_task,
    people,
    queue,
    replay,
    signin,
    supervision,
    task,
    tracker,
    verify,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    signin.pages,
    catalogue.pages,
    apply.pages,
    tracker.pages,
    own_task.pages,
    files.pages,
    lookup.pages,
    verify.pages,
    queue.pages,
    task.pages,
    case.pages,
    clock.pages,
    diagrams.pages,
    replay.pages,
    supervision.pages,
    definitions.pages,
    incidents.pages,
    operations.pages,
    migration.pages,
    people.pages,
    audit.pages,
)
"""Every area's blueprint; a new area finds its place here."""
