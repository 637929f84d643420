"""Tables of people, their posts, the organisation and the ways in."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from onething.db import Json, UtcDateTime, append_only, metadata

_Counter = BigInteger().with_variant(Integer, "sqlite")

department = Table(
    "department",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    comment="One department, by the code that `service.toml` uses. Written by administrators.",
)

region = Table(
    "region",
    metadata,
    Column("code", Text, primary_key=True, comment="Division code of six digits."),
    Column("name", Text, nullable=False),
    comment="One administrative division that posts serve. Written by administrators.",
)

person = Table(
    "person",
    metadata,
    Column("user", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, comment="argon2id; null: signs in by other ways only."),
    Column("password_set_at", UtcDateTime),
    Column("must_change_password", Boolean, nullable=False),
    Column("is_disabled", Boolean, nullable=False),
    Column("session_epoch", Integer, nullable=False, comment="Older sessions are void."),
    Column("created_at", UtcDateTime, nullable=False),
    comment="One account. Written by administrators and by its owner's change of password.",
)

post = Table(
    "post",
    metadata,
    Column("post_id", Integer, primary_key=True, autoincrement=True),
    Column("user", Text, ForeignKey("person.user"), nullable=False, index=True),
    Column("department", Text, ForeignKey("department.code"), index=True),
    Column("post", Text, comment="Short noun, as lanes name it: household."),
    Column("region", Text, comment="Division code of six digits; null: everywhere."),
    Column("roles", Json, nullable=False),
    comment="One post that a person holds, with its roles. Written by security officers.",
)

token = Table(
    "token",
    metadata,
    Column("token_id", Text, primary_key=True),
    Column("user", Text, ForeignKey("person.user"), nullable=False, index=True),
    Column("post_id", Integer, ForeignKey("post.post_id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False, comment="What it is for, in its owner's words."),
    Column("hash", LargeBinary, nullable=False, comment="SHA-256 of the secret part."),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    comment="One bearer token of the API. Written when issued and when revoked.",
)

verified_identity = Table(
    "verified_identity",
    metadata,
    Column("user", Text, ForeignKey("person.user"), primary_key=True),
    Column("digest", Text, nullable=False, unique=True, comment="Keyed digest of the id number."),
    Column("sealed", LargeBinary, nullable=False, comment="Name and id number."),
    Column("source", Text, nullable=False, comment="Who checked it."),
    Column("verified_at", UtcDateTime, nullable=False),
    comment=(
        "Who stands behind one account, sealed under the master key; one number belongs to one "
        "account. Written when a person is verified, deleted when they withdraw it."
    ),
)

sign_in_attempt = append_only(
    Table(
        "sign_in_attempt",
        metadata,
        Column("number", _Counter, primary_key=True, autoincrement=True),
        Column("user", Text, nullable=False, comment="As typed; no such account, maybe."),
        Column("at", UtcDateTime, nullable=False),
        Column("address", Text, nullable=False),
        Column("is_success", Boolean, nullable=False),
        Index("ix_sign_in_attempt_user_number", "user", "number"),
        comment="One attempt to sign in. Written by sign-in; lock-out counts them.",
    )
)

identity_change = append_only(
    Table(
        "identity_change",
        metadata,
        Column("number", _Counter, primary_key=True, autoincrement=True),
        Column("at", UtcDateTime, nullable=False),
        Column("actor", Text, nullable=False),
        Column("kind", Text, nullable=False, comment="In the past tense: PostGiven."),
        Column("subject", Text, nullable=False, comment="Account, department or region."),
        Column("detail", Json, nullable=False),
        comment="One change of accounts, posts or organisation. Written with it, for auditors.",
    )
)

absence = Table(
    "absence",
    metadata,
    Column("absence_id", Integer, primary_key=True, autoincrement=True),
    Column("user", Text, ForeignKey("person.user"), nullable=False, index=True),
    Column("department", Text, ForeignKey("department.code"), nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False, comment="The last day away."),
    Column("kind", Text, nullable=False, comment="leave, duty, training, other: never why ill."),
    Column("substitute", Text, ForeignKey("person.user"), comment="Null: nobody was found."),
    Column("note", Text, nullable=False, comment="Read by the person and the supervisors alone."),
    Column("entered_by", Text, nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime, comment="Set: it does not hold."),
    Index("ix_absence_days", "department", "last_on"),
    comment=(
        "Days on which a person of a department is away, and who stands in. Written by the "
        "person or a supervisor of the department; ended early and withdrawn, never deleted."
    ),
)

rate = Table(
    "rate",
    metadata,
    Column("key", Text, primary_key=True, comment="SHA-256 of what is counted: holds an address."),
    Column("count", Integer, nullable=False),
    Column("until", UtcDateTime, nullable=False, comment="When counting begins anew."),
    comment="How often an address tried something lately. Written by every node; short-lived.",
)
