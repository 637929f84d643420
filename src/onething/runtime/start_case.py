"""Start a case: one application, once."""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from onething import cases, engine, feel, history, instances
from onething.cases import CaseRow, ItemRow
from onething.definitions import Definition, Item
from onething.engine import Start, Step
from onething.errors import CaseAlreadyOpen, InvalidInput, KeyReused
from onething.identity import Actor
from onething.instances import InstanceRow
from onething.runtime.add_material import Prepared, Upload, prepare, store, with_files
from onething.runtime.answers import plain
from onething.runtime.host import Host
from onething.runtime.permissions import require_role
from onething.runtime.turn import Receipt, Turn, require_key

CHANNELS = {"window": "1", "web": "2", "mobile": "3", "post": "4", "other": "9"}
"""GB/T 39046 A.5 办理形式."""
_DIVISION = re.compile(r"[0-9]{6}(?:[0-9]{3}){0,2}")
"""Source: GB/T 2260, six digits; GB/T 10114, nine and twelve."""


@dataclass(frozen=True, slots=True)
class Started:
    """A case that was just opened."""

    receipt: Receipt
    query_code: str
    """Eight random characters for looking the case up; shown once, kept as a keyed hash."""

    @property
    def case_no(self) -> str:
        """The 24 characters of the case number."""
        return self.receipt.case_no


def start_case(  # noqa: PLR0913 - the parts of one application
    host: Host,
    actor: Actor,
    service: str,
    answers: Mapping[str, Any],
    *,
    channel: str = "web",
    uploads: Sequence[Upload] = (),
    key: str | None = None,
) -> Started:
    """Open a case of the newest deployment of a service.

    Args:
        host: The node.
        actor: Who applies or files for somebody.
        service: The service's code.
        answers: The application form's answers, HTML fields or JSON.
        channel: One of CHANNELS.
        uploads: Materials given with the application.
        key: Idempotency key: a repeated request opens nothing and is answered again.

    Raises:
        NotFound: No such service.
        NotAllowed: The actor's role may not apply for it.
        InvalidInput: Answers do not fit; `fields` says which.
        CaseAlreadyOpen: A case on the same core subject is open.
    """
    if channel not in CHANNELS:
        raise InvalidInput(f"The channel is one of {', '.join(CHANNELS)}")
    require_key(key)
    key = key or secrets.token_hex(16)
    instance_id = _instance_id(actor, key)
    prepared = prepare(host, uploads)
    answers = with_files(answers, prepared)
    request = {"service": service, "answers": plain(answers), "channel": channel}

    def transaction(conn: Connection) -> Started:
        query_code = _query_code(host, instance_id)
        earlier = instances.find(conn, instance_id)
        if earlier is not None:
            return Started(_repeated(host, conn, earlier, request), query_code)
        definition = host.definitions.newest(conn, service)
        require_role(actor, *definition.service.start_roles)
        opening = _Opening(host, conn, actor, definition, instance_id, channel)
        return Started(opening.open(answers, prepared, query_code, request), query_code)

    return host.write(transaction)


def _instance_id(actor: Actor, key: str) -> str:
    return hashlib.sha256(f"{actor.user}\0{key}".encode()).hexdigest()[:24]


def _query_code(host: Host, instance_id: str) -> str:
    return host.keys.digest(["query-code", instance_id])[:8].upper()


def _repeated(host: Host, conn: Connection, row: InstanceRow, request: Any) -> Receipt:  # noqa: ANN401 - any JSON value
    first = next(history.read(conn, None, row.instance_id, limit=1))
    if first.input.get("request") != host.keys.digest(request):
        raise KeyReused
    return Receipt(row.instance_id, row.case_no, 1, repeated=True)


class _Opening:
    """The rows of one new case, inside the caller's transaction."""

    def __init__(  # noqa: PLR0913 - what a new case is made of
        self,
        host: Host,
        conn: Connection,
        actor: Actor,
        definition: Definition,
        instance_id: str,
        channel: str,
    ) -> None:
        self.host = host
        self.conn = conn
        self.actor = actor
        self.definition = definition
        self.service = definition.service
        self.instance_id = instance_id
        self.channel = channel
        self.now = host.clock()
        self.env = host.environment(self.now)

    def open(
        self,
        answers: Mapping[str, Any],
        prepared: Sequence[Prepared],
        query_code: str,
        request: Any,  # noqa: ANN401 - any JSON value
    ) -> Receipt:
        """Check the application, write case, items and first event, and step the engine."""
        data = self._checked(answers)
        subject = self._subject(data)
        region = self._region(data)
        case_no = self._case_no(region)
        self._add_case(case_no, query_code, region, subject, data)
        step = self._start(data, case_no, region)
        turn = self._turn()
        turn.adopt(step.state)
        for one in prepared:
            store(turn, one)
        return turn.append(
            "CaseStarted",
            command=self.start,
            step=step,
            note={"deployment": self.definition.name, "channel": CHANNELS[self.channel]},
            request=request,
            key="",  # the caller's key is in the instance's id; no caller can send an empty one
        )

    def _checked(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        answer = self.definition.application.submit(answers, self.env)
        if not answer.is_valid:
            raise InvalidInput("The application has mistakes", answer.texts())
        return answer.data

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

    def _case_no(self, region: str | None) -> str:
        today = self._today().date()
        running = cases.next_serial(self.conn, f"case {region} {self.service.theme} {today}")
        return cases.case_number(region or "", self.service.theme, today, running)

    def _add_case(
        self,
        case_no: str,
        query_code: str,
        region: str | None,
        subject: str | None,
        data: dict[str, Any],
    ) -> None:
        row = CaseRow(
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
            channel=CHANNELS[self.channel],
            submitted_by=self.actor.user,
            submitted_at=self.now,
            accepted_at=None,
            closed_at=None,
        )
        items = [self._item(item) for item in self.service.items if self._applies(item, data)]
        cases.add(self.conn, row, items, subject)
        instances.add(
            self.conn,
            InstanceRow(
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
            ),
        )

    def _title(self, data: dict[str, Any]) -> str:
        applicant = self._value(self.service.applicant, data) if self.service.applicant else None
        name = applicant.get("name") if isinstance(applicant, dict) else None
        return f"{self.service.name} · {masked(name)}" if name else self.service.name

    def _applies(self, item: Item, data: dict[str, Any]) -> bool:
        return not item.condition or self._value(item.condition, data) is True

    def _item(self, item: Item) -> ItemRow:
        today = self._today().date()
        running = cases.next_serial(self.conn, f"item {item.item_code} {today}")
        return ItemRow(
            instance_id=self.instance_id,
            item_id=item.id,
            item_no=cases.item_number(item.item_code, today, running),
            name=item.name,
            department=item.department,
            state="waiting",
            reason=None,
            started_at=None,
            ended_at=None,
        )

    def _start(self, data: dict[str, Any], case_no: str, region: str | None) -> Step:
        variables = {
            **data,
            "case": {
                "number": case_no,
                "submittedOn": self._today().date().isoformat(),
                "submittedAt": self.now.isoformat(),
                "channel": CHANNELS[self.channel],
                "region": region,
            },
            "parameters": self.service.parameter_values(),
        }
        self.start = Start(self.service.process, variables)
        context = self.host.context(self.now)
        return engine.start(self.definition.process, self.start, context)

    def _turn(self) -> Turn:
        row = instances.get(self.conn, self.instance_id)
        return Turn(self.host, self.conn, self.actor, row)


def masked(name: str) -> str:
    """Return a name with all but its family name covered: 张* or 欧阳**.

    Source: the project's masking rule for lists; two-character family names are kept whole.
    """
    compound = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐")
    kept = 2 if name.startswith(compound) and len(name) > 2 else 1  # noqa: PLR2004 - characters
    return name[:kept] + "*" * (len(name) - kept)
