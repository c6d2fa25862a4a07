"""CheckMacValue against every published and recorded value we know."""

import pytest

from app.payments.gateways import check_mac
from tests.payments.vectors import vectors

DIGESTS = [pytest.param(entry, id=entry["id"]) for entry in vectors("ecpay_check_mac_value")]
ENCODINGS = [pytest.param(entry["input"], entry["expected"]) for entry in vectors("ecpay_url_encode")]

KEY, IV = "pwFHCqoQZGmho4w6", "EkRm7iFT261dpevs"


@pytest.mark.parametrize("entry", DIGESTS)
def test_digest_is_the_published_or_recorded_one(entry):
    given, expected = entry["input"], entry["expected"]

    digest = check_mac.check_mac_value(
        given["params"], given["hash_key"], given["hash_iv"], given["method"].lower()
    )

    assert digest == expected["check_mac_value"]
    assert digest not in expected.get("must_not_equal", {})


@pytest.mark.parametrize("entry", DIGESTS)
def test_verify_accepts_the_recorded_digest_and_no_other(entry):
    given, digest = entry["input"], entry["expected"]["check_mac_value"]
    keys = (given["hash_key"], given["hash_iv"], given["method"].lower())

    assert check_mac.verify({**given["params"], "CheckMacValue": digest}, *keys)
    assert not check_mac.verify({**given["params"], "CheckMacValue": digest[:-1] + "x"}, *keys)
    assert not check_mac.verify({**given["params"], "CheckMacValue": digest, "Extra": ""}, *keys)


@pytest.mark.parametrize(("text", "encoded"), ENCODINGS)
def test_url_encoding_is_that_of_the_gateway(text, encoded):
    assert check_mac.ecpay_url_encode(text) == encoded


def test_the_encoded_string_of_the_official_example_is_reproduced():
    given = vectors("ecpay_check_mac_value")[0]["input"]
    pairs = "&".join(f"{name}={given['params'][name]}" for name in sorted(given["params"], key=str.lower))

    encoded = check_mac.ecpay_url_encode(f"HashKey={given['hash_key']}&{pairs}&HashIV={given['hash_iv']}")

    assert encoded == vectors("ecpay_check_mac_value")[0]["expected"]["encoded_string"]


@pytest.mark.parametrize("digest", ["", "檢查碼", "0" * 64])
def test_a_digest_of_any_shape_is_refused_without_an_error(digest):
    assert not check_mac.verify({"MerchantID": "3002607", "CheckMacValue": digest}, KEY, IV)


def test_a_missing_digest_is_refused():
    assert not check_mac.verify({"MerchantID": "3002607"}, KEY, IV)


def test_signed_fields_verify():
    assert check_mac.verify(check_mac.sign({"ItemName": "報名費 ~'!*", "Remark": ""}, KEY, IV), KEY, IV)
