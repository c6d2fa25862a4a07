"""The seating desk: how far each area is, giving seats, and the room lists to be printed (R048, R050)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin import services
from app.admin.chips import Chip
from app.admin.queries.waiting import list_unseated_rounds
from app.core import clock
from app.core.errors import DomainError
from app.core.messages import Listing, Message
from app.exams.models import Round
from app.exams.queries import get_round, list_rounds
from app.exams.words import name_wording
from app.registration.states import FormState
from app.tickets.queries import AreaSeating, area_seating
from app.tickets.services import assign_round
from app.web import current_actor

bp = Blueprint("seating", __name__, url_prefix="/seating")


@bp.get("/")
@permission_required(Permission.SEATING)
def index() -> str:
    rounds = list_rounds()
    exam_round = next((each for each in rounds if each.code == request.args.get("round")), None)
    exam_round = exam_round or _first_round(rounds)
    areas = area_seating(exam_round) if exam_round else []
    return render_template(
        "admin/seating.html",
        exam_round=exam_round,
        areas=[each for each in areas if each.approved or each.occupied],
        quiet_areas=[each.area for each in areas if not each.approved and not each.occupied],
        totals=_totals(areas),
        rounds=_round_chips(rounds, exam_round),
    )


@bp.route("/<round_code>/assign", methods=["GET", "POST"])
@permission_required(Permission.SEATING)
def assign(round_code: str) -> Any:
    """Ask, then seat one area (?area=) or, without it, every area of the round in which people wait."""
    exam_round = get_round(round_code)
    area = request.values.get("area") or None
    waiting = [each for each in area_seating(exam_round) if each.unseated > 0 and area in (None, each.area)]
    if not waiting:
        flash(_("沒有等候排座的考生。考生通過資格審查後，才會出現在這裡。"), "message")
        return _back_to(exam_round)
    if request.method == "GET":
        facts = {"exam_round": exam_round, "area": area, "waiting": waiting, "totals": _totals(waiting)}
        return render_template("admin/seating_assign.html", **facts)
    _assign_areas(exam_round, [each.area for each in waiting])
    return _back_to(exam_round)


@bp.get("/<round_code>/<area>")
@permission_required(Permission.SEATING)
def rooms(round_code: str, area: str) -> str:
    exam_round = get_round(round_code)
    room_lists = services.look_at_room_lists(exam_round, area, actor=current_actor())
    return render_template(
        "admin/rooms.html",
        exam_round=exam_round,
        area=name_wording(area),
        room_lists=room_lists,
        people=sum(len(each.seats) for each in room_lists),
        cancelled=FormState.CANCELLED,
        printed_at=clock.now(),
        hour=_hour,
        taipei_day=clock.taipei_day,
    )


def _assign_areas(exam_round: Round, areas: list[str]) -> None:
    """Seat areas one by one: one that lacks machines does not keep the others from their seats."""
    seated: dict[str, int] = {}
    for area in areas:
        try:
            result = assign_round(exam_round.code, area, actor=current_actor())
            refusal = result.missing_reason
        except DomainError as error:
            refusal = error.message
        if refusal is not None:
            flash(_("%(area)s考區：%(reason)s。", area=area, reason=refusal), "error")
        else:
            seated[area] = result.assigned
    if seated:
        each = Listing(
            Message("%(area)s %(count)s", {"area": area, "count": count}) for area, count in seated.items()
        )
        flash(_("排好 %(count)s 個座位：%(each)s。", count=sum(seated.values()), each=each), "success")


def _back_to(exam_round: Round) -> Response:
    return redirect(url_for(".index", round=exam_round.code), 303)


def _first_round(rounds: list[Round]) -> Round | None:
    """Return the coming round whose test is next, best one in which people wait for seats; else the last."""
    coming = sorted((each for each in rounds if each.test_on >= clock.today()), key=lambda each: each.test_on)
    waiting = list_unseated_rounds(clock.today())
    chosen = [each for each in coming if each.id in waiting] or coming or rounds[-1:]
    return chosen[0] if chosen else None


def _round_chips(rounds: list[Round], chosen: Round | None) -> list[tuple[Any, list[Chip]]]:
    chips = [
        (each.name, url_for(".index", round=each.code), None, each is chosen)
        for each in rounds
        if each is chosen or each.test_on >= clock.today()
    ]
    return [(_l("梯次"), chips)]


def _hour(moment: datetime) -> str:
    return f"{moment.astimezone(clock.TAIPEI):%H:%M}"


def _totals(areas: list[AreaSeating]) -> AreaSeating:
    return AreaSeating(
        area="",
        approved=sum(each.approved for each in areas),
        seated=sum(each.seated for each in areas),
        machines=sum(each.machines for each in areas),
        occupied=sum(each.occupied for each in areas),
    )
