"""The check before sending, the submission, and paying for the whole group."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import current_account
from app.accounts.throttle import count_pdf
from app.core import clock
from app.core.errors import DomainError
from app.exams.places import OfferingFull
from app.exams.words import level_words
from app.groups import pages, queries, services
from app.groups.confirmation.pages import progress_of
from app.groups.models import Group
from app.groups.services.guards import check_open
from app.groups.staging.lines import waiting_lines
from app.groups.states import GroupState
from app.groups.views.imports import OWN
from app.groups.views.room import bp, get_my_group, leader_required
from app.payments.books.papers import hand_out_bill, hand_out_deadline, hand_out_receipt
from app.payments.pages import pay as payment_page
from app.payments.refunds.pages import refund as refund_page
from app.registration.pages import calendar_url, deadline_if_submitted, payment_uid
from app.registration.services import AlreadyRegistered
from app.web import current_actor


@bp.get("/<public_id>/submit")
@leader_required
def submit(public_id: str) -> ResponseReturnValue:
    group = get_my_group(public_id)
    if group.state == GroupState.SUBMITTED:
        return redirect(url_for(".show", public_id=public_id), 303)
    check_open(group)
    return _check_page(group)


@bp.post("/<public_id>/submit")
@leader_required
def send(public_id: str) -> ResponseReturnValue:
    try:
        group = services.submit_group(public_id, current_account().id, actor=current_actor())
    except (AlreadyRegistered, OfferingFull) as refusal:
        return _check_page(get_my_group(public_id), refusal), 409
    if group.order is None:
        flash(_l("團體報名完成，全部免繳報名費。確認信已寄給團報負責人。"), "done")
        return redirect(url_for(".show", public_id=public_id), 303)
    flash(_l("團體報名資料已送出，請接著繳費。"), "done")
    return redirect(url_for(".pay", public_id=public_id), 303)


@bp.route("/<public_id>/pay", methods=["GET", "POST"])
@leader_required
def pay(public_id: str) -> ResponseReturnValue:
    group = get_my_group(public_id)
    back_url = url_for(".show", public_id=public_id)
    if group.order is None:
        return redirect(back_url, 303)
    return payment_page(
        group.order,
        subject_facts=pages.payer_rows(group),
        back_url=back_url,
        fresh_start=pages.fresh_start(group, clock.now()),
        group=True,
        links=[
            (_l("將重要期程加入 Google 行事曆"), calendar_url(group.exam_round)),
            (_l("認證教材下載"), url_for("site.downloads")),
        ],
    )


@bp.get("/<public_id>/receipt.pdf")
@leader_required
def receipt(public_id: str) -> Response:
    count_pdf(current_account().id)
    return hand_out_receipt(get_my_group(public_id).order)


@bp.get("/<public_id>/bill.pdf")
@leader_required
def bill(public_id: str) -> Response:
    count_pdf(current_account().id)
    return hand_out_bill(get_my_group(public_id).order)


@bp.get("/<public_id>/pay.ics")
@leader_required
def pay_day(public_id: str) -> Response:
    """Hand out the last day of payment for a calendar program (R099)."""
    return hand_out_deadline(
        get_my_group(public_id).order,
        uid=payment_uid(public_id, request.host),
        page_url=url_for(".pay", public_id=public_id, _external=True),
    )


@bp.route("/<public_id>/refund", methods=["GET", "POST"])
@leader_required
def refund(public_id: str) -> ResponseReturnValue:
    group = get_my_group(public_id)
    return refund_page(group.order, back_url=url_for(".show", public_id=public_id), back_label=group.name)


def _check_page(group: Group, refusal: DomainError | None = None) -> str:
    [facts] = pages.facts_of_all([group], clock.now())
    facts.size.raise_if_refused()
    members = queries.list_members(group)
    last_day, after_close = deadline_if_submitted(group.exam_round, clock.today())
    return render_template(
        "groups/submit.html",
        group=group,
        refusal=refusal.message if refusal else None,
        total=facts.total,
        levels=level_words(group.exam_round.levels),
        group_rows=[(_l("團體名稱"), group.name), *pages.group_rows(group)],
        check_rows=pages.check_rows(members),
        payer_names=pages.payer_names(members),
        confirmation=progress_of(group, members),
        waiting=waiting_lines(OWN, group),
        leader_rows=pages.leader_rows(group),
        last_day=last_day,
        after_close=after_close,
        track=current_account().track,
    )
