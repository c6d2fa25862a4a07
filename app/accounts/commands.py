"""Commands of the accounts room."""

from __future__ import annotations

import click

from app.accounts import services
from app.core.errors import InvalidValue


@click.command("create-staff")
@click.argument("email")
@click.password_option()
def create_staff(email: str, password: str) -> None:
    """Create an account of the exam centre's staff; the password is asked for."""
    try:
        services.create_staff(email, password)
    except InvalidValue as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"staff account created: {email}")
