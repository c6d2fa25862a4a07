"""How a sheet is filled in and imported (匯入說明, R228), on paper; pure drawing of finished text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.pdf.canvas import INDIGO, open_pdf
from app.core.pdf.flow import Block, draw_stack
from app.core.pdf.frame import CONTENT_BOTTOM, CONTENT_TOP, CONTENT_WIDTH, LEFT, Frame, draw_frame

_GAP, _SIZE = 3, 9.5


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideContent:
    """:ivar sections: a heading, the points that marks or names take, and the paragraphs behind them"""

    frame: Frame
    sections: Sequence[tuple[str, float, Sequence[tuple[str, str]]]]


def build_guide(content: GuideContent) -> bytes:
    """Return the guide as a PDF of as many pages as it takes."""
    pages = _in_pages(_blocks(content))
    frame = content.frame
    with open_pdf(title=frame.title, author=frame.office_name, created_at=frame.issued_at) as pdf:
        for number, blocks in enumerate(pages, start=1):
            draw_frame(pdf.canvas, frame, page=number, pages=len(pages))
            draw_stack(pdf.canvas, blocks, LEFT, CONTENT_TOP, CONTENT_WIDTH, gap=_GAP)
            pdf.canvas.showPage()
    return pdf.content


def _blocks(content: GuideContent) -> list[Block]:
    blocks = []
    for heading, mark_width, paragraphs in content.sections:
        blocks.append(Block(heading, 13, leading=2, bold=True, colour=INDIGO))
        blocks += [Block(text, _SIZE, mark=name, mark_width=mark_width) for name, text in paragraphs]
    return blocks


def _in_pages(blocks: Sequence[Block]) -> list[list[Block]]:
    pages: list[list[Block]] = [[]]
    room = CONTENT_TOP - CONTENT_BOTTOM - 20
    left = room
    for block in blocks:
        needed = block.height(CONTENT_WIDTH) + _GAP
        # A heading does not stand alone at the foot of a page.
        if needed + (30 if block.bold else 0) > left and pages[-1]:
            pages.append([])
            left = room
        pages[-1].append(block)
        left -= needed
    return pages
