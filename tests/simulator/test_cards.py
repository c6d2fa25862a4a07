"""Cards after their authorisation: which act gives money back when, tried on the simulator over HTTP."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
import requests

from app.core import clock
from app.core.clock import TAIPEI
from app.core.errors import GatewayError
from app.payments.gateways.base import GatewayBusy, Method, PaidTrade, Refunds
from app.payments.gateways.ecpay import STAGE, EcpayGateway
from app.payments.gateways.ecpay_cards import CardAction, CardStatus, CardTrade, actions_for
from tests.simulator.conftest import MORNING

EVENING = datetime(2023, 5, 1, 21, 0, tzinfo=TAIPEI)
NEXT_DAY = datetime(2023, 5, 2, 10, 0, tzinfo=TAIPEI)


@pytest.fixture
def paid(simulator_url, gateway, a_charge) -> PaidTrade:
    """A card payment of 250 dollars, made in the morning, as its notice tells of it."""
    charge = replace(a_charge, method=Method.CARD)
    requests.post(gateway.start(charge).action_url, data=gateway.start(charge).fields, timeout=10)
    requests.post(f"{simulator_url}/simulator/trades/{charge.trade_number}/pay", json={}, timeout=20)
    status = gateway.query(charge.trade_number, MORNING)
    return PaidTrade(
        charge.trade_number, status.gateway_trade_number, status.authorisation_number, 250, MORNING
    )


@pytest.fixture
def fail(simulator_url) -> Callable[..., None]:
    def fail(at: str, kind: str, **more: object) -> None:
        body = {"at": at, "kind": kind, **more}
        assert requests.post(f"{simulator_url}/simulator/faults", json=body, timeout=10).ok

    yield fail
    requests.delete(f"{simulator_url}/simulator/faults", timeout=10)


def standing(status: str, amount_twd: int = 250, refunded_twd: int = 0) -> CardTrade:
    return CardTrade(CardStatus[status], amount_twd, refunded_twd)


@pytest.mark.parametrize(
    ("card", "amount_twd", "actions"),
    [
        (standing("AUTHORISED"), 250, "N"),
        (standing("AUTHORISED"), 192, "CR"),
        (standing("TO_BE_CAPTURED"), 250, "EN"),
        (standing("TO_BE_CAPTURED"), 192, "R"),
        (standing("CAPTURED"), 250, "R"),
        (standing("CAPTURED"), 192, "R"),
        (standing("CAPTURED", refunded_twd=192), 58, "R"),
        (standing("CAPTURED", refunded_twd=192), 59, ""),
        (standing("TO_BE_CAPTURED", refunded_twd=100), 150, "R"),
        (standing("RELEASED", refunded_twd=250), 250, ""),
    ],
)
def test_the_state_decides_what_gives_money_back(card, amount_twd, actions):
    assert actions_for(card, amount_twd) == tuple(CardAction(each) for each in actions)


def test_the_gateway_is_one_that_gives_money_back(gateway):
    assert isinstance(gateway, Refunds)


@pytest.mark.parametrize(
    "now", [MORNING, EVENING, NEXT_DAY], ids=["authorised", "to be captured", "captured"]
)
@pytest.mark.parametrize("amount_twd", [250, 192])
def test_a_refund_goes_through_in_every_state(gateway, paid, now, amount_twd):
    clock.set_demo_time(now)
    assert gateway.refunded_twd(paid, now) == 0

    answer = gateway.refund(paid, amount_twd, now)

    assert answer.done
    assert gateway.refunded_twd(paid, now) == amount_twd


def test_parts_may_follow_each_other_up_to_the_whole(gateway, paid):
    clock.set_demo_time(NEXT_DAY)

    assert gateway.refund(paid, 192, NEXT_DAY).done
    too_much = gateway.refund(paid, 59, NEXT_DAY)
    assert (too_much.done, too_much.result_code) == (False, "captured")
    assert gateway.refund(paid, 58, NEXT_DAY).done
    assert gateway.refunded_twd(paid, NEXT_DAY) == 250


def test_a_released_authorisation_has_no_more_to_give(gateway, paid):
    assert gateway.refund(paid, 250, MORNING).done

    again = gateway.refund(paid, 250, MORNING)

    assert (again.done, again.result_code) == (False, "released")


@pytest.mark.parametrize(
    ("at", "busy"),
    [("20:13:59", False), ("20:14:00", True), ("20:15:00", True), ("20:30:59", True), ("20:31:00", False)],
)
def test_nothing_is_asked_while_the_day_is_captured(gateway, paid, at, busy):
    now = datetime.fromisoformat(f"2023-05-01T{at}").replace(tzinfo=TAIPEI)
    clock.set_demo_time(now)

    if busy:
        with pytest.raises(GatewayBusy):
            gateway.refund(paid, 250, now)
        assert gateway.refunded_twd(paid, now) == 0
    else:
        assert gateway.refund(paid, 250, now).done


def test_case_23_a_refund_whose_answer_is_lost_was_done_all_the_same(gateway, paid, fail):
    clock.set_demo_time(NEXT_DAY)
    fail("refund", "lost")

    with pytest.raises(GatewayError, match="502"):
        gateway.refund(paid, 192, NEXT_DAY)

    assert gateway.refunded_twd(paid, NEXT_DAY) == 192


def test_case_23_of_two_acts_the_second_is_made_up_for_when_asked_again(gateway, paid, fail):
    fail("refund", "lost")  # the capture is done, the refund after it never tried
    with pytest.raises(GatewayError):
        gateway.refund(paid, 192, MORNING)
    assert gateway.refunded_twd(paid, MORNING) == 0

    assert gateway.refund(paid, 192, MORNING).done
    assert gateway.refunded_twd(paid, MORNING) == 192


def test_the_number_of_the_authorisation_is_asked_for_when_nobody_told_it(gateway, paid):
    clock.set_demo_time(NEXT_DAY)

    assert gateway.refund(replace(paid, authorisation_number=""), 250, NEXT_DAY).done


@pytest.mark.parametrize(
    "change", [{"authorisation_number": "99999999"}, {"amount_twd": 249}], ids=["unknown", "another amount"]
)
def test_a_card_that_ecpay_does_not_know_is_an_unknown_outcome(gateway, paid, change):
    with pytest.raises(GatewayError, match="no such authorisation"):
        gateway.refund(replace(paid, **change), 249, MORNING)


def test_the_shops_own_code_is_asked_for(simulator_url, paid):
    stranger = EcpayGateway(replace(STAGE, base_url=simulator_url, credit_check_code="123"))

    with pytest.raises(GatewayError, match="error_Stop"):
        stranger.refunded_twd(paid, MORNING)


@pytest.mark.parametrize("kind", ["html", "empty", "500"])
@pytest.mark.parametrize("at", ["card", "refund"])
def test_case_21_whatever_is_no_answer_leaves_the_outcome_unknown(gateway, paid, fail, at, kind):
    fail(at, kind)

    with pytest.raises(GatewayError):
        gateway.refund(paid, 250, MORNING)

    assert gateway.refund(paid, 250, MORNING).done
