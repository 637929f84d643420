"""Column types that mean the same on SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Dialect, Text, literal
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

from onething.feel.json import canonical, parse


class Json(TypeDecorator[Any]):
    """A JSON value, written canonically; fractions come back as Decimal, None is NULL.

    SQLite keeps a text: its own JSON columns would turn a bare 0.10 into a float.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose JSONB on PostgreSQL, a text elsewhere."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401 - any JSON value
        """Write the canonical text; PostgreSQL's driver does so itself."""
        if value is None or dialect.name == "postgresql":
            return value
        return canonical(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401 - any JSON value
        """Read the text; PostgreSQL's driver does so itself."""
        if value is None or dialect.name == "postgresql":
            return value
        return parse(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC, to the microsecond.

    SQLite keeps a text of fixed width, so that comparing texts compares instants.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        """Choose the text on SQLite, the database's own type elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())  # type: ignore[arg-type]  # a text stands for it
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Refuse instants without zone and write the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        value = value.astimezone(UTC)
        return instant_text(value) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: datetime | str | None,
        dialect: Dialect,  # noqa: ARG002 - the signature is SQLAlchemy's
    ) -> datetime | None:
        """Read the instant, aware, in UTC."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value.astimezone(UTC)


def instant_text(at: datetime) -> str:
    """Return the fixed-width text of an instant in UTC."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def bound(columns: Sequence[ColumnElement[Any]], values: Sequence[Any]) -> list[ColumnElement[Any]]:
    """Return values as parameters of the columns that they are compared with.

    SQLAlchemy does so itself but for tuples: there it goes by the value alone, and an instant
    would become another text than the column holds.
    """
    return [literal(value, column.type) for column, value in zip(columns, values, strict=True)]
