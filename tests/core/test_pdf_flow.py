"""Lines and boxes: where Chinese text may break, and how it shrinks to fit."""

from __future__ import annotations

import pytest

from app.core.pdf.canvas import fitting_size, width
from app.core.pdf.flow import NOT_AT_END, NOT_AT_START, Block, fit, wrap

EM = 10.0


@pytest.mark.parametrize(
    ("text", "ems", "lines"),
    [
        ("考生請按照准考證入座", 5, ("考生請按照", "准考證入座")),
        ("考生請入座，檢查號碼", 5, ("考生請入", "座，檢查號", "碼")),
        ("請查「座號」是否相同", 3, ("請查", "「座", "號」是", "否相同")),
        ("入場後 10 分鐘內", 4, ("入場後", "10 分鐘", "內")),
        ("Hakka Affairs Council", 7, ("Hakka Affairs", "Council")),
        ("Antidisestablishmentarianism", 6, ("Antidisestab", "lishmentaria", "nism")),
        ("", 5, ("",)),
    ],
)
def test_lines_break_as_a_printer_would(text: str, ems: int, lines: tuple[str, ...]) -> None:
    assert wrap(text, EM, ems * EM) == lines


def test_no_line_begins_with_closing_or_ends_with_opening_punctuation() -> None:
    text = "入場鈴（鐘）聲響後，未進場者，視同放棄；「客語能力認證委員會」依情節（輕重）審議、處分。" * 3

    for ems in range(4, 30):
        lines = wrap(text, EM, ems * EM)
        assert not [line for line in lines if line[0] in NOT_AT_START or line[-1] in NOT_AT_END]
        assert max(width(line, EM) for line in lines) <= ems * EM


def test_the_first_line_may_be_shorter() -> None:
    assert wrap("考生請按照准考證入座", EM, 5 * EM, first_line=3 * EM) == ("考生請", "按照准考證", "入座")


def test_a_wide_mark_shortens_the_first_line_only() -> None:
    block = Block("考生請按照准考證入座", EM, mark="十三、", mark_width=2 * EM)

    assert block.lines(6 * EM) == ("考生請", "按照准考", "證入座")


@pytest.mark.parametrize(
    ("text", "size", "line_count"),
    [("黃小明", 20, 1), ("黃" * 12, 200 / 12, 1), ("黃" * 40, 10, 2), ("黃" * 60, 10, 3)],
)
def test_text_shrinks_or_wraps_into_its_box(text: str, size: float, line_count: int) -> None:
    fitted, lines = fit(text, 20, 200, 36)

    assert fitted == pytest.approx(size)
    assert len(lines) == line_count
    assert "".join(lines) == text


def test_text_that_cannot_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="500 characters"):
        fit("黃" * 500, 20, 200, 36)


@pytest.mark.parametrize(("available", "size"), [(30, 10), (29.9, 9.967), (15, 5), (1, 5)])
def test_one_line_shrinks_to_the_width_but_not_below_the_smallest(available: float, size: float) -> None:
    assert fitting_size("黃小明", 10, available) == pytest.approx(size, abs=0.001)
