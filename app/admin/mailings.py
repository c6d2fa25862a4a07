"""The mailings desk: who waits for what, batches, labels and lists for the post office."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound as NoSuchPage

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin.chips import Chip
from app.admin.mailings_forms import EVERY_AREA, BatchForm, PostForm
from app.admin.mailings_looks import look_at_batch, take_out_parcels
from app.admin.paging import SIZE, asked_page
from app.core import clock
from app.core.downloads import attachment
from app.core.errors import InvalidValue, Refused
from app.core.identity import mask_name
from app.exams.models import Round
from app.exams.queries import get_round, list_rounds
from app.mailings import papers, queries, services, waiting
from app.mailings.kinds import KINDS, WAY_NAMES, MailingKind, Way
from app.mailings.labels_pdf import build_labels
from app.mailings.models import MailingBatch
from app.mailings.posting_list import build_posting_list, build_posting_sheet
from app.web import current_actor

bp = Blueprint("mailings", __name__, url_prefix="/mailings")
mails = permission_required(Permission.MAILINGS)
_PDF = "application/pdf"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@mails
def index() -> str:
    rounds = [each for each in list_rounds() if each.registration_opens_on <= clock.today()]
    exam_round = next((each for each in rounds if each.code == request.args.get("round")), None)
    exam_round = exam_round or _nearest(rounds, clock.today())
    if exam_round is None:
        return render_template("admin/mailings/index.html", exam_round=None, chips=[], resends=0)
    page = asked_page(queries.count_batches(exam_round.id))
    counts = queries.count_kinds(exam_round)
    return render_template(
        "admin/mailings/index.html",
        exam_round=exam_round,
        chips=_round_chips(rounds, exam_round),
        kinds=[
            (kind, KINDS[kind], WAY_NAMES[KINDS[kind].way], queries.first_day(exam_round, kind), counts[kind])
            for kind in MailingKind
        ],
        batches=queries.list_batches(exam_round.id, offset=page.offset, limit=SIZE),
        kind_names={kind: facts.name for kind, facts in KINDS.items()},
        page=page,
        url_of=lambda number: url_for(".index", round=exam_round.code, page=number),
        resends=queries.count_open_resends(),
        total=sum(each.waiting for each in counts.values()),
    )


@bp.route("/<round_code>/<kind>/new", methods=["GET", "POST"])
@mails
def make(round_code: str, kind: str) -> ResponseReturnValue:
    exam_round, mailing_kind = get_round(round_code), _kind(kind)
    by_area = waiting.count_waiting(exam_round)[mailing_kind]
    form = BatchForm(_area_choices(exam_round, by_area))
    if not by_area:
        flash(_("沒有等候寄發的考生，不用做這一批。"), "error")
        return redirect(url_for(".index", round=round_code), 303)
    if form.validate_on_submit():
        try:
            batch = services.make_batch(round_code, mailing_kind, form.chosen_area, actor=current_actor())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("已做好一批，名單和地址從現在起固定。"), "success")
            return redirect(url_for(".show", public_id=batch.public_id), 303)
    page = render_template(
        "admin/mailings/make.html",
        exam_round=exam_round,
        kind=KINDS[mailing_kind],
        form=form,
        total=sum(by_area.values()),
    )
    return page, form.status_code


@bp.get("/batches/<public_id>")
@mails
def show(public_id: str) -> str:
    batch = look_at_batch(public_id, actor=current_actor())
    line = queries.count_batch(batch)
    page = asked_page(line.parcels)
    return render_template(
        "admin/mailings/batch.html",
        batch=batch,
        line=line,
        kind=KINDS[batch.kind],
        way=WAY_NAMES[KINDS[batch.kind].way],
        first_day=queries.first_day(batch.exam_round, batch.kind),
        parcels=queries.list_parcels(batch, offset=page.offset, limit=SIZE),
        dropped=_dropped_codes(batch),
        mask_name=mask_name,
        page=page,
        url_of=lambda number: url_for(".show", public_id=public_id, page=number),
    )


@bp.route("/batches/<public_id>/post", methods=["GET", "POST"])
@mails
def post(public_id: str) -> ResponseReturnValue:
    """Ask on which day, then mark a batch as posted and tell whom it is for."""
    batch = queries.get_batch(public_id)
    registered = KINDS[batch.kind].way == Way.REGISTERED
    form = PostForm(registered=registered, today=clock.today())
    if form.validate_on_submit():
        try:
            services.post_batch(
                public_id, posted_on=form.posted_on.value, first_number=form.number, actor=current_actor()
            )
        except (Refused, InvalidValue) as refusal:
            form.refuse(refusal)
        else:
            flash(_("已登錄寄出，收件的考生和團報負責人會收到通知。"), "success")
            return redirect(url_for(".show", public_id=public_id), 303)
    page = render_template(
        "admin/mailings/post.html",
        batch=batch,
        line=queries.count_batch(batch),
        kind=KINDS[batch.kind],
        way=WAY_NAMES[KINDS[batch.kind].way],
        first_day=queries.first_day(batch.exam_round, batch.kind),
        dropped=_dropped_codes(batch),
        form=form,
    )
    return page, form.status_code


@bp.route("/batches/<public_id>/dissolve", methods=["GET", "POST"])
@mails
def dissolve(public_id: str) -> ResponseReturnValue:
    batch = queries.get_batch(public_id)
    if request.method == "POST":
        code = batch.exam_round.code
        services.dissolve_batch(public_id, actor=current_actor())
        flash(_("這一批已經拆掉，裡面的考生重新等候寄發。"), "success")
        return redirect(url_for(".index", round=code), 303)
    return render_template(
        "admin/mailings/dissolve.html",
        batch=batch,
        line=queries.count_batch(batch),
        kind=KINDS[batch.kind],
    )


@bp.get("/batches/<public_id>/labels.pdf")
@mails
def labels(public_id: str) -> Response:
    """The address labels of a batch, on sheets of 2 × 8."""
    batch = queries.get_batch(public_id)
    rows = papers.parcel_rows(take_out_parcels(batch, "labels", actor=current_actor()))
    frame = papers.posting_frame(batch)
    content = build_labels(rows, title=str(_("地址標籤")), author=frame.implementer)
    name = _("地址標籤-%(code)s.pdf", code=batch.id)
    return attachment(content, mimetype=_PDF, name=name, plain_name=f"labels-{batch.id}.pdf")


@bp.get("/batches/<public_id>/list.xlsx")
@mails
def sheet(public_id: str) -> Response:
    batch = queries.get_batch(public_id)
    rows = papers.parcel_rows(take_out_parcels(batch, "sheet", actor=current_actor()))
    name = _("郵寄清單-%(code)s.xlsx", code=batch.id)
    return attachment(
        build_posting_sheet(rows), mimetype=_XLSX, name=name, plain_name=f"mailing-{batch.id}.xlsx"
    )


@bp.get("/batches/<public_id>/list.pdf")
@mails
def posting_list(public_id: str) -> Response:
    """The list that the post office stamps."""
    batch = queries.get_batch(public_id)
    rows = papers.parcel_rows(take_out_parcels(batch, "posting_list", actor=current_actor()))
    content = build_posting_list(papers.posting_frame(batch), rows, sender=papers.sender(batch))
    name = _("交寄清單-%(code)s.pdf", code=batch.id)
    return attachment(content, mimetype=_PDF, name=name, plain_name=f"posting-{batch.id}.pdf")


def _kind(text: str) -> MailingKind:
    if text not in set(MailingKind):
        raise NoSuchPage
    return MailingKind(text)


def _area_choices(exam_round: Round, by_area: dict[str, int]) -> list[tuple[str, Any]]:
    total = sum(by_area.values())
    every = (EVERY_AREA, _("全部考區（%(count)s 份）", count=total))
    areas = dict.fromkeys(offering.area for offering in exam_round.offerings)
    return [
        every,
        *(
            (area, _("%(area)s（%(count)s 份）", area=area, count=by_area[area]))
            for area in areas
            if by_area.get(area)
        ),
    ]


def _dropped_codes(batch: MailingBatch) -> list[str]:
    """Return the labels of what must be taken out of a batch that is not posted yet."""
    if batch.posted_on is not None:
        return []
    return list(dict.fromkeys(item.parcel.code for item in waiting.list_dropped(batch)))


def _nearest(rounds: list[Round], today: date) -> Round | None:
    """Return the round with a mailing that begins nearest to today."""

    def distance(exam_round: Round) -> int:
        return min(abs((queries.first_day(exam_round, kind) - today).days) for kind in MailingKind)

    return min(rounds, key=distance, default=None)


def _round_chips(rounds: list[Round], chosen: Round) -> list[tuple[Any, list[Chip]]]:
    chips = [(each.name, url_for(".index", round=each.code), None, each is chosen) for each in rounds]
    return [(_l("梯次"), chips)]
