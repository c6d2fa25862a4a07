"""Amounts as a receipt writes them, so that nobody can add a digit."""

import pytest

from app.core.numerals import capital_amount


@pytest.mark.parametrize(
    ("amount_twd", "written"),
    [
        (250, "新臺幣貳佰伍拾元整"),
        (192, "新臺幣壹佰玖拾貳元整"),
        (0, "新臺幣零元整"),
        (10, "新臺幣壹拾元整"),
        (1_005, "新臺幣壹仟零伍元整"),
        (1_050, "新臺幣壹仟零伍拾元整"),
        (9_500, "新臺幣玖仟伍佰元整"),
        (10_000, "新臺幣壹萬元整"),
        (10_250, "新臺幣壹萬零貳佰伍拾元整"),
        (100_500, "新臺幣壹拾萬零伍佰元整"),
        (1_000_000, "新臺幣壹佰萬元整"),
        (20_010_000, "新臺幣貳仟零壹萬元整"),
        (100_000_005, "新臺幣壹億零伍元整"),
    ],
)
def test_an_amount_is_written_in_capitals(amount_twd: int, written: str) -> None:
    assert capital_amount(amount_twd) == written


@pytest.mark.parametrize("amount_twd", [-1, 10**16])
def test_what_is_no_amount_is_refused(amount_twd: int) -> None:
    with pytest.raises(ValueError, match="no amount"):
        capital_amount(amount_twd)
