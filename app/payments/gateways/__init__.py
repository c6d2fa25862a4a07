"""The payment companies this portal works with, one object each, bound when the app is created."""

from __future__ import annotations

from flask import Flask, current_app

from app.config import Mode, Settings, SettingsError
from app.core.errors import NotFound
from app.core.messages import Message
from app.payments.gateways.base import Gateway, Method, NotifyingGateway
from app.payments.gateways.by_setting import bank_gateways, ecpay_settings, methods_by_gateway
from app.payments.gateways.ecpay import EcpayGateway
from app.payments.gateways.line_pay import LinePayGateway
from app.payments.gateways.line_pay_wire import LinePaySettings


def bind_gateways(app: Flask, settings: Settings) -> None:
    """Create the gateways that the settings name; without a channel there is no LINE Pay.

    :raises SettingsError: in production, for a shop whose keys are public; for what cannot be read
    """
    shop = ecpay_settings(settings)
    if settings.mode == Mode.PRODUCTION and shop.has_public_keys:
        raise SettingsError(
            "ECPAY_MERCHANT_ID, ECPAY_HASH_KEY or ECPAY_RETIRED_KEYS are those of ECPay's test merchant; "
            "production needs the shop's own"
        )
    ecpay = EcpayGateway(shop)
    # Who is named first takes the methods that two of them offer: a bank of one's own, the accounts.
    bound: dict[str, Gateway] = {each.name: each for each in (*bank_gateways(settings), ecpay)}
    if settings.line_pay_channel_id:
        line_pay = _line_pay(settings)
        bound[line_pay.name] = line_pay
    app.extensions["gateways"] = bound
    app.extensions["payment_methods"] = methods_by_gateway(settings.payment_methods, bound)


def _line_pay(settings: Settings) -> LinePayGateway:
    channel = LinePaySettings(
        channel_id=settings.line_pay_channel_id,
        channel_secret=settings.line_pay_channel_secret,
        base_url=settings.line_pay_host,
        version=settings.line_pay_version,
    )
    if settings.mode == Mode.PRODUCTION and channel.is_simulated:
        raise SettingsError("LINE_PAY_CHANNEL_ID is the simulator's; production needs the shop's own")
    return LinePayGateway(channel)


def gateway_named(name: str) -> Gateway:
    """Return a gateway by the name that stands in addresses and rows; raises NotFound."""
    gateway = find_gateway(name)
    if gateway is None:
        raise NotFound(Message("找不到這個頁面"))
    return gateway


def find_gateway(name: str) -> Gateway | None:
    """Return the same; None where it is not bound (any more)."""
    return _bound().get(name)


def notifying_gateway(name: str) -> NotifyingGateway:
    """Return a gateway that reports by itself; raises NotFound where there is none of this name."""
    gateway = gateway_named(name)
    if not isinstance(gateway, NotifyingGateway):
        raise NotFound(Message("找不到這個頁面"))
    return gateway


def gateway_for(method: Method) -> Gateway | None:
    """Return the gateway that takes a method; None where no company is bound for it."""
    methods: dict[Method, Gateway] = current_app.extensions["payment_methods"]
    return methods.get(method)


def _bound() -> dict[str, Gateway]:
    gateways: dict[str, Gateway] = current_app.extensions["gateways"]
    return gateways
