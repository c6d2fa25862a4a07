"""Copying an earlier group's people: choose the group, see who can come along and who not, confirm."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import current_account
from app.core.errors import Refused
from app.core.messages import Listing, Message
from app.exams.places import OfferingFull
from app.groups import copy_pages, copy_queries, services
from app.groups.models import Group
from app.groups.services.copying import CopyOutcome
from app.groups.views.room import bp, get_my_group, get_my_open_group, leader_required
from app.web import current_actor, translate

_MOST_NAMED = 10


@bp.get("/<public_id>/copy")
@leader_required
def choose_source(public_id: str) -> str:
    group = get_my_open_group(public_id)
    sources = copy_queries.list_sources(group.account_id, besides=group)
    return render_template(
        "groups/copy_choose.html",
        group=group,
        sources=copy_pages.source_rows(sources),
        track=current_account().track,
    )


@bp.get("/<public_id>/copy/<source_id>")
@leader_required
def check_copy(public_id: str, source_id: str) -> str:
    return _check_page(get_my_group(public_id), source_id)


@bp.post("/<public_id>/copy/<source_id>")
@leader_required
def copy(public_id: str, source_id: str) -> ResponseReturnValue:
    group, chosen = get_my_open_group(public_id), set(request.form.getlist("member"))
    if not chosen:
        return _check_page(group, source_id, chosen, Message("請勾選要帶入的考生")), 422
    try:
        outcome = services.copy_members(
            public_id, current_account().id, source_id, chosen, actor=current_actor()
        )
    except (OfferingFull, Refused) as refusal:
        return _check_page(group, source_id, chosen, refusal.message), 409
    _tell(outcome)
    return redirect(url_for(".show", public_id=public_id, _anchor="members"), 303)


def _check_page(
    group: Group, source_id: str, chosen: set[str] | None = None, refusal: Message | None = None
) -> str:
    """Return the page on which people are ticked; raises Refused when the group is closed."""
    plan = services.plan_copy(group.public_id, group.account_id, source_id, actor=current_actor())
    rows = copy_pages.person_rows(plan.people, chosen)
    return render_template(
        "groups/copy_check.html",
        group=group,
        source=plan.source,
        refusal=refusal,
        ready=[row for row in rows if row.refusal is None],
        refused=[row for row in rows if row.refusal is not None],
        outgrown=sum(each.outgrown for each in plan.people if each.refusal is None),
        arrangements=sum(each.arrangement for each in plan.people if each.refusal is None),
        track=current_account().track,
    )


def _tell(outcome: CopyOutcome) -> None:
    if outcome.copied:
        flash(_l("已帶入 %(count)s 位考生，請逐一核對資料。", count=outcome.copied), "done")
    else:
        flash(_l("名單沒有改變：勾選的考生都已在這個團體中。"), "message")
    if outcome.refused:
        names = Listing(name for name, _reason in outcome.refused[:_MOST_NAMED])
        text = Message(
            "%(count)s 位沒有帶入，剛才已在別處報名：%(names)s",
            {"count": len(outcome.refused), "names": names},
        )
        flash(translate(text), "message")
