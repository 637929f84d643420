"""The picker of an appointment inside a form: office, day and time from what is free.

It stands in the place of a plain field for date and time where offices take appointments for
the service. Buttons choose office and day, radio buttons the time: no script is needed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import g, request

from onething import runtime
from onething.appointments import Office
from onething.definitions import Definition
from onething.forms import FieldView, Form
from onething.runtime import SlotField, free_places, list_offices, slot_field, value_at
from onething.web.appointment_words import held_text
from onething.web.node import host

DAY, OFFICE, SHOWN = "_day", "_office", "_shown"
"""Buttons that choose a day or an office, and the hidden field that keeps the day shown."""


@dataclass(frozen=True, slots=True)
class DayChoice:
    """One day on which the office serves."""

    day: date
    left: int
    """Places left; 0 where the day is full."""
    is_shown: bool


@dataclass(frozen=True, slots=True)
class TimeChoice:
    """One slot of the shown day."""

    value: str
    """What the browser posts."""
    at: datetime
    left: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Picker:
    """What can be chosen now."""

    offices: list[Office]
    office: Office | None
    """The office that is named in the form; None where none of these is."""
    is_office_asked: bool
    days: list[DayChoice]
    times: list[TimeChoice]
    chosen: TimeChoice | None
    """The time that was chosen on another day than the shown one."""

    @property
    def shown(self) -> date | None:
        """The day whose times are shown."""
        return next((one.day for one in self.days if one.is_shown), None)


def with_slots(
    fields: Iterable[FieldView], form: Form, definition: Definition, data: Mapping[str, Any]
) -> list[FieldView]:
    """Return the fields with the picker in the place of the form's appointment, if it has one."""
    fields = list(fields)
    field = slot_field(form, definition)
    offices = list_offices(host(), definition.service.code) if field else []
    if field is None or not offices:
        return fields
    named = value_at(data, field.office_path)
    office = next((one for one in offices if named in (one.name, one.name_en)), None)
    if office is None and not field.is_office_asked:
        return fields
    value = value_at(data, field.path)
    picker = _picker(offices, office, field, definition.service.code, value)
    g.slot_picker = picker
    return [_replaced(one, field, picker) for one in fields]


def take_office(answers: dict[str, list[str]], form: Form, definition: Definition) -> None:
    """Do what the button of an office asks: name it, and its division, in the answers."""
    wanted = request.form.get(OFFICE)
    field = slot_field(form, definition) if wanted else None
    if field is None:
        return
    for office in list_offices(host(), definition.service.code):
        if office.office_id == wanted:
            answers[field.office_path] = [office.name]
            answers.pop(field.path, None)
            if field.division_path is not None:
                answers[field.division_path] = [office.division]


def held_fault(form: Form, definition: Definition) -> dict[str, str]:
    """Return the words for a second appointment of one person, by the field that chose it."""
    field = slot_field(form, definition)
    return {field.path: held_text()} if field else {}


def time_fault(
    form: Form, definition: Definition, data: Mapping[str, Any]
) -> tuple[str, str] | None:
    """Return path and reason where the chosen time cannot be had any more; nothing is written."""
    field = slot_field(form, definition)
    at = _instant(value_at(data, field.path)) if field else None
    if field is None or at is None:
        return None
    service = definition.service.code
    named = value_at(data, field.office_path)
    for office in list_offices(host(), service):
        if named in (office.name, office.name_en):
            return _fault(office, service, at, field)
    return None


def _fault(office: Office, service: str, at: datetime, field: SlotField) -> tuple[str, str] | None:
    reason = runtime.why_not(host(), office, service, at)
    if reason is None:
        day = at.astimezone(host().zone).date()
        left = free_places(host(), office, service, [day]).get(day, {})
        reason = None if left.get(at) else "taken"
    return (field.path, reason) if reason else None


def choices(
    office: Office, service: str, value: str, wanted: str | None
) -> tuple[list[DayChoice], list[TimeChoice], TimeChoice | None]:
    """Return days, times of the shown day, and the chosen time where it is of another day.

    Args:
        office: The office.
        service: Code of the service.
        value: The time that is chosen, as a browser posts it; or nothing.
        wanted: The day to show, as ISO text; the day of the chosen time or the first free one
            where it is none.
    """
    free = free_places(host(), office, service, runtime.open_days(host(), office))
    at = _instant(value)
    own = at.astimezone(host().zone).date() if at else None
    shown = next((day for day in free if day.isoformat() == wanted), None)
    if shown is None:
        shown = own if own in free else None
    if shown is None:
        shown = next((day for day, slots in free.items() if any(slots.values())), None)
    if shown is None:
        shown = next(iter(free), None)
    days = [DayChoice(day, sum(slots.values()), day == shown) for day, slots in free.items()]
    times = [_time(one, left, at) for one, left in free.get(shown, {}).items()] if shown else []
    elsewhere = at is not None and own != shown and own in free
    chosen = _time(at, 1, at) if at is not None and elsewhere else None
    return days, times, chosen


def _picker(
    offices: list[Office],
    office: Office | None,
    field: SlotField,
    service: str,
    value: Any,  # noqa: ANN401 - any JSON value
) -> Picker:
    days: list[DayChoice] = []
    times: list[TimeChoice] = []
    chosen = None
    if office is not None:
        wanted = request.form.get(DAY) or request.form.get(SHOWN)
        if OFFICE in request.form:
            wanted = None
        text = value if isinstance(value, str) else ""
        days, times, chosen = choices(office, service, text, wanted)
    return Picker(offices, office, field.is_office_asked, days, times, chosen)


def _time(at: datetime, left: int, chosen: datetime | None) -> TimeChoice:
    local = at.astimezone(host().zone)
    return TimeChoice(local.strftime("%Y-%m-%dT%H:%M"), local, left, at == chosen)


def _replaced(view: FieldView, field: SlotField, picker: Picker) -> FieldView:
    """Put the picker into a field: the appointment itself, and the name of the office."""
    if view.children:
        return replace(view, children=tuple(_replaced(one, field, picker) for one in view.children))
    if view.is_hidden or view.is_readonly:
        return view
    if view.name == field.path and picker.office is not None:
        return replace(view, kind="slot")
    if view.name == field.office_path and picker.is_office_asked:
        return replace(view, kind="office", attributes={**view.attributes, "list": "offices"})
    return view


def _instant(value: Any) -> datetime | None:  # noqa: ANN401 - any JSON value
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None
    return at.replace(tzinfo=host().zone) if at is not None and at.tzinfo is None else at
