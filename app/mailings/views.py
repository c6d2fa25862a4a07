"""Pages about post for candidates and leaders: ask for something again, and a group's progress."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.models import AccountKind
from app.accounts.policy import applicant_required, current_account, kind_required
from app.core import clock
from app.core.errors import Refused
from app.exams.queries import site_facts
from app.groups.queries import get_group
from app.mailings import pages, queries, services
from app.mailings.forms import ResendForm
from app.mailings.kinds import KINDS, MailingKind
from app.mailings.models import MailingParcel
from app.mailings.states import ResendCause
from app.registration.pages import home_of
from app.web import current_actor

bp = Blueprint("mailings", __name__)


@bp.route("/mailings/<public_id>/resend", methods=["GET", "POST"])
@applicant_required
def resend(public_id: str) -> ResponseReturnValue:
    """Ask for a parcel's contents again: the candidate for an own one, the leader for the group's (R174)."""
    parcel = queries.get_own_parcel(public_id, current_account().id)
    back_url, form = _back_url(parcel), ResendForm()
    if form.validate_on_submit():
        try:
            cause = ResendCause(form.cause.data)
            services.ask_resend(public_id, cause, account_id=current_account().id, actor=current_actor())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_l("已送出重寄申請，處理後會寄信通知。"), "done")
            return redirect(back_url, 303)
    elif not form.is_submitted():
        services.check_resend(parcel).raise_if_refused()
    page = render_template(
        "mailings/resend.html",
        form=form,
        parcel=parcel,
        kind=KINDS[parcel.batch.kind],
        is_certificate=parcel.batch.kind == MailingKind.CERTIFICATE,
        rows=pages.parcel_rows(parcel),
        address=pages.next_address(parcel),
        mailbox=site_facts()["mailbox"],
        contact_url=_contact_url(parcel),
        back_url=back_url,
    )
    return page, form.status_code


@bp.get("/groups/<public_id>/mailings")
@kind_required(AccountKind.GROUP)
def group_mailings(public_id: str) -> str:
    group = get_group(public_id, current_account().id)
    return render_template(
        "mailings/group.html",
        group=group,
        kinds=pages.kind_names(),
        members=pages.member_posts(group, clock.today()),
    )


def _back_url(parcel: MailingParcel) -> str:
    registration = parcel.items[0].registration
    if registration.in_group and parcel.group is not None:
        return url_for(".group_mailings", public_id=parcel.group.public_id)
    return home_of(registration)


def _contact_url(parcel: MailingParcel) -> str | None:
    """Return where the address can be changed; None: it is the leader's, which the office changes."""
    if parcel.group is not None:
        return None
    return url_for("corrections.contact", public_id=parcel.items[0].registration.public_id)
