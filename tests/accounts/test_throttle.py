import pytest

from app.accounts import second_factor, totp
from app.accounts.throttle import (
    RESENDS_PER_EMAIL,
    Throttle,
    TooManyAttempts,
    client_network,
    count_pdf,
    count_sign_up,
    one_import,
)
from app.core import clock
from app.core.db import transaction
from app.extensions import limiter
from tests.factories.accounts import PASSWORD, make_account, make_staff

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WRONG = "not-the-password"
EMAIL = "lin.meihua@example.tw"


@pytest.fixture
def limited(live_app):
    """An app of its own in which limits count, as they do outside the tests."""
    live_app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(live_app)
    yield live_app
    limiter.reset()
    limiter.enabled = False


def login(app, *, email=EMAIL, password=WRONG, address="192.0.2.7"):
    client = app.test_client()
    return client.post(
        "/national/login",
        data={"email": email, "password": password},
        environ_base={"REMOTE_ADDR": address},
    )


def make_owner(app):
    with app.app_context():
        make_account(email=EMAIL)


@pytest.mark.parametrize("exists", [True, False])
def test_after_five_wrong_passwords_an_address_waits_whether_or_not_it_has_an_account(limited, exists):
    if exists:
        make_owner(limited)

    failures = [login(limited).status_code for _ in range(5)]
    refused = login(limited, password=PASSWORD)

    assert failures == [422] * 5
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60
    assert "分鐘後再試" in refused.get_data(as_text=True)


def test_another_spelling_or_another_client_does_not_begin_anew(limited):
    for _ in range(5):
        login(limited)

    assert login(limited, email="LIN.MeiHua@example.tw", address="198.51.100.9").status_code == 429


def test_a_right_password_begins_anew(limited):
    make_owner(limited)
    for _ in range(4):
        login(limited)
    assert login(limited, password=PASSWORD).status_code == 303

    assert [login(limited).status_code for _ in range(5)] == [422] * 5


def test_right_passwords_never_make_a_school_behind_one_address_wait(limited):
    make_owner(limited)

    assert {login(limited, password=PASSWORD).status_code for _ in range(55)} == {303}


def test_a_client_that_guesses_at_many_accounts_waits(limited):
    guesses = [login(limited, email=f"guess{n}@example.tw").status_code for n in range(50)]

    assert guesses == [422] * 50
    assert login(limited, email="guess50@example.tw").status_code == 429
    assert login(limited, email="guess50@example.tw", address="198.51.100.9").status_code == 422


def test_a_mailbox_gets_five_mails_a_day_from_the_form(limited):
    fields = {"email": EMAIL, "password": PASSWORD, "password_again": PASSWORD}
    client = limited.test_client()

    answers = []
    for _ in range(6):
        answers.append(client.post("/national/signup", data=fields).status_code)
        # A minute later, as far as the count of mails sent again goes.
        with limited.app_context():
            RESENDS_PER_EMAIL.forget("national", EMAIL)

    assert answers == [303] * 5 + [429]


@pytest.mark.parametrize("exists", [True, False])
def test_a_mailbox_gets_three_reset_mails_an_hour_whether_or_not_it_has_an_account(limited, exists):
    if exists:
        make_owner(limited)
    client = limited.test_client()

    answers = [client.post("/password/forgot", data={"email": EMAIL}).status_code for _ in range(4)]

    assert answers == [303] * 3 + [429]


def test_guessing_the_password_of_an_open_session_counts_like_signing_in(limited):
    make_owner(limited)
    client = limited.test_client()
    client.post("/national/login", data={"email": EMAIL, "password": PASSWORD})

    answers = [client.post("/account/confirm", data={"password": WRONG}).status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_each_purpose_counts_for_itself(limited):
    Throttle("one", "1 per hour").count("key")

    Throttle("other", "1 per hour").count("key")
    with pytest.raises(TooManyAttempts):
        Throttle("one", "1 per hour").count("key")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
    ],
)
def test_a_client_with_ipv6_counts_by_its_network(app, address, network):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert client_network() == network


def test_after_five_wrong_codes_of_the_second_factor_a_right_one_has_to_wait(limited):
    with limited.app_context():
        account = make_staff(email=EMAIL)
        with transaction():
            second_factor.keep_second_factor(account, SECRET)
    client = limited.test_client()
    client.post("/admin/login", data={"email": EMAIL, "password": PASSWORD})
    right = totp.code_of(SECRET, totp.step_at(clock.system_now()))

    failures = [client.post("/admin/second-factor", data={"code": "1"}).status_code for _ in range(5)]
    refused = client.post("/admin/second-factor", data={"code": right})

    assert failures == [422] * 5
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60


@pytest.mark.requirement("R230")
def test_a_leader_imports_one_sheet_at_a_time_and_sixty_an_hour(limited):
    with one_import(1):
        with pytest.raises(TooManyAttempts), one_import(1):
            pass
        with one_import(2):
            pass
    for _ in range(59):
        with one_import(1):
            pass

    with pytest.raises(TooManyAttempts) as refused, one_import(1):
        pass
    assert refused.value.retry_after_seconds > 120


def test_a_failed_import_does_not_keep_the_next_one_waiting(limited):
    with pytest.raises(ValueError, match="broken"), one_import(1):
        raise ValueError("broken")

    with one_import(1):
        pass


def test_thirty_documents_an_hour_are_drawn_for_an_account(limited):
    for _ in range(30):
        count_pdf(7)

    with pytest.raises(TooManyAttempts):
        count_pdf(7)
    count_pdf(8)


def test_the_verification_mail_is_sent_again_after_a_minute(limited):
    with limited.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        count_sign_up("national", EMAIL)
        with pytest.raises(TooManyAttempts) as refused:
            count_sign_up("national", EMAIL)

    assert 0 < refused.value.retry_after_seconds <= 60


def test_a_refusal_that_no_page_expects_has_a_page_and_says_when_to_come_back(limited):
    @limited.get("/test/limited")
    def busy():
        raise TooManyAttempts(90)

    answer = limited.test_client().get("/test/limited")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "90")
    assert "試得太快了" in answer.get_data(as_text=True)
