"""The leader's pages: asking, looking, printing, dealing with reports."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import current_account
from app.accounts.throttle import Throttle, count_pdf
from app.core import clock
from app.core.downloads import attachment
from app.core.translation import reader_language
from app.groups import pages as group_pages
from app.groups.confirmation import pages, queries, services
from app.groups.confirmation.services.asking import Slips
from app.groups.confirmation.slips_pdf import build_slips
from app.groups.views.room import bp, get_my_group, leader_required
from app.web import current_actor

SENDINGS_PER_ACCOUNT = Throttle("confirmation-send", "10 per hour")


@bp.get("/<public_id>/confirmation")
@leader_required
def confirmation(public_id: str) -> str:
    group, now = get_my_group(public_id), clock.now()
    [facts] = group_pages.facts_of_all([group], now)
    is_on = queries.is_on(group)
    return render_template(
        "groups/confirmation.html",
        group=group,
        is_on=is_on,
        can_change=group_pages.can_change(facts, now),
        last_day=pages.last_day(group, now),
        shown=pages.leader_page(group, now) if is_on else None,
        track=current_account().track,
    )


@bp.post("/<public_id>/confirmation/on")
@leader_required
def switch_confirmation_on(public_id: str) -> ResponseReturnValue:
    services.switch_on(public_id, current_account().id, actor=current_actor())
    flash(_l("已開始請考生核對。接著寄信或列印核對單。"), "done")
    return _back(public_id)


@bp.post("/<public_id>/confirmation/off")
@leader_required
def switch_confirmation_off(public_id: str) -> ResponseReturnValue:
    services.switch_off(public_id, current_account().id, actor=current_actor())
    flash(_l("已停止核對，連結都打不開了。再開始時，原來的連結可以繼續用。"), "done")
    return _back(public_id)


@bp.post("/<public_id>/confirmation/mail")
@leader_required
def send_confirmation_links(public_id: str) -> ResponseReturnValue:
    SENDINGS_PER_ACCOUNT.count(str(current_account().id))
    sent = services.send_links(public_id, current_account().id, actor=current_actor())
    if sent:
        flash(_l("已寄信給 %(count)s 位考生。", count=sent), "done")
    else:
        flash(_l("沒有寄信：今天都寄過了，或都回覆了。"), "message")
    return _back(public_id)


@bp.get("/<public_id>/confirmation/slips.pdf")
@leader_required
def confirmation_slips(public_id: str) -> Response:
    """Hand over slips to print; a link is made where there is none, and asking twice gives the same slip."""
    group = get_my_group(public_id)
    count_pdf(current_account().id)
    slips = Slips(only_without_mail="without-mail" in request.args, member_id=request.args.get("member"))
    links = services.slip_links(public_id, current_account().id, slips, actor=current_actor())
    sheet = pages.slip_sheet(group, links, now=clock.now(), language=reader_language())
    return attachment(
        build_slips(sheet), mimetype="application/pdf", name="報名資料核對單.pdf", plain_name="slips.pdf"
    )


@bp.post("/<public_id>/confirmation/<member_id>/paper")
@leader_required
def confirm_on_paper(public_id: str, member_id: str) -> ResponseReturnValue:
    member = services.confirm_on_paper(public_id, current_account().id, member_id, actor=current_actor())
    flash(_l("已登記 %(name)s 在紙本上確認。", name=member.chinese_name), "done")
    return _back(public_id, "members")


@bp.post("/<public_id>/confirmation/reports/<report_id>/done")
@leader_required
def settle_report(public_id: str, report_id: str) -> ResponseReturnValue:
    report = services.settle_report(public_id, current_account().id, report_id, actor=current_actor())
    flash(_l("%(name)s 的回報已處理。", name=report.registration.chinese_name), "done")
    return _back(public_id, "reports")


def _back(public_id: str, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for(".confirmation", public_id=public_id, _anchor=anchor), 303)
