"""Run migrations on the connection, and in the transaction, of whoever asks for them."""

from alembic import context

from planner.register.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
