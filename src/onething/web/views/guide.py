"""The guide: a few questions ahead, and everything that one's situation needs told at once."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request

from onething import appointments, catalog
from onething.appointments import Office
from onething.catalog import Guide
from onething.definitions import Definition
from onething.forms import FieldView
from onething.forms.paths import holds, steps_of
from onething.web.entry import mistakes, posted_answers
from onething.web.language import language
from onething.web.node import host
from onething.web.prefill import asked_ahead, guided
from onething.web.views.catalogue import offered

pages = Blueprint("guide", __name__)
_NO_CHOICE = "choice.unknown"
"""Comes of an address that somebody changed: no answer, and nothing to correct."""


@pages.get("/services/<code>/guide")
def show(code: str) -> str:
    """Ask, and where something is answered, tell items, materials, time, fees and places.

    Answers stand in the address, so that it can be kept, sent and printed; the questions are
    choices that name nobody. Nothing is kept here.
    """
    definition = offered(code)
    asked = definition.service.guide.questions
    now = host().clock()
    env = host().environment(now)
    given = posted_answers(request.args)
    answers = guided(definition, given, env)
    is_told = not asked or not given.keys().isdisjoint(asked)
    guide = catalog.guide(definition, answers, env) if is_told else None
    told = asked_ahead(definition, given, env)
    wrong = {path: one for path, one in told.errors.items() if one.id != _NO_CHOICE}
    fields = definition.application.view(told.data, wrong, env, language=language(), only=asked)
    return render_template(
        "catalogue/guide.html",
        service=definition.service,
        definition=definition,
        fields=fields if asked else [],
        messages=mistakes(fields),
        situation=_answered(_situation(definition, answers)) if guide else [],
        guide=guide,
        given={
            name: given[name] for name in asked if name in given and holds(answers, steps_of(name))
        },
        offices=_offices(definition, guide) if guide else [],
        now=now,
    )


def _answered(fields: Iterable[FieldView]) -> list[FieldView]:
    """Return the fields that were answered, groups with those of theirs."""
    shown = (replace(one, children=tuple(_answered(one.children))) for one in fields)
    return [one for one in shown if one.children or one.display]


def _situation(definition: Definition, answers: dict[str, Any]) -> list[FieldView]:
    """Return the answers as they are read."""
    env = host().environment(host().clock())
    only = definition.service.guide.questions
    return definition.application.view(
        answers, {}, env, language=language(), only=only, readonly=True
    )


def _offices(definition: Definition, guide: Guide) -> list[Office]:
    """Return the offices at which this service is done, or one of its departments sits."""
    departments = {one.item.department for one in guide.items}
    with host().database.read() as conn:
        known = [row.office for row in appointments.offices(conn)]
    code = definition.service.code
    return [one for one in known if one.post_of(code) or one.department in departments]
