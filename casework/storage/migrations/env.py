"""Alembic's entry: runs in the connection that ``Database.migrate`` hands over."""

from alembic import context

from casework.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
