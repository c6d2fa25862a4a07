import csv
import io
import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.accounts.models import Account
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.groups.services import create_group
from app.groups.states import GroupKind
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_leader
from tests.factories.registrations import NATIONAL_1, make_candidate, make_paid, make_submitted
from tests.factories.seating import LEADER

SignIn = Callable[[Account], None]


@pytest.fixture
def account(client: CheckingClient, sign_in: SignIn) -> Account:
    account = make_account(email="yulan@example.tw")
    sign_in(account)
    return account


def test_the_page_leads_to_both_files(client: CheckingClient, account: Account) -> None:
    page = client.page("/account/data")

    links = [link["href"] for link in page.select("main .actions a")]
    assert links == ["/account/data/my-data.csv", "/account/data/my-data.json"]


def test_the_json_holds_ones_own_registration_in_full_and_nobody_elses(
    client: CheckingClient, account: Account
) -> None:
    mine = make_paid(account)
    make_paid()

    answer = client.get("/account/data/my-data.json")

    found = json.loads(answer.data)
    assert [each["id_number"] for each in found["registrations"]] == [mine.id_number]
    assert found["payments"][0]["amount_twd"] == 250
    assert found["account"][0]["email"] == "yulan@example.tw"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_table_opens_in_excel_and_holds_no_formula(client: CheckingClient, account: Account) -> None:
    make_submitted(account, make_candidate(street="=1+1路"))

    text = client.get("/account/data/my-data.csv").data
    rows = {
        row[2]: row[3]
        for row in csv.reader(io.StringIO(text.decode("utf-8-sig")))
        if row[0] == "registrations"
    }

    assert text.startswith(b"\xef\xbb\xbf")
    assert rows["street"] == "'=1+1路"


def test_a_leader_gets_the_groups(client: CheckingClient, sign_in: SignIn) -> None:
    leader = make_leader()
    sign_in(leader)
    create_group(leader.id, NATIONAL_1, "苗栗", "銅鑼國小", GroupKind.SCHOOL, LEADER, actor=SYSTEM)

    found = json.loads(client.get("/account/data/my-data.json").data)

    assert found["groups"][0]["leader_phone"] == LEADER.phone


def test_each_download_is_on_record(client: CheckingClient, account: Account) -> None:
    client.get("/account/data/my-data.json")

    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "account.download_data")
    ).one()
    assert entry.actor_account_id == account.id


def test_visitors_sign_in_first(client: CheckingClient) -> None:
    assert client.get("/account/data/my-data.json").status_code == 303
