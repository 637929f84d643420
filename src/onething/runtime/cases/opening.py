"""Opening a case: its rows, its first event and the engine's first step."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from onething import cases, engine, feel, history, instances, sharing, tracing
from onething.cases import CaseRow, ItemRow, PartyRow
from onething.definitions import Definition, Item
from onething.engine import Start
from onething.errors import CaseAlreadyOpen, InvalidInput
from onething.identity import Actor
from onething.instances import InstanceRow
from onething.runtime.applications.acting import acting_fault, told, with_mandate
from onething.runtime.appointments.case_booking import book_answers
from onething.runtime.host import Host
from onething.runtime.locking import look_outside
from onething.runtime.materials.add_material import Prepared, consented, store
from onething.runtime.sharing.objecting import TOLD, Pinned, objection_rows
from onething.runtime.turn import Receipt, Turn

_DIVISION = re.compile(r"[0-9]{6}(?:[0-9]{3}){0,2}")
"""Source: GB/T 2260, six digits; GB/T 10114, nine and twelve."""


class Opening:
    """The rows of one new case, inside the caller's transaction."""

    def __init__(  # noqa: PLR0913 - what a new case is made of
        self,
        host: Host,
        conn: Connection,
        actor: Actor,
        definition: Definition,
        instance_id: str,
        channel: str,
        *,
        filed_by: str | None = None,
        parties: Sequence[PartyRow] = (),
    ) -> None:
        """Begin one.

        Args:
            host: The node.
            conn: The caller's transaction.
            actor: Who opens it.
            definition: The deployment.
            instance_id: The id that it will have.
            channel: One of `cases.CHANNELS`.
            filed_by: The account that filled the application in; None: the actor's.
            parties: The agreements of parties who signed from accounts of their own.
        """
        self.host = host
        self.conn = conn
        self.actor = actor
        self.definition = definition
        self.service = definition.service
        self.instance_id = instance_id
        self.channel = channel
        self.filed_by = filed_by or actor.user
        self.parties = parties
        host.take_in(conn, *look_outside(conn))
        self.now = host.clock()
        self.env = host.environment(self.now)

    def open(
        self,
        answers: Mapping[str, Any],
        prepared: Sequence[Prepared],
        query_code: str,
        request: Any,  # noqa: ANN401 - any JSON value
        pinned: Pinned,
    ) -> Receipt:
        """Check the application, write case, items and first event, and step the engine."""
        data = self.checked(answers, pinned)
        self.parties = self._with_mandate(data)
        start = Start(self.service.process, data)
        shared = pinned.variables(data)
        return self._begin(
            start,
            query_code,
            request,
            prepared=prepared,
            note=pinned.note,
            is_asked=True,
            shared=shared,
        )

    def at_event(self, start: Start, query_code: str, cause: str | None) -> Receipt:
        """Write a case that an event begins, without an application; step the engine."""
        note = {"event": start.start_event} | ({"cause": cause} if cause else {})
        return self._begin(start, query_code, dict(start.variables), note=note)

    def following(  # noqa: PLR0913 - what a new case takes over from an old one
        self,
        data: dict[str, Any],
        query_code: str,
        request: Any,  # noqa: ANN401 - any JSON value
        *,
        note: Mapping[str, Any],
        reason: str,
        bring: Callable[[Turn], None],
    ) -> Receipt:
        """Write a case that follows a closed one, from data that were checked; step the engine.

        `bring` gives it what it takes over besides, before its first event is written.
        """
        start = Start(self.service.process, data)
        private = {"reason": reason}
        return self._begin(start, query_code, request, note=note, private=private, bring=bring)

    def _begin(  # noqa: PLR0913 - what a new case begins with
        self,
        start: Start,
        query_code: str,
        request: Any,  # noqa: ANN401 - any JSON value
        *,
        prepared: Sequence[Prepared] = (),
        note: Mapping[str, Any] | None = None,
        is_asked: bool = False,
        shared: Mapping[str, Any] | None = None,
        private: dict[str, Any] | None = None,
        bring: Callable[[Turn], None] | None = None,
    ) -> Receipt:
        data = dict(start.variables)
        subject = self._subject(data)
        region = self._region(data)
        case_no, items = self._numbered(region, data)
        row = self._add_case(case_no, query_code, region, subject, data, items)
        command = replace(start, variables=data | self._given(case_no, region) | dict(shared or {}))
        context = self.host.context(self.now, self.host.outside_in(region))
        with tracing.span("engine step"):
            step = engine.start(self.definition.process, command, context)
        turn = self._turn(row)
        turn.adopt(step.state)
        for one in prepared:
            store(turn, one, given_by=one.upload.given_by or self.filed_by)
        if bring is not None:
            bring(turn)
        booked = self._booked(row, data) if is_asked else {}
        rows = objection_rows(shared or {}, turn.seal, row, self.now)
        sharing.add_objections(self.conn, rows)
        return turn.append(
            "CaseStarted",
            command=command,
            step=step,
            note={
                "deployment": self.definition.name,
                "channel": cases.CHANNELS[self.channel],
                **booked,
                **({"parties": signed} if (signed := self._signed()) else {}),
                **(note or {}),
                **consented(self.service, prepared),
            },
            private=private,
            request=request,
            key="",  # the caller's key is in the instance's id; no caller can send an empty one
        )

    def _booked(self, row: InstanceRow, data: dict[str, Any]) -> dict[str, str]:
        """Book the time that the application chose; return what the event says of it."""
        service = self.service
        booked = book_answers(
            self.host,
            self.conn,
            self.actor,
            self.definition,
            self.definition.application,
            data,
            instance_id=row.instance_id,
            case_no=row.case_no,
            person=self._value(service.applicant, data) if service.applicant else None,
            user=None if self.actor.on_behalf_of else self.filed_by,
            window=self.actor.on_behalf_of is not None,
        )
        return {"appointment": booked.appointment_id} if booked else {}

    def checked(self, answers: Mapping[str, Any], pinned: Pinned) -> dict[str, Any]:
        """Return the application's data.

        Raises:
            InvalidInput: It has mistakes.
        """
        answer = self.definition.application.submit(answers, self.env, fixed=pinned.fixed)
        faults = {path: TOLD[fault] for path, fault in pinned.faults(answer.data).items()}
        acting = acting_fault(self.definition, answer.data, self.env)
        if acting is not None:
            faults[acting[0]] = told(self.definition, acting[1])
        if faults or not answer.is_valid:
            raise InvalidInput("The application has mistakes", faults | answer.texts())
        return answer.data

    def _with_mandate(self, data: dict[str, Any]) -> Sequence[PartyRow]:
        is_own = "applicant" in self.actor.roles
        return with_mandate(
            self.host,
            self.conn,
            self.definition,
            data,
            self.parties,
            self.instance_id,
            self.filed_by if is_own else None,
            self.now,
        )

    def _signed(self) -> list[dict[str, Any]]:
        """Return what each party agreed to, as history and diagrams read it."""
        return [
            {
                "party": one.party,
                "role": one.role,
                "user": one.user,
                "verified": one.is_verified,
                "version": one.version,
                "answers": one.answers,
                "at": one.agreed_at.isoformat() if one.agreed_at else None,
                **({"until": one.until.isoformat()} if one.until else {}),
            }
            for one in self.parties
        ]

    def require_free(self, data: dict[str, Any]) -> None:
        """Raise CaseAlreadyOpen where a case on the application's core subject is open."""
        self._subject(data)

    def _subject(self, data: dict[str, Any]) -> str | None:
        if not self.service.subject:
            return None
        value = self._value(self.service.subject, data)
        parts = value if isinstance(value, list) else [value]
        named = sorted(str(part).strip().upper() for part in parts if part not in (None, ""))
        if not named:
            return None
        subject = self.host.keys.digest(named)
        held_by = cases.open_on_subject(self.conn, self.service.code, subject)
        if held_by is not None:
            raise CaseAlreadyOpen(cases.of_instance(self.conn, held_by).case_no)
        return subject

    def _value(self, text: str, data: dict[str, Any]) -> Any:  # noqa: ANN401 - any FEEL value
        return feel.to_json(feel.compile_attribute(text).evaluate(data, self.env))

    def _text(self, text: str, data: dict[str, Any]) -> str | None:
        value = self._value(text, data) if text else None
        return value if isinstance(value, str) and value else None

    def _region(self, data: dict[str, Any]) -> str | None:
        region = self._text(self.service.region, data)
        if region is not None and not _DIVISION.fullmatch(region):
            raise InvalidInput("The application names no division of the country")
        return region

    def _today(self) -> datetime:
        return self.now.astimezone(self.host.zone)

    def _numbered(self, region: str | None, data: dict[str, Any]) -> tuple[str, list[ItemRow]]:
        """Return the case's number and its items with theirs: all are drawn at once."""
        today, theme = self._today().date(), self.service.theme
        applying = [item for item in self.service.items if self._applies(item, data)]
        scopes = [f"case {region} {theme} {today}"]
        scopes += [f"item {item.item_code} {today}" for item in applying]
        running, *of_items = self.host.serials.next(self.conn, scopes)
        case_no = cases.case_number(region or "", theme, today, running)
        items = [
            self._item(item, cases.item_number(item.item_code, today, number))
            for item, number in zip(applying, of_items, strict=True)
        ]
        return case_no, items

    def _add_case(  # noqa: PLR0913 - what the rows are made of
        self,
        case_no: str,
        query_code: str,
        region: str | None,
        subject: str | None,
        data: dict[str, Any],
        items: Sequence[ItemRow],
    ) -> InstanceRow:
        case = CaseRow(
            instance_id=self.instance_id,
            case_no=case_no,
            query_code=self.host.keys.digest(query_code),
            service=self.service.code,
            number=self.definition.number,
            name=self.service.name,
            title=self._title(data),
            state="SUBMITTED",
            result=None,
            region=region,
            channel=cases.CHANNELS[self.channel],
            submitted_by=self.filed_by,
            submitted_at=self.now,
            accepted_at=None,
            closed_at=None,
        )
        cases.add(self.conn, case, items, subject)
        cases.add_parties(self.conn, self.parties)
        row = InstanceRow(
            instance_id=self.instance_id,
            case_no=case_no,
            region=region,
            service=self.service.code,
            number=self.definition.number,
            status="active",
            sequence=0,
            hash=history.GENESIS,
            snapshot_sequence=0,
            started_at=self.now,
            updated_at=self.now,
            ended_at=None,
        )
        instances.add(self.conn, row)
        return row

    def _title(self, data: dict[str, Any]) -> str:
        applicant = self._value(self.service.applicant, data) if self.service.applicant else None
        name = applicant.get("name") if isinstance(applicant, dict) else None
        return f"{self.service.name} · {masked(name)}" if name else self.service.name

    def _applies(self, item: Item, data: dict[str, Any]) -> bool:
        return not item.condition or self._value(item.condition, data) is True

    def _item(self, item: Item, item_no: str) -> ItemRow:
        return ItemRow(
            instance_id=self.instance_id,
            item_id=item.id,
            item_no=item_no,
            name=item.name,
            department=item.department,
            state="waiting",
            reason=None,
            started_at=None,
            ended_at=None,
        )

    def _given(self, case_no: str, region: str | None) -> dict[str, Any]:
        """Return the variables that every case has."""
        return {
            "case": {
                "number": case_no,
                "submittedOn": self._today().date().isoformat(),
                "submittedAt": self.now.isoformat(),
                "channel": cases.CHANNELS[self.channel],
                "region": region,
                **({"parties": signed} if (signed := self._signed()) else {}),
            },
            "parameters": self.service.parameter_values(),
        }

    def _turn(self, row: InstanceRow) -> Turn:
        key = self.host.keys.begin(self.conn, self.instance_id)
        return Turn(self.host, self.conn, self.actor, row, key)


def masked(name: str) -> str:
    """Return a name with all but its family name covered: 张* or 欧阳**.

    Source: the project's masking rule for lists; two-character family names are kept whole.
    """
    compound = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐")
    kept = 2 if name.startswith(compound) and len(name) > 2 else 1  # noqa: PLR2004 - characters
    return name[:kept] + "*" * (len(name) - kept)
