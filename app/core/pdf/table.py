"""A table whose cells wrap, to stand in a column of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from app.core.pdf.canvas import INDIGO, INK, WASH, draw_line, fill_box
from app.core.pdf.flow import Block, draw_stack, stack_height

_PAD = 4.0


@dataclass(frozen=True, slots=True)
class Table:
    """A head on a tint and rows between hairlines; a line break in a cell begins a new line.

    :ivar shares: the columns' widths as shares of the whole, which sum up to 1
    :ivar size: of the text, in points
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[float]
    size: float = 9

    def height(self, available: float) -> float:
        """Return the height of the table in a column of this width, in points."""
        return sum(self._row_height(row, available) for row in (self.head, *self.rows))

    def draw(self, canvas: Canvas, x: float, top: float, available: float) -> float:
        """Draw the table with its upper edge at `top`; return its lower edge."""
        y = top
        for row in (self.head, *self.rows):
            height = self._row_height(row, available)
            if row is self.head:
                fill_box(canvas, x, y - height, available, height, WASH)
            left = x
            for text, share in zip(row, self.shares, strict=True):
                lines = self._lines(text, head=row is self.head)
                draw_stack(canvas, lines, left + _PAD, y - _PAD, share * available - 2 * _PAD)
                left += share * available
            y -= height
            draw_line(canvas, x, y, x + available, y)
        return y

    def _lines(self, text: str, *, head: bool) -> list[Block]:
        colour = INDIGO if head else INK
        return [Block(line, self.size, 1.4, bold=head, colour=colour) for line in text.split("\n")]

    def _row_height(self, row: Sequence[str], available: float) -> float:
        cells = zip(row, self.shares, strict=True)
        return 2 * _PAD + max(
            stack_height(self._lines(text, head=row is self.head), share * available - 2 * _PAD)
            for text, share in cells
        )
