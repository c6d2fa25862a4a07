"""Files for everybody (R008, S012, S013)."""

from __future__ import annotations

from flask import Response, render_template

from app.accounts.policy import open_to_all
from app.core import clock
from app.core.downloads import attachment
from app.core.errors import NotFound
from app.exams.queries import list_rounds
from app.site import brochure_summary, document_pages, queries
from app.site.files import MIMETYPES
from app.site.portal_documents import find_portal_document, register
from app.site.views.room import bp

register(brochure_summary.SUMMARY)


@bp.get("/downloads")
@open_to_all
def downloads() -> str:
    parts = document_pages.by_category(document_pages.document_rows())
    return render_template("site/downloads.html", parts=parts)


@bp.get("/downloads/files/<public_id>")
@open_to_all
def document(public_id: str) -> Response:
    found = queries.get_open_document(public_id, clock.today())
    current = found.current
    return attachment(
        current.content,
        mimetype=MIMETYPES[current.suffix],
        name=f"{found.title}.{current.suffix}",
        plain_name=f"document-{current.number}.{current.suffix}",
    )


@bp.get("/downloads/<name>.<any(pdf, odt):suffix>")
@open_to_all
def portal_document(name: str, suffix: str) -> Response:
    found, rounds = find_portal_document(name, suffix), list_rounds()
    if found is None or not rounds or clock.today() < found.opens_on(rounds[0].exam_year):
        raise NotFound(queries.NO_DOCUMENT)
    content = found.file(rounds[0].exam_year, rounds)
    return attachment(
        content, mimetype=MIMETYPES[suffix], name=f"{found.title}.{suffix}", plain_name=f"{name}.{suffix}"
    )
