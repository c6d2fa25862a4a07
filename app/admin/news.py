"""The desk for announcements: written, looked at, published, corrected, ended (R007, W004)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin.chips import chip_row
from app.admin.labels import ACTIONS
from app.admin.news_forms import NewsForm
from app.admin.paging import asked_page
from app.admin.queries import news as queries
from app.core import clock
from app.core.errors import DomainError
from app.exams.queries import list_rounds
from app.site import news_pages, services, words
from app.site.announcing import NewsState
from app.site.models import Announcement
from app.site.queries import get_announcement
from app.web import current_actor

bp = Blueprint("news", __name__, url_prefix="/news")
publishes = permission_required(Permission.NEWS)


@bp.get("/")
@publishes
def index() -> str:
    now, chosen = clock.now(), request.args.get("state")
    state = NewsState(chosen) if chosen in set(NewsState) else None
    counts = queries.count_by_state(now)
    page = asked_page(counts[state.value] if state else sum(counts.values()))
    return render_template(
        "admin/news/index.html",
        entries=[
            (each, news_pages.entry(each, now, english=False))
            for each in queries.list_in_state(state, now, page)
        ],
        chips=chip_row(
            counts,
            [(key.value, label) for key, (_kind, label) in words.NEWS_STATES.items()],
            state.value if state else None,
            lambda value: url_for(".index", state=value),
            every=words.EVERYTHING,
        ),
        page=page,
        url_of=lambda number: url_for(".index", state=state, page=number),
    )


@bp.route("/new", methods=["GET", "POST"])
@publishes
def new() -> ResponseReturnValue:
    form = NewsForm(list_rounds())
    if form.validate_on_submit():
        try:
            announcement = services.draft_announcement(form.text(), actor=current_actor())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("草稿已儲存，還沒有發布。"), "done")
            return redirect(url_for(".show", public_id=announcement.public_id), 303)
    return render_template("admin/news/edit.html", form=form, announcement=None), form.status_code


@bp.get("/<public_id>")
@publishes
def show(public_id: str) -> str:
    """Show an announcement as it reads in both languages, with what can be done and its history."""
    announcement, now = get_announcement(public_id), clock.now()
    return render_template(
        "admin/news/show.html",
        announcement=announcement,
        entry=news_pages.entry(announcement, now, english=False),
        in_english=news_pages.entry(announcement, now, english=True) if announcement.title_en else None,
        history=queries.list_history(announcement),
        actions=ACTIONS,
    )


@bp.route("/<public_id>/edit", methods=["GET", "POST"])
@publishes
def edit(public_id: str) -> ResponseReturnValue:
    announcement = get_announcement(public_id)
    form = NewsForm(list_rounds(), announcement)
    if form.validate_on_submit():
        try:
            services.correct_announcement(public_id, form.text(), actor=current_actor())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("已儲存。"), "done")
            return redirect(url_for(".show", public_id=public_id), 303)
    return render_template("admin/news/edit.html", form=form, announcement=announcement), form.status_code


@bp.route("/<public_id>/publish", methods=["GET", "POST"])
@publishes
def publish(public_id: str) -> ResponseReturnValue:
    if request.method == "GET":
        return _confirm(get_announcement(public_id), "publish")
    services.publish_announcement(public_id, actor=current_actor())
    flash(_l("已發布。"), "done")
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.route("/<public_id>/end", methods=["GET", "POST"])
@publishes
def end(public_id: str) -> ResponseReturnValue:
    if request.method == "GET":
        return _confirm(get_announcement(public_id), "end")
    services.end_announcement(public_id, actor=current_actor())
    flash(_l("已結束公告。"), "done")
    return redirect(url_for(".show", public_id=public_id), 303)


def _confirm(announcement: Announcement, act: str) -> str:
    entry = news_pages.entry(announcement, clock.now(), english=False)
    return render_template("admin/news/confirm.html", announcement=announcement, entry=entry, act=act)
