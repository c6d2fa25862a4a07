"""The desk for files: published, described anew, replaced, withdrawn (R008, S012)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.permissions import Permission
from app.accounts.policy import permission_required
from app.admin.document_forms import DescribeForm, FileForm, PublishForm
from app.core import clock
from app.core.downloads import attachment
from app.core.roc_dates import format_roc
from app.core.uploads import ROOM_FOR_FIELDS
from app.site import services, words
from app.site.files import LARGEST_BYTES, MIMETYPES, format_size
from app.site.models import PublicDocument
from app.site.queries import get_document, list_all_documents
from app.web import current_actor

bp = Blueprint("documents", __name__, url_prefix="/documents")
publishes = permission_required(Permission.NEWS)


# Before anything reads the body: the files of this desk may be larger than what else is sent to the portal.
@bp.url_value_preprocessor
def admit_large_files(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    request.max_content_length = LARGEST_BYTES + ROOM_FOR_FIELDS


@bp.get("/")
@publishes
def index() -> str:
    return render_template(
        "admin/documents/index.html",
        documents=list_all_documents(),
        categories=words.DOCUMENT_CATEGORIES,
        format_size=format_size,
    )


@bp.route("/new", methods=["GET", "POST"])
@publishes
def new() -> ResponseReturnValue:
    form = PublishForm(opens_on=format_roc(clock.today()), position="10")
    if form.validate_on_submit():
        services.publish_document(form.text(), form.public_file, actor=current_actor())
        flash(_l("檔案已發布。"), "done")
        return redirect(url_for(".index"), 303)
    return render_template("admin/documents/new.html", form=form), form.status_code


@bp.route("/<public_id>", methods=["GET", "POST"])
@publishes
def edit(public_id: str) -> ResponseReturnValue:
    document = get_document(public_id)
    form = DescribeForm(document)
    if form.validate_on_submit():
        services.describe_document(public_id, form.text(), actor=current_actor())
        flash(_l("已儲存。"), "done")
        return redirect(url_for(".index"), 303)
    return _page(document, form, FileForm(formdata=None))


@bp.post("/<public_id>/replace")
@publishes
def replace(public_id: str) -> ResponseReturnValue:
    document = get_document(public_id)
    form = FileForm()
    if form.validate_on_submit():
        services.replace_document(public_id, form.public_file, actor=current_actor())
        flash(_l("已換成新版，網址不變。"), "done")
        return redirect(url_for(".edit", public_id=public_id), 303)
    return _page(document, DescribeForm(document), form)


@bp.get("/<public_id>/file")
@publishes
def file(public_id: str) -> ResponseReturnValue:
    """Hand out the newest version for a look, whether it is published or not."""
    document = get_document(public_id)
    current = document.current
    name = f"{document.title}.{current.suffix}"
    plain_name = f"document.{current.suffix}"
    return attachment(current.content, mimetype=MIMETYPES[current.suffix], name=name, plain_name=plain_name)


@bp.route("/<public_id>/withdraw", methods=["GET", "POST"])
@publishes
def withdraw(public_id: str) -> ResponseReturnValue:
    if request.method == "GET":
        document = get_document(public_id)
        return render_template(
            "admin/documents/withdraw.html", document=document, categories=words.DOCUMENT_CATEGORIES
        )
    services.withdraw_document(public_id, actor=current_actor())
    flash(_l("檔案已撤下。"), "done")
    return redirect(url_for(".index"), 303)


@bp.post("/<public_id>/restore")
@publishes
def restore(public_id: str) -> ResponseReturnValue:
    services.restore_document(public_id, actor=current_actor())
    flash(_l("檔案已重新發布。"), "done")
    return redirect(url_for(".index"), 303)


def _page(document: PublicDocument, form: DescribeForm, file_form: FileForm) -> ResponseReturnValue:
    page = render_template(
        "admin/documents/edit.html",
        document=document,
        form=form,
        file_form=file_form,
        format_size=format_size,
    )
    return page, max(form.status_code, file_form.status_code)
