"""Settings: production refuses what is unsafe, demo refuses what is real."""

from __future__ import annotations

import pytest

from app.config import Settings, SettingsError, new_keys

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
DEMO = {"PORTAL_MODE": "demo", **new_keys()}


def test_complete_production_settings_are_accepted() -> None:
    Settings.from_environment(PRODUCTION).check()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"FIELD_KEYS": ""}, "FIELD_KEYS"),
        ({"INDEX_KEY": ""}, "INDEX_KEY"),
        ({"PORTAL_BASE_URL": "http://exam.example.tw"}, "PORTAL_BASE_URL"),
        ({"MAIL_URL": ""}, "MAIL_URL"),
        ({"ECPAY_HOST": "https://payment-stage.ecpay.com.tw"}, "ECPAY_HOST"),
        ({"ECPAY_HOST": "http://127.0.0.1:8001"}, "ECPAY_HOST"),
        ({"ECPAY_HASH_KEY": "pwFHCqoQZGmho4w6"}, "ECPAY_"),
        ({"PORTAL_MODE": "staging"}, "PORTAL_MODE"),
    ],
)
def test_unsafe_production_settings_are_refused_by_name(change: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        Settings.from_environment(PRODUCTION | change).check()


@pytest.mark.parametrize(
    "change",
    [
        {"ECPAY_HOST": "https://payment.ecpay.com.tw"},
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
