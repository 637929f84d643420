"""An application that two parties agree to: what is sealed of it, and who has agreed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from onething import feel
from onething.definitions import Cosigner, Definition
from onething.errors import HistoryBroken, TooLarge
from onething.feel import Environment
from onething.feel.json import canonical, parse
from onething.forms import Posted
from onething.invitations import InvitationRow
from onething.runtime.applications.acting import consenting
from onething.runtime.applications.drafting import DRAFT_BYTES
from onething.runtime.host import Host
from onething.runtime.materials.kept_file import KeptFile
from onething.runtime.sharing.objecting import Pinned
from onething.runtime.sharing.shared_values import SharedData, SharedValue

_ROW = re.compile(r"([A-Za-z_][\w.]*)\[(\d{1,6})\]")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What one party agreed to, when and in which words."""

    party: str
    """Name among the manifest's parties."""
    role: str
    user: str
    at: str
    """ISO 8601."""
    version: str
    answers: str
    """Keyed digest of the answers."""
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that the invited party corrected."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its name among the manifest's parties, and what it is to the case."""

    party: str
    role: str
    digest: str
    """Keyed digest of the identity number that the application names for it."""


@dataclass(frozen=True, slots=True)
class JointApplication:
    """What is sealed of an application that waits for the other party."""

    answers: Posted
    files: tuple[KeptFile, ...]
    inviter: Side
    invited: Side
    prefix: str
    """Where the invited's own answers stand, such as `b` or `adopters[1]`."""
    name: str
    """What the invited party is called."""
    declaration: str
    version: str
    notice: str = ""
    inviter_declaration: str = ""
    """What the inviter agrees to, where that is something else than `declaration`."""
    shared: tuple[SharedValue, ...] = ()
    """What departments told of the applicant for this application."""
    agreements: tuple[Agreement, ...] = ()
    changes: tuple[Change, ...] = ()
    """What the invited corrected last."""
    reason: str = ""
    """Why the invited declined."""

    @property
    def whole(self) -> Posted:
        """The answers with the ids of the files in their fields."""
        whole = Posted({name: list(values) for name, values in self.answers.items()})
        for one in self.files:
            whole.setdefault(one.field, []).append(one.id)
        return whole

    def digest(self, host: Host) -> str:
        """Return the keyed digest of all that is agreed to."""
        files = [[one.field, one.sha256] for one in self.files]
        shared = [[one.path, one.value] for one in self.shared]
        return host.keys.digest(["agreed", dict(self.answers), files, shared, self.version])

    def has_agreed(self, party: str, digest: str) -> bool:
        """Whether a party has agreed to the answers as they are now."""
        return any(one.party == party and one.answers == digest for one in self.agreements)

    def agreed_by(self, agreement: Agreement) -> Self:
        """Return it with a party's agreement in the place of an earlier one."""
        others = tuple(one for one in self.agreements if one.party != agreement.party)
        return replace(self, agreements=(*others, agreement))

    @property
    def pinned(self) -> Pinned:
        """The values that departments told, with what the applicant says against them."""
        values = {one.path: one for one in self.shared}
        return Pinned.of(SharedData("", is_agreed=True, values=values), self.answers)


def sealed(host: Host, row_id: str, user: str, joint: JointApplication) -> bytes:
    """Return it sealed for its place.

    Raises:
        TooLarge: It has more than DRAFT_BYTES.
    """
    shared = [asdict(one) | {"at": one.at.isoformat()} for one in joint.shared]
    kept = canonical({"of": [row_id, user], **asdict(joint), "shared": shared})
    if len(kept) > DRAFT_BYTES:
        raise TooLarge("The application is larger than 200 KB")
    return host.keys.seal(kept)


def unsealed(host: Host, row: InvitationRow) -> JointApplication:
    """Return what an invitation keeps.

    Raises:
        HistoryBroken: It was changed, or moved from another invitation.
    """
    kept = parse(host.keys.open(row.sealed))
    if kept.pop("of") != [row.invitation_id, row.user]:
        raise HistoryBroken("An invitation lies at a place that is not its own")
    parts: dict[str, Any] = {
        "answers": Posted(kept.pop("answers")),
        "files": tuple(KeptFile.of(one) for one in kept.pop("files")),
        "inviter": Side(**kept.pop("inviter")),
        "invited": Side(**kept.pop("invited")),
        "agreements": tuple(Agreement(**one) for one in kept.pop("agreements")),
        "changes": tuple(Change(**one) for one in kept.pop("changes")),
        "shared": tuple(
            SharedValue(**(one | {"at": datetime.fromisoformat(one["at"])}))
            for one in kept.pop("shared")
        ),
    }
    return JointApplication(**parts, **kept)


def find_cosigner(
    definition: Definition, data: Mapping[str, Any], env: Environment
) -> Cosigner | None:
    """Return the party who must agree to an application beside the applicant, or None."""
    principal = consenting(definition, data)
    if principal is not None:
        return principal
    for one in definition.service.cosigners:
        if not one.condition:
            return one
        if feel.to_json(feel.compile_attribute(one.condition).evaluate(data, env)) is True:
            return one
    return None


def with_answers(answers: Posted, own: Mapping[str, Sequence[str]], prefix: str) -> Posted:
    """Return answers with those of one party replaced; the identity number stays."""
    number_at = f"{prefix}.idNo"
    kept = {
        name: list(values)
        for name, values in answers.items()
        if not name.startswith(f"{prefix}.") or name == number_at
    }
    given = {
        name: list(values)
        for name, values in own.items()
        if name.startswith(f"{prefix}.") and name != number_at
    }
    return Posted(kept | given)


def with_files_of(files: Sequence[KeptFile], own: Sequence[KeptFile]) -> tuple[KeptFile, ...]:
    """Return files in which those of one party stand in the place of earlier ones of the field."""
    replaced = {one.field for one in own}
    return (*(one for one in files if one.field not in replaced), *own)


def without_blank_rows(answers: Posted) -> Posted:
    """Return answers in which the rows of a list are counted as the data count them.

    A row that was left blank is no row of the data.
    """
    filled: dict[str, set[int]] = {}
    for name, values in answers.items():
        match = _ROW.match(name)
        if match and any(value.strip() for value in values):
            filled.setdefault(match[1], set()).add(int(match[2]))
    places = {name: sorted(rows) for name, rows in filled.items()}
    moved = ((_moved(name, places), list(values)) for name, values in answers.items())
    return Posted({name: values for name, values in moved if name is not None})


def _moved(name: str, places: Mapping[str, Sequence[int]]) -> str | None:
    match = _ROW.match(name)
    if match is None:
        return name
    rows, row = places.get(match[1], ()), int(match[2])
    return f"{match[1]}[{rows.index(row)}]{name[match.end() :]}" if row in rows else None
