"""The reconciliation desk, second part: files are uploaded or fetched, and what became of their lines."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.policy import current_account
from app.admin.paging import asked_page
from app.admin.queries import reconciliation as desk
from app.admin.queries.refunds import names_of
from app.admin.reconciliation import bp, reconciles
from app.admin.reconciliation_forms import FetchForm, UploadForm
from app.admin.reconciliation_words import COUNT_NAMES, FILE_TAGS
from app.core import clock
from app.core.errors import DomainError
from app.core.uploads import ROOM_FOR_FIELDS
from app.payments.reconciliation import services
from app.payments.reconciliation.queries import get_file
from app.payments.reconciliation.sources import SOURCES
from app.payments.reconciliation.states import FileState
from app.web import current_actor


# Before anything reads the body: these files may be larger than what else is sent to the portal.
@bp.url_value_preprocessor
def admit_large_files(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    request.max_content_length = services.LARGEST_BYTES + ROOM_FOR_FIELDS


@bp.get("/files")
@reconciles
def files() -> str:
    page = asked_page(desk.count_files())
    listed = desk.list_files(page)
    return render_template(
        "admin/reconciliation/files.html",
        files=listed,
        staff=names_of([file.imported_by_id for file in listed]),
        sources=SOURCES,
        file_tags=FILE_TAGS,
        page=page,
        url_of=lambda number: url_for(".files", page=number),
    )


@bp.route("/files/new", methods=["GET", "POST"])
@reconciles
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if form.validate_on_submit():
        try:
            file = services.take_file(
                form.chosen,
                form.file.data.filename or "",
                form.content,
                period=form.period,
                account_id=current_account().id,
                actor=current_actor(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect(url_for(".show_file", public_id=file.public_id), 303)
    return _new_page(form, FetchForm(clock.today(), formdata=None))


@bp.post("/files/fetch")
@reconciles
def fetch() -> ResponseReturnValue:
    form = FetchForm(clock.today())
    if form.validate_on_submit():
        try:
            file = services.fetch_trades(form.period, account_id=current_account().id, actor=current_actor())
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect(url_for(".show_file", public_id=file.public_id), 303)
    return _new_page(UploadForm(formdata=None), form)


@bp.get("/files/<public_id>")
@reconciles
def show_file(public_id: str) -> str:
    file = get_file(public_id)
    return render_template(
        "admin/reconciliation/file.html",
        file=file,
        reading=file.state is FileState.READING,
        counts=[(label, file.counts[key]) for key, label in COUNT_NAMES.items() if file.counts.get(key)],
        imported_by=names_of([file.imported_by_id]).get(file.imported_by_id or 0),
        source=SOURCES[file.source],
        file_tags=FILE_TAGS,
    )


@bp.get("/files/<public_id>/progress")
@reconciles
def file_progress(public_id: str) -> Response:
    """Tell the page how far the reading of a large file is."""
    file = get_file(public_id)
    return jsonify(reading=file.state is FileState.READING, done=file.lines_done, total=file.lines_total)


def _new_page(form: UploadForm, fetching: FetchForm) -> ResponseReturnValue:
    page = render_template("admin/reconciliation/new.html", form=form, fetching=fetching)
    return page, max(form.status_code, fetching.status_code)
