"""What the endpoints of holds and corrections do: one small function each."""

from dataclasses import asdict
from datetime import date

from onething import runtime
from onething.api.asked import Answer, Asked, receipt
from onething.errors import InvalidInput
from onething.runtime import Correction, Holding, Ruling


def list_holds(asked: Asked) -> Answer:
    """List the holds of a case: particulars for the department that put them there alone."""
    case_no = asked.path["case_no"]
    runtime.view_case(asked.host, asked.actor, case_no, "api holds")
    holds = runtime.view_holds(asked.host, asked.actor, case_no)
    return {"items": [_without_id(asdict(one)) for one in holds]}, 200


def hold_case(asked: Asked) -> Answer:
    """Put a case on hold."""
    holding = Holding(
        kind=asked.text("hold", required=True),
        document=asked.text("document", required=True),
        dated_on=_dated_on(asked),
        basis=asked.text("basis", required=True),
    )
    told = runtime.hold_case(asked.host, asked.actor, asked.path["case_no"], holding, key=asked.key)
    return receipt(told), 200


def lift_hold(asked: Asked) -> Answer:
    """Lift a hold with its outcome."""
    ruling = Ruling(
        kind=asked.text("outcome", required=True),
        document=asked.text("document", required=True),
        dated_on=_dated_on(asked),
    )
    told = runtime.lift_hold(asked.host, asked.actor, asked.path["case_no"], ruling, key=asked.key)
    return receipt(told), 200


def correct_case(asked: Asked) -> Answer:
    """Open a new case that follows a closed one."""
    correction = Correction(
        kind=asked.text("correction", required=True),
        basis=asked.text("basis", required=True),
        reason=asked.text("reason", required=True),
    )
    started = runtime.correct_case(
        asked.host,
        asked.actor,
        asked.path["case_no"],
        asked.object("data"),
        correction,
        key=asked.key,
    )
    return {"case_no": started.case_no, "query_code": started.query_code}, 201


def _dated_on(asked: Asked) -> date:
    found = asked.day("dated_on")
    if found is None:
        raise InvalidInput("dated_on is missing", {"dated_on": "This is needed"})
    return found


def _without_id(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != "instance_id"}
