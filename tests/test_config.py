"""Settings: production refuses what is unsafe, demo refuses what is real."""

from __future__ import annotations

import pytest
from flask import Flask

from app.config import Settings, SettingsError, new_keys
from app.payments.gateways import bind_gateways
from app.payments.gateways.line_pay_wire import SIMULATED

PRODUCTION = {
    "PORTAL_MODE": "production",
    "PORTAL_BASE_URL": "https://exam.example.tw",
    "MAIL_URL": "smtp://mail.example.tw:587",
    "ECPAY_HOST": "https://payment.ecpay.com.tw",
    "ECPAY_MERCHANT_ID": "1234567",
    "ECPAY_HASH_KEY": "a-key-of-our-own",
    "ECPAY_HASH_IV": "an-iv-of-our-own",
    **new_keys(),
}
LINE_PAY = {
    "LINE_PAY_HOST": "https://api-pay.line.me",
    "LINE_PAY_CHANNEL_ID": "165",
    "LINE_PAY_CHANNEL_SECRET": "a-secret-of-our-own",
}
DEMO = {"PORTAL_MODE": "demo", **new_keys()}


def test_complete_production_settings_are_accepted() -> None:
    Settings.from_environment(PRODUCTION).check()
    Settings.from_environment(PRODUCTION | LINE_PAY | {"LINE_PAY_VERSION": "v4"}).check()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"FIELD_KEYS": ""}, "FIELD_KEYS"),
        ({"INDEX_KEY": ""}, "INDEX_KEY"),
        ({"SIGNING_KEYS": ""}, "SIGNING_KEYS"),
        ({"PORTAL_BASE_URL": "http://exam.example.tw"}, "PORTAL_BASE_URL"),
        ({"MAIL_URL": ""}, "MAIL_URL"),
        ({"ECPAY_HOST": "https://payment-stage.ecpay.com.tw"}, "ECPAY_HOST"),
        ({"ECPAY_HOST": "http://127.0.0.1:8001"}, "ECPAY_HOST"),
        ({"ECPAY_HASH_KEY": "pwFHCqoQZGmho4w6"}, "ECPAY_"),
        ({"PORTAL_MODE": "staging"}, "PORTAL_MODE"),
        ({"FACEBOOK_GRAPH_URL": "http://graph.facebook.com/v23.0"}, "FACEBOOK_GRAPH_URL"),
        ({"GOOGLE_ISSUER": "http://127.0.0.1:8001/openid/google"}, "GOOGLE_ISSUER"),
        ({"CAPTCHA": "yes"}, "CAPTCHA"),
        ({"CAPTCHA": "hcaptcha"}, "HCAPTCHA_SITE_KEY"),
        ({"LINE_PAY_CHANNEL_ID": "165"}, "LINE_PAY_CHANNEL_SECRET"),
        (LINE_PAY | {"LINE_PAY_HOST": "https://sandbox-api-pay.line.me"}, "LINE_PAY_HOST"),
        (LINE_PAY | {"LINE_PAY_HOST": "http://127.0.0.1:8001"}, "LINE_PAY_HOST"),
        (LINE_PAY | {"LINE_PAY_HOST": "http://api-pay.line.me"}, "LINE_PAY_HOST"),
        ({"LINE_PAY_VERSION": "v5"}, "LINE_PAY_VERSION"),
        ({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES"),
    ],
)
def test_unsafe_production_settings_are_refused_by_name(change: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        Settings.from_environment(PRODUCTION | change).check()


@pytest.mark.parametrize(
    ("environment", "kind"),
    [(PRODUCTION, "image"), (DEMO, "off"), (DEMO | {"CAPTCHA": "image"}, "image")],
)
def test_the_captcha_is_on_in_production_and_off_in_the_demo_unless_set(
    environment: dict[str, str], kind: str
) -> None:
    assert Settings.from_environment(environment).captcha_kind == kind


@pytest.mark.parametrize(
    "change",
    [
        {"ECPAY_HOST": "https://payment.ecpay.com.tw"},
        LINE_PAY,
        {"MAIL_URL": "smtp://mail.example.tw:587"},
        {"PORTAL_BASE_URL": "https://exam.example.tw"},
    ],
)
def test_demo_mode_refuses_to_start_with_production_settings(change: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="demo mode"):
        Settings.from_environment(DEMO | change).check()


@pytest.mark.parametrize("keys", ["", "1", "0:" + "A" * 44, "300:" + "A" * 44, "1:not-base64", "1:c2hvcnQ="])
def test_malformed_keys_are_refused_by_name(keys: str) -> None:
    with pytest.raises(SettingsError, match="FIELD_KEYS"):
        Settings.from_environment({**DEMO, "FIELD_KEYS": keys or ","}).keyring()


def test_production_answers_to_its_own_names_only_and_one_machine_to_any() -> None:
    callback = {"PORTAL_CALLBACK_URL": "https://pay.example.tw:8443"}

    own = Settings.from_environment(PRODUCTION).flask_config()
    both = Settings.from_environment(PRODUCTION | callback).flask_config()
    demo = Settings.from_environment(DEMO).flask_config()

    assert own["TRUSTED_HOSTS"] == ["exam.example.tw"]
    assert both["TRUSTED_HOSTS"] == ["exam.example.tw", "pay.example.tw"]
    assert demo["TRUSTED_HOSTS"] is None


def test_production_does_not_take_money_with_keys_that_everybody_knows() -> None:
    settings = Settings.from_environment(PRODUCTION | {"ECPAY_MERCHANT_ID": "2000132"})

    with pytest.raises(SettingsError, match="ECPAY_MERCHANT_ID"):
        bind_gateways(Flask("portal"), settings)


def test_production_does_not_take_money_through_the_simulators_channel() -> None:
    simulated = {"LINE_PAY_CHANNEL_ID": SIMULATED.channel_id}
    settings = Settings.from_environment(PRODUCTION | LINE_PAY | simulated)

    with pytest.raises(SettingsError, match="LINE_PAY_CHANNEL_ID"):
        bind_gateways(Flask("portal"), settings)


def test_without_a_channel_there_is_no_line_pay() -> None:
    bare, whole = Flask("portal"), Flask("portal")

    bind_gateways(bare, Settings.from_environment(PRODUCTION))
    bind_gateways(whole, Settings.from_environment(PRODUCTION | LINE_PAY))

    assert set(bare.extensions["gateways"]) == {"ecpay"}
    assert set(whole.extensions["gateways"]) == {"ecpay", "line_pay"}
