"""The audit desk: the log searched by action, person, thing, period, request; no personal data in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField

from app.accounts.emails import parse_email
from app.accounts.permissions import Permission
from app.accounts.policy import may_open, permission_required
from app.admin.audit_words import ACTION_NAMES, ACTOR_NAMES, SUBJECT_NAMES, SUBJECT_PAGES
from app.admin.paging import asked_page
from app.admin.queries import audit as reads
from app.admin.queries.audit import AuditFilter
from app.core.audit import AuditEntry
from app.core.fields import ReadField, choices_of
from app.core.messages import Message
from app.core.roc_dates import parse_date

bp = Blueprint("audit", __name__, url_prefix="/audit")
_EVERY = ("", _l("全部"))


class AuditForm(Form):
    """What to look for; it changes nothing and is sent by GET, so that a search has an address."""

    action = SelectField(_l("動作"), choices=choices_of([_EVERY, *ACTION_NAMES.items()]), default="")
    actor = ReadField(_l("操作人的電子信箱"), lambda text: parse_email(text, field="actor"))
    type = SelectField(_l("對象"), choices=choices_of([_EVERY, *SUBJECT_NAMES.items()]), default="")
    subject = StringField(_l("對象的代碼"))
    request = StringField(_l("要求編號"))
    since = ReadField(_l("從哪一天"), parse_date)
    until = ReadField(_l("到哪一天"), parse_date)

    def wanted(self) -> AuditFilter:
        return AuditFilter(
            action=self.action.data or "",
            actor=self.actor.value.key if self.actor.value else "",
            type=self.type.data or "",
            subject=(self.subject.data or "").strip(),
            request=(self.request.data or "").strip(),
            since=self.since.value,
            until=self.until.value,
        )


@bp.get("/")
@permission_required(Permission.AUDIT)
def index() -> Any:
    form = AuditForm(request.args)
    valid = form.validate()
    total = reads.count_entries(form.wanted()) if valid else 0
    page = asked_page(total)
    asked = {name: value for name, value in request.args.items() if value and name in form}
    html = render_template(
        "admin/audit.html",
        form=form,
        total=total,
        entries=reads.list_entries(form.wanted(), page=page) if valid else [],
        page=page,
        url_of=lambda number: url_for(".index", **asked, page=number),
        searched=bool(asked),
        action_names=ACTION_NAMES,
        actor_names=ACTOR_NAMES,
        subject_name=_subject_name,
        subject_url=_subject_url,
    )
    return html, 200 if valid else 422


def _subject_name(entry: AuditEntry) -> Message | str:
    return SUBJECT_NAMES.get(entry.subject_type, entry.subject_type)


def _subject_url(entry: AuditEntry) -> str | None:
    """Return where the thing itself can be looked at; None when there is no page, or not for the reader."""
    endpoint = SUBJECT_PAGES.get(entry.subject_type)
    if endpoint is None or not may_open(endpoint):
        return None
    return url_for(endpoint, public_id=entry.subject_id)
