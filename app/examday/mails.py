"""Letters about tickets that have changed."""

from __future__ import annotations

from app.core.messages import Message
from app.core.roc_dates import format_instant
from app.registration.mails import write_to
from app.registration.models import Registration
from app.tickets.models import Seat


def tell_renewed(registration: Registration, reply: str | None) -> None:
    """Tell that an error on the ticket was put right (R137, Q6)."""
    subject = Message("准考證已換新版：%(round)s", {"round": registration.exam_round.name})
    news = Message("您回報的准考證錯誤已經更正。請重新下載列印准考證，舊的不再有效。")
    write_to(registration, subject, [news, *_word(reply)])


def tell_on_site(registration: Registration, reply: str | None) -> None:
    """Tell that one's own identity data are corrected on the test day (R142, Q6)."""
    subject = Message("請在認證當天更正身分資料：%(round)s", {"round": registration.exam_round.name})
    news = Message("您回報的是報名時填寫的身分資料。請在認證當天帶身分證件正本到試區試務中心，核對後更正。")
    write_to(registration, subject, [news, *_word(reply)])


def tell_not_wrong(registration: Registration, reply: str) -> None:
    """Tell why the ticket stays as it is (R137)."""
    subject = Message("准考證回報的結果：%(round)s", {"round": registration.exam_round.name})
    write_to(registration, subject, [Message("您回報的准考證內容沒有更改，說明如下："), reply])


def tell_resit(seat: Seat) -> None:
    """Tell when and where somebody sits again (R175)."""
    registration, slot = seat.registration, seat.slot
    subject = Message("補考通知：%(round)s", {"round": registration.exam_round.name})
    facts = {
        "entry": format_instant(slot.entry_at),
        "venue": slot.venue.name,
        "address": slot.venue.address,
        "room": seat.room.name,
        "seat": seat.number,
    }
    news = Message("因試場設備或停電，您沒有完整的錄音，總試務中心為您安排補考：")
    place = Message(
        "進場時間：%(entry)s\n試區：%(venue)s（%(address)s）\n試場：%(room)s，座號 %(seat)s", facts
    )
    rest = Message("請重新下載列印准考證，帶著身分證件應試。無法參加請立刻電洽總試務中心。")
    write_to(registration, subject, [news, place, rest])


def _word(reply: str | None) -> list[str]:
    return [reply] if reply else []
