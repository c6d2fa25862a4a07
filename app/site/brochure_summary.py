"""簡章重點: the year on two pages, from the same data as the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.messages import N_, Listing, Message
from app.core.money import format_twd
from app.core.pdf.canvas import INDIGO, open_pdf
from app.core.pdf.flow import Block, Drawable, draw_stack, stack_height
from app.core.pdf.frame import CONTENT_BOTTOM, CONTENT_TOP, CONTENT_WIDTH, LEFT, Frame, draw_frame
from app.core.pdf.table import Table
from app.core.roc_dates import format_roc
from app.exams.date_changes import list_date_changes
from app.exams.models import ExamYear, Round
from app.exams.words import TRACK_NAMES, level_words
from app.site.comparison import compare
from app.site.frames import year_frame
from app.site.models import DocumentCategory
from app.site.portal_documents import PortalDocument

_GAP = 8


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs or a table under it; finished text."""

    title: str
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    shares: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class SummaryContent:
    frame: Frame
    sections: tuple[Section, ...]


def summary_content(year: ExamYear, rounds: Sequence[Round]) -> SummaryContent:
    """Return what the summary says of a year; `rounds` are all of it, in the brochure's order.

    Each time that dates are moved it is a version more.
    """
    moves = sorted({change.changed_at for change in list_date_changes()})
    return SummaryContent(
        year_frame(year, str(_TITLE), version=1 + len(moves), issued_at=moves[-1] if moves else None),
        (_introduction(year), _comparison(rounds), _form(year), _money(year, rounds), _dates(rounds)),
    )


def build_summary(content: SummaryContent) -> bytes:
    """Return the summary as a PDF; a section that does not fit goes to the next page whole."""
    pages = _pages([_drawables(section) for section in content.sections])
    title = f"{content.frame.exam_title} {content.frame.title}"
    with open_pdf(title=title, author=content.frame.implementer, created_at=content.frame.issued_at) as pdf:
        for number, page in enumerate(pages, start=1):
            draw_frame(pdf.canvas, content.frame, page=number, pages=len(pages))
            draw_stack(pdf.canvas, page, LEFT, CONTENT_TOP - 6, CONTENT_WIDTH, _GAP)
            pdf.canvas.showPage()
    return pdf.content


def _pages(sections: Sequence[Sequence[Drawable]]) -> list[list[Drawable]]:
    pages: list[list[Drawable]] = [[]]
    for section in sections:
        height = stack_height([*pages[-1], *section], CONTENT_WIDTH, _GAP)
        if pages[-1] and height > CONTENT_TOP - 6 - CONTENT_BOTTOM:
            pages.append([])
        pages[-1].extend(section)
    return pages


def _drawables(section: Section) -> list[Drawable]:
    items: list[Drawable] = [Block(section.title, 12, bold=True, colour=INDIGO)]
    items += [Block(line, 10) for line in section.lines]
    if section.rows:
        items.append(Table(section.head, section.rows, section.shares, size=8.5))
    return items


def _introduction(year: ExamYear) -> Section:
    contacts = year.facts["contacts"]
    facts = {
        "year": year.roc_year,
        "url": contacts["registration_site"],
        "mailbox": contacts["mailbox"],
    }
    lines = (
        Message("這份重點由報名系統依 %(year)s 年度的資料製成，方便查閱；正式規定以簡章與公告為準。", facts),
        Message("不限國籍、族群、性別、年齡、職業，都可以報名。報名網址：%(url)s", facts),
        Message("紙本申請以掛號寄到：%(mailbox)s 收，郵戳為憑。", facts),
    )
    return Section(str(Message("先看這裡")), lines=tuple(map(str, lines)))


def _comparison(rounds: Sequence[Round]) -> Section:
    rows = tuple(
        (str(line.title), "\n".join(map(str, line.national)), "\n".join(map(str, line.multi)))
        for line in compare(rounds)
    )
    head = (str(Message("項目")), *(str(name) for name in TRACK_NAMES.values()))
    return Section(str(Message("全國認證與多梯次認證")), head=head, rows=rows, shares=(0.18, 0.42, 0.40))


def _form(year: ExamYear) -> Section:
    exam = year.facts["exam"]
    head = (str(Message("測驗類型")), str(Message("時間")), str(Message("題型")))
    minutes = N_("%(minutes)s 分鐘")
    rows = tuple(
        (part["part"], str(Message(minutes, {"minutes": part["minutes"]})), str(Listing(part["items"])))
        for part in exam["parts"]
    )
    facts = {"test": exam["test_minutes"], "session": exam["session_minutes"], "full": exam["full_score"],
             "pass": exam["elementary_pass_total"]}  # fmt: skip
    line = Message(
        "測驗 %(test)s 分鐘，連同進場、檢測設備與問卷約 %(session)s 分鐘。滿分 %(full)s 分；"
        "初級各項達到通過門檻且總分 %(pass)s 分以上為合格。",
        facts,
    )
    return Section(str(Message("測驗方式")), lines=(str(line),), head=head, rows=rows, shares=(0.2, 0.2, 0.6))


def _money(year: ExamYear, rounds: Sequence[Round]) -> Section:
    first = rounds[0]
    values = {
        "fee": format_twd(first.fee_twd),
        "age": first.free_up_to_age,
        "deduction": format_twd(year.facts["refund"]["deduction"]),
    }
    lines = (
        Message("報名費 %(fee)s，%(age)s 歲以下免繳，依出生日期計算。", values),
        Message(
            "因認證延期或天然災害無法參加，全額退費；其他無法歸責於考生的原因，"
            "扣除 %(deduction)s 後退費。退費申請以掛號寄出，一律用郵政匯票退還。",
            values,
        ),
    )
    return Section(str(Message("報名費與退費")), lines=tuple(map(str, lines)))


def _dates(rounds: Sequence[Round]) -> Section:
    head = tuple(
        str(each)
        for each in (
            Message("梯次"),
            Message("級別與考區"),
            Message("報名"),
            Message("認證"),
            Message("准考證"),
            Message("成績"),
            Message("複查"),
            Message("證書"),
        )
    )
    return Section(
        str(Message("各梯次日程")),
        head=head,
        rows=tuple(map(_date_row, rounds)),
        shares=(0.16, 0.14, 0.13, 0.115, 0.115, 0.115, 0.115, 0.11),
    )


def _date_row(each: Round) -> tuple[str, ...]:
    areas = [offering.area for offering in each.offerings]
    area = areas[0] if len(areas) == 1 else str(Message("%(count)s 個縣市", {"count": len(areas)}))
    return (
        each.name,
        f"{level_words(each.levels)}\n{area}",
        f"{format_roc(each.registration_opens_on)}\n{format_roc(each.registration_closes_on)}",
        format_roc(each.test_on),
        format_roc(each.ticket_from),
        format_roc(each.score_from),
        f"{format_roc(each.recheck_from)}\n{format_roc(each.recheck_until)}",
        format_roc(each.certificate_from),
    )


_TITLE = Message("簡章重點")
SUMMARY = PortalDocument(
    name="brochure-summary",
    suffix="pdf",
    category=DocumentCategory.BROCHURE,
    title=_TITLE,
    note=Message("日期、考區、費用與方式，兩頁"),
    content=summary_content,
    draw=build_summary,
)
