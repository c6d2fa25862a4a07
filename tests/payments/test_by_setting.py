"""Gateways as the settings describe them."""

from datetime import date

import pytest

from app.config import Settings, SettingsError
from app.payments.gateways.base import Method
from app.payments.gateways.by_setting import ecpay_settings, methods_by_gateway
from app.payments.gateways.ecpay import STAGE, EcpayGateway, RetiredKey

ECPAY = EcpayGateway(STAGE)


def shop(**variables: str):
    return ecpay_settings(Settings.from_environment(variables))


def test_retired_keys_are_read_with_their_last_day():
    keys = shop(ECPAY_RETIRED_KEYS="key1:iv1:2023-06-30, key2:iv2:2023-07-31").retired_keys

    assert keys == (
        RetiredKey("key1", "iv1", date(2023, 6, 30)),
        RetiredKey("key2", "iv2", date(2023, 7, 31)),
    )
    assert shop().retired_keys == ()


@pytest.mark.parametrize(
    "text", ["key1:iv1", "key1:iv1:30/06/2023", ":iv1:2023-06-30", "key1::2023-06-30", "x"]
)
def test_retired_keys_that_cannot_be_read_are_refused_by_name(text):
    with pytest.raises(SettingsError, match="ECPAY_RETIRED_KEYS"):
        shop(ECPAY_RETIRED_KEYS=text)


@pytest.mark.parametrize(
    ("variables", "vendor"),
    [
        ({"ECPAY_HOST": "https://payment.ecpay.com.tw"}, "https://vendor.ecpay.com.tw"),
        ({"ECPAY_HOST": "https://payment-stage.ecpay.com.tw"}, "https://vendor-stage.ecpay.com.tw"),
        ({"ECPAY_HOST": "http://127.0.0.1:8001"}, "http://127.0.0.1:8001"),
        ({"ECPAY_VENDOR_HOST": "https://files.example"}, "https://files.example"),
    ],
)
def test_the_files_host_follows_the_gateways(variables, vendor):
    assert shop(**variables).vendor_url == vendor


@pytest.mark.requirement("S019")
def test_each_method_is_taken_by_the_first_gateway_that_has_it_or_by_the_one_that_is_named():
    other = EcpayGateway(STAGE)
    other.name = "other"
    gateways = {"ecpay": ECPAY, "other": other}

    assert set(methods_by_gateway("", gateways).values()) == {ECPAY}
    assert methods_by_gateway("card=other, atm=ecpay", gateways) == {Method.CARD: other, Method.ATM: ECPAY}


@pytest.mark.parametrize(
    "text", ["card=paypal", "gold=ecpay", "line_pay=ecpay", "card", "card=ecpay,card=ecpay"]
)
def test_methods_that_do_not_go_together_with_a_gateway_are_refused_by_name(text):
    with pytest.raises(SettingsError, match="PAYMENT_METHODS"):
        methods_by_gateway(text, {"ecpay": ECPAY})
