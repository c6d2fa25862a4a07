"""The payment companies this portal works with, one object each, bound when the app is created."""

from __future__ import annotations

from flask import Flask, current_app

from app.config import Mode, Settings, SettingsError
from app.core.errors import NotFound
from app.core.messages import Message
from app.payments.gateways.bank import BankDirectGateway
from app.payments.gateways.base import Gateway, Method
from app.payments.gateways.ecpay import EcpayGateway, EcpaySettings
from app.payments.gateways.virtual_accounts import Taishin


def bind_gateways(app: Flask, settings: Settings) -> None:
    """Create the gateways that the settings name.

    :raises SettingsError: in production, for a shop whose keys are public
    """
    shop = EcpaySettings(
        merchant_id=settings.ecpay_merchant_id,
        hash_key=settings.ecpay_hash_key,
        hash_iv=settings.ecpay_hash_iv,
        base_url=settings.ecpay_host,
    )
    if settings.mode == Mode.PRODUCTION and shop.has_public_keys:
        raise SettingsError("ECPAY_MERCHANT_ID is ECPay's test merchant; production needs the shop's own")
    ecpay = EcpayGateway(shop)
    # Who is named first takes the methods that two of them offer: a bank of one's own, the accounts.
    app.extensions["gateways"] = {each.name: each for each in (*bank_gateways(settings), ecpay)}


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


def gateway_named(name: str) -> Gateway:
    """Return a gateway by the name that stands in addresses and rows; raises NotFound."""
    try:
        return _bound()[name]
    except KeyError:
        raise NotFound(Message("找不到這個頁面")) from None


def gateway_for(method: Method) -> Gateway | None:
    """Return the gateway that offers a method; None where no company is bound for it."""
    return next((gateway for gateway in _bound().values() if method in gateway.methods), None)


def _bound() -> dict[str, Gateway]:
    gateways: dict[str, Gateway] = current_app.extensions["gateways"]
    return gateways
