"""``flask --app wsgi venues …``: load where and when people sit."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.core.actors import SYSTEM
from app.core.errors import NotFound
from app.tickets import services
from app.tickets.venues_file import VenuesInvalid, read_venues

venues_cli = AppGroup("venues", help="Venues, their rooms, and the slots of each round.")


@venues_cli.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Load a year's venues; loading the file again changes only what differs, and says what."""
    try:
        plan = read_venues(file.read_text(encoding="utf-8"))
        result = services.load_venues(plan, actor=SYSTEM)
    except VenuesInvalid as error:
        raise click.ClickException("nothing was loaded:\n" + "\n".join(error.mistakes)) from None
    except NotFound as error:
        raise click.ClickException(str(error.message)) from None
    for name in result.created:
        click.echo(f"new      {name}")
    for change in result.changed:
        click.echo(f"changed  {change.subject} {change.field}: {change.old} -> {change.new}")
    click.echo(f"{len(result.created)} new, {len(result.changed)} changed")
