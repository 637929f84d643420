"""The departments' records, in a SQLite database of the simulator's own."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from onething.errors import DepartmentRefused, InvalidInput, NotFound
from onething.simulator.kinds import KINDS, FieldType, Kind
from onething.simulator.numbers import read_id_number

Row = dict[str, Any]
"""One record: JSON values by field name; a field without value is None."""

_COUNTERS = "CREATE TABLE IF NOT EXISTS counter (prefix TEXT PRIMARY KEY, last INTEGER NOT NULL)"


class Records:
    """All records of all departments; safe for several threads.

    ``path`` is a file, or ``:memory:`` for records that end with the object.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        """For the tables of the log and of the idempotency keys, inside `transaction`."""
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        for name, kind in KINDS.items():
            self.connection.execute(_create(name, kind))
        self.connection.execute(_COUNTERS)

    def close(self) -> None:
        """Close the database."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do everything inside together or not at all; one thread at a time."""
        with self._lock:
            if self._depth:
                yield
                return
            self.connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            else:
                self.connection.execute("COMMIT")
            finally:
                self._depth = 0

    def find(self, kind: str, /, **where: Any) -> list[Row]:  # noqa: ANN401 - any field's value
        """Return the records whose fields have these values, in the order they were kept."""
        fields = _kind(kind).fields
        tests = "".join(f' AND "{_known(kind, fields, name)}" IS ?' for name in where)
        values = [_stored(fields[name], value) for name, value in where.items()]
        query = f'SELECT * FROM "{kind}" WHERE 1{tests} ORDER BY rowid'  # noqa: S608 - known names
        with self._lock:
            rows = self.connection.execute(query, values).fetchall()
        return [{name: _read(fields[name], row[name]) for name in fields} for row in rows]

    def first(self, kind: str, /, **where: Any) -> Row | None:  # noqa: ANN401 - any field's value
        """Return the first record whose fields have these values, or None."""
        rows = self.find(kind, **where)
        return rows[0] if rows else None

    def need(self, kind: str, told: str, /, **where: Any) -> Row:  # noqa: ANN401 - any field's value
        """Return the first such record; refuse NO_RECORD when there is none, telling why."""
        row = self.first(kind, **where)
        if row is None:
            raise DepartmentRefused("NO_RECORD", told)
        return row

    def put(self, kind: str, row: Mapping[str, Any]) -> None:
        """Keep a record; one with the same key is replaced.

        Raises:
            NotFound: there is no such kind.
            InvalidInput: a field is unknown, has the wrong type, or the key is incomplete.
        """
        known = _kind(kind)
        full = {**dict.fromkeys(known.fields), **known.defaults}
        for name, value in row.items():
            full[_known(kind, known.fields, name)] = value
        if kind == "people":
            _complete_person(full)
        missing = [name for name in known.key if not full[name]]
        if missing:
            raise InvalidInput(f"{kind}: a record needs {', '.join(missing)}")
        values = [_checked(kind, name, known.fields[name], full[name]) for name in known.fields]
        with self.transaction():
            self.connection.execute(_upsert(kind, known), values)

    def change(self, kind: str, row: Row, /, **values: Any) -> None:  # noqa: ANN401 - any field's value
        """Give fields of a kept record other values."""
        self.put(kind, {**row, **values})
        row.update(values)

    def rename(self, kind: str, row: Row, /, **key: Any) -> None:  # noqa: ANN401 - any key's value
        """Give a kept record another key."""
        tests = " AND ".join(f'"{name}" IS ?' for name in _kind(kind).key)
        command = f'DELETE FROM "{kind}" WHERE {tests}'  # noqa: S608 - known names
        with self.transaction():
            self.connection.execute(command, [row[name] for name in _kind(kind).key])
            self.put(kind, {**row, **key})

    def load(self, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Keep many records of a kind together or none."""
        with self.transaction():
            for row in rows:
                self.put(kind, row)

    def clear(self) -> None:
        """Forget every record and every number drawn."""
        with self.transaction():
            for name in [*KINDS, "counter"]:
                self.connection.execute(f'DELETE FROM "{name}"')  # noqa: S608 - known names

    def number(self, prefix: str, digits: int = 6) -> str:
        """Draw the next number behind a prefix."""
        with self.transaction():
            row = self.connection.execute(
                "INSERT INTO counter VALUES (?, 1)"
                " ON CONFLICT (prefix) DO UPDATE SET last = last + 1 RETURNING last",
                (prefix,),
            ).fetchone()
        return f"{prefix}{row[0]:0{digits}d}"


def _create(name: str, kind: Kind) -> str:
    columns = ", ".join(f'"{field}"' for field in kind.fields)
    key = ", ".join(f'"{field}"' for field in kind.key)
    return f'CREATE TABLE IF NOT EXISTS "{name}" ({columns}, PRIMARY KEY ({key}))'


def _upsert(name: str, kind: Kind) -> str:
    marks = ", ".join("?" * len(kind.fields))
    key = ", ".join(f'"{field}"' for field in kind.key)
    new = ", ".join(f'"{field}" = excluded."{field}"' for field in kind.fields)
    return f'INSERT INTO "{name}" VALUES ({marks}) ON CONFLICT ({key}) DO UPDATE SET {new}'  # noqa: S608 - known names


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound(f"no kind of record {name!r}; there are {', '.join(KINDS)}")
    return KINDS[name]


def _known(kind: str, fields: Mapping[str, FieldType], name: str) -> str:
    if name not in fields:
        raise InvalidInput(f"{kind}: no field {name!r}; there are {', '.join(fields)}")
    return name


def _complete_person(row: Row) -> None:
    """Derive what the id number tells, so that a scenario may name a person in one line."""
    told = read_id_number(row["idNo"] or "")
    if told is not None:
        row["birth"] = row["birth"] or told.birth.isoformat()
        row["sex"] = row["sex"] or told.sex
        row["division"] = row["division"] or told.division
    row["householdNo"] = row["householdNo"] or f"H{row['idNo']}"


def _checked(kind: str, name: str, field: FieldType, value: Any) -> Any:  # noqa: ANN401 - JSON
    try:
        return _stored(field, value)
    except (TypeError, InvalidOperation) as error:
        raise InvalidInput(f"{kind}.{name} is not {field}: {value!r}") from error


def _stored(field: FieldType, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return how SQLite keeps a value; money as its digits, so that no cent is lost."""
    if value is None:
        return None
    expected: dict[FieldType, tuple[type, ...]] = {
        "text": (str,),
        "whole": (int,),
        "money": (int, Decimal),
        "flag": (bool,),
        "texts": (list,),
    }
    if not isinstance(value, expected[field]) or (isinstance(value, bool) and field != "flag"):
        raise TypeError(field)
    if field == "texts":
        return json.dumps(value, ensure_ascii=False)
    return str(value) if field == "money" else value


def _read(field: FieldType, value: Any) -> Any:  # noqa: ANN401 - what SQLite gives
    if value is None:
        return None
    if field == "flag":
        return bool(value)
    if field == "money":
        return Decimal(value)
    return json.loads(value) if field == "texts" else value
