"""`op.append_only(table)` in migrations, and its writing into drafted ones."""

from collections.abc import Iterable
from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations
from alembic.operations.ops import CreateTableOp, MigrationScript
from alembic.runtime.migration import MigrationContext

from onething.db.metadata import APPEND_ONLY, append_only_ddl, metadata


@Operations.register_operation("append_only")
class AppendOnly(MigrateOperation):
    """Guard a table against updates and deletes."""

    def __init__(self, table: str, unless: str = "") -> None:
        self.table = table
        self.unless = unless

    @classmethod
    def append_only(cls, operations: Operations, table: str, unless: str = "") -> None:
        """Let the database refuse every change of the table's rows."""
        operations.invoke(cls(table, unless))

    def reverse(self) -> MigrateOperation:
        """Return what undoes it: nothing, the table's own drop takes the guard along."""
        return NothingToDo()


class NothingToDo(MigrateOperation):
    """The undoing of a guard."""


@Operations.implementation_for(AppendOnly)
def _guard(operations: Operations, operation: AppendOnly) -> None:
    name = operations.get_bind().dialect.name
    for dialect, statement in append_only_ddl(operation.table, operation.unless):
        if dialect == name:
            operations.execute(statement.replace("%%", "%"))


@renderers.dispatch_for(AppendOnly)
def _render(_context: AutogenContext, operation: AppendOnly) -> str:
    return f'op.append_only("{operation.table}")'


@renderers.dispatch_for(NothingToDo)
def _render_nothing(_context: AutogenContext, _operation: NothingToDo) -> list[str]:
    return []


def guard_new_tables(
    _context: MigrationContext,
    _revision: str | Iterable[str | None] | Iterable[str],
    directives: list[MigrationScript],
) -> None:
    """Add the guard behind every append-only table that a drafted migration creates."""
    for script in directives:
        upgrade: Any = script.upgrade_ops
        created = [one for one in upgrade.ops if isinstance(one, CreateTableOp)]
        for one in created:
            if metadata.tables[one.table_name].info.get(APPEND_ONLY):
                upgrade.ops.append(AppendOnly(one.table_name))
