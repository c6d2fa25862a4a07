"""The payment companies this portal works with, one object each, bound when the app is created."""

from __future__ import annotations

from flask import Flask, current_app

from app.config import Mode, Settings, SettingsError
from app.core.errors import NotFound
from app.core.messages import Message
from app.payments.gateways.base import Gateway, Method
from app.payments.gateways.by_setting import ecpay_settings, methods_by_gateway
from app.payments.gateways.ecpay import EcpayGateway


def bind_gateways(app: Flask, settings: Settings) -> None:
    """Create the gateways that the settings name.

    :raises SettingsError: in production, for a shop whose keys are public; for what cannot be read
    """
    shop = ecpay_settings(settings)
    if settings.mode == Mode.PRODUCTION and shop.has_public_keys:
        raise SettingsError(
            "ECPAY_MERCHANT_ID, ECPAY_HASH_KEY or ECPAY_RETIRED_KEYS are those of ECPay's test merchant; "
            "production needs the shop's own"
        )
    ecpay = EcpayGateway(shop)
    app.extensions["gateways"] = {ecpay.name: ecpay}
    app.extensions["payment_methods"] = methods_by_gateway(
        settings.payment_methods, app.extensions["gateways"]
    )


def gateway_named(name: str) -> Gateway:
    """Return a gateway by the name that stands in addresses and rows; raises NotFound."""
    try:
        return _bound()[name]
    except KeyError:
        raise NotFound(Message("找不到這個頁面")) from None


def gateway_for(method: Method) -> Gateway | None:
    """Return the gateway that takes a method; None where no company is bound for it."""
    methods: dict[Method, Gateway] = current_app.extensions["payment_methods"]
    return methods.get(method)


def _bound() -> dict[str, Gateway]:
    gateways: dict[str, Gateway] = current_app.extensions["gateways"]
    return gateways
