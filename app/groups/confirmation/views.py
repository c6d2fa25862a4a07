"""The pages behind a link: a member or parent looks, confirms, reports; nobody signs in.

The first request takes the token out of the address, as for every mailed link (security 6). A browser keeps
several: brothers and sisters are checked on one telephone (docs/decisions/0020).
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts.policy import open_to_all
from app.accounts.throttle import Throttle, client_network
from app.core import clock
from app.core.errors import DomainError
from app.groups.confirmation import pages, queries, services
from app.groups.confirmation.forms import ReportForm
from app.groups.confirmation.queries import Opened
from app.groups.confirmation.rules import Access
from app.groups.confirmation.shown import seal_of, shown_of
from app.web import current_actor

bp = Blueprint("confirmation", __name__, url_prefix="/confirm")

# Wrong links only: a school sits behind one address, and all its parents' evening may scan.
WRONG_LINKS_PER_CLIENT = Throttle("confirmation-wrong-link", "60 per 15 minutes")
ANSWERS_PER_LINK = Throttle("confirmation-answer", "20 per hour")
_KEPT: Final = "confirmation_links"
_MOST_KEPT: Final = 8


@bp.after_request
def keep_out_of_caches(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.get("/<token>")
@open_to_all
def take_link(token: str) -> ResponseReturnValue:
    """Note which link was opened, and lead on to its page; opening confirms nothing."""
    WRONG_LINKS_PER_CLIENT.check(client_network())
    opened = queries.find_opened(token, clock.now())
    if opened is None:
        WRONG_LINKS_PER_CLIENT.count(client_network())
        return _closed(Access.GONE)
    if opened.access not in (Access.OPEN, Access.READ_ONLY):
        return _closed(opened.access)
    kept = [each for each in session.get(_KEPT, []) if each != token]
    session[_KEPT] = [*kept, token][-_MOST_KEPT:]
    return redirect(url_for(".show", public_id=opened.link.public_id), 303)


@bp.get("/of/<public_id>")
@open_to_all
def show(public_id: str) -> ResponseReturnValue:
    found = _find(public_id)
    return _closed(Access.GONE) if found is None else _page(found[0])


@bp.post("/of/<public_id>")
@open_to_all
def confirm(public_id: str) -> ResponseReturnValue:
    found = _find(public_id)
    if found is None:
        return _closed(Access.GONE)
    ANSWERS_PER_LINK.count(public_id)
    try:
        services.confirm(found[1], request.form.get("seen", ""), actor=current_actor())
    except services.LinkClosed:
        return redirect(url_for(".show", public_id=public_id), 303)
    except services.SeenOld as refusal:
        again = _find(public_id)
        return _closed(Access.GONE) if again is None else _page(again[0], refusal)
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.route("/of/<public_id>/report", methods=["GET", "POST"])
@open_to_all
def report(public_id: str) -> ResponseReturnValue:
    found = _find(public_id)
    if found is None or found[0].access is not Access.OPEN:
        return redirect(url_for(".show", public_id=public_id), 303)
    opened, token = found
    form = ReportForm()
    if form.validate_on_submit():
        ANSWERS_PER_LINK.count(public_id)
        try:
            services.report_mistake(token, form.reported_field(), form.text.value, actor=current_actor())
        except services.LinkClosed:
            return redirect(url_for(".show", public_id=public_id), 303)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".show", public_id=public_id), 303)
    page = render_template(
        "groups/confirm_report.html",
        opened=opened,
        group=opened.group,
        form=form,
        hints=pages.choice_hints(opened.member),
        track=opened.member.exam_round.track,
    )
    return page, form.status_code


def _find(public_id: str) -> tuple[Opened, str] | None:
    """Return what a link of this browser opens, and its token; None when it was not opened here."""
    return queries.find_opened_by_id(public_id, session.get(_KEPT, []), clock.now())


def _page(opened: Opened, refusal: DomainError | None = None) -> ResponseReturnValue:
    if opened.access not in (Access.OPEN, Access.READ_ONLY) or opened.group is None:
        return _closed(opened.access)
    page = render_template(
        "groups/confirm.html",
        opened=opened,
        group=opened.group,
        can_answer=opened.access is Access.OPEN,
        confirmed_at=opened.link.confirmed_at,
        rows=pages.shown_rows(opened.member),
        seen=seal_of(shown_of(opened.member)).hex(),
        last_day=pages.last_day(opened.group, clock.now()),
        refusal=refusal.message if refusal else None,
        track=opened.member.exam_round.track,
    )
    return page, 409 if refusal else 200


def _closed(access: Access) -> Response:
    return make_response(render_template("groups/confirm_closed.html", access=access.value), 410)
