import pytest

from app.accounts.emails import parse_email
from app.core.errors import InvalidValue


@pytest.mark.parametrize(
    ("typed", "address", "key"),
    [
        ("mei.hua@example.tw", "mei.hua@example.tw", "mei.hua@example.tw"),
        ("  Mei.Hua@Example.TW ", "Mei.Hua@example.tw", "mei.hua@example.tw"),
        ("mei.hua＠example.tw", "mei.hua@example.tw", "mei.hua@example.tw"),
        ("mei.hua@example.tw\u200b", "mei.hua@example.tw", "mei.hua@example.tw"),
        ("\u3000mei.hua@example.tw", "mei.hua@example.tw", "mei.hua@example.tw"),
        ("mei@客家.tw", "mei@xn--ubtsb.tw", "mei@xn--ubtsb.tw"),
    ],
)
def test_an_address_keeps_its_spelling_and_has_one_form_to_compare(typed, address, key):
    found = parse_email(typed)

    assert (found.address, found.key) == (address, key)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "mei.hua",
        "mei.hua@",
        "@example.tw",
        "mei hua@example.tw",
        "mei@hua@example.tw",
        "mei@example",
        "ADM\u0131N@example.tw",  # a dotless i, whose capital is an ordinary I
        "美華@example.tw",
        "mei@example.tw\r\nBcc: all@example.tw",
        "m" * 64 + "@" + "e" * 60 + "." + "x" * 60 + "." + "y" * 60 + "." + "z" * 20 + ".tw",
    ],
)
def test_what_mail_cannot_be_sent_to_is_refused(typed):
    with pytest.raises(InvalidValue) as refusal:
        parse_email(typed)

    assert refusal.value.field == "email"
    assert "name@example.com" in str(refusal.value)
