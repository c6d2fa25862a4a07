"""The payment companies this portal works with, one object each, bound when the app is created."""

from __future__ import annotations

from flask import Flask, current_app

from app.config import Mode, Settings, SettingsError
from app.core.errors import NotFound
from app.core.messages import Message
from app.payments.gateways.base import Gateway, Method
from app.payments.gateways.ecpay import EcpayGateway, EcpaySettings


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
    app.extensions["gateways"] = {ecpay.name: ecpay}


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
