"""The management table, and the group itself: made, looked at, changed, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import current_account
from app.core import clock
from app.core.errors import DomainError, Refused
from app.exams import queries as exams
from app.exams.choices import Track
from app.exams.models import Round
from app.exams.openings import check_any_open, is_open
from app.groups import copy_pages, copy_queries, pages, queries, rules, services
from app.groups.confirmation.pages import progress_of
from app.groups.forms import GroupForm, SheetForm
from app.groups.member_list import Wanted, list_shown, list_url
from app.groups.models import Group
from app.groups.staging.lines import sheet_lines
from app.groups.staging.queries import list_sheets
from app.groups.standing import group_standing
from app.groups.views.imports import OWN
from app.groups.views.room import bp, find_refusal, get_my_group, leader_required, show_alone
from app.registration.pages import calendar_url
from app.registration.states import FormState
from app.web import current_actor, translate


@bp.get("")
@leader_required
def index() -> str:
    now, groups = clock.now(), queries.list_groups(current_account().id)
    rows = []
    for group, facts in zip(groups, pages.facts_of_all(groups, now), strict=True):
        standing = group_standing(facts, now)
        action = pages.address_of(standing.step, group)
        changeable = pages.can_change(facts, now)
        rows.append((group, facts, standing, action, changeable, calendar_url(group.exam_round)))
    return render_template("groups/index.html", rows=rows, track=current_account().track)


@bp.route("/new", methods=["GET", "POST"])
@leader_required
def new() -> ResponseReturnValue:
    account, code = current_account(), request.args.get("round")
    if account.track == Track.MULTI and code is None:
        return redirect(url_for("site.rounds") + "#multi", 303)
    rounds, refusal = _rounds_to_choose(code)
    show_alone(refusal)
    sources = copy_queries.list_sources(account.id)
    source = _source_asked_for(sources)
    full_areas = exams.list_full_areas(rounds, clock.now(), account_id=account.id)
    form = GroupForm(
        rounds=rounds,
        full_areas=full_areas,
        account_id=account.id,
        exam_round=code,
        area=request.args.get("area"),
        **({"leader_email": account.email} if source is None else copy_pages.copied_facts(*source)),
    )
    if refusal is not None:
        form.refuse(refusal)
    elif form.validate_on_submit():
        try:
            group = services.create_group(
                account.id,
                form.exam_round.data,
                form.area.data,
                form.name.value,
                form.group_kind(),
                form.leader(),
                places=form.places_wanted(),
                actor=current_actor(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            _tell_places(form)
            if source is not None:
                flash(_l("團體已建立。接著勾選要帶入的考生。"), "done")
                here = {"public_id": group.public_id, "source_id": source[0].public_id}
                return redirect(url_for(".check_copy", **here), 303)
            flash(_l("團體已建立。接著匯入或新增考生。"), "done")
            return redirect(url_for(".show", public_id=group.public_id), 303)
    page = render_template(
        "groups/form.html",
        form=form,
        group=None,
        fixed_round=rounds[0] if len(rounds) == 1 else None,
        minimums=rounds[0].exam_year.facts["group_minimum"],
        sources=copy_pages.source_rows(sources),
        source=source[0] if source else None,
        track=account.track,
    )
    return page, form.status_code


@bp.get("/<public_id>")
@leader_required
def show(public_id: str) -> ResponseReturnValue:
    group, now, wanted = get_my_group(public_id), clock.now(), Wanted.of(request.args)
    if wanted.query != request.args.get("q", "").strip():
        return redirect(list_url(group, wanted), 303)
    [facts] = pages.facts_of_all([group], now)
    can_change = pages.can_change(facts, now)
    standing = group_standing(facts, now)
    items = [] if facts.is_open else pages.timeline_rows(group, facts, now)
    members = queries.list_members(group)
    return render_template(
        "groups/show.html",
        group=group,
        confirmation=progress_of(group, members),
        facts=facts,
        standing=standing,
        action=pages.address_of(standing.step, group),
        items=items,
        members=list_shown(group, members, wanted, today=clock.today(), is_open=can_change),
        sheets=sheet_lines(OWN, group, list_sheets(group)) if facts.is_open else [],
        can_copy=can_change and copy_queries.has_sources(group),
        can_change=can_change,
        can_amend=facts.registration.form_state == FormState.SUBMITTED and not facts.registration.ended,
        can_cancel=not facts.registration.ended and bool(services.check_can_cancel(group)),
        has_paid=group.order is not None and bool(group.order.receipts),
        sheet_form=SheetForm(formdata=None),
        group_rows=pages.group_rows(group),
        leader_rows=pages.leader_rows(group),
        fee_rows=pages.fee_rows(facts.total),
        calendar_url=calendar_url(group.exam_round),
        track=current_account().track,
    )


@bp.route("/<public_id>/edit", methods=["GET", "POST"])
@leader_required
def edit(public_id: str) -> ResponseReturnValue:
    group = get_my_group(public_id)
    refusal = find_refusal(group)
    show_alone(refusal)
    form = GroupForm(rounds=[group.exam_round], group=group)
    if refusal is not None:
        form.refuse(refusal)
    elif form.validate_on_submit():
        try:
            services.change_group(
                public_id,
                current_account().id,
                form.name.value,
                form.group_kind(),
                form.leader(),
                places=form.places_wanted(),
                actor=current_actor(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_l("團體資料已更新。"), "done")
            _tell_places(form)
            return redirect(url_for(".show", public_id=public_id), 303)
    page = render_template(
        "groups/form.html",
        form=form,
        group=group,
        fixed_round=group.exam_round,
        minimums=queries.minimums_of(group),
        track=current_account().track,
    )
    return page, form.status_code


@bp.route("/<public_id>/cancel", methods=["GET", "POST"])
@leader_required
def cancel(public_id: str) -> ResponseReturnValue:
    if request.method == "POST":
        services.cancel_group(public_id, current_account().id, actor=current_actor())
        flash(_l("已取消這個團體的報名。"), "done")
        return redirect(url_for(".show", public_id=public_id), 303)
    group = get_my_group(public_id)
    services.check_can_cancel(group).raise_if_refused()
    facts = [*pages.payer_rows(group), *pages.fee_rows(queries.fee_totals([group])[group.id])]
    return render_template("groups/cancel.html", group=group, facts=facts, track=current_account().track)


def _source_asked_for(sources: Sequence[tuple[Group, int]]) -> tuple[Group, int] | None:
    """Return the earlier group that the address begins with, and how many people it has."""
    asked = request.args.get("from")
    return next((each for each in sources if each[0].public_id == asked), None)


def _tell_places(form: GroupForm) -> None:
    if form.places_note is not None:
        flash(translate(form.places_note), "message")


def _rounds_to_choose(code: str | None) -> tuple[Sequence[Round], Refused | None]:
    """Return the rounds the form offers, the open national ones or the multi round asked for (R215, R218),
    and why none of them can be chosen now, if so.

    :raises NotFound: when there is no such round
    :raises Refused: when it is of the other track
    """
    rounds, today = exams.list_rounds(Track.NATIONAL), clock.today()
    if code is not None:
        asked = exams.get_round(code)
        same_track = current_account().track == asked.track
        rules.check_can_create(leader=True, same_track=same_track).raise_if_refused()
        if asked.track == Track.MULTI:
            rounds = [asked]
    try:
        check_any_open(rounds, today).raise_if_refused()
    except Refused as refusal:
        return rounds, refusal
    return [each for each in rounds if is_open(each, today)], None
