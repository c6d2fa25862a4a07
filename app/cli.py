"""Commands of the whole portal; each room adds its own beside them."""

from __future__ import annotations

import click
from alembic import command
from alembic.config import Config
from flask import Flask
from flask.cli import AppGroup

from app.config import ROOT
from app.core.db import db

database = AppGroup("db", help="The database's structure.")


def register(app: Flask) -> None:
    app.cli.add_command(database)


def alembic_config() -> Config:
    """Return Alembic's configuration for the running app's database."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["engine"] = db.engine
    return config


@database.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database to a revision (default: the newest)."""
    command.upgrade(alembic_config(), revision)


@database.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the database back to a revision."""
    command.downgrade(alembic_config(), revision)


@database.command("migrate")
@click.argument("title")
@click.argument("revision")
def migrate(title: str, revision: str) -> None:
    """Write a migration from the difference between models and database."""
    command.revision(alembic_config(), title, autogenerate=True, rev_id=revision)
