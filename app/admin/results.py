"""The results desk: marks, score sheets, publication, and what goes out to people and to the council."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.permissions import Permission
from app.accounts.policy import fresh_sign_in_required, permission_required
from app.admin import services as looks
from app.admin.chips import Chip
from app.admin.results_forms import MarksForm, RevokeForm, ScoreSheetForm, written_marks
from app.core import clock
from app.core.downloads import attachment
from app.core.errors import InvalidValue, NotFound, Refused
from app.core.messages import Message
from app.core.text import compact
from app.examday.queries import count_undecided
from app.exams.choices import Level
from app.exams.models import Round
from app.exams.queries import get_round, list_rounds
from app.exams.words import LEVEL_NAMES
from app.groups.sheets.packing import unpack
from app.results import pages, queries, services
from app.results.certificate_pdf import build_certificates
from app.results.content import certificate_contents, report_contents
from app.results.exports import FORMATS
from app.results.report_pdf import build_reports
from app.results.rules import check_marks_set
from app.results.score_template import build_score_sheet
from app.results.services.publication import check_can_publish
from app.results.views import base_url
from app.web import current_actor

bp = Blueprint("results", __name__, url_prefix="/results")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PDF = "application/pdf"


@bp.get("/")
@permission_required(Permission.RESULTS)
def index() -> str:
    rounds = list_rounds()
    exam_round = next((each for each in rounds if each.code == request.args.get("round")), None)
    exam_round = exam_round or _latest_round(rounds)
    facts = _round_facts(exam_round) if exam_round else {}
    return render_template(
        "admin/results.html", exam_round=exam_round, rounds=_round_chips(rounds, exam_round), **facts
    )


@bp.route("/<round_code>/marks", methods=["GET", "POST"])
@permission_required(Permission.RESULTS)
def marks(round_code: str) -> Any:
    exam_round = get_round(round_code)
    brochure_total = exam_round.exam_year.facts["exam"]["elementary_pass_total"]
    scheme, marks_set = queries.find_scheme(exam_round.id), queries.marks_of(exam_round.id)
    levels = [Level(level) for level in exam_round.levels]
    form = MarksForm(levels, data=written_marks(scheme, marks_set, brochure_total, clock.today()))
    if form.validate_on_submit():
        services.set_marks(round_code, form.plan, actor=current_actor())
        flash(_("通過標準已設定。"), "success")
        return redirect(url_for(".index", round=round_code), 303)
    page = render_template(
        "admin/results_marks.html",
        exam_round=exam_round,
        form=form,
        levels=[(LEVEL_NAMES[level], form[level.value].form) for level in reversed(levels)],
        published=queries.find_publication(exam_round.id) is not None,
    )
    return page, 422 if form.errors else 200


@bp.get("/<round_code>/scores.xlsx")
@permission_required(Permission.RESULTS)
@fresh_sign_in_required
def score_sheet(round_code: str) -> Response:
    """The sheet of a round, or of one area (?area=)."""
    exam_round, area = get_round(round_code), request.args.get("area") or None
    lines = looks.take_out_score_lines(exam_round, area, actor=current_actor())
    return attachment(
        build_score_sheet(round_code, lines, queries.incidents_of(exam_round)),
        mimetype=_XLSX,
        name=f"{exam_round.name}{area or ''}成績表.xlsx",
        plain_name=f"scores-{round_code}.xlsx",
    )


@bp.route("/<round_code>/import", methods=["GET", "POST"])
@permission_required(Permission.RESULTS)
def import_scores(round_code: str) -> Any:
    exam_round, form = get_round(round_code), ScoreSheetForm()
    if form.validate_on_submit():
        upload = form.sheet.data
        try:
            stored = services.import_scores(
                round_code, upload.filename or "", upload.read(), actor=current_actor()
            )
        except (InvalidValue, Refused) as refusal:
            form.sheet.errors = [refusal.message]
        else:
            return redirect(url_for(".show_import", import_id=stored.public_id), 303)
    page = render_template("admin/results_import.html", exam_round=exam_round, form=form)
    return page, 422 if form.errors else 200


@bp.get("/imports/<import_id>")
@permission_required(Permission.RESULTS)
def show_import(import_id: str) -> str:
    stored = queries.get_score_import(import_id)
    refused = [{**row, "message": unpack(row["message"])} for row in stored.report["refused"]]
    return render_template(
        "admin/results_imported.html",
        exam_round=stored.exam_round,
        stored=stored,
        report=stored.report,
        refused=refused,
        published=queries.find_publication(stored.round_id) is not None,
    )


@bp.route("/<round_code>/publish", methods=["GET", "POST"])
@permission_required(Permission.PUBLISH_RESULTS)
def publish(round_code: str) -> Any:
    """Ask, then publish a round, or publish what has been corrected since."""
    exam_round = get_round(round_code)
    if request.method == "POST":
        counts = services.publish_results(round_code, actor=current_actor())
        flash(
            _(
                "成績已公布：新增 %(new)s 筆，更正 %(corrected)s 筆。",
                new=counts.new,
                corrected=counts.corrected,
            ),
            "success",
        )
        return redirect(url_for(".index", round=round_code), 303)
    decision = check_can_publish(exam_round)
    if not decision:
        flash(_("還不能公布：%(reason)s。", reason=decision.reason), "error")
        return redirect(url_for(".index", round=round_code), 303)
    counts = services.preview(exam_round)
    return render_template(
        "admin/results_publish.html", exam_round=exam_round, counts=counts, outcomes=_outcomes(counts)
    )


@bp.get("/<round_code>/passes.<file_format>")
@permission_required(Permission.RESULTS)
def pass_list(round_code: str, file_format: str) -> Response:
    exam_round = get_round(round_code)
    written = FORMATS.get(file_format)
    if written is None:
        raise NotFound(Message("沒有這種檔案格式，請從成績頁面下載"))
    standings = looks.take_out_results(exam_round, "passes", passed=True, actor=current_actor())
    return attachment(
        written.write(pages.pass_row(each) for each in standings),
        mimetype=written.mimetype,
        name=f"{exam_round.name}合格名單.{file_format}",
        plain_name=f"passes-{round_code}.{file_format}",
    )


@bp.get("/<round_code>/reports.pdf")
@permission_required(Permission.RESULTS)
@fresh_sign_in_required
def reports(round_code: str) -> Any:
    """The score reports of a round or of one area (?area=), to be printed and mailed (R153)."""
    exam_round, area = get_round(round_code), request.args.get("area") or None
    standings = looks.take_out_results(exam_round, "reports", area=area, actor=current_actor())
    if not standings:
        return _nothing_yet(exam_round)
    content = build_reports(report_contents(standings, exam_round, base_url=base_url()))
    return attachment(
        content,
        mimetype=_PDF,
        name=f"{exam_round.name}{area or ''}成績單.pdf",
        plain_name=f"reports-{round_code}.pdf",
    )


@bp.get("/<round_code>/certificates.pdf")
@permission_required(Permission.RESULTS)
@fresh_sign_in_required
def certificates(round_code: str) -> Any:
    """The certificates of a round or of one area (?area=), to be printed and mailed (R171)."""
    exam_round, area = get_round(round_code), request.args.get("area") or None
    passed = looks.take_out_results(exam_round, "certificates", area=area, passed=True, actor=current_actor())
    standings = [each for each in passed if each.certificate is not None]
    if not standings:
        return _nothing_yet(exam_round)
    return attachment(
        build_certificates(certificate_contents(standings, base_url=base_url())),
        mimetype=_PDF,
        name=f"{exam_round.name}{area or ''}合格證書.pdf",
        plain_name=f"certificates-{round_code}.pdf",
    )


@bp.get("/find")
@permission_required(Permission.RESULTS)
def find() -> Any:
    """One candidate's result by ticket number, for who asks by phone (R154); the look is on record."""
    number = compact(request.args.get("number", ""))
    standing = queries.find_standing_by_number(number)
    if standing is None:
        flash(_("沒有准考證號碼 %(number)s 的成績。", number=number[:20] or "–"), "error")
        return redirect(url_for(".index"), 303)
    registration = standing.seat.registration
    looks.look_at_registration(registration.public_id, actor=current_actor())
    standing = queries.find_standing_by_number(number)
    return render_template(
        "admin/results_one.html",
        registration=registration,
        standing=standing,
        result=pages.result_page(standing, registration.exam_round, clock.now()),
        rows=pages.group_rows([standing])[0],
    )


@bp.route("/certificates/<number>/revoke", methods=["GET", "POST"])
@permission_required(Permission.PUBLISH_RESULTS)
def revoke(number: str) -> Any:
    certificate, form = queries.find_certificate(number), RevokeForm()
    if certificate is None:
        raise NotFound(Message("沒有這個證書號碼，請再確認一次"))
    if form.validate_on_submit():
        services.revoke_certificate(number, reason=form.reason.data, actor=current_actor())
        flash(_("證書已撤銷，掃描它的條碼會顯示已經失效。"), "success")
        return redirect(url_for(".index", round=certificate.registration.exam_round.code), 303)
    page = render_template("admin/results_revoke.html", certificate=certificate, form=form)
    return page, 422 if form.errors else 200


def _round_facts(exam_round: Round) -> dict[str, Any]:
    marks_set = queries.marks_of(exam_round.id)
    areas = queries.area_scores(exam_round)
    marked = check_marks_set([Level(level) for level in exam_round.levels], marks_set)
    return {
        "marked": marked,
        "scheme": queries.find_scheme(exam_round.id),
        "areas": areas,
        "seated": sum(area.seated for area in areas),
        "entered": sum(area.entered for area in areas),
        "absent": sum(area.absent for area in areas),
        "passed": sum(area.passed for area in areas),
        "unpublished": queries.count_unpublished(exam_round.id),
        "publication": queries.find_publication(exam_round.id),
        "decision": check_can_publish(exam_round),
        "without_codes": queries.list_scores_without_codes(exam_round.id, clock.now()),
        "undecided": count_undecided(exam_round.id),
    }


def _outcomes(counts: services.PublicationCounts) -> list[tuple[Message, int]]:
    passed = [
        (Message("%(level)s合格", {"level": LEVEL_NAMES[level]}), number)
        for level, number in reversed(counts.passed.items())
    ]
    return [*passed, (Message("未通過"), counts.not_passed), (Message("缺考"), counts.absent)]


def _nothing_yet(exam_round: Round) -> Any:
    flash(_("還沒有可以列印的文件，請先公布成績。"), "error")
    return redirect(url_for(".index", round=exam_round.code), 303)


def _latest_round(rounds: list[Round]) -> Round | None:
    """Return the round that was tested last, else the first."""
    tested = [each for each in rounds if each.test_on <= clock.today()]
    return max(tested, key=lambda each: each.test_on, default=rounds[0] if rounds else None)


def _round_chips(rounds: list[Round], chosen: Round | None) -> list[tuple[Any, list[Chip]]]:
    chips = [
        (each.name, url_for(".index", round=each.code), None, each is chosen)
        for each in rounds
        if each is chosen or each.test_on <= clock.today()
    ]
    return [(_l("梯次"), chips)]
