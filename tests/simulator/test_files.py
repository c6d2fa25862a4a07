"""The reconciliation file, fetched by the portal's client from the simulator over HTTP."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
import requests

from app.core.errors import GatewayError
from app.payments.gateways.base import GatewayBusy, Method
from app.payments.gateways.ecpay_files import DateType
from simulator.files import HEADERS
from tests.simulator.conftest import MORNING

TODAY = MORNING.date()


@pytest.fixture
def turn(simulator_url):
    def turn(**knobs: object) -> requests.Response:
        return requests.post(f"{simulator_url}/simulator/knobs", json=knobs, timeout=10)

    yield turn
    turn(file_without=[], file_unknown=0, file_amounts={}, file_utf8=False, file_throttle=False)


@pytest.fixture
def paid(simulator_url, gateway, a_charge):
    """Return a function that makes a paid trade and returns its number."""

    def pay(method: Method = Method.CARD, serial: int = 0) -> str:
        number = f"{a_charge.trade_number[:-2]}{serial:02d}"
        charge = replace(a_charge, method=method, trade_number=number)
        form = gateway.start(charge)
        page = requests.post(form.action_url, data=form.fields, timeout=10)
        if method is not Method.CARD:
            requests.post(f"{page.url}/code", timeout=10)
        requests.post(f"{simulator_url}/simulator/trades/{number}/pay", json={"deliver": False}, timeout=20)
        return number

    return pay


def rows(content: bytes, charset: str = "big5") -> dict[str, dict[str, str]]:
    """Return the lines by our trade number, the cells unwrapped."""
    found = list(csv.reader(io.StringIO(content.decode(charset))))
    assert tuple(found[0]) == HEADERS
    lines = [dict(zip(HEADERS, (cell.strip('="') for cell in line), strict=True)) for line in found[1:]]
    return {line["廠商訂單編號"]: line for line in lines}


def fetch(gateway, begin: date = TODAY, end: date = TODAY, date_type: DateType = DateType.PAID) -> bytes:
    return gateway.download_trades(begin, end, date_type=date_type, now=MORNING + timedelta(days=3))


def test_every_paid_trade_stands_in_the_file_with_its_fee(gateway, paid):
    numbers = {
        method: paid(method, serial)
        for serial, method in enumerate((Method.CARD, Method.ATM, Method.STORE_BARCODE, Method.STORE_CODE))
    }

    found = rows(fetch(gateway))

    told = {method: found[number] for method, number in numbers.items()}
    assert {
        method: (row["付款方式"], row["手續費"], row["應收款項(淨額)"]) for method, row in told.items()
    } == {
        Method.CARD: ("信用卡", "7", "243"),
        Method.ATM: ("ATM櫃員機", "10", "240"),
        Method.STORE_BARCODE: ("超商條碼", "15", "235"),
        Method.STORE_CODE: ("超商代碼", "30", "220"),
    }
    assert all(row["交易金額"] == "250" and len(row["綠界訂單編號"]) == 16 for row in told.values())


def test_which_day_counts_is_asked_for(gateway, paid):
    number = paid(Method.ATM)
    tomorrow = TODAY + timedelta(days=1)

    assert number in rows(fetch(gateway, date_type=DateType.ORDERED))
    assert number in rows(fetch(gateway, tomorrow, tomorrow, date_type=DateType.PAYOUT))
    assert number not in rows(fetch(gateway, tomorrow, tomorrow))


def test_a_line_may_be_missing_strange_or_of_another_amount(gateway, paid, turn):
    lost, changed = paid(serial=1), paid(serial=2)
    turn(file_without=[lost], file_amounts={changed: 2500}, file_unknown=1)

    found = rows(fetch(gateway))

    assert lost not in found
    assert found[changed]["交易金額"] == "2500"
    assert found["UNKNOWN000000001"]["交易金額"] == "250"


def test_the_file_may_come_in_utf_8(gateway, paid, turn):
    number = paid()
    turn(file_utf8=True)

    assert number in rows(fetch(gateway), "utf-8")


def test_a_second_file_within_a_minute_is_refused(gateway, turn):
    turn(file_throttle=True)
    fetch(gateway)

    with pytest.raises(GatewayBusy, match="one file a minute"):
        fetch(gateway)


@pytest.mark.parametrize("kind", ["html", "empty", "500"])
def test_case_21_a_page_in_the_place_of_a_file_is_none(simulator_url, gateway, kind):
    requests.post(f"{simulator_url}/simulator/faults", json={"at": "file", "kind": kind}, timeout=10)

    with pytest.raises(GatewayError):
        fetch(gateway)


def test_a_period_that_is_none_is_not_asked_for(gateway):
    with pytest.raises(ValueError, match="no period"):
        fetch(gateway, TODAY, TODAY - timedelta(days=1))
    with pytest.raises(ValueError, match="no period"):
        fetch(gateway, TODAY + timedelta(days=4), TODAY + timedelta(days=4))


@pytest.mark.parametrize(
    "knobs", [{"noise": True}, {"latency": "yes"}, {"file_unknown": True}, {"file_without": "HK1"}], ids=str
)
def test_a_knob_that_there_is_not_is_refused(turn, knobs):
    answer = turn(**knobs)

    assert answer.status_code == 422
    assert answer.json()["error"]
