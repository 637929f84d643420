"""What a held completion keeps: who sent it, with which answers and files."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Connection

from onething.drafts import subject_of
from onething.errors import HistoryBroken, TooLarge
from onething.feel.json import canonical
from onething.forms import Posted
from onething.identity import Actor, StandIn
from onething.runtime.answers import plain
from onething.runtime.applications.drafting import Typed, put_draft
from onething.runtime.host import Host
from onething.runtime.materials.add_material import Prepared, Upload
from onething.runtime.materials.kept_file import KeptFile
from onething.tasks import HeldRow, TaskRow


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that was given with a completion; its content lies in the store."""

    name: str
    sha256: str
    field: str
    material: str | None
    item: str | None
    type: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What a clerk sent: who, with which answers and files."""

    actor: Actor
    answers: Posted = field(repr=False)
    files: tuple[HeldFile, ...] = field(repr=False)

    @property
    def typed(self) -> Typed:
        """The answers and files as a draft keeps them."""
        files = [
            KeptFile(one.field, one.name, one.sha256, one.type or "", material=one.material)
            for one in self.files
        ]
        return Typed(self.answers, files)


def read_held(host: Host, row: HeldRow) -> Sent:
    """Return what a held completion keeps.

    Raises:
        HistoryBroken: It was changed, or moved from another task or person.
    """
    kept = orjson.loads(host.keys.open(row.sealed))
    if kept["of"] != [row.user, row.task_id]:
        raise HistoryBroken("A held completion lies at a place that is not its own")
    who = kept["actor"]
    absent = (one | {"until": date.fromisoformat(one["until"])} for one in who["stands_in"])
    who |= {
        "roles": frozenset(who["roles"]),
        "stands_in": tuple(StandIn(**one) for one in absent),
    }
    return Sent(
        actor=Actor(**who),
        answers=Posted(kept["answers"]),
        files=tuple(HeldFile(**one) for one in kept["files"]),
    )


def uploads_of(host: Host, sent: Sent) -> list[Upload]:
    """Return the files as a command takes them."""
    return [
        Upload(
            name=one.name,
            data=host.store.get(one.sha256),
            field=one.field,
            material=one.material,
            item=one.item,
            declared_type=one.type,
        )
        for one in sent.files
    ]


def seal_held(
    host: Host, actor: Actor, task: TaskRow, answers: Mapping[str, Any], files: Sequence[Prepared]
) -> bytes:
    """Return what a completion keeps, sealed under the master key."""
    absent = [asdict(one) | {"until": one.until.isoformat()} for one in actor.stands_in]
    who = asdict(actor) | {"roles": sorted(actor.roles), "stands_in": absent, "absent_until": None}
    kept = {
        "of": [actor.user, task.id],
        "actor": who,
        "answers": plain(answers),
        "files": [asdict(_file(one)) for one in files],
    }
    return host.keys.seal(canonical(kept))


def _file(one: Prepared) -> HeldFile:
    up = one.upload
    return HeldFile(
        one.file.name, one.file.sha256, up.field, up.material, up.item, up.declared_type
    )


def keep_as_draft(host: Host, conn: Connection, row: HeldRow, sent: Sent) -> None:
    """Let what was sent be its clerk's draft again; more than a draft may hold is let go."""
    with suppress(TooLarge):
        put_draft(host, conn, row.user, subject_of(row.task_id), sent.typed)
