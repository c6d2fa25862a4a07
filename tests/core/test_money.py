import pytest

from app.core.money import format_twd, twd


@pytest.mark.parametrize(
    ("amount", "printed"),
    [(0, "NT$0"), (250, "NT$250"), (999, "NT$999"), (1000, "NT$1,000"), (1234567, "NT$1,234,567")],
)
def test_amounts_are_printed_with_thousands(amount, printed):
    assert format_twd(amount) == printed


@pytest.mark.parametrize("amount", [250.0, "250", True, None])
def test_an_amount_is_a_whole_number(amount):
    with pytest.raises(TypeError, match="whole number"):
        twd(amount)


def test_a_negative_amount_is_an_error_and_not_a_refund():
    with pytest.raises(ValueError, match="negative"):
        format_twd(-1)
