"""A form being filled in: what the browser posted, the files it gave, and what to show again.

A page keeps nothing between two requests: answers travel in the form's own fields, files lie
in the content store and travel as signed tokens that only their giver can use.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field, replace
from io import BytesIO
from typing import Self

from flask import current_app, request
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage, MultiDict

from onething import runtime
from onething.definitions import Service
from onething.errors import InvalidInput
from onething.feel import Environment
from onething.forms import Answer, FieldView, Form, Message, Posted
from onething.identity import Actor
from onething.materials import id_of, sanitised
from onething.runtime import Host, KeptFile, Offer, Reuse, TaskView, Typed, Upload
from onething.tasks import HeldRow
from onething.web.language import language, own_words
from onething.web.node import actor, host
from onething.web.words import listed

FILE = "_file"
"""Name of the hidden fields that carry a file's token."""
REUSE = "_reuse"
"""Name of the boxes by which a person agrees that what was given or issued is used again."""
SAY = "_say"
"""Name of the buttons that put a suggested text into a field."""
_BETWEEN = "；"


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """A file that lies in the store and waits for its form to be sent."""

    field: str
    name: str
    sha256: str
    type: str
    token: str = ""
    reused: Reuse | None = None
    """Where the person gave or got it before, and agreed to its being used again."""
    material: str | None = None
    """Which material of the service it is, where its field takes several."""

    @property
    def id(self) -> str:
        """The id it will have as a material."""
        return id_of(self.sha256)

    @property
    def kept(self) -> KeptFile:
        """The file as a draft or an invitation keeps it."""
        return KeptFile(
            self.field,
            self.name,
            self.sha256,
            self.type,
            reused=self.reused,
            material=self.material,
        )


@dataclass(slots=True)
class Entry:
    """One form on its way from the browser to a command."""

    host: Host
    actor: Actor
    answers: Posted = field(default_factory=Posted)
    """Posted names and values, without the page's own."""
    files: list[CarriedFile] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    """By field: why a file cannot be taken."""

    @classmethod
    def of(cls, host: Host, actor: Actor, typed: Typed) -> Self:
        """Return an entry of what was typed before."""
        entry = cls(host, actor, typed.posted)
        for one in typed.files:
            carried = CarriedFile(
                one.field,
                one.name,
                one.sha256,
                one.type,
                reused=one.reused,
                material=one.material,
            )
            entry.files.append(entry._signed(carried))
        return entry

    @property
    def typed(self) -> Typed:
        """What a draft keeps of it."""
        return Typed(self.answers, [one.kept for one in self.files])

    @property
    def posted(self) -> Posted:
        """The answers with the ids of the carried files in their fields."""
        whole = Posted({name: list(values) for name, values in self.answers.items()})
        for one in self.files:
            whole.setdefault(one.field, []).append(one.id)
        return whole

    @property
    def file_names(self) -> dict[str, str]:
        """File names by the id of the material they will be."""
        return {one.id: one.name for one in self.files}

    def uploads(self, form: Form) -> list[Upload]:
        """Return the files as a command takes them; files of other fields are left out."""
        known = {one.path.replace("[]", "") for one in form.fields}
        return [
            Upload(
                name=one.name,
                data=self.host.store.get(one.sha256),
                field=one.field,
                material=one.material,
                declared_type=one.type,
                reused=one.reused,
            )
            for one in self.files
            if re.sub(r"\[\d+\]", "", one.field) in known
        ]

    def answer(self, view: TaskView) -> Answer:
        """Return what the task's form makes of the entry so far, with its mistakes."""
        if view.form is None:
            return Answer({})
        return view.form.submit(self.posted, self._environment(), view.known)

    def fields(
        self, view: TaskView, answer: Answer, *, is_checked: bool, readonly: bool
    ) -> list[FieldView]:
        """Return the task's form to show: with its mistakes once it was checked."""
        if view.form is None:
            return []
        errors: dict[str, Message | str] = {**(answer.errors if is_checked else {}), **self.errors}
        return view.form.view(
            {**view.known, **answer.data},
            errors,
            self._environment(),
            language=language(),
            warnings=answer.warnings,
            readonly=readonly,
        )

    def complete(self, view: TaskView, key: str | None) -> None:
        """Complete the task with the entry; raises as `runtime.complete` does."""
        uploads = self.uploads(view.form) if view.form else ()
        runtime.complete(
            self.host, self.actor, view.task.id, self.answers, uploads=uploads, key=key
        )

    def hold(self, view: TaskView, key: str | None) -> bool:
        """Complete the task so that it can be undone; tell whether it is held back for it."""
        uploads = self.uploads(view.form) if view.form else ()
        done = runtime.hold_completion(
            self.host, self.actor, view.task.id, self.answers, uploads=uploads, key=key
        )
        return isinstance(done, HeldRow)

    def _environment(self) -> Environment:
        return self.host.environment(self.host.clock())

    def hidden(self) -> Iterator[tuple[str, str]]:
        """Yield the fields that carry this entry to the next page."""
        for name, values in self.answers.items():
            for value in values:
                yield name, value
        for one in self.files:
            yield FILE, one.token

    def drop_file(self, token: str) -> None:
        """Take a file off the form."""
        self.files = [one for one in self.files if one.token != token]

    def drop_row(self, row: str) -> None:
        """Take the row `heirs[1]` out of its list; later rows move up."""
        match = re.fullmatch(r"(.+)\[(\d{1,6})\]", row)
        if match is None:
            return
        prefix, gone = match[1], int(match[2])
        moved = ((_moved(name, prefix, gone), values) for name, values in self.answers.items())
        self.answers = Posted({name: values for name, values in moved if name is not None})
        self.files = [
            self._signed(replace(one, field=place))
            for one in self.files
            if (place := _moved(one.field, prefix, gone)) is not None
        ]

    def edit(self, form: MultiDict[str, str]) -> bool:
        """Do what a button inside the form asks; say whether the form is still filled in."""
        if "_less" in form:
            self.drop_row(form["_less"])
        if "_drop" in form:
            self.drop_file(form["_drop"])
        if SAY in form:
            self.say(form[SAY])
        return bool({"_less", "_drop", "_more", "_edit", "_day", "_office", SAY} & form.keys())

    def say(self, told: str) -> None:
        """Put a suggested text into a field: `name=text`, or `name+=text` behind what stands."""
        name, _equals, text = told.partition("=")
        adds, name = name.endswith("+"), name.removesuffix("+")
        if name.startswith("_") or not text:
            return
        before = self.answers.get(name, []) if adds else []
        parts = [part for part in (*before, text) if part]
        self.answers[name] = [_BETWEEN.join(dict.fromkeys(parts))]

    def take(self, form: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> None:
        """Take what a browser posted; a file that cannot be taken is named in `errors`.

        Raises:
            InvalidInput: A carried file's token is not this person's.
        """
        self.answers.update(posted_answers(form))
        for token in (*form.getlist(FILE), *form.getlist(REUSE)):
            self._take_carried(self._read(token))
        for name in files:
            for given in files.getlist(name):
                if given.filename:
                    self._keep(name, given)

    def reusable(self, service: Service) -> list[tuple[Offer, str]]:
        """Return what the person gave or got before and the form asks for, each with its token."""
        return self._offered(
            (one.rule.field, one)
            for one in runtime.list_reusable(self.host, self.actor, service)
            if one.rule.field and "[]" not in one.rule.field
        )

    def reusable_in(self, view: TaskView) -> list[tuple[Offer, str]]:
        """Return what the person gave or got before and the task asks for, each with its token."""
        return self._offered(runtime.list_reusable_in_task(self.host, self.actor, view))

    def refuse(self, told: Mapping[str, str]) -> None:
        """Show at file fields why a command took none of their files again, and drop those."""
        gone = [one for one in self.files if one.reused and one.field in told]
        self.errors |= {one.field: own_words(told[one.field]) for one in gone}
        self.files = [one for one in self.files if one not in gone]

    def _offered(self, offers: Iterable[tuple[str, Offer]]) -> list[tuple[Offer, str]]:
        return [
            (one, self._signed(_carried(place, one)).token)
            for place, one in offers
            if not self._has(one)
        ]

    def _has(self, one: Offer) -> bool:
        return any(file.sha256 == one.row.sha256 for file in self.files)

    def _add(self, file: CarriedFile) -> None:
        if all((one.field, one.sha256) != (file.field, file.sha256) for one in self.files):
            self.files.append(file)

    def _take_carried(self, file: CarriedFile) -> None:
        if self.host.store.holds(file.sha256):
            self._add(file)
        else:
            told = _("%(name)s：上传的文件已过期，请重新选择。", name=file.name)
            self.errors[file.field] = told

    def _keep(self, name: str, given: FileStorage) -> None:
        limit = self.host.settings.material_limit_bytes
        stream = BytesIO(given.stream.read(limit + 1))
        try:
            file = runtime.take_file(self.host, stream, given.filename or "", given.mimetype)
        except InvalidInput as error:
            shown, why = sanitised(given.filename or ""), own_words(error.message)
            self.errors[name] = _("%(name)s：%(why)s", name=shown, why=why)
            return
        self._add(self._signed(CarriedFile(name, file.name, file.sha256, file.type)))

    def _signed(self, one: CarriedFile) -> CarriedFile:
        before = astuple(one.reused) if one.reused else ()
        named = [one.material] if one.material else []
        token = self._signer().dumps([one.field, one.name, one.sha256, one.type, *before, *named])
        return replace(one, token=str(token))

    def _read(self, token: str) -> CarriedFile:
        try:
            place, name, sha256, kind, *before = self._signer().loads(token)
        except BadSignature:
            raise InvalidInput(_("上传的文件不是本人的，请重新选择。")) from None
        reused = Reuse(*before[:3]) if before else None
        material = before[3] if before[3:] else None
        return CarriedFile(place, name, sha256, kind, token, reused, material)

    def _signer(self) -> URLSafeTimedSerializer:
        key = current_app.config["SECRET_KEY"]
        return URLSafeTimedSerializer(key, salt=f"upload {self.actor.user}")


def _carried(place: str, one: Offer) -> CarriedFile:
    """Return an offer as a file of the form; its material is named where the field does not."""
    row, rule = one.row, one.rule
    named = None if place == rule.field else rule.id
    return CarriedFile(place, row.name, row.sha256, row.type, reused=one.reuse, material=named)


def posted_entry() -> Entry:
    """Return the form that the person of the present request has posted."""
    entry = Entry(host(), actor())
    entry.take(request.form, request.files)
    return entry


def posted_answers(form: MultiDict[str, str]) -> Posted:
    """Return the posted names and values without the page's own."""
    return Posted(
        {
            name: form.getlist(name)
            for name in form
            if not name.startswith("_") and name != "csrf_token"
        }
    )


def _moved(name: str, prefix: str, gone: int) -> str | None:
    """Return a field's name once row `gone` is out, or None for a field of that row."""
    match = re.match(re.escape(prefix) + r"\[(\d{1,6})\]", name)
    if match is None or int(match[1]) < gone:
        return name
    if int(match[1]) == gone:
        return None
    return f"{prefix}[{int(match[1]) - 1}]{name[match.end() :]}"


def with_file_names(fields: Iterable[FieldView], names: dict[str, str]) -> list[FieldView]:
    """Return the fields with file names in place of the ids that file fields hold."""
    return [_named(one, names) for one in fields]


def _named(one: FieldView, names: dict[str, str]) -> FieldView:
    if one.kind == "file":
        ids = one.value if isinstance(one.value, list) else []
        return replace(one, display=listed(names.get(str(part), str(part)) for part in ids))
    return replace(
        one,
        children=tuple(with_file_names(one.children, names)),
        rows=tuple(tuple(with_file_names(row, names)) for row in one.rows),
        blank_row=tuple(with_file_names(one.blank_row, names)),
    )


def mistakes(fields: Iterable[FieldView], within: str = "") -> list[tuple[str, str]]:
    """Return (id in the page, message) of every field with an error, in the page's order.

    A message names the group too: two people of one form both have a name.
    """
    found: list[tuple[str, str]] = []
    for one in fields:
        if one.is_hidden:
            continue
        if one.error:
            place = f"{one.id}-1" if one.kind in ("radio", "checklist", "taglist") else one.id
            label = " · ".join(part for part in (within, one.label) if part)
            found.append((place, f"{label}{_('：')}{one.error}" if label else one.error))
        found += mistakes(one.children, one.label or within)
        for number, row in enumerate(one.rows, start=1):
            found += mistakes(row, f"{one.label} {number}")
    return found
