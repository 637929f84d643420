"""What each endpoint of subscriptions does."""

from dataclasses import asdict

from onething import runtime
from onething.api.asked import Answer, Asked
from onething.errors import InvalidInput
from onething.runtime import Subscribed


def list_subscriptions(asked: Asked) -> Answer:
    """List subscriptions without their secrets."""
    rows = runtime.view_subscriptions(asked.host, asked.actor)
    return {"items": [asdict(row) for row in rows]}, 200


def add_subscription(asked: Asked) -> Answer:
    """Subscribe a system to events."""
    made = runtime.subscribe(
        asked.host,
        asked.actor,
        asked.text("url", required=True),
        department=asked.text("department") or None,
        types=_types(asked),
        after=_number(asked, "after"),
    )
    return _shown_once(made), 201


def pause_subscription(asked: Asked) -> Answer:
    """Pause a subscription."""
    name, reason = asked.path["subscription_id"], asked.text("reason", required=True)
    runtime.pause_subscription(asked.host, asked.actor, name, reason)
    return {"id": name, "state": "paused"}, 200


def resume_subscription(asked: Asked) -> Answer:
    """Resume a subscription, behind the event that failed where that is asked for."""
    name = asked.path["subscription_id"]
    runtime.resume_subscription(
        asked.host, asked.actor, name, skip=asked.flag("skip"), reason=asked.text("reason")
    )
    return {"id": name, "state": "active"}, 200


def rotate_secret(asked: Asked) -> Answer:
    """Give a subscription a new secret."""
    hours = _number(asked, "hours")
    made = runtime.rotate_secret(
        asked.host, asked.actor, asked.path["subscription_id"], 24 if hours is None else hours
    )
    return _shown_once(made), 200


def remove_subscription(asked: Asked) -> Answer:
    """Remove a subscription."""
    name = asked.path["subscription_id"]
    runtime.unsubscribe(asked.host, asked.actor, name)
    return {"id": name, "state": "removed"}, 200


def _shown_once(made: Subscribed) -> dict[str, str]:
    return {"id": made.id, "secret": made.secret}


def _types(asked: Asked) -> list[str]:
    value = asked.body.get("types", [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InvalidInput("types is a list of texts", {"types": "a list of texts is needed"})
    return value


def _number(asked: Asked, name: str) -> int | None:
    value = asked.body.get(name)
    if value is not None and type(value) is not int:
        raise InvalidInput(f"{name} is a whole number", {name: "a whole number is needed"})
    return value
