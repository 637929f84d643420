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
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON "{table}"
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""

_POSTGRESQL_FUNCTION = """\
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END$$"""

_POSTGRESQL = """\
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"""


def append_only(table: Table) -> Table:
    """Let the database refuse every change of the table's rows; return the table."""
    table.info[APPEND_ONLY] = True
    for dialect, statement in append_only_ddl(table.name):
        ddl = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
        event.listen(table, "after_create", ddl)
    return table


def append_only_ddl(table: str) -> list[tuple[str, str]]:
    """Return (dialect, statement) pairs that guard a table: for migrations as well."""
    return [
        ("sqlite", _SQLITE.format(table=table, verb="update")),
        ("sqlite", _SQLITE.format(table=table, verb="delete")),
        ("postgresql", _POSTGRESQL_FUNCTION),
        ("postgresql", _POSTGRESQL.format(table=table)),
    ]
