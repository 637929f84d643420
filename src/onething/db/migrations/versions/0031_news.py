"""Tell people their news.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_EARLIER = """\
INSERT INTO news (instance_id, line_id, "user", kind, case_no, sealed, is_required, count, at, read_at)
SELECT n.instance_id, n.notice_id, c.submitted_by, 'notice', c.case_no, n.sealed, FALSE, 1, n.at, n.at
FROM notice n JOIN "case" c ON c.instance_id = n.instance_id WHERE n.party = 'applicant'"""
"""What applicants were told before stands in their notice centres as read."""


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "contact",
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False, comment="email or sms."),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="One more with each code."),
        sa.Column(
            "sealed_code",
            sa.LargeBinary(),
            nullable=True,
            comment="The code that proves it; null: none is due.",
        ),
        sa.Column("code_until", UtcDateTime(), nullable=True),
        sa.Column(
            "code_tries",
            sa.Integer(),
            nullable=False,
            comment="Wrong codes typed since it was sent.",
        ),
        sa.Column(
            "bounces",
            sa.Integer(),
            nullable=False,
            comment="Refusals since it last took a message.",
        ),
        sa.Column("verified_at", UtcDateTime(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user", "channel", name=op.f("pk_contact")),
        comment="An e-mail address or mobile number at which a person wants to be told, sealed under the master key. Written by its owner and by the messages that it takes or refuses. State: asked (a code was sent), verified, dead (it refused too often).",
    )
    op.create_table(
        "news",
        sa.Column("instance_id", sa.Text(), nullable=False, comment="Empty: about no case."),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column(
            "user", sa.Text(), nullable=False, comment="Whose line it is: nobody else reads it."
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=True),
        sa.Column(
            "link",
            sa.Text(),
            nullable=True,
            comment="Path of the page to go to; null: the case's own.",
        ),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=True,
            comment="Text in both languages; null: the kind says it all.",
        ),
        sa.Column(
            "is_required", sa.Boolean(), nullable=False, comment="The law wants it delivered."
        ),
        sa.Column("count", sa.Integer(), nullable=False, comment="How often it happened that day."),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", "line_id", "user", name=op.f("pk_news")),
        comment="One line in a person's notice centre. Written with the event that it tells of; a clerk's happening again on the same day and case counts on. Its text is sealed under the case key, or the master key where there is no case. Changed by its reader: read or unread.",
    )
    op.create_index(
        "ix_news_unread",
        "news",
        ["user"],
        unique=False,
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index("ix_news_user", "news", ["user", "at"], unique=False)

    op.execute(_EARLIER)
    op.create_table(
        "news_delivery",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False, comment="email or sms."),
        sa.Column("effect_key", sa.Text(), nullable=False, comment="The job that sends it."),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True, comment="When the provider took it."),
        sa.Column("receipt", sa.Text(), nullable=True, comment="The provider's number for it."),
        sa.PrimaryKeyConstraint(
            "instance_id", "line_id", "user", "channel", name=op.f("pk_news_delivery")
        ),
        comment="One line on its way to one address. Lines of a minute share one message and its job. State: waiting, sent (the provider took it), refused (the address is dead or the message unwelcome), failed (tried in vain for three days), dropped (the address was given up).",
    )
    op.create_index(
        "ix_news_delivery_job", "news_delivery", ["instance_id", "effect_key"], unique=False
    )

    op.create_table(
        "reader",
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column(
            "language", sa.Text(), nullable=False, comment="zh or en: of e-mails and text messages."
        ),
        sa.Column("only_required", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_reader")),
        comment="How a person wants to be told. Written by its owner; without a row in Chinese, and of everything.",
    )
    op.create_table(
        "reminder",
        sa.Column("instance_id", sa.Text(), nullable=False, comment="Empty: about no case."),
        sa.Column("reminder_id", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=True),
        sa.Column(
            "token",
            sa.Text(),
            nullable=True,
            comment="The task that it is about: once that ends nobody is told.",
        ),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "reminder_id", "user", name=op.f("pk_reminder")),
        comment="Something to be told to a person at a time. Written by what it reminds of, deleted when it is told or its reason is gone. The text in both languages is sealed as a line's.",
    )
    op.create_index("ix_reminder_due", "reminder", ["due_at"], unique=False)


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_reminder_due", "reminder")

    op.drop_table("reminder")
    op.drop_table("reader")
    op.drop_index("ix_news_delivery_job", "news_delivery")

    op.drop_table("news_delivery")
    op.drop_index("ix_news_user", "news")
    op.drop_index("ix_news_unread", "news")

    op.drop_table("news")
    op.drop_table("contact")
