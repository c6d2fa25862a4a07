"""Registration on the command line."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import click
from flask.cli import AppGroup

from app.core.actors import SYSTEM
from app.core.errors import InvalidValue
from app.core.identity import is_valid_id, normalise_id
from app.core.messages import Message
from app.core.roc_dates import parse_date
from app.registration.services import bring_in_absences

absences_cli = AppGroup("absences", help="Absences from multi rounds of years without the portal.")


@absences_cli.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Take in FILE, a CSV table of two columns without a heading: ID number, test date (111/4/23)."""
    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    absences = dict(_read(number, row) for number, row in enumerate(rows, start=1) if row)
    added = bring_in_absences(absences, actor=SYSTEM)
    click.echo(
        Message(
            "已匯入 %(added)s 筆，%(known)s 筆原已存在。", {"added": added, "known": len(absences) - added}
        )
    )


def _read(number: int, row: list[str]) -> tuple[str, date]:
    try:
        identity, day = row
        test_on = parse_date(day)
    except (InvalidValue, ValueError) as error:
        values = {"row": number, "example": "A123456789,111/4/23"}
        sentence = Message("第 %(row)s 列請寫證號和認證日期兩欄，例如 %(example)s", values)
        raise click.ClickException(str(sentence)) from error
    if not is_valid_id(normalise_id(identity)):
        raise click.ClickException(str(Message("第 %(row)s 列的證號不正確，請再核對", {"row": number})))
    return normalise_id(identity), test_on
