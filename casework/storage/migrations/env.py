"""Alembic's entry: runs in the connection that ``Database.migrate`` hands over."""

from alembic import context

from casework.storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    transaction_per_migration=connection.dialect.name == "postgresql",  # SQLite: one, with the write lock
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
