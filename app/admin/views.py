"""The staff's frame: who may enter, the rail of desks, and the page that the day begins with."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.accounts.policy import staff_required
from app.admin import (
    amendments,
    arrangements,
    audit,
    books,  # noqa: F401 - adds its page to the payments desk
    cases,
    charts,
    dates,
    documents,
    examday,
    extra_sessions,
    group_behalf,  # noqa: F401 - adds its routes to the groups desk
    group_moves,  # noqa: F401 - the same
    group_review,  # noqa: F401 - the same
    groups,
    mailings,
    mailings_returns,  # noqa: F401 - adds its routes to the mailings desk
    methods,  # noqa: F401 - adds its routes to the payments desk
    news,
    notices,
    payments,
    phone_scores,
    reconciliation,
    reconciliation_files,  # noqa: F401 - adds its routes to the reconciliation desk
    reconciliation_suspense,  # noqa: F401 - the same
    refund_batches,  # noqa: F401 - adds its routes to the refunds desk
    refunds,
    results,
    review,
    satisfaction,
    seating,
    staff,
)
from app.admin.desks import first_to_do, rail
from app.admin.queries.waiting import count_by_round
from app.core import clock

bp = Blueprint("admin", __name__, url_prefix="/admin")
_DESK_MODULES = (
    review,
    amendments,
    arrangements,
    groups,
    extra_sessions,
    seating,
    examday,
    payments,
    reconciliation,
    cases,
    results,
    phone_scores,
    mailings,
    refunds,
    notices,
    news,
    dates,
    documents,
    satisfaction,
    staff,
    audit,
    charts,
)
for desk in _DESK_MODULES:
    bp.register_blueprint(desk.bp)
bp.context_processor(rail)


# One guard for the whole house, so that no page of a desk can be left open by forgetting a decorator.
@bp.before_request
@staff_required
def admit_staff() -> None:
    return None


@bp.get("/")
@staff_required
def index() -> str:
    return render_template(
        "admin/index.html",
        first_to_do=first_to_do,
        rounds=count_by_round(clock.today()),
        tracks=charts.track_chips(),
        charts=charts.list_charts(),
    )
