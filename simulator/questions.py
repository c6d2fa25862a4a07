"""What every question of a merchant has to have: our one merchant's number and a right digest."""

from __future__ import annotations

from flask import Response, request

from app.payments.gateways import check_mac
from app.payments.gateways.base import MalformedNotice
from app.payments.gateways.form_body import parse_form_body
from simulator.desk import current_desk


class QuestionRefused(Exception):
    """The question is not signed, not ours or not of this moment; it gets an unsigned answer."""


def genuine_question() -> dict[str, str]:
    """Return the fields of the request; raises QuestionRefused."""
    merchant = current_desk().merchant
    try:
        fields = dict(parse_form_body(request.get_data()))
    except MalformedNotice as error:
        raise QuestionRefused("Parameter Error") from error
    if fields.get("MerchantID") != merchant.merchant_id:
        raise QuestionRefused("MerchantID Error")
    if not check_mac.verify(fields, merchant.hash_key, merchant.hash_iv):
        raise QuestionRefused("CheckMacValue Error")
    return fields


def refuse_question(error: QuestionRefused) -> Response:
    return Response(f"0|{error}", mimetype="text/plain")
