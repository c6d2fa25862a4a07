"""Files for everybody: published, described anew, replaced, withdrawn (R008, S012)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from app.core import audit, clock
from app.core.actors import Actor
from app.core.db import transaction
from app.site import queries
from app.site.files import PublicFile
from app.site.models import DocumentCategory, PublicDocument, PublicDocumentVersion


@dataclass(frozen=True, slots=True)
class DocumentText:
    """What is said about a file; the fields are those of `PublicDocument`."""

    category: DocumentCategory
    title: str
    opens_on: date
    position: int
    title_en: str | None = None
    note: str | None = None


def publish_document(text: DocumentText, file: PublicFile, *, actor: Actor) -> PublicDocument:
    """Publish a file; it can be downloaded from its day on."""
    with transaction() as session:
        document = PublicDocument(**asdict(text))
        document.versions.append(_version(file, 1))
        session.add(document)
        session.flush()
        audit.record("documents.publish", document, actor, title=text.title, size=len(file.content))
    return document


def describe_document(public_id: str, text: DocumentText, *, actor: Actor) -> PublicDocument:
    """Say something else about a file; raises NotFound."""
    with transaction():
        document = queries.get_document(public_id, lock=True)
        before = {name: getattr(document, name) for name in asdict(text)}
        changes = {
            name: [str(before[name]), str(new)] for name, new in asdict(text).items() if before[name] != new
        }
        for name, new in asdict(text).items():
            setattr(document, name, new)
        if changes:
            audit.record("documents.describe", document, actor, changes=changes)
    return document


def replace_document(public_id: str, file: PublicFile, *, actor: Actor) -> PublicDocument:
    """Publish a new version of a file at the same address; the versions before are kept. Raises NotFound."""
    with transaction():
        document = queries.get_document(public_id, lock=True)
        number = document.current.number + 1
        document.versions.append(_version(file, number))
        audit.record("documents.replace", document, actor, version=number, size=len(file.content))
    return document


def withdraw_document(public_id: str, *, actor: Actor) -> PublicDocument:
    """Take a file from the downloads page; doing it twice changes nothing. Raises NotFound."""
    with transaction():
        document = queries.get_document(public_id, lock=True)
        if document.withdrawn_at is None:
            document.withdrawn_at = clock.now()
            audit.record("documents.withdraw", document, actor)
    return document


def restore_document(public_id: str, *, actor: Actor) -> PublicDocument:
    """Put a withdrawn file back on the downloads page; doing it twice changes nothing. Raises NotFound."""
    with transaction():
        document = queries.get_document(public_id, lock=True)
        if document.withdrawn_at is not None:
            document.withdrawn_at = None
            audit.record("documents.restore", document, actor)
    return document


def _version(file: PublicFile, number: int) -> PublicDocumentVersion:
    return PublicDocumentVersion(
        number=number,
        suffix=file.suffix,
        size_bytes=len(file.content),
        content=file.content,
        uploaded_at=clock.now(),
    )
