"""The pages, one module an area."""

from flask import Blueprint

from onething.web.views import apply, catalogue, files, lookup, own_task, signin, tracker

BLUEPRINTS: tuple[Blueprint, ...] = (
    signin.pages,
    catalogue.pages,
    apply.pages,
    tracker.pages,
    own_task.pages,
    files.pages,
    lookup.pages,
)
"""Every area's blueprint; a new area finds its place here."""
