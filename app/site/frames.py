"""The head and foot of a document that belongs to a year and to no person."""

from __future__ import annotations

from datetime import datetime

from app.core.clock import start_of_day
from app.core.pdf.frame import Frame
from app.exams.models import ExamYear
from app.exams.words import exam_wording


def year_frame(year: ExamYear, title: str, *, version: int = 1, issued_at: datetime | None = None) -> Frame:
    """Return the frame of a year's document, issued with the brochure unless it is said otherwise."""
    contacts = year.facts["contacts"]
    return Frame(
        organiser=year.facts["organiser"]["name"],
        implementer=year.facts["implementer"]["name"],
        exam_title=str(exam_wording(year.title)),
        title=title,
        office_name=year.facts["implementer"]["office"],
        office_address=contacts["address"],
        office_phones=tuple(contacts["phones"]),
        version=version,
        issued_at=issued_at or start_of_day(year.published_from),
    )
