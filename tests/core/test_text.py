import pytest

from app.core.text import compact, fold_width, strip_invisible


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("ＡＢ１２（ａ）", "AB12(a)"), ("王　明", "王 明"), ("臺北", "臺北"), ("①㈣", "①㈣")],
)
def test_only_the_width_is_folded(typed, folded):
    assert fold_width(typed) == folded


def test_line_breaks_become_spaces_and_invisible_characters_go():
    assert strip_invisible("a\nb\u200bc\ufeff\x00d") == "a bcd"


def test_a_compact_word_has_no_spaces_left():
    assert compact("　９３ / 9\u00a0/ ２\u200b ") == "93/9/2"
