"""Scores told by phone (R154): the clerk types what the caller says, the portal compares."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.accounts.throttle import Throttle, TooManyAttempts
from app.admin.phone_score_forms import PhoneScoreForm
from app.core import clock
from app.core.crypto import keyring
from app.core.errors import DomainError
from app.core.messages import Message
from app.exams.queries import list_rounds
from app.results.pages import result_page
from app.results.services.phone import find_result_by_phone
from app.web import current_actor

bp = Blueprint("phone_scores", __name__, url_prefix="/phone-scores")

# About 36,500 birth dates and 10,000 endings: without a limit they are guessed (security 5).
ATTEMPTS_PER_PERSON = Throttle("phone-score", "5 per 15 minutes")
ATTEMPTS_PER_CLERK = Throttle("phone-score-clerk", "60 per hour")

_UNKNOWN = Message("資料不符，或查無這位考生的成績。請再與來電者確認一次；系統不會說明哪一項不符。")


@bp.route("/", methods=["GET", "POST"])
@permission_required(Permission.RESULTS)
def look_up() -> Any:
    now, actor = clock.now(), current_actor()
    rounds = [each for each in list_rounds() if each.score_opens_at <= now]
    form, standing, headers = PhoneScoreForm(rounds, today=clock.today()), None, {}
    if rounds and form.validate_on_submit():
        try:
            ATTEMPTS_PER_CLERK.count(str(actor.account_id))
            ATTEMPTS_PER_PERSON.count(keyring().blind("phone-score", form.person).hex())
            standing = find_result_by_phone(form.exam_round.data, form.caller(), form.answers(), actor=actor)
        except TooManyAttempts as refusal:
            form.refuse(refusal)
            headers = {"Retry-After": str(refusal.retry_after_seconds)}
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            if standing is None:
                form.form_errors.append(_UNKNOWN)
    page = render_template(
        "admin/phone_scores.html",
        form=form,
        rounds=rounds,
        standing=standing,
        result=result_page(standing, standing.seat.slot.exam_round, now) if standing else None,
        title=_l("電話查詢成績"),
    )
    return page, 429 if headers else form.status_code, headers
