"""What the endpoints of batches do: one small function each."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from onething import runtime
from onething.api.asked import Answer, Asked, whole
from onething.batches import KINDS, LineRow
from onething.errors import InvalidInput
from onething.runtime import STATUSES, BatchView

LINE_STATES = ("new", "waiting", "refused", "done", "failed")
_TEXTS = ("service", "activity", "code", "operation", "department", "case_no")


def list_batches(asked: Asked) -> Answer:
    """List batches, newest first."""
    rows = runtime.list_batches(asked.host, asked.actor, before=asked.after, limit=asked.limit)
    items = [_named(asdict(row)) for row in rows]
    return {"items": items, "next": rows[-1].batch_id if len(rows) == asked.limit else None}, 200


def create_batch(asked: Asked) -> Answer:
    """Choose the cases of a batch; its dry run begins."""
    kind = _one_of(asked.text("kind", required=True), "kind", KINDS)
    choice = runtime.choose(
        kind,
        _criteria(asked),
        only=_names(asked),
        is_all=asked.flag("all"),
        to=_number(asked, "to"),
        mapping=_mapping(asked),
    )
    batch_id = runtime.create_batch(
        asked.host,
        asked.actor,
        kind,
        wanted=choice.wanted,
        chosen=choice.chosen,
        options=choice.options,
        key=asked.key,
    )
    return _shown(asked, batch_id), 201


def get_batch(asked: Asked) -> Answer:
    """Read how far a batch is."""
    return _shown(asked, asked.path["batch_id"]), 200


def list_batch_lines(asked: Asked) -> Answer:
    """List what came, or would come, of each case of a batch."""
    batch_id, state = asked.path["batch_id"], asked.query.get("state")
    after = whole(asked.after or "0")
    if after is None:
        told = "after is the number of a line"
        raise InvalidInput(told, {"after": told})
    if state is not None:
        _one_of(state, "state", LINE_STATES)
    runtime.view_batch(asked.host, asked.actor, batch_id)
    lines = runtime.batch_lines(
        asked.host, asked.actor, batch_id, state=state, after=after, limit=asked.limit
    )
    last = lines[-1].number if len(lines) == asked.limit else None
    return {"items": [_line(one) for one in lines], "next": last}, 200


def start_batch(asked: Asked) -> Answer:
    """Let a batch be performed whose dry run is over."""
    batch_id, reason = asked.path["batch_id"], asked.text("reason", required=True)
    runtime.start_batch(asked.host, asked.actor, batch_id, reason, key=asked.key)
    return _shown(asked, batch_id), 200


def stop_batch(asked: Asked) -> Answer:
    """Stop a batch."""
    batch_id = asked.path["batch_id"]
    runtime.cancel_batch(asked.host, asked.actor, batch_id, key=asked.key)
    return _shown(asked, batch_id), 200


def undo_batch(asked: Asked) -> Answer:
    """Make the batch that takes back what an ended one did."""
    made = runtime.undo_batch(asked.host, asked.actor, asked.path["batch_id"], key=asked.key)
    return _shown(asked, made), 201


def _shown(asked: Asked, batch_id: str) -> dict[str, Any]:
    view: BatchView = runtime.view_batch(asked.host, asked.actor, batch_id)
    return _named(asdict(view.row)) | {
        "counts": asdict(view.counts),
        "can_be_undone": view.can_be_undone,
    }


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row.pop("batch_id"), **row}


def _line(one: LineRow) -> dict[str, Any]:
    """Return a line; `incident` is what a retry is for."""
    names = ("number", "case_no", "state", "code", "note", "at")
    return {name: getattr(one, name) for name in names} | {"incident": one.target or None}


def _criteria(asked: Asked) -> dict[str, Any]:
    found: dict[str, Any] = {name: asked.text(name) for name in _TEXTS}
    if status := asked.text("status"):
        found["status"] = _one_of(status, "status", STATUSES)
    before = _instant(asked, "before")
    has_incident, number = asked.flag("has_incident"), _number(asked, "from")
    return found | {"number": number, "has_incident": has_incident, "before": before}


def _one_of(value: str, name: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise InvalidInput(f"{name} is one of {', '.join(known)}", {name: f"no such {name}"})
    return value


def _names(asked: Asked) -> tuple[str, ...]:
    value = asked.body.get("only", [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InvalidInput("only is a list of texts", {"only": "a list of texts is needed"})
    return tuple(value)


def _mapping(asked: Asked) -> dict[str, str]:
    value = asked.object("mapping")
    if not all(isinstance(one, str) for one in value.values()):
        raise InvalidInput("mapping has new ids by old ids", {"mapping": "texts are needed"})
    return value


def _number(asked: Asked, name: str) -> int | None:
    value = asked.body.get(name)
    if value is not None and (type(value) is not int or not 0 < value <= _LARGEST):
        raise InvalidInput(f"{name} is the number of a deployment", {name: "a whole number"})
    return value


_LARGEST = 2**31 - 1


def _instant(asked: Asked, name: str) -> datetime | None:
    """Return an instant of the body; raise InvalidInput where it is none, or has no zone."""
    told = asked.text(name)
    try:
        found = datetime.fromisoformat(told) if told else None
    except ValueError:
        found = None
    if told and (found is None or found.tzinfo is None):
        raise InvalidInput(f"{name} is an instant with its zone", {name: "ISO 8601 with a zone"})
    return found
