"""``flask --app wsgi exams …``: load a year from its file, show what is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.core import clock
from app.core.actors import SYSTEM
from app.exams import queries, services
from app.exams.age_line import first_free_birth_date, last_paying_birth_date
from app.exams.brochure import LEVELS, PAYMENT_METHODS, BrochureInvalid, read_brochure
from app.exams.models import Round

exams_cli = AppGroup("exams", help="The exam year as data.")


@exams_cli.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Load a year's brochure; loading it again changes only what differs, and says what."""
    try:
        brochure, facts = read_brochure(file.read_text(encoding="utf-8"))
    except BrochureInvalid as error:
        raise click.ClickException("nothing was loaded:\n" + "\n".join(error.mistakes)) from None
    result = services.load_brochure(brochure, facts, actor=SYSTEM)
    for name in result.created:
        click.echo(f"new      {name}")
    for change in result.changed:
        click.echo(f"changed  {change.subject} {change.field}: {change.old} -> {change.new}")
    for kept in result.kept:
        click.echo(f"kept     {kept.subject} {kept.field}: {kept.new} (the file still says {kept.old})")
    click.echo(f"{len(result.created)} new, {len(result.changed)} changed")


@exams_cli.command("show")
@click.option("--json", "as_json", is_flag=True, help="In the brochure file's own keys.")
def show(as_json: bool) -> None:
    """Print the rounds that are loaded."""
    rounds = queries.list_rounds()
    if as_json:
        click.echo(
            json.dumps({"rounds": [round_as_printed(r) for r in rounds]}, ensure_ascii=False, indent=1)
        )
        return
    for each in rounds:
        click.echo(
            f"{each.code}  {each.test_on}  registration {each.registration_opens_on} to "
            f"{each.registration_closes_on}  {len(each.offerings)} areas  {each.name}"
        )


def round_as_printed(each: Round) -> dict[str, Any]:
    """Return a round in the keys and words of the brochure file."""
    levels = {value: word for word, value in LEVELS.items()}
    methods = {value: word for word, values in PAYMENT_METHODS.items() for value in values}
    return {
        "id": each.code,
        "kind": each.track.value,
        "no": each.number,
        "name": each.name,
        "test_date": each.test_on.isoformat(),
        "areas": [offering.area for offering in each.offerings],
        "capacity": {offering.area: offering.capacity for offering in each.offerings},
        "levels": [levels[level] for level in each.levels],
        "registration": {
            "opens": each.registration_opens_on.isoformat(),
            "closes": each.registration_closes_on.isoformat(),
        },
        "materials_from": each.materials_from.isoformat(),
        "ticket": {
            "from": each.ticket_from.isoformat(),
            "download_from_at": each.ticket_opens_at.astimezone(clock.TAIPEI).isoformat(),
            "correction_until_clamped_before_test": each.ticket_correction_until.isoformat(),
        },
        "score": {
            "from": each.score_from.isoformat(),
            "query_from_at": each.score_opens_at.astimezone(clock.TAIPEI).isoformat(),
        },
        "recheck": {"from": each.recheck_from.isoformat(), "until": each.recheck_until.isoformat()},
        "certificate_from": each.certificate_from.isoformat(),
        "certificate_chase_after": each.certificate_chase_after.isoformat(),
        "refund": {
            "apply_by_postmark": each.refund_apply_by.isoformat(),
            "pay_by": each.refund_pay_by.isoformat(),
        },
        "question_dispute_by_postmark": each.question_dispute_by.isoformat(),
        "fee_amount": each.fee_twd,
        "fee_free_if_born_on_or_after": first_free_birth_date(
            each.fee_reference_on, each.free_up_to_age
        ).isoformat(),
        "fee_due_if_born_on_or_before": last_paying_birth_date(
            each.fee_reference_on, each.free_up_to_age
        ).isoformat(),
        "payment_days": each.payment_days,
        "payment_methods": list(dict.fromkeys(methods[method] for method in each.payment_methods)),
    }
