"""From parcels to the finished text of labels, lists and sheets, and the frame of the list."""

from __future__ import annotations

from collections.abc import Iterable

from app.core import clock
from app.core.messages import Listing, Message
from app.core.pdf.frame import Frame
from app.exams.queries import site_facts
from app.mailings.kinds import KINDS, WAY_NAMES, Way
from app.mailings.models import MailingBatch, MailingParcel
from app.mailings.parcel_row import ParcelRow

_POSTING_TITLES = {
    Way.ORDINARY: Message("交寄郵件清單"),
    Way.PROMPT: Message("限時專送郵件清單"),
    Way.REGISTERED: Message("掛號函件存根"),
}


def parcel_rows(parcels: Iterable[MailingParcel]) -> list[ParcelRow]:
    """Return one row per parcel, in their order."""
    return [_row(parcel) for parcel in parcels]


def _row(parcel: MailingParcel) -> ParcelRow:
    kind = KINDS[parcel.batch.kind]
    values = {"kind": kind.name, "count": len(parcel.items)}
    return ParcelRow(
        position=parcel.position,
        code=parcel.code,
        zip_code=parcel.zip_code,
        address=f"{parcel.place}{parcel.street}",
        organisation=parcel.organisation or "",
        recipient=parcel.recipient,
        contents=str(Message("%(kind)s %(count)s 份", values)),
        way=str(WAY_NAMES[kind.way]),
        registered_number=parcel.registered_number or "",
        names=str(Listing(item.registration.chinese_name for item in parcel.items)),
    )


def posting_frame(batch: MailingBatch) -> Frame:
    """Return head and foot of the list that goes with a batch to the post office."""
    facts, kind = site_facts(), KINDS[batch.kind]
    title = _POSTING_TITLES[kind.way]
    return Frame(
        organiser=facts["organiser"],
        implementer=facts["implementer"],
        exam_title=facts["exam_title"],
        title=str(title),
        office_name=facts["office"],
        office_address=facts["address"],
        office_phones=tuple(facts["phones"]),
        version=1,
        issued_at=clock.now(),
    )


def sender(batch: MailingBatch) -> str:
    """Return who sends a batch, where answers go to, and what it is, for the top of its list (R004)."""
    facts = site_facts()
    values = {
        "mailbox": facts["mailbox"],
        "kind": KINDS[batch.kind].name,
        "round": batch.exam_round.name,
    }
    return str(Message("%(mailbox)s　%(round)s%(kind)s", values))
