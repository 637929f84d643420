"""The one list of tables, and the rule that some of them only grow."""

from sqlalchemy import DDL, MetaData, Table, event

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of onething; the record packages declare theirs on it."""

APPEND_ONLY = "append_only"
"""Key in `Table.info` of a table that only grows."""

_SQLITE = """\
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON "{table}"{when}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""

_POSTGRESQL_FUNCTION = """\
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END$$"""

_POSTGRESQL = """\
CREATE TRIGGER {table}_append_only BEFORE {verbs} ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"""

_LEAVING_FUNCTION = """\
CREATE OR REPLACE FUNCTION {table}_leaves() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN IF {unless} THEN RETURN OLD; END IF;
RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END$$"""

_LEAVING = """\
CREATE TRIGGER {table}_leaves BEFORE DELETE ON "{table}"
FOR EACH ROW EXECUTE FUNCTION {table}_leaves()"""


def append_only(table: Table, unless: str = "") -> Table:
    """Let the database refuse every change of the table's rows; return the table.

    Args:
        table: The table.
        unless: An SQL condition on `OLD` under which a row may be deleted all the same: its
            proof then stands elsewhere.
    """
    table.info[APPEND_ONLY] = True
    for dialect, statement in append_only_ddl(table.name, unless):
        ddl = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
        event.listen(table, "after_create", ddl)
    return table


def append_only_ddl(table: str, unless: str = "") -> list[tuple[str, str]]:
    """Return (dialect, statement) pairs that guard a table: for migrations as well."""
    when = f"\nWHEN NOT ({unless})" if unless else ""
    verbs = "UPDATE OR TRUNCATE" if unless else "UPDATE OR DELETE OR TRUNCATE"
    found = [
        ("sqlite", _SQLITE.format(table=table, verb="update", when="")),
        ("sqlite", _SQLITE.format(table=table, verb="delete", when=when)),
        ("postgresql", _POSTGRESQL_FUNCTION),
        ("postgresql", _POSTGRESQL.format(table=table, verbs=verbs)),
    ]
    if unless:
        found.append(("postgresql", _LEAVING_FUNCTION.format(table=table, unless=unless)))
        found.append(("postgresql", _LEAVING.format(table=table)))
    return found
