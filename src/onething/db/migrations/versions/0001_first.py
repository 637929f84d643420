"""first.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

import onething.db.types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "access_log",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("case_no", sa.Text(), nullable=True),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column(
            "fields", sa.Text(), nullable=False, comment="Canonical JSON list of data elements."
        ),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("is_allowed", sa.Boolean(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_access_log")),
        comment="One reading of personal data, refused ones too; its own hash chain. Written by whoever shows data, never changed: a trigger refuses it.",
        info={"append_only": True},
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index("ix_access_log_case_no", ["case_no"], unique=False)

    op.create_table(
        "case",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("query_code", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("submitted_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", onething.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", onething.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_case")),
        sa.UniqueConstraint("case_no", name=op.f("uq_case_case_no")),
        comment="A root instance with its case number (联办件): a projection written by the runtime. The title names people masked; the query code is a keyed hash.",
    )
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index("ix_case_submitted", ["submitted_at", "instance_id"], unique=False)
        batch_op.create_index("ix_case_submitted_by", ["submitted_by"], unique=False)

    op.create_table(
        "case_key",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column(
            "hash_name", sa.Text(), nullable=False, comment="Hash of the chain: sha256 or sm3."
        ),
        sa.Column(
            "wrapped",
            sa.LargeBinary(),
            nullable=True,
            comment="Sealed by the master key; null once erased.",
        ),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_case_key")),
        comment="The key to one instance's personal values. Written at its start; erasing empties it.",
    )
    op.create_table(
        "content",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_content")),
        comment="One frozen package by its content hash. Written by deploy, never changed.",
    )
    op.create_table(
        "department",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_department")),
        comment="One department, by the code that `service.toml` uses. Written by administrators.",
    )
    op.create_table(
        "document",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("to", sa.Text(), nullable=True),
        sa.Column("at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("check_code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", "id", name=op.f("pk_document")),
        comment="A document that a case issued: one row a document, reserved with its number first, finished once when its PDF lies in the content store (sha256), unchanged from then on.",
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("ux_document_number", ["number"], unique=True)

    op.create_table(
        "document_number",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name=op.f("pk_document_number")),
        comment="The last serial number drawn of each prefix and year. Raised by one in the transaction that reserves a document, so that numbers have no gaps and no doubles.",
    )
    op.create_table(
        "early_message",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_early_message")),
        comment="A message that nobody waits for yet, sealed under the master key. Written by correlate, deleted when a subscription takes it or when it expires.",
    )
    with op.batch_alter_table("early_message", schema=None) as batch_op:
        batch_op.create_index("ix_early_message_name", ["name", "key"], unique=False)

    op.create_table(
        "event",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("on_behalf_of", sa.Text(), nullable=True),
        sa.Column("at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=True, comment="Idempotency key of the command."),
        sa.Column(
            "input", sa.Text(), nullable=False, comment="Canonical JSON without personal values."
        ),
        sa.Column(
            "effects", sa.Text(), nullable=False, comment="Canonical JSON without personal values."
        ),
        sa.Column(
            "commitment", sa.LargeBinary(), nullable=False, comment="hash(salt + personal values)"
        ),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "position",
            sa.BigInteger(),
            sa.Identity(always=False),
            nullable=False,
            comment="Order of commit: what a checkpoint has not seen yet.",
        ),
        sa.PrimaryKeyConstraint("instance_id", "sequence", name=op.f("pk_event")),
        comment="One command that an instance accepted. Written by every command of the runtime, never changed: a trigger refuses it.",
        info={"append_only": True},
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            "ux_event_key",
            ["instance_id", "key"],
            unique=True,
            sqlite_where=sa.text("key IS NOT NULL"),
            postgresql_where=sa.text("key IS NOT NULL"),
        )
        batch_op.create_index("ux_event_position", ["position"], unique=True)

    op.create_table(
        "identity_change",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="In the past tense: PostGiven."),
        sa.Column("subject", sa.Text(), nullable=False, comment="Account, department or region."),
        sa.Column("detail", onething.db.types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_identity_change")),
        comment="One change of accounts, posts or organisation. Written with it, for auditors.",
        info={"append_only": True},
    )
    op.create_table(
        "incident",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("effect_key", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("raised_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", onething.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", "incident_id", name=op.f("pk_incident")),
        comment="A job or step that gave up; a person must act. Written by the runtime. Kind: job or step. State: open, resolved. The message names no personal data.",
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index("ix_incident_state", ["state", "raised_at"], unique=False)

    op.create_table(
        "instance",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("snapshot_sequence", sa.Integer(), nullable=False),
        sa.Column("started_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", onething.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_instance")),
        comment="One run of a deployment: where its history stands. Written by every command of the runtime; the versioned update on `sequence` serialises them.",
    )
    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.create_index("ix_instance_updated", ["updated_at"], unique=False)

    op.create_table(
        "item",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("started_at", onething.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", onething.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", "item_id", name=op.f("pk_item")),
        comment="One department's part of a case (单事项办件) with its own number: a projection of the marks in the history, written by the runtime. State: waiting, in_progress, granted, denied, cancelled, failed, not_needed, withdrawn.",
    )
    op.create_table(
        "keyed_message",
        sa.Column("key", sa.Text(), nullable=False, comment="Sender and idempotency key."),
        sa.Column("request", sa.Text(), nullable=False, comment="Keyed digest of what was sent."),
        sa.Column(
            "instance_id",
            sa.Text(),
            nullable=True,
            comment="Who received it; null where nobody waited.",
        ),
        sa.Column("sequence", sa.Integer(), nullable=True, comment="The receiver's event."),
        sa.Column("received_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_keyed_message")),
        comment="One message that was sent under an idempotency key, and what became of it. Written by correlate, never changed, deleted after thirty days.",
    )
    with op.batch_alter_table("keyed_message", schema=None) as batch_op:
        batch_op.create_index("ix_keyed_message_received_at", ["received_at"], unique=False)

    op.create_table(
        "material",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("trust", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "id", name=op.f("pk_material")),
        comment="A document that a case was given: one row a file and case, written by the runtime in the command's transaction. Its bytes lie in the content store under sha256. Only state and trust ever change: a clerk who sees the original makes a C a B.",
    )
    with op.batch_alter_table("material", schema=None) as batch_op:
        batch_op.create_index("ix_material_sha256", ["sha256"], unique=False)

    op.create_table(
        "notice",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "notice_id", name=op.f("pk_notice")),
        comment="One text sent to a party of a case; title and body sealed under the case key. Written by the job that sends it, never changed.",
    )
    op.create_table(
        "open_subject",
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("service", "subject", name=op.f("pk_open_subject")),
        comment="The core subject of an open case (one death, one couple), as a keyed hash. Inserted when the case starts, deleted when it ends; a second start finds it and is refused.",
    )
    with op.batch_alter_table("open_subject", schema=None) as batch_op:
        batch_op.create_index("ix_open_subject_instance", ["instance_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("effect_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("due_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("leased_until", onething.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "effect_key", name=op.f("pk_outbox")),
        comment="One thing an instance asks of the outside: a connector call, a message or a signal to others. Inserted in the command's transaction; the worker leases, performs and closes it. Kind: job, message, signal. State: queued, done, failed, cancelled. Payload and answer are sealed under the case key; an answer is stored before it is applied.",
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_due", ["state", "due_at"], unique=False)

    op.create_table(
        "person",
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "password_hash",
            sa.Text(),
            nullable=True,
            comment="argon2id; null: signs in by other ways only.",
        ),
        sa.Column("password_set_at", onething.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column(
            "session_epoch", sa.Integer(), nullable=False, comment="Older sessions are void."
        ),
        sa.Column("created_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_person")),
        comment="One account. Written by administrators and by its owner's change of password.",
    )
    op.create_table(
        "region",
        sa.Column("code", sa.Text(), nullable=False, comment="Division code of six digits."),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
        comment="One administrative division that posts serve. Written by administrators.",
    )
    op.create_table(
        "serial",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_serial")),
        comment="The last running number given out within a scope. Written with each number drawn.",
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("user", sa.Text(), nullable=False, comment="As typed; no such account, maybe."),
        sa.Column("at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("is_success", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sign_in_attempt")),
        comment="One attempt to sign in. Written by sign-in; lock-out counts them.",
        info={"append_only": True},
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_user_number", ["user", "number"], unique=False)

    op.create_table(
        "snapshot",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_snapshot")),
        comment="A stored state of an instance, sealed under its key: a cache of its history that may be deleted at any time. Written by the runtime every so many events.",
    )
    op.create_table(
        "subscription",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "subscription", name=op.f("pk_subscription")),
        comment="One place at which an instance waits for a message or signal: a projection of its state, inserted and deleted with the step that begins or ends the wait.",
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index("ix_subscription_name", ["kind", "name", "key"], unique=False)

    op.create_table(
        "task",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("party", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("delegated_by", sa.Text(), nullable=True),
        sa.Column("opened_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", onething.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", onething.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("properties", onething.db.types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "token", name=op.f("pk_task")),
        comment="Work for a person: one row a user task that was ever opened. A projection of the history, written by the runtime in the command's transaction. State: open, claimed, completed, cancelled.",
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index("ix_task_assignee", ["assignee", "state"], unique=False)
        batch_op.create_index(
            "ix_task_worklist", ["state", "department", "region", "due_at"], unique=False
        )

    op.create_table(
        "timer",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("timer", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("due_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("provisional", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "timer", name=op.f("pk_timer")),
        comment="A timer that runs: a projection of the instance's state. Inserted and deleted by the runtime with the step that sets or clears it; swept in the order of `due_at`.",
    )
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.create_index("ix_timer_due", ["due_at"], unique=False)

    op.create_table(
        "deployment",
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("deployed_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("deployed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["hash"], ["content.hash"], name=op.f("fk_deployment_hash")),
        sa.PrimaryKeyConstraint("service", "number", name=op.f("pk_deployment")),
        comment="One deployment of a service, numbered from 1. Written by deploy, never changed.",
    )
    op.create_table(
        "event_value",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id", "sequence"],
            ["event.instance_id", "event.sequence"],
            name=op.f("fk_event_value_instance_id_sequence"),
        ),
        sa.PrimaryKeyConstraint("instance_id", "sequence", name=op.f("pk_event_value")),
        comment="The personal values of one event, sealed under the case key. Written with the event; only retention deletes it.",
    )
    op.create_table(
        "post",
        sa.Column("post_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column(
            "post", sa.Text(), nullable=True, comment="Short noun, as lanes name it: household."
        ),
        sa.Column(
            "region",
            sa.Text(),
            nullable=True,
            comment="Division code of six digits; null: everywhere.",
        ),
        sa.Column("roles", onething.db.types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department"], ["department.code"], name=op.f("fk_post_department")
        ),
        sa.ForeignKeyConstraint(["user"], ["person.user"], name=op.f("fk_post_user")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post")),
        comment="One post that a person holds, with its roles. Written by security officers.",
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_department"), ["department"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_user"), ["user"], unique=False)

    op.create_table(
        "token",
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="What it is for, in its owner's words."
        ),
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the secret part."),
        sa.Column("created_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", onething.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", onething.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.post_id"], name=op.f("fk_token_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user"], ["person.user"], name=op.f("fk_token_user")),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_token")),
        comment="One bearer token of the API. Written when issued and when revoked.",
    )
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_token_user"), ["user"], unique=False)

    op.append_only("access_log")
    op.append_only("event")
    op.append_only("identity_change")
    op.append_only("sign_in_attempt")


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_token_user"))

    op.drop_table("token")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_user"))
        batch_op.drop_index(batch_op.f("ix_post_department"))

    op.drop_table("post")
    op.drop_table("event_value")
    op.drop_table("deployment")
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index("ix_timer_due")

    op.drop_table("timer")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_worklist")
        batch_op.drop_index("ix_task_assignee")

    op.drop_table("task")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index("ix_subscription_name")

    op.drop_table("subscription")
    op.drop_table("snapshot")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempt_user_number")

    op.drop_table("sign_in_attempt")
    op.drop_table("serial")
    op.drop_table("region")
    op.drop_table("person")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_due")

    op.drop_table("outbox")
    with op.batch_alter_table("open_subject", schema=None) as batch_op:
        batch_op.drop_index("ix_open_subject_instance")

    op.drop_table("open_subject")
    op.drop_table("notice")
    with op.batch_alter_table("material", schema=None) as batch_op:
        batch_op.drop_index("ix_material_sha256")

    op.drop_table("material")
    with op.batch_alter_table("keyed_message", schema=None) as batch_op:
        batch_op.drop_index("ix_keyed_message_received_at")

    op.drop_table("keyed_message")
    op.drop_table("item")
    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.drop_index("ix_instance_updated")

    op.drop_table("instance")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index("ix_incident_state")

    op.drop_table("incident")
    op.drop_table("identity_change")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ux_event_position")
        batch_op.drop_index(
            "ux_event_key",
            sqlite_where=sa.text("key IS NOT NULL"),
            postgresql_where=sa.text("key IS NOT NULL"),
        )

    op.drop_table("event")
    with op.batch_alter_table("early_message", schema=None) as batch_op:
        batch_op.drop_index("ix_early_message_name")

    op.drop_table("early_message")
    op.drop_table("document_number")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index("ux_document_number")

    op.drop_table("document")
    op.drop_table("department")
    op.drop_table("content")
    op.drop_table("case_key")
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_index("ix_case_submitted_by")
        batch_op.drop_index("ix_case_submitted")

    op.drop_table("case")
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index("ix_access_log_case_no")

    op.drop_table("access_log")
