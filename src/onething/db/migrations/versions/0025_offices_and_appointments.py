"""Keep offices, appointments, and cases filed at a counter.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

import onething.db.types

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "appointment",
        sa.Column("appointment_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="Eight signs that its holder shows."),
        sa.Column("office_id", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column(
            "slot_at",
            onething.db.types.UtcDateTime(timezone=True),
            nullable=True,
            comment="Null: a walk-in.",
        ),
        sa.Column("day", sa.Text(), nullable=False, comment="Date in the legal zone."),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "ticket",
            sa.Text(),
            nullable=True,
            comment="Number of the day, given at the office: A001, B001.",
        ),
        sa.Column(
            "order_at",
            onething.db.types.UtcDateTime(timezone=True),
            nullable=True,
            comment="From when it is its turn.",
        ),
        sa.Column("is_late", sa.Integer(), nullable=False, comment="1: waits as walk-ins do."),
        sa.Column("counter", sa.Text(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("called_at", onething.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "user",
            sa.Text(),
            nullable=True,
            comment="Account that booked; null: a walk-in without one.",
        ),
        sa.Column("user_claim", sa.Text(), nullable=True, comment="Digest of account and service."),
        sa.Column(
            "holder_claim", sa.Text(), nullable=True, comment="Digest of number and service."
        ),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=True,
            comment="The holder's name, under the master key; erased later.",
        ),
        sa.Column("instance_id", sa.Text(), nullable=True),
        sa.Column("case_no", sa.Text(), nullable=True),
        sa.Column("reminded_at", onething.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("code", name=op.f("uq_appointment_code")),
        sa.UniqueConstraint("holder_claim", name=op.f("uq_appointment_holder_claim")),
        sa.UniqueConstraint("user_claim", name=op.f("uq_appointment_user_claim")),
        comment="One booking or one walk-in of a day, with its place in the queue. Written by its holder, by the office's clerks and by the worker; each change stands in appointment_change. While it is live its claims keep its holder from booking the service twice.",
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appointment_instance_id"), ["instance_id"], unique=False
        )
        batch_op.create_index(
            "ix_appointment_office_id_day", ["office_id", "day", "state"], unique=False
        )
        batch_op.create_index("ix_appointment_state_slot_at", ["state", "slot_at"], unique=False)
        batch_op.create_index("ix_appointment_user", ["user"], unique=False)

    op.create_table(
        "appointment_change",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("appointment_id", sa.Text(), nullable=False),
        sa.Column("at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "detail",
            onething.db.types.Json(),
            nullable=True,
            comment="Slot, counter or reason; no personal value.",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_appointment_change")),
        comment="One change of an appointment. Written with it.",
        info={"append_only": True},
    )
    with op.batch_alter_table("appointment_change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_appointment_change_appointment_id", ["appointment_id", "number"], unique=False
        )

    op.create_table(
        "filing",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column(
            "holder", sa.Text(), nullable=False, comment="Keyed digest of the citizen's number."
        ),
        sa.Column("filed_by", sa.Text(), nullable=False, comment="The clerk who helped."),
        sa.Column(
            "declaration",
            sa.Text(),
            nullable=False,
            comment="Version of what the citizen declared.",
        ),
        sa.Column(
            "identity",
            sa.Text(),
            nullable=False,
            comment="verified, differs, unreachable or unasked.",
        ),
        sa.Column("at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_filing")),
        comment="One case that a clerk opened at a counter for a citizen who came: whose it is and who helped. Written with the case's opening, never changed.",
    )
    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.create_index("ix_filing_holder", ["holder"], unique=False)

    op.create_table(
        "office",
        sa.Column("office_id", sa.Text(), nullable=False, comment="Short word of its addresses."),
        sa.Column("version", sa.Integer(), nullable=False, comment="One more with each saving."),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("division", sa.Text(), nullable=False, comment="Division code of six digits."),
        sa.Column(
            "config",
            onething.db.types.Json(),
            nullable=False,
            comment="Names, address, hours, days, posts.",
        ),
        sa.Column(
            "display",
            sa.Integer(),
            nullable=False,
            comment="One more with each new key of the wall.",
        ),
        sa.Column("updated_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_office")),
        comment="One office that serves people by appointment, as it is now. Written by supervisors of its department; what it was before stands in office_change.",
    )
    op.create_table(
        "office_change",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("office_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="In the past tense: OfficeSaved."),
        sa.Column("config", onething.db.types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_office_change")),
        comment="One saving of an office, with what it said then. Written with it.",
        info={"append_only": True},
    )
    with op.batch_alter_table("office_change", schema=None) as batch_op:
        batch_op.create_index("ix_office_change_office_id", ["office_id", "number"], unique=False)

    op.create_table(
        "office_day",
        sa.Column("office_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False, comment="Date in the legal zone."),
        sa.Column(
            "changes",
            sa.Integer(),
            nullable=False,
            comment="One more with each command on the queue.",
        ),
        sa.Column(
            "bookings", sa.Integer(), nullable=False, comment="Last number given to a booking."
        ),
        sa.Column(
            "walk_ins", sa.Integer(), nullable=False, comment="Last number given to a walk-in."
        ),
        sa.PrimaryKeyConstraint("office_id", "day", name=op.f("pk_office_day")),
        comment="One day at an office: commands on its queue take this row and follow one another.",
    )
    op.create_table(
        "slot",
        sa.Column("office_id", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("slot_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "post", "slot_at", name=op.f("pk_slot")),
        comment="How many places of a slot are taken; a slot without a row has none taken. Counted up only below the post's capacity, in one statement, and down when a booking is given up.",
    )
    op.append_only("appointment_change")
    op.append_only("office_change")


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("slot")
    op.drop_table("office_day")
    with op.batch_alter_table("office_change", schema=None) as batch_op:
        batch_op.drop_index("ix_office_change_office_id")

    op.drop_table("office_change")
    op.drop_table("office")
    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.drop_index("ix_filing_holder")

    op.drop_table("filing")
    with op.batch_alter_table("appointment_change", schema=None) as batch_op:
        batch_op.drop_index("ix_appointment_change_appointment_id")

    op.drop_table("appointment_change")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index("ix_appointment_user")
        batch_op.drop_index("ix_appointment_state_slot_at")
        batch_op.drop_index("ix_appointment_office_id_day")
        batch_op.drop_index(batch_op.f("ix_appointment_instance_id"))

    op.drop_table("appointment")
