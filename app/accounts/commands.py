"""Commands of the accounts room."""

from __future__ import annotations

import click

from app.accounts import second_factor, staff
from app.accounts.models import Realm
from app.accounts.roles import NO_UNIT, Role
from app.accounts.services import find_by_typed_email
from app.core.actors import SYSTEM
from app.core.errors import DomainError


class RoleOfUnit(click.ParamType):
    """``finance``, or for a role of one unit ``case_officer:service``."""

    name = "ROLE[:UNIT]"

    def convert(
        self, value: str, param: click.Parameter | None, context: click.Context | None
    ) -> tuple[Role, str]:
        role, _, unit = value.partition(":")
        if role not in set(Role):
            self.fail(f"{role} is none of {', '.join(Role)}", param, context)
        return Role(role), unit or NO_UNIT


@click.command("create-staff")
@click.argument("email")
@click.option("--role", "roles", type=RoleOfUnit(), multiple=True, help="May stand several times.")
@click.password_option()
def create_staff(email: str, roles: tuple[tuple[Role, str], ...], password: str) -> None:
    """Create an account of the exam centre's staff; the password is asked for.

    The first one of a new portal: --role administrator. The others are invited at /admin/staff/.
    """
    try:
        staff.create_staff(email, password, roles)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"staff account created: {email}")


@click.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take away the second factor of the last administrator; others are reset by two people in the portal."""
    account = find_by_typed_email(Realm.STAFF, email)
    if account is None:
        raise click.ClickException(f"no staff account: {email}")
    try:
        second_factor.reset_from_terminal(account, actor=SYSTEM)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"second factor taken away: {email}")
