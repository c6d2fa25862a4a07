"""Alembic runs the migrations on the app's own engine; see ``flask --app wsgi db``.

The app has imported every room by then, so that all models are known.
"""

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
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
