"""The lower half of the ticket, the same for every candidate: the notes and the exam-room rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from app.core.messages import N_, Message
from app.core.pdf.canvas import (
    INDIGO,
    INK,
    INK_SOFT,
    LINE,
    WASH,
    draw_line,
    draw_text,
    fill_box,
    fitting_size,
)
from app.core.pdf.flow import Block, Drawable, draw_stack, stack_height
from app.core.pdf.frame import CONTENT_BOTTOM, CONTENT_TOP, CONTENT_WIDTH, LEFT
from app.core.pdf.labels import bilingual, in_language
from app.core.translation import translate_for
from app.tickets.ticket_texts import DeviceDeduction, RoomRule

# Kept free in the lower right corner for the code and its line.
QR_SIDE = 60
QR_CAPTION_HEIGHT = 16

_GUTTER = 16
_COLUMN = (CONTENT_WIDTH - _GUTTER) / 2
_HEADING_SIZE = 10
_NOTE_SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)
_RULE_SIZES = (7.5, 7.25, 7.0, 6.75, 6.5, 6.25, 6.0, 5.75, 5.5)
_PAGE_SIZE = 9
_DEVICE_RULE = "R184"


@dataclass(frozen=True, slots=True)
class Panel:
    """The texts of the lower half; two tickets with equal panels share one drawing."""

    notes: tuple[str, ...]
    room_rules: tuple[RoomRule, ...]
    device_deductions: tuple[DeviceDeduction, ...]
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class _DeviceTable:
    """Points off for a device, by its state and where it lies (R184)."""

    deductions: tuple[DeviceDeduction, ...]
    size: float
    language: str

    _columns = (0.4, 0.3, 0.3)
    _head = (N_("情形"), N_("座位（含考生身上）"), N_("教室指定位置"))

    def height(self, available: float) -> float:  # noqa: ARG002  a table is as high in any column
        return (len(self.deductions) + 1) * self._row + 4

    def draw(self, canvas: Canvas, x: float, top: float, available: float) -> float:
        y = top - 2
        fill_box(canvas, x, y - self._row, available, self._row, WASH)
        rows = [
            self._head,
            *(
                (row.state, _points(row.on_seat_or_body), _points(row.at_designated_place))
                for row in self.deductions
            ),
        ]
        for row in rows:
            left = x
            for share, said in zip(self._columns, row, strict=True):
                text = str(translate_for(self.language, Message(said) if isinstance(said, str) else said))
                colour = INK_SOFT if row is self._head else INK
                size = fitting_size(text, self.size, share * available - 5, smallest=4)
                draw_text(canvas, left + 3, y - self._row + 0.42 * self.size, text, size, colour=colour)
                left += share * available
            y -= self._row
            draw_line(canvas, x, y, x + available, y, colour=LINE, weight=0.4)
        return y - 2

    @property
    def _row(self) -> float:
        return self.size * 1.55


def draw_panel(canvas: Canvas, panel: Panel, top: float) -> None:
    """Draw notes and rules from `top` down to the foot of the page, leaving the corner for the code free.

    :raises ValueError: if the texts are too long for one page even in the smallest print
    """
    for note_size in _NOTE_SIZES:
        notes = _notes(panel, note_size)
        notes_height = 20 + stack_height(notes, CONTENT_WIDTH, 1)
        rules_top = top - notes_height - 14
        columns = _fit_rules(panel, rules_top - 18 - CONTENT_BOTTOM)
        if columns is not None:
            _draw_heading(canvas, bilingual(panel.language, N_("考生注意事項")), top)
            draw_stack(canvas, notes, LEFT, top - 20, CONTENT_WIDTH, 1)
            _draw_heading(canvas, bilingual(panel.language, N_("試場規則")), rules_top)
            for number, column in enumerate(columns):
                left = LEFT + number * (_COLUMN + _GUTTER)
                draw_stack(canvas, column, left, rules_top - 18, _COLUMN, 1)
            return
    raise ValueError("notes and exam-room rules are too long for one page")


def draw_rules_page(canvas: Canvas, panel: Panel) -> None:
    """Draw notes and rules over a whole page: in English they are too long for half of one."""
    items: list[Drawable] = [
        Block(bilingual(panel.language, N_("考生注意事項")), 12, bold=True, colour=INDIGO),
        *_notes(panel, _PAGE_SIZE),
        Block(bilingual(panel.language, N_("試場規則")), 12, leading=2.2, bold=True, colour=INDIGO),
        *_rules(panel, _PAGE_SIZE),
    ]
    draw_stack(canvas, items, LEFT, CONTENT_TOP, CONTENT_WIDTH, 2.5)


def _draw_heading(canvas: Canvas, text: str, top: float) -> None:
    draw_text(canvas, LEFT, top - _HEADING_SIZE, text, _HEADING_SIZE, bold=True, colour=INDIGO)


def _notes(panel: Panel, size: float) -> list[Block]:
    return [
        Block(in_language(panel.language, note), size, mark=f"{number}.", mark_width=1.5 * size)
        for number, note in enumerate(panel.notes, start=1)
    ]


def _fit_rules(panel: Panel, available: float) -> tuple[list[Drawable], list[Drawable]] | None:
    """Return the two columns in the largest print that fits, None when none does."""
    for size in _RULE_SIZES:
        items = _rules(panel, size)
        heights = [_column_heights(items, split) for split in range(len(items) + 1)]
        split = min(range(len(heights)), key=lambda index: max(heights[index]))
        if max(heights[split]) <= available:
            return items[:split], items[split:]
    return None


def _column_heights(items: Sequence[Drawable], split: int) -> tuple[float, float]:
    left = stack_height(items[:split], _COLUMN, 1)
    right = stack_height(items[split:], _COLUMN, 1)
    return left, right + QR_SIDE + QR_CAPTION_HEIGHT + QR_SIDE / 10


def _rules(panel: Panel, size: float) -> list[Drawable]:
    items: list[Drawable] = []
    for rule in panel.room_rules:
        mark = in_language(panel.language, N_("%(number)s、"), number=rule.number)
        text = in_language(panel.language, rule.text)
        # Letters drawn apart to reach the edge read badly, Chinese characters do not.
        justified = panel.language != "en"
        items.append(Block(text, size, leading=1.4, mark=mark, mark_width=2 * size, justified=justified))
        if rule.requirement == _DEVICE_RULE:
            items.append(_DeviceTable(panel.device_deductions, size, panel.language))
    return items


def _points(deduction: int) -> Message:
    if deduction:
        return Message("扣認證成績 %(points)s 分", {"points": deduction})
    return Message("無違反試場規則")
