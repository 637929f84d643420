"""Tables of cases and their items."""

from sqlalchemy import (
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from onething.db import UtcDateTime, metadata

CHANNELS = {"window": "1", "web": "2", "mobile": "3", "post": "4", "other": "9"}
"""GB/T 39046 A.5 办理形式."""

case = Table(
    "case",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("case_no", Text, nullable=False),
    Column("query_code", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("result", Text),
    Column("region", Text),
    Column("channel", Text, nullable=False),
    Column("submitted_by", Text, nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("accepted_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    UniqueConstraint("case_no"),
    Index("ix_case_submitted", "submitted_at", "instance_id"),
    Index("ix_case_submitted_by", "submitted_by"),
    Index(
        "ix_case_grams",
        text("case_grams(case_no, title)"),
        postgresql_using="gin",
    ).ddl_if(dialect="postgresql"),
    comment=(
        "A root instance with its case number (联办件): a projection written by the runtime. "
        "The title names people masked; the query code is a keyed hash."
    ),
)

item = Table(
    "item",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("item_no", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sealed_reason", LargeBinary),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    comment=(
        "One department's part of a case (单事项办件) with its own number: a projection of the "
        "marks in the history, written by the runtime. State: waiting, in_progress, granted, "
        "denied, cancelled, failed, not_needed, withdrawn."
    ),
)

open_subject = Table(
    "open_subject",
    metadata,
    Column("service", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("instance_id", Text, nullable=False),
    Index("ix_open_subject_instance", "instance_id"),
    comment=(
        "The core subject of an open case (one death, one couple), as a keyed hash. Inserted "
        "when the case starts, deleted when it ends; a second start finds it and is refused."
    ),
)

case_hold = Table(
    "case_hold",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, comment="From 1, within the case."),
    Column("case_no", Text, nullable=False),
    Column("department", Text, nullable=False, comment="Whose supervisor put it there."),
    Column("kind", Text, nullable=False, comment="review (复议), litigation (诉讼)."),
    Column("document", Text, nullable=False, comment="Number of the paper that it rests on."),
    Column("dated_on", Date, nullable=False, comment="Date of that paper."),
    Column("basis", Text, nullable=False),
    Column("put_by", Text, nullable=False),
    Column("put_at", UtcDateTime, nullable=False),
    Column("outcome", Text, comment="maintained, annulled, changed; null while it holds."),
    Column("outcome_document", Text),
    Column("outcome_on", Date),
    Column("lifted_by", Text),
    Column("lifted_at", UtcDateTime),
    Index("ix_case_hold_department", "department", "put_at"),
    comment=(
        "A hold on a case while its decision is reviewed or before a court: a projection of the "
        "history, written by the runtime when it is put there and when it is lifted. Stays with "
        "the case when that is archived, which it is not while one holds."
    ),
)

case_link = Table(
    "case_link",
    metadata,
    Column("instance_id", Text, primary_key=True, comment="The case that follows."),
    Column("case_no", Text, nullable=False),
    Column("follows_instance_id", Text, nullable=False, index=True),
    Column("follows_case_no", Text, nullable=False),
    Column("kind", Text, nullable=False, comment="error, review, objection."),
    Column("basis", Text, nullable=False),
    Column("department", Text, nullable=False, comment="Whose post opened it."),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    comment=(
        "A case that corrects or takes up again a closed one: a projection of both histories, "
        "written by the runtime with the first event of the new case. Never changed; stays with "
        "the cases when they are archived."
    ),
)

serial = Table(
    "serial",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("last", Integer, nullable=False),
    comment="The last running number given out within a scope. Written with each number drawn.",
)

generation = Table(
    "generation",
    metadata,
    Column("seed", Integer, primary_key=True, autoincrement=False),
    Column("open_cases", Integer, nullable=False),
    Column("closed_cases", Integer, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    comment=(
        "The mark of a database that `onething generate` filled for measuring: its cases are "
        "made up, most have no history. Written once; a site that serves people has no row."
    ),
)

filing = Table(
    "filing",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("holder", Text, nullable=False, comment="Keyed digest of the citizen's number."),
    Column("filed_by", Text, nullable=False, comment="The clerk who helped."),
    Column("declaration", Text, nullable=False, comment="Version of what the citizen declared."),
    Column("identity", Text, nullable=False, comment="verified, differs, unreachable or unasked."),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_filing_holder", "holder"),
    comment=(
        "One case that a clerk opened at a counter for a citizen who came: whose it is and who "
        "helped. Written with the case's opening, never changed."
    ),
)
