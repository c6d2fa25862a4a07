"""The public's pages: what one can apply for, the form, the receipt, the progress query, one's own cases.

Nobody needs an account to be heard (P012).
"""

from __future__ import annotations

import segno
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.accounts.models import Account
from app.accounts.policy import applicant_required, current_account, find_current_account, open_to_all
from app.accounts.throttle import Throttle, client_network
from app.cases import pages, queries, services
from app.cases.forms import CaseForm, LookupForm, case_form
from app.cases.kind_types import CaseKind, Clock
from app.cases.kinds import KINDS
from app.cases.letter import answer_letter
from app.cases.mails import progress_url
from app.cases.models import Case
from app.cases.services import Application
from app.cases.states import PUBLIC_WORDS, CaseState
from app.core import clock
from app.core.downloads import attachment
from app.core.errors import DomainError, NotFound
from app.core.messages import Message
from app.core.translation import reader_language
from app.registration.models import Registration
from app.registration.queries import get_registration
from app.web import current_actor

bp = Blueprint("cases", __name__, url_prefix="/cases")

FILINGS = Throttle("case", "20 per hour")
LOOKUPS = Throttle("case-lookup", "30 per 15 minutes")


@bp.get("")
@open_to_all
def index() -> ResponseReturnValue:
    return redirect(url_for(".new"), 303)


@bp.get("/new")
@open_to_all
def new() -> str:
    today = clock.today()
    return render_template(
        "cases/kinds.html",
        kinds=[(kind, queries.list_rounds_to_file(kind, today)) for kind in KINDS.values()],
        by_round=(Clock.RECHECK, Clock.DISPUTE),
    )


@bp.route("/new/<kind_key>", methods=["GET", "POST"])
@open_to_all
def apply(kind_key: str) -> ResponseReturnValue:
    kind = _kind(kind_key)
    rounds = queries.list_rounds_to_file(kind, clock.today())
    if kind.clock in (Clock.RECHECK, Clock.DISPUTE) and not rounds:
        return render_template("cases/closed.html", kind=kind)
    registration = _asked_registration()
    form = case_form(kind)(
        rounds=rounds,
        guest=find_current_account() is None,
        **pages.prefilled(kind, _applicant(), registration),
    )
    if form.validate_on_submit():
        FILINGS.count(client_network())
        case = _file(kind, form, registration)
        if case is not None:
            return redirect(url_for(".receipt", public_id=case.public_id), 303)
    page = render_template("cases/apply.html", kind=kind, form=form)
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/receipt/<public_id>")
@open_to_all
def receipt(public_id: str) -> str:
    case = queries.get_case(public_id)
    address = progress_url(case.number)
    return render_template(
        "cases/receipt.html",
        case=case,
        email=pages.masked_email(case),
        progress_url=address,
        qr=Markup(segno.make_qr(address, error="m").svg_inline(scale=4, border=2, omitsize=True)),  # noqa: S704
    )


@bp.route("/lookup", methods=["GET", "POST"])
@open_to_all
def lookup() -> ResponseReturnValue:
    form, case = LookupForm(number=request.args.get("number", "")), None
    if form.is_submitted():
        LOOKUPS.count(client_network())
        if form.validate():
            case = queries.find_case_by_number(form.number.data)
            if case is None:
                form.refuse_all()
    facts = None if case is None else (pages.masked_email(case), case.reported_at, PUBLIC_WORDS[case.state])
    page = render_template(
        "cases/lookup.html", form=None if facts else form, facts=facts, number=form.number.data
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/mine")
@applicant_required
def mine() -> str:
    cases = queries.list_own_cases(current_account().id)
    return render_template("cases/mine.html", cases=cases, words=PUBLIC_WORDS, state_kinds=pages.STATE_KINDS)


@bp.get("/mine/<public_id>")
@applicant_required
def show(public_id: str) -> str:
    case = queries.get_own_case(public_id, current_account().id)
    return render_template(
        "cases/show.html",
        case=case,
        words=PUBLIC_WORDS,
        state_kinds=pages.STATE_KINDS,
        rows=pages.answer_rows(case, masked=True),
        statement=pages.statement_of(case),
        progress=pages.rows_of_progress(case),
        result=pages.result_words(case),
    )


@bp.get("/mine/<public_id>/answer.pdf")
@applicant_required
def letter(public_id: str) -> ResponseReturnValue:
    case = queries.get_own_case(public_id, current_account().id)
    if case.state not in (CaseState.DECIDED, CaseState.CLOSED):
        raise NotFound(Message("這個案件還沒有處理結果"))
    return attachment(
        answer_letter(case, language=reader_language()),
        mimetype="application/pdf",
        name="處理結果通知.pdf",
        plain_name="answer.pdf",
    )


def _file(kind: CaseKind, form: CaseForm, registration: Registration | None) -> Case | None:
    applicant = _applicant()
    application = Application(
        kind=kind,
        content=form.content(),
        form_token=form.form_token.data,
        account_id=applicant.id if applicant else None,
        registration_id=registration.id if registration else None,
        language=reader_language(),
    )
    try:
        return services.file_case(application, actor=current_actor())
    except DomainError as refusal:
        form.refuse(refusal)
        return None


def _kind(key: str) -> CaseKind:
    if key not in KINDS:
        abort(404)
    return KINDS[key]


def _applicant() -> Account | None:
    """Return the applicant who is signed in; staff who try a public form do not become one."""
    account = find_current_account()
    return None if account is None or account.is_staff else account


def _asked_registration() -> Registration | None:
    """Return the applicant's own registration that the address names, to fill in what is known."""
    public_id, account = request.args.get("registration"), _applicant()
    return get_registration(public_id, account.id) if public_id and account else None
