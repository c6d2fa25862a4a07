"""Commands of the whole portal; each room adds its own beside them."""

from __future__ import annotations

from dataclasses import fields

import click
from alembic import command
from alembic.config import Config
from flask import Flask, current_app
from flask.cli import AppGroup

from app.config import ROOT, Settings, new_keys
from app.core.db import db

database = AppGroup("db", help="The database's structure.")


def register(app: Flask) -> None:
    app.cli.add_command(database)
    app.cli.add_command(show_settings)
    app.cli.add_command(show_new_keys)


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


@click.command("settings")
def show_settings() -> None:
    """Print every setting: variable, default, what it does."""
    for item in fields(Settings):
        meta = item.metadata
        click.echo(f"{meta['name']:<22} {meta['explains']}  [{meta['default']}]")
    click.echo(f"mode now: {current_app.extensions['settings'].mode}")


@click.command("new-keys")
def show_new_keys() -> None:
    """Print fresh keys, ready for an environment file."""
    for name, value in new_keys().items():
        click.echo(f"{name}={value}")
