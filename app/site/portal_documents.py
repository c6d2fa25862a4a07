"""Documents that the portal draws itself from the year: forms, samples, the year in short.

A room above registers its own when the app is made; the downloads page lists all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from app.core.messages import Message
from app.exams.models import ExamYear, Round
from app.site.models import DocumentCategory


# Compared by identity: the file of the same document is kept by its content.
@dataclass(frozen=True, slots=True, eq=False)
class PortalDocument:
    """:ivar name: in the address, e.g. ``refund-form``
    :ivar suffix: ``pdf`` or ``odt``
    :ivar content: gives what stands in it as one value that can be compared
    :ivar draw: gives the file of such a value
    """

    name: str
    suffix: str
    category: DocumentCategory
    title: Message
    note: Message
    content: Callable[[ExamYear, Sequence[Round]], Hashable]
    draw: Callable[[Any], bytes]

    def file(self, year: ExamYear, rounds: Sequence[Round]) -> bytes:
        """Return the file for a year; drawn again only when something in it has changed."""
        return _drawn(self, self.content(year, rounds))

    def opens_on(self, year: ExamYear) -> date:
        """Return the day from which it can be downloaded: when the brochure came out (R008)."""
        return year.published_from


_documents: dict[tuple[str, str], PortalDocument] = {}


def register(*documents: PortalDocument) -> None:
    """Add documents to the downloads page, in the order of registration; twice is the same as once."""
    _documents.update({(each.name, each.suffix): each for each in documents})


def portal_documents() -> list[PortalDocument]:
    return list(_documents.values())


def find_portal_document(name: str, suffix: str) -> PortalDocument | None:
    return _documents.get((name, suffix))


@lru_cache(maxsize=64)
def _drawn(document: PortalDocument, content: Any) -> bytes:
    return document.draw(content)
