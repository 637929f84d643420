"""What the endpoints of clocks do: one small function each."""

from dataclasses import asdict
from typing import Any

from onething import runtime
from onething.api.asked import Answer, Asked, receipt
from onething.runtime import ClockMove, ClockView, Extension, Pause, Resume


def list_clocks(asked: Asked) -> Answer:
    """List the clocks of a case with their ledgers and every day."""
    views = runtime.view_clocks(asked.host, asked.actor, asked.path["case_no"])
    return {"items": [_clock(one) for one in views]}, 200


def pause_clock(asked: Asked) -> Answer:
    """Pause a clock."""
    pause = Pause(
        clock_id=asked.path["clock_id"],
        reason=asked.text("reason", required=True),
        basis=asked.text("basis", required=True),
        needs=asked.text("needs"),
        first=asked.day("first"),
        last=asked.day("last"),
    )
    return _move(asked, pause)


def resume_clock(asked: Asked) -> Answer:
    """Let a paused clock go on."""
    return _move(asked, Resume(asked.path["clock_id"]))


def extend_clock(asked: Asked) -> Answer:
    """Extend a clock, once."""
    extension = Extension(
        clock_id=asked.path["clock_id"],
        limit=asked.text("limit", required=True),
        reason=asked.text("reason", required=True),
        basis=asked.text("basis", required=True),
    )
    return _move(asked, extension)


def permit_notice(asked: Asked) -> Answer:
    """Permit a department's second notice to supplement."""
    permitted = runtime.permit_notice(
        asked.host,
        asked.actor,
        asked.path["case_no"],
        asked.text("department", required=True),
        reason=asked.text("reason", required=True),
        basis=asked.text("basis", required=True),
        key=asked.key,
    )
    return receipt(permitted), 200


def _move(asked: Asked, move: ClockMove) -> Answer:
    """Do a move, or with `preview` say what it would come to."""
    case_no = asked.path["case_no"]
    if asked.flag("preview"):
        found = runtime.preview_move(asked.host, asked.actor, case_no, move)
        return {"before": _clock(found.before), "after": _clock(found.after)}, 200
    return receipt(runtime.move_clock(asked.host, asked.actor, case_no, move, key=asked.key)), 200


def _clock(view: ClockView) -> dict[str, Any]:
    """Return a clock's columns with its legs beside them."""
    clock = asdict(view.clock)
    del clock["instance_id"]
    return clock | {"legs": [asdict(leg) for leg in view.legs]}
