"""``flask --app wsgi demo seed``: the accounts that the demo starts with."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.demo.accounts import ACCOUNTS, make_demo_accounts

demo_cli = AppGroup("demo", help="Demo mode only.")


@demo_cli.command("seed")
def seed() -> None:
    """Make the demo's accounts; run again, it changes nothing."""
    make_demo_accounts()
    for each in ACCOUNTS:
        click.echo(f"  {each.role:<10} {each.email:<20} {each.password:<24} {each.login_path}")
    click.echo("  staff, approver and admin also need the six digits that stand at /demo")
