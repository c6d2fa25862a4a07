"""Seating an area and printing its tickets: from approved candidates to one PDF."""

from __future__ import annotations

from flask import Flask

from app.core.actors import SYSTEM
from app.core.db import db
from app.exams.queries import get_round
from app.groups.queries import list_members
from app.groups.services import submit_group
from app.registration.services import approve_registrations
from app.tickets import queries
from app.tickets.content import ticket_contents
from app.tickets.services import SeatingResult, assign_round
from app.tickets.ticket_pdf import build_tickets
from bench.measure import Measure, timed
from bench.people import import_pupils, make_group, pupils_sheet
from bench.portal import AREA, ROUND, fresh_portal

FULL_TICKETS, SHORT_TICKETS = 1000, 100
GROUP_SIZE = 50


def run(*, short: bool) -> list[Measure]:
    """Return how long seating, one ticket and all tickets in one PDF take, and how large the file is."""
    count = SHORT_TICKETS if short else FULL_TICKETS
    with fresh_portal() as app:
        _approve_groups(count)
        seating, result = timed(lambda: assign_round(ROUND, AREA, actor=SYSTEM))
        if result != SeatingResult(assigned=count, already=0):
            raise RuntimeError(f"not everybody was seated: {result}")
        single, _ = timed(lambda: _print(app, limit=1))
        whole, content = timed(lambda: _print(app))
    figures = [
        (f"seat {count} candidates and number their tickets", seating, "s"),
        (f"print {count} tickets into one PDF, loading included", whole, "s"),
        ("ms per page", whole / count * 1000, "ms"),
        ("print one ticket, the first after start", single, "s"),
        ("size of the PDF", len(content) / 1000, "kB"),
    ]
    return [Measure("tickets", *figure) for figure in figures]


def _approve_groups(count: int) -> None:
    for number in range(count // GROUP_SIZE):
        group = make_group(number)
        sheet = pupils_sheet(number, GROUP_SIZE)
        import_pupils(group, sheet)
        submit_group(group.public_id, group.account_id, actor=SYSTEM)
        approve_registrations([member.public_id for member in list_members(group)], actor=SYSTEM)


def _print(app: Flask, *, limit: int | None = None) -> bytes:
    db.session.expire_all()
    seats = queries.list_seats(get_round(ROUND).id, AREA)[:limit]
    return build_tickets(ticket_contents(seats, base_url=app.extensions["settings"].base_url))
