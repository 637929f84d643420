"""A case played again: its history is executed anew and shown event by event."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.cases import CaseRow
from onething.definitions import Definition
from onething.errors import CaseArchived
from onething.runtime import Frame, Place, renamed, require_role, visible_case
from onething.web.chronicle import Who, event_text, named, who
from onething.web.dmn import tables
from onething.web.drawings import Drawing, drawing, source, step_names
from onething.web.node import actor, host
from onething.web.wording import worded

pages = Blueprint("replay", __name__)
Page = str | Response
Versions = dict[int, Definition]
"""The deployments in which the case stood, by number."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One event on the replay page."""

    frame: Frame
    text: str
    who: Who
    happened: list[str]
    """Names of the nodes that ended, else of those that began."""
    decisions: list[tuple[str, str]]
    """Names of the decisions taken, each with the rules that matched."""
    process: str
    """The process in which the event took place."""
    process_name: str
    source: str
    here: str
    """Ids of the nodes with a token in that process, separated by blanks."""
    done: str
    """Ids of the nodes that have ended there."""


@pages.get("/cases/<case_no>/replay")
def show(case_no: str) -> Page:
    """Execute the case's history again and show it at one event."""
    me = actor()
    require_role(me, "clerk", "supervisor", "auditor")
    try:
        frames = runtime.retrace(host(), me, case_no)
    except CaseArchived:
        flash(_("本件已归档，须由运维先恢复。"), "bad")
        return redirect(url_for("case.show", case_no=case_no))
    with host().database.read() as conn:
        case = visible_case(me, conn, case_no)
        numbers = {frame.number for frame in frames}
        versions = {one: host().definitions.get(conn, case.service, one) for one in numbers}
    scenes = _scenes(frames, versions)
    at = _position(len(scenes))
    return render_template(
        "replay/show.html",
        case=case,
        scenes=scenes,
        at=at,
        scene=scenes[at - 1],
        drawing=_drawing(scenes[at - 1], versions),
        verdict=_verdict(frames),
        is_clean=not any(frame.diverges for frame in frames),
        days=_days(case, frames),
    )


def _position(length: int) -> int:
    asked = request.args.get("at", "")
    return min(max(int(asked), 1), length) if asked.isascii() and asked.isdigit() else length


def _scenes(frames: list[Frame], versions: Versions) -> list[Scene]:
    done: dict[Place, None] = {}
    process = versions[frames[0].number].service.process
    named_decisions = {
        number: {one.id: one.name for one in tables(definition)}
        for number, definition in versions.items()
    }
    scenes = []
    for frame in frames:
        done = renamed(done, frame.mapping) | dict.fromkeys(frame.ended)
        process = _focus(frame, frame.mapping.get(process, process))
        taken = [
            (named_decisions[frame.number].get(decision, decision), ", ".join(rules))
            for decision, rules in frame.decisions
        ]
        scenes.append(_scene(frame, versions[frame.number], process, list(done), taken))
    return scenes


def _scene(
    frame: Frame,
    definition: Definition,
    process: str,
    done: list[Place],
    decisions: list[tuple[str, str]],
) -> Scene:
    names = step_names(definition)
    return Scene(
        frame=frame,
        text=event_text(frame.kind, frame.card),
        who=who(frame.actor, frame.post, frame.absent),
        happened=named(frame.ended, names) or named(frame.began, names),
        decisions=decisions,
        process=process,
        process_name=worded(definition.process.names.get(process) or process, definition),
        source=source(definition, process),
        here=_ids(frame.places, process),
        done=_ids(done, process),
    )


def _focus(frame: Frame, before: str) -> str:
    """Return the process to look at: where a token stopped last, else where one passed."""
    stopped = [place for place in frame.began if place in frame.places]
    for places in (stopped, frame.ended):
        if places:
            return places[-1].process
    return before


def _ids(places: list[Place], process: str) -> str:
    return " ".join(place.activity for place in places if place.process == process)


def _drawing(scene: Scene, versions: Versions) -> Drawing:
    here = [Place(scene.process, one) for one in scene.here.split()]
    done = [Place(scene.process, one) for one in scene.done.split()]
    return drawing(versions[scene.frame.number], scene.process, here, done)


def _verdict(frames: list[Frame]) -> str:
    wrong = next((frame.sequence for frame in frames if frame.diverges), None)
    if wrong is not None:
        return str(_("重新执行在第 %(n)s 步得出与记录不同的状态。", n=wrong))
    return str(_("已重新执行 %(n)s 个事件，每一步的状态都与记录一致。", n=len(frames)))


def _days(case: CaseRow, frames: list[Frame]) -> int:
    return (frames[-1].at - case.submitted_at).days + 1
