"""Alembic runs the migrations on the app's own engine; see ``flask --app wsgi db``."""

import app.core.audit
import app.core.outbox
import app.tickets.models
import app.groups.models
from alembic import context
from app.core.db import Base


def run() -> None:
    engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            user_module_prefix="app_types.",
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
