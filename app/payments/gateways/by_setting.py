"""Gateways as the settings describe them: whose keys, and which method is whose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.config import Settings, SettingsError
from app.payments.gateways.bank import BankDirectGateway
from app.payments.gateways.base import Gateway, Method
from app.payments.gateways.ecpay_settings import EcpaySettings, RetiredKey
from app.payments.gateways.virtual_accounts import Taishin


def ecpay_settings(settings: Settings) -> EcpaySettings:
    """Return the shop at ECPay that the settings name; raises SettingsError when they cannot be read."""
    return EcpaySettings(
        merchant_id=settings.ecpay_merchant_id,
        hash_key=settings.ecpay_hash_key,
        hash_iv=settings.ecpay_hash_iv,
        base_url=settings.ecpay_host,
        # ECPay's own hosts come in pairs, payment and vendor; the simulator is one.
        vendor_url=settings.ecpay_vendor_host or settings.ecpay_host.replace("//payment", "//vendor", 1),
        credit_check_code=settings.ecpay_credit_check_code,
        retired_keys=tuple(_retired_key(entry) for entry in settings.ecpay_retired_keys.split(",") if entry),
    )


def methods_by_gateway(text: str, gateways: Mapping[str, Gateway]) -> dict[Method, Gateway]:
    """Return which gateway takes each method.

    :param text: ``atm=ecpay,card=ecpay``: what is not named is not offered; empty: each method is taken by
        the first gateway that has it
    :raises SettingsError: for a method or gateway that there is not, or one that does not go with the other
    """
    if not text:
        every = [(method, gateway) for gateway in gateways.values() for method in gateway.methods]
        return dict(reversed(every))
    chosen: dict[Method, Gateway] = {}
    for entry in text.split(","):
        method, _, name = (part.strip() for part in entry.partition("="))
        gateway = gateways.get(name)
        if gateway is None or method not in gateway.methods:
            offers = "; ".join(f"{each.name}: {', '.join(each.methods)}" for each in gateways.values())
            raise SettingsError(f"PAYMENT_METHODS has {entry!r}; it must be method=gateway of {offers}")
        if method in chosen:
            raise SettingsError(f"PAYMENT_METHODS names {method} twice")
        chosen[Method(method)] = gateway
    return chosen


def bank_gateways(settings: Settings) -> list[Gateway]:
    """Return the bank that issues accounts, if the settings name one.

    :raises SettingsError: when the company's number is not one of this bank's
    """
    if not settings.bank_company:
        return []
    try:
        accounts = Taishin(settings.bank_company)
    except ValueError as error:
        raise SettingsError(f"BANK_COMPANY is {settings.bank_company!r}; it must be 4 or 5 digits") from error
    return [BankDirectGateway("taishin", "812", accounts)]


def _retired_key(entry: str) -> RetiredKey:
    hash_key, _, rest = entry.strip().partition(":")
    hash_iv, _, day = rest.partition(":")
    try:
        last_day = date.fromisoformat(day)
    except ValueError:
        last_day = None
    if not hash_key or not hash_iv or last_day is None:
        raise SettingsError(
            "ECPAY_RETIRED_KEYS must be HashKey:HashIV:last day like 2023-06-30, comma-separated"
        )
    return RetiredKey(hash_key, hash_iv, last_day)
