"""Alembic's entry: migrates over the connection that `review.database.migrating` hands over."""

from __future__ import annotations

from alembic import context

from review.database.migrating import VERSION_TABLE
from review.database.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    include_object=lambda _object, name, kind, _reflected, _other: kind != "table" or str(name).startswith("review_"),
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
