"""What Alembic runs: the caller hands the connection over, nothing is read from files."""

from alembic import context

from onething.db.append_only_operation import guard_new_tables
from onething.db.metadata import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=context.config.attributes["connection"].dialect.name == "sqlite",
    process_revision_directives=guard_new_tables,
)

with context.begin_transaction():
    context.run_migrations()
