"""Text that runs over several lines: Chinese line breaking, blocks, and fitting into a box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from app.core.pdf.canvas import INK, draw_text, fitting_size, width
from app.core.pdf.fonts import printable

# 避頭尾: what may not begin a line, and what may not end one.
NOT_AT_START = frozenset("，。、；：？！．·‧・）」』】〉》〕｝］…—～％℃,.;:?!)]}%'\"”’／/")
NOT_AT_END = frozenset("（「『【〈《〔｛［([{“‘＄$#＃")

# Smaller steps than a quarter point are not seen on paper.
_STEP = 0.25


class Drawable(Protocol):
    """What can stand in a column: a paragraph, a table. All lengths in points."""

    def height(self, available: float) -> float:
        """Return the height in a column of this width."""
        ...

    def draw(self, canvas: Canvas, x: float, top: float, available: float) -> float:
        """Draw with the upper edge at `top`; return the lower edge."""
        ...


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: its size, its leading as a multiple of it, and a mark that hangs left of the text.

    :ivar mark: e.g. ``一、``; the text is indented by `mark_width` points, its first line by more when
        the mark is wider
    :ivar justified: whether all lines but the last reach the right edge
    """

    text: str
    size: float
    leading: float = 1.5
    bold: bool = False
    colour: Color = INK
    mark: str = ""
    mark_width: float = 0
    justified: bool = False

    def lines(self, available: float) -> tuple[str, ...]:
        """Return the lines of the block in a column of this width, in points."""
        rest = available - self.mark_width
        return wrap(self.text, self.size, rest, first_line=available - self._indent(0))

    def height(self, available: float) -> float:
        """Return the height of the block in a column of this width, in points."""
        return len(self.lines(available)) * self.size * self.leading

    def draw(self, canvas: Canvas, x: float, top: float, available: float) -> float:
        """Draw the block with its upper edge at `top`; return its lower edge."""
        lines = self.lines(available)
        pitch = self.size * self.leading
        # The glyphs stand in the middle of their line: 0.88 em above the baseline, 0.12 em below.
        y = top - (pitch - self.size) / 2 - 0.88 * self.size
        if self.mark:
            draw_text(canvas, x, y, self.mark, self.size, bold=self.bold, colour=self.colour)
        for number, line in enumerate(lines):
            indent = self._indent(number)
            last = number == len(lines) - 1
            tracking = 0.0 if last or not self.justified else self._slack(line, available - indent)
            draw_text(
                canvas,
                x + indent,
                y,
                line,
                self.size,
                bold=self.bold,
                colour=self.colour,
                tracking=tracking,
            )
            y -= pitch
        return top - len(lines) * pitch

    def _indent(self, line_number: int) -> float:
        if line_number or not self.mark:
            return self.mark_width
        return max(self.mark_width, width(self.mark, self.size))

    def _slack(self, line: str, available: float) -> float:
        left_over = available - width(line, self.size)
        return left_over / (len(line) - 1) if len(line) > 1 else 0.0


@lru_cache(maxsize=2048)
def wrap(text: str, size: float, available: float, *, first_line: float | None = None) -> tuple[str, ...]:
    """Return the text in lines no wider than `available` points, the first no wider than `first_line`.

    Lines break between Chinese characters and at spaces; words and numbers stay whole unless one
    alone is too wide; closing punctuation never begins a line, an opening bracket never ends one.
    """
    lines: list[str] = []
    line = ""
    limit = available if first_line is None else first_line
    for piece in _unbreakable(printable(text)):
        if width((line + piece).rstrip(), size) <= limit:
            line += piece
            continue
        if line:
            lines.append(line.rstrip())
            limit = available
        *full, line = _cut(piece, size, limit)
        if full:
            lines.extend(full)
            limit = available
    return (*lines, line.rstrip())


def fit(
    text: str, size: float, available: float, height: float, *, leading: float = 1.2, smallest: float = 5
) -> tuple[float, tuple[str, ...]]:
    """Return the largest size, at most `size`, at which the text fits the box, and its lines.

    One line is preferred over two for as long as it need not shrink below two thirds of `size`.

    :raises ValueError: if it does not fit even at `smallest`
    """
    on_one_line = fitting_size(text, size, available, smallest=0)
    if on_one_line >= max(smallest, size * 2 / 3) and on_one_line * leading <= height:
        return on_one_line, (printable(text),)
    candidate = size
    while candidate >= smallest:
        lines = wrap(text, candidate, available)
        if len(lines) * candidate * leading <= height:
            return candidate, lines
        candidate -= _STEP
    raise ValueError(f"{len(text)} characters do not fit a box of {available:.0f} × {height:.0f} points")


def stack_height(items: Sequence[Drawable], available: float, gap: float = 0) -> float:
    """Return the height of items one above the other, `gap` points between them."""
    return sum(item.height(available) for item in items) + gap * max(len(items) - 1, 0)


def draw_stack(
    canvas: Canvas, items: Sequence[Drawable], x: float, top: float, available: float, gap: float = 0
) -> float:
    """Draw items one above the other from `top` down; return the lower edge of the last."""
    y = top
    for number, item in enumerate(items):
        y = item.draw(canvas, x, y - (gap if number else 0), available)
    return y


def _unbreakable(text: str) -> list[str]:
    """Return the pieces between which a line may break."""
    pieces: list[str] = []
    for index, char in enumerate(text):
        if index and not _may_break(text, index):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _may_break(text: str, index: int) -> bool:
    before, after = text[index - 1], text[index]
    if after == " " or after in NOT_AT_START or before in NOT_AT_END:
        return False
    if before == " ":
        # "10 分鐘" stays together: a number does not leave its unit behind.
        return not (index > 1 and text[index - 2].isdigit() and not _is_latin(after))
    return not (_is_latin(before) and _is_latin(after))


def _is_latin(char: str) -> bool:
    return char < "\u2e80" and char not in " —…‧·"


def _cut(piece: str, size: float, available: float) -> list[str]:
    """Cut a piece that is wider than a line wherever the line is full."""
    parts = [""]
    for char in piece:
        if parts[-1] and width(parts[-1] + char, size) > available:
            parts.append("")
        parts[-1] += char
    return parts
