"""Two requests at the same moment, on two connections with real commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from app.accounts import services
from app.accounts.models import Account, AccountKind, Consent, Realm
from app.core import clock
from app.core.actors import SYSTEM
from app.core.db import db
from tests.factories.accounts import PASSWORD, make_account
from tests.mailbox import Mailbox

EMAIL = "lin.meihua@example.tw"


def at_once(app, *calls):
    """Run the calls in threads that start together; return what each returned or raised."""
    start, now = Barrier(len(calls)), clock.now()

    def run(call):
        with app.app_context(), clock.fixed(now):
            start.wait()
            try:
                return call()
            except Exception as error:
                return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_the_same_form_sent_twice_at_once_makes_one_account_and_one_mail(live_app):
    outcomes = at_once(
        live_app, *[lambda: services.sign_up(Realm.NATIONAL, EMAIL, PASSWORD, actor=SYSTEM)] * 4
    )

    with live_app.app_context():
        assert outcomes == [None] * 4
        assert db.session.scalar(sa.select(sa.func.count(Account.id))) == 1
        assert len(Mailbox(live_app.extensions["mail_transport"].folder).all()) == 1


def test_of_two_kinds_chosen_at_once_one_counts(live_app):
    with live_app.app_context():
        account_id = make_account(kind=None).id

    outcomes = at_once(
        live_app,
        *[
            lambda kind=kind: services.choose_kind(account_id, kind, actor=SYSTEM).kind
            for kind in AccountKind
        ],
    )

    with live_app.app_context():
        kinds = [outcome for outcome in outcomes if isinstance(outcome, AccountKind)]
        assert kinds == [db.session.get_one(Account, account_id).kind]
        assert db.session.scalar(sa.select(sa.func.count(Consent.id))) == 3


def test_a_link_opened_twice_at_once_opens_once(live_app):
    with live_app.app_context():
        services.sign_up(Realm.NATIONAL, EMAIL, PASSWORD, actor=SYSTEM)
        (link,) = Mailbox(live_app.extensions["mail_transport"].folder).last().links
    token = link.rpartition("/")[2]

    outcomes = at_once(live_app, *[lambda: services.verify_email(token, PASSWORD, actor=SYSTEM).id] * 3)

    assert sum(isinstance(outcome, services.LinkSpent) for outcome in outcomes) == 2
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1


@pytest.mark.parametrize("realm", [Realm.NATIONAL, Realm.STAFF])
def test_an_address_is_given_out_once_also_at_the_same_moment(live_app, realm):
    outcomes = at_once(
        live_app, *[lambda: services.create_verified_account(realm, EMAIL, PASSWORD).email] * 2
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["EmailTaken", "str"]
