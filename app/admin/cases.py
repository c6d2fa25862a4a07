"""The case desk: the inboxes, a case, and every step of it behind a question and a success message.

The questions are the manual's (W025, W031, W037, W038, W041).
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.accounts.policy import current_holding, fresh_sign_in_required, permission_required
from app.admin.case_filter import chip_rows, filter_url, matches, read_filter
from app.admin.case_forms import (
    AssignForm,
    MailboxForm,
    NoteForm,
    PreliminaryForm,
    ResultForm,
    result_form,
)
from app.admin.case_words import BOXES, CASE_ACTIONS, CHANNELS
from app.admin.forms import UnmaskForm
from app.admin.paging import asked_page
from app.admin.queries import cases as reads
from app.admin.queries.cases import CaseFilter
from app.admin.services import UNMASKINGS
from app.cases import pages, queries, services
from app.cases.forms import case_form
from app.cases.kind_types import Unit
from app.cases.kinds import KINDS, UNIT_NAMES, outcome_label, preliminary_label
from app.cases.letter import answer_letter
from app.cases.models import Case
from app.cases.queries import Sight
from app.cases.services import Application
from app.cases.states import PUBLIC_WORDS, Box, CaseState
from app.core import clock
from app.core.downloads import attachment
from app.core.errors import DomainError
from app.core.roc_dates import format_roc_long
from app.web import current_actor, translate

bp = Blueprint("cases", __name__, url_prefix="/cases")
officer = permission_required(Permission.CASES)
dispatcher = permission_required(Permission.CASES_ASSIGN)
sees = permission_required(Permission.CASES, Permission.CASES_ASSIGN)


# One guard for all pages of a case, so that none can show one of another unit by forgetting to ask.
@bp.before_request
def hide_what_is_not_seen() -> None:
    """Answer 404 for a case that the member of staff may not see (P006, P011)."""
    holding, public_id = current_holding(), (request.view_args or {}).get("public_id")
    if public_id is not None and holding.allows(Permission.CASES, Permission.CASES_ASSIGN):
        queries.check_seen(public_id, reads.sight_of(holding))


@bp.get("/")
@sees
def index() -> str:
    sight = reads.sight_of(current_holding())
    counts, wanted = reads.count_cases(sight), _wanted_box(sight)
    total = sum(number for key, number in counts.items() if matches(key, wanted))
    page = asked_page(total)
    return render_template(
        "admin/cases/index.html",
        wanted=wanted,
        total=total,
        cases=reads.list_cases(wanted, sight, page=page),
        chip_rows=chip_rows(counts, wanted),
        page=page,
        url_of=lambda number: filter_url(wanted, page=number),
        **_words(),
    )


@bp.get("/<public_id>")
@sees
def show(public_id: str) -> str:
    return _show(services.look_at_case(public_id, actor=current_actor()), NoteForm(), UnmaskForm())


@bp.post("/<public_id>/unmask")
@permission_required(Permission.UNMASK)
@officer
@fresh_sign_in_required
def unmask(public_id: str) -> Any:
    form = UnmaskForm()
    if not form.validate_on_submit():
        case = services.look_at_case(public_id, actor=current_actor())
        return _show(case, NoteForm(formdata=None), form), 422
    UNMASKINGS.count(str(current_actor().account_id))
    case = services.look_at_case(public_id, actor=current_actor(), reason=form.stated)
    return _show(case, NoteForm(formdata=None), form, unmasked=True)


@bp.route("/<public_id>/assign", methods=["GET", "POST"])
@sees
def assign(public_id: str) -> Any:
    case, form = queries.get_case(public_id), AssignForm()
    if not form.validate_on_submit():
        return _form_page(case, form, "assign")
    unit = form.unit.data
    question = _(
        "確定將案件「%(number)s」分派給%(unit)s嗎？", number=case.number, unit=translate(UNIT_NAMES[unit])
    )
    return _step(
        case,
        question,
        _("分派案件"),
        done=_("分派成功！"),
        act=lambda: services.assign_case(public_id, unit, actor=current_actor()),
    )


@bp.route("/<public_id>/accept", methods=["GET", "POST"])
@officer
def accept(public_id: str) -> Any:
    case = queries.get_case(public_id)
    return _step(
        case,
        _("確認由貴單位進行處置案件（案號：%(number)s）嗎？", number=case.number),
        _("確認接收"),
        done=_("案件已確認！"),
        act=lambda: services.accept_case(public_id, actor=current_actor()),
    )


@bp.route("/<public_id>/preliminary", methods=["GET", "POST"])
@officer
def preliminary(public_id: str) -> Any:
    case = queries.get_case(public_id)
    form = PreliminaryForm(case.kind)
    if not form.validate_on_submit():
        return _form_page(case, form, "preliminary")
    code = form.preliminary.data
    return _step(
        case,
        _("確定提交案件「%(number)s」初步受理情形嗎？", number=case.number),
        _("提交"),
        done=_("設定成功！"),
        facts=[(_("初步受理情形"), preliminary_label(case.kind, code))],
        act=lambda: services.report_preliminary(public_id, code, actor=current_actor()),
    )


@bp.route("/<public_id>/result", methods=["GET", "POST"])
@officer
def result(public_id: str) -> Any:
    case = queries.get_case(public_id)
    form = result_form(case.kind)()
    if not form.validate_on_submit() or not _is_whole(case, form):
        return _form_page(case, form, "result")
    report = form.report()

    def act() -> Case:
        if form.is_extension:
            until_on, reason = form.until_on.value, form.reason.value
            return services.extend_case(public_id, until_on=until_on, reason=reason, actor=current_actor())
        return services.report_result(public_id, report, actor=current_actor())

    facts: list[tuple[Any, Any]] = [(_("處理結果"), outcome_label(case.kind, report.result))]
    if report.finding:
        facts.append((_("認定結果"), outcome_label(case.kind, report.finding)))
    facts += [
        (each.label, report.measures[each.code])
        for each in case.kind.measures
        if each.code in report.measures
    ]
    if form.is_extension:
        facts += [(_("新的期限"), format_roc_long(form.until_on.value)), (_("延長的理由"), form.reason.value)]
    elif report.reply:
        facts.append((_("給申請人的答覆"), report.reply))
    question = _("確定提交案件「%(number)s」處理結果？", number=case.number)
    return _step(case, question, _("提交"), done=_("設定成功！"), facts=facts, act=act)


@bp.route("/<public_id>/close", methods=["GET", "POST"])
@officer
def close(public_id: str) -> Any:
    case = queries.get_case(public_id)
    return _step(
        case,
        _("確定將申訴案件「%(number)s」結案嗎？", number=case.number),
        _("進行結案"),
        done=_("結案成功！"),
        warning=_("結案後只能查看，不能再變更。"),
        act=lambda: services.close_case(public_id, actor=current_actor()),
    )


@bp.post("/<public_id>/notes")
@sees
def note(public_id: str) -> Any:
    form = NoteForm()
    if not form.validate_on_submit():
        case = services.look_at_case(public_id, actor=current_actor())
        return _show(case, form, UnmaskForm(formdata=None)), 422
    try:
        services.add_note(public_id, form.text.value, actor=current_actor())
        flash(_("已加註備註。"), "success")
    except DomainError as refusal:
        flash(translate(refusal.message), "error")
    return _back(public_id)


@bp.get("/<public_id>/answer.pdf")
@officer
def letter(public_id: str) -> Response:
    case = services.look_at_case(public_id, actor=current_actor())
    if case.state not in (CaseState.DECIDED, CaseState.CLOSED):
        abort(404)
    return attachment(
        answer_letter(case), mimetype="application/pdf", name="處理結果通知.pdf", plain_name="answer.pdf"
    )


@bp.get("/paper")
@sees
def paper_kinds() -> str:
    return render_template("admin/cases/paper_kinds.html", kinds=KINDS.values())


@bp.route("/paper/<kind_key>", methods=["GET", "POST"])
@sees
def paper(kind_key: str) -> Any:
    """Take in an application that came by post; its postmark decides whether it is in time (R005)."""
    kind = KINDS.get(kind_key) or abort(404)
    rounds = queries.list_rounds_to_file(kind, clock.today(), paper=True)
    form = case_form(kind, paper=True)(rounds=rounds, guest=False)
    if form.validate_on_submit():
        application = Application(
            kind=kind,
            content=form.content(),
            form_token=form.form_token.data,
            postmark_on=form.postmark_on.value,
        )
        try:
            case = services.file_case(application, actor=current_actor())
            flash(_("已收件，案件號碼 %(number)s。", number=case.number), "success")
            if reads.sight_of(current_holding()).covers(case.unit):
                return _back(case.public_id)
            return redirect(url_for(".index"), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    page = render_template("admin/cases/paper.html", kind=kind, form=form)
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/units")
@dispatcher
def units() -> str:
    return _units_page({})


@bp.post("/units/<unit>")
@dispatcher
def set_mailbox(unit: str) -> Any:
    form = MailboxForm(prefix=unit) if unit in set(Unit) else abort(404)
    if not form.validate_on_submit():
        return _units_page({unit: form}), 422
    services.set_mailbox(unit, form.email.data or None, actor=current_actor())
    flash(_("設定成功！"), "success")
    return redirect(url_for(".units"), 303)


def _is_whole(case: Case, form: ResultForm) -> bool:
    """Return whether nothing is missing in a final result; what is missing is put on the form."""
    if form.is_extension:
        return True
    try:
        services.check_result(case.kind, form.report())
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True


def _step(
    case: Case, question: str, label: str, *, done: str, act: Any, facts: Any = (), warning: Any = None
) -> Any:
    """Ask, and when that page is confirmed, act and say that it is done."""
    if request.method == "GET" or "confirmed" not in request.form:
        return render_template(
            "admin/cases/confirm.html",
            case=case,
            question=question,
            label=label,
            facts=facts,
            warning=warning,
            values=_carried(),
        )
    try:
        act()
        flash(done, "success")
    except DomainError as refusal:
        flash(translate(refusal.message), "error")
    # Handed to another unit, it is out of sight from here on.
    if not reads.sight_of(current_holding()).covers(case.unit):
        return redirect(url_for(".index"), 303)
    return _back(case.public_id)


def _wanted_box(sight: Sight) -> CaseFilter:
    """Return the filter of the address; who only assigns begins with what waits for that."""
    if "box" not in request.args and not sight.units:
        return CaseFilter(Box.UNASSIGNED)
    return read_filter(request.args)


def _carried() -> dict[str, str]:
    kept = {name: value for name, value in request.form.items() if name != "csrf_token"}
    return {**kept, "confirmed": "yes"}


def _form_page(case: Case, form: Any, step: str) -> Any:
    page = render_template("admin/cases/step.html", case=case, form=form, step=step, **_words())
    return page, 422 if form.errors or form.form_errors else 200


def _show(case: Case, note_form: NoteForm, unmask_form: UnmaskForm, *, unmasked: bool = False) -> str:
    return render_template(
        "admin/cases/show.html",
        case=case,
        rows=pages.answer_rows(case, masked=not unmasked),
        statement=pages.statement_of(case),
        result=pages.result_words(case),
        preliminary=preliminary_label(case.kind, case.preliminary) if case.preliminary else None,
        history=reads.list_history(case),
        note_form=note_form,
        unmask_form=unmask_form,
        unmasked=unmasked,
        actions=CASE_ACTIONS,
        channels=CHANNELS,
        **_words(),
    )


def _units_page(sent: dict[str, MailboxForm]) -> str:
    mailboxes = queries.list_mailboxes()
    forms = [
        (unit, name, sent.get(unit) or MailboxForm(formdata=None, prefix=unit, email=mailboxes.get(unit, "")))
        for unit, name in UNIT_NAMES.items()
    ]
    return render_template("admin/cases/units.html", forms=forms)


def _back(public_id: str) -> Response:
    return redirect(url_for(".show", public_id=public_id), 303)


def _words() -> dict[str, Any]:
    today = clock.today()
    return {
        "boxes": BOXES,
        "units": UNIT_NAMES,
        "state_words": PUBLIC_WORDS,
        "state_kinds": pages.STATE_KINDS,
        "excerpt": pages.excerpt_of,
        "stamp": pages.stamp,
        "result_words": pages.result_words,
        "preliminary_label": preliminary_label,
        "due_kind": lambda day: pages.due_kind(day, today),
        "due_words": lambda day: pages.due_words(day, today),
    }
