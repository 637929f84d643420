"""Tables of notices: texts, lines of the notice centre, ways to people, reminders."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text, text

from onething.db import UtcDateTime, metadata

notice = Table(
    "notice",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("notice_id", Text, primary_key=True),
    Column("template", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    comment=(
        "One text sent to a party of a case; title and body sealed under the case key. Written "
        "by the job that sends it, never changed."
    ),
)

news = Table(
    "news",
    metadata,
    Column("instance_id", Text, primary_key=True, comment="Empty: about no case."),
    Column("line_id", Text, primary_key=True),
    Column("user", Text, primary_key=True, comment="Whose line it is: nobody else reads it."),
    Column("kind", Text, nullable=False),
    Column("case_no", Text),
    Column("link", Text, comment="Path of the page to go to; null: the case's own."),
    Column("sealed", LargeBinary, comment="Text in both languages; null: the kind says it all."),
    Column("is_required", Boolean, nullable=False, comment="The law wants it delivered."),
    Column("count", Integer, nullable=False, comment="How often it happened that day."),
    Column("at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),
    Index("ix_news_user", "user", "at"),
    Index(
        "ix_news_unread",
        "user",
        sqlite_where=text("read_at IS NULL"),
        postgresql_where=text("read_at IS NULL"),
    ),
    comment=(
        "One line in a person's notice centre. Written with the event that it tells of; a clerk's "
        "happening again on the same day and case counts on. Its text is sealed under the case "
        "key, or the master key where there is no case. Changed by its reader: read or unread."
    ),
)

news_delivery = Table(
    "news_delivery",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("line_id", Text, primary_key=True),
    Column("user", Text, primary_key=True),
    Column("channel", Text, primary_key=True, comment="email or sms."),
    Column("effect_key", Text, nullable=False, comment="The job that sends it."),
    Column("state", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime, comment="When the provider took it."),
    Column("receipt", Text, comment="The provider's number for it."),
    Index("ix_news_delivery_job", "instance_id", "effect_key"),
    comment=(
        "One line on its way to one address. Lines of a minute share one message and its job. "
        "State: waiting, sent (the provider took it), refused (the address is dead or the message "
        "unwelcome), failed (tried in vain for three days), dropped (the address was given up)."
    ),
)

contact = Table(
    "contact",
    metadata,
    Column("user", Text, primary_key=True),
    Column("channel", Text, primary_key=True, comment="email or sms."),
    Column("sealed_address", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("number", Integer, nullable=False, comment="One more with each code."),
    Column("sealed_code", LargeBinary, comment="The code that proves it; null: none is due."),
    Column("code_until", UtcDateTime),
    Column("code_tries", Integer, nullable=False, comment="Wrong codes typed since it was sent."),
    Column("bounces", Integer, nullable=False, comment="Refusals since it last took a message."),
    Column("verified_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    comment=(
        "An e-mail address or mobile number at which a person wants to be told, sealed under the "
        "master key. Written by its owner and by the messages that it takes or refuses. State: "
        "asked (a code was sent), verified, dead (it refused too often)."
    ),
)

reader = Table(
    "reader",
    metadata,
    Column("user", Text, primary_key=True),
    Column("language", Text, nullable=False, comment="zh or en: of e-mails and text messages."),
    Column("only_required", Boolean, nullable=False),
    comment=(
        "How a person wants to be told. Written by its owner; without a row in Chinese, and of "
        "everything."
    ),
)

reminder = Table(
    "reminder",
    metadata,
    Column("instance_id", Text, primary_key=True, comment="Empty: about no case."),
    Column("reminder_id", Text, primary_key=True),
    Column("user", Text, primary_key=True),
    Column("case_no", Text),
    Column("token", Text, comment="The task that it is about: once that ends nobody is told."),
    Column("link", Text),
    Column("sealed", LargeBinary, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Index("ix_reminder_due", "due_at"),
    comment=(
        "Something to be told to a person at a time. Written by what it reminds of, deleted when "
        "it is told or its reason is gone. The text in both languages is sealed as a line's."
    ),
)
