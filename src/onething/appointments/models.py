"""Tables of offices, slots and appointments."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from onething.db import Json, UtcDateTime, append_only, metadata

_Counter = BigInteger().with_variant(Integer, "sqlite")

STATES = (
    "booked",
    "arrived",
    "called",
    "in_service",
    "done",
    "no_show",
    "cancelled",
)
"""From the booking, or the drawing of a number, to its end."""
WAITING = ("booked", "arrived")
"""Those who were not called yet."""
LIVE = ("booked", "arrived", "called", "in_service")
ENDED = ("done", "no_show", "cancelled")

office = Table(
    "office",
    metadata,
    Column("office_id", Text, primary_key=True, comment="Short word of its addresses."),
    Column("version", Integer, nullable=False, comment="One more with each saving."),
    Column("department", Text, nullable=False),
    Column("division", Text, nullable=False, comment="Division code of six digits."),
    Column("config", Json, nullable=False, comment="Names, address, hours, days, posts."),
    Column("display", Integer, nullable=False, comment="One more with each new key of the wall."),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("updated_by", Text, nullable=False),
    comment=(
        "One office that serves people by appointment, as it is now. Written by supervisors of "
        "its department; what it was before stands in office_change."
    ),
)

office_change = append_only(
    Table(
        "office_change",
        metadata,
        Column("number", _Counter, primary_key=True, autoincrement=True),
        Column("office_id", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("at", UtcDateTime, nullable=False),
        Column("actor", Text, nullable=False),
        Column("kind", Text, nullable=False, comment="In the past tense: OfficeSaved."),
        Column("config", Json, nullable=False),
        Index("ix_office_change_office_id", "office_id", "number"),
        comment="One saving of an office, with what it said then. Written with it.",
    )
)

slot = Table(
    "slot",
    metadata,
    Column("office_id", Text, primary_key=True),
    Column("post", Text, primary_key=True),
    Column("slot_at", UtcDateTime, primary_key=True),
    Column("taken", Integer, nullable=False),
    comment=(
        "How many places of a slot are taken; a slot without a row has none taken. Counted up "
        "only below the post's capacity, in one statement, and down when a booking is given up."
    ),
)

office_day = Table(
    "office_day",
    metadata,
    Column("office_id", Text, primary_key=True),
    Column("day", Text, primary_key=True, comment="Date in the legal zone."),
    Column("changes", Integer, nullable=False, comment="One more with each command on the queue."),
    Column("bookings", Integer, nullable=False, comment="Last number given to a booking."),
    Column("walk_ins", Integer, nullable=False, comment="Last number given to a walk-in."),
    comment="One day at an office: commands on its queue take this row and follow one another.",
)

appointment = Table(
    "appointment",
    metadata,
    Column("appointment_id", Text, primary_key=True),
    Column("code", Text, nullable=False, unique=True, comment="Eight signs that its holder shows."),
    Column("office_id", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("slot_at", UtcDateTime, comment="Null: a walk-in."),
    Column("day", Text, nullable=False, comment="Date in the legal zone."),
    Column("state", Text, nullable=False),
    Column("ticket", Text, comment="Number of the day, given at the office: A001, B001."),
    Column("order_at", UtcDateTime, comment="From when it is its turn."),
    Column("is_late", Integer, nullable=False, comment="1: waits as walk-ins do."),
    Column("counter", Text),
    Column("calls", Integer, nullable=False),
    Column("called_at", UtcDateTime),
    Column("user", Text, comment="Account that booked; null: a walk-in without one."),
    Column("user_claim", Text, unique=True, comment="Digest of account and service."),
    Column(
        "holder_claim",
        Text,
        unique=True,
        comment="Digest of number and service.",
    ),
    Column("sealed", LargeBinary, comment="The holder's name, under the master key; erased later."),
    Column("instance_id", Text, index=True),
    Column("case_no", Text),
    Column("reminded_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_appointment_office_id_day", "office_id", "day", "state"),
    Index("ix_appointment_state_slot_at", "state", "slot_at"),
    Index("ix_appointment_user", "user"),
    comment=(
        "One booking or one walk-in of a day, with its place in the queue. Written by its holder, "
        "by the office's clerks and by the worker; each change stands in appointment_change. While "
        "it is live its claims keep its holder from booking the service twice."
    ),
)

appointment_change = append_only(
    Table(
        "appointment_change",
        metadata,
        Column("number", _Counter, primary_key=True, autoincrement=True),
        Column("appointment_id", Text, nullable=False),
        Column("at", UtcDateTime, nullable=False),
        Column("actor", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("detail", Json, comment="Slot, counter or reason; no personal value."),
        Index("ix_appointment_change_appointment_id", "appointment_id", "number"),
        comment="One change of an appointment. Written with it.",
    )
)
