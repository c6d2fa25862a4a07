import pytest
import sqlalchemy as sa

from app.accounts import queries, services, staff
from app.accounts.models import AccountKind, MailedToken, Realm
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import InvalidValue, Refused
from tests.factories.accounts import PASSWORD, make_account, make_staff

EMAIL = "lin.meihua@example.tw"


def sign_up(actor, *, realm=Realm.NATIONAL, email=EMAIL, password=PASSWORD):
    services.sign_up(realm, email, password, actor=actor)


def token_in(mail):
    (link,) = mail.links
    return link.rpartition("/")[2]


def actions():
    return db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()


# ---- sign up and verify (R196) ----


@pytest.mark.requirement("R196")
def test_a_new_account_opens_after_its_mailed_link_and_not_before(app, actor, mailbox):
    sign_up(actor)
    with pytest.raises(services.LoginRefused, match="還沒有確認"):
        services.authenticate(Realm.NATIONAL, EMAIL, PASSWORD, actor=actor)

    verified = services.verify_email(token_in(mailbox.last()), PASSWORD, actor=actor)

    assert mailbox.last().to == EMAIL
    assert services.authenticate(Realm.NATIONAL, EMAIL, PASSWORD, actor=actor).id == verified.id
    assert actions()[-4:] == [
        "accounts.sign_up",
        "accounts.login_refused",
        "accounts.verify_email",
        "accounts.login",
    ]


@pytest.mark.requirement("R196")
def test_a_link_opens_once(app, actor, mailbox):
    sign_up(actor)
    token = token_in(mailbox.last())
    services.verify_email(token, PASSWORD, actor=actor)

    with pytest.raises(services.LinkSpent):
        services.verify_email(token, PASSWORD, actor=actor)


@pytest.mark.requirement("R196")
@pytest.mark.parametrize(("opened", "still_opens"), [("2023-05-02 08:59", True), ("2023-05-02 09:00", False)])
def test_a_link_opens_for_twenty_four_hours(app, actor, at, mailbox, opened, still_opens):
    at("2023-05-01 09:00")
    sign_up(actor)
    token = token_in(mailbox.last())

    at(opened)

    if still_opens:
        assert services.verify_email(token, PASSWORD, actor=actor).verified_at
    else:
        with pytest.raises(services.LinkSpent):
            services.verify_email(token, PASSWORD, actor=actor)


def test_a_made_up_link_opens_nothing(app, actor):
    with pytest.raises(services.LinkSpent):
        services.verify_email("A" * 43, PASSWORD, actor=actor)


def test_the_link_alone_is_not_enough_and_a_wrong_password_leaves_it_usable(app, actor, mailbox):
    sign_up(actor)
    token = token_in(mailbox.last())

    with pytest.raises(services.LoginRefused) as refusal:
        services.verify_email(token, "what-a-stranger-set", actor=actor)

    assert refusal.value.field == "password"
    assert services.verify_email(token, PASSWORD, actor=actor).verified_at


def test_a_strangers_sign_up_cannot_be_completed_by_the_owner_of_the_mailbox(app, actor, at, mailbox):
    sign_up(actor)
    at("2023-05-01 09:02")
    sign_up(actor, password="what-a-stranger-set")

    with pytest.raises(services.LoginRefused):
        services.verify_email(token_in(mailbox.last()), PASSWORD, actor=actor)


def test_signing_up_again_replaces_the_password_and_the_link(app, actor, at, mailbox):
    sign_up(actor)
    old = token_in(mailbox.last())
    at("2023-05-01 09:02")
    sign_up(actor, password="camellia-in-winter")

    with pytest.raises(services.LinkSpent):
        services.verify_email(old, "camellia-in-winter", actor=actor)

    assert services.verify_email(token_in(mailbox.last()), "camellia-in-winter", actor=actor).verified_at


@pytest.mark.parametrize(
    ("again", "mails"), [("2023-05-01 09:00", 1), ("2023-05-01 09:00:59", 1), ("2023-05-01 09:01", 2)]
)
def test_pressing_twice_sends_one_mail_and_asking_a_minute_later_another(
    app, actor, at, mailbox, again, mails
):
    at("2023-05-01 09:00")
    sign_up(actor)

    at(again)
    sign_up(actor)

    assert len(mailbox.all()) == mails
    assert services.verify_email(token_in(mailbox.last()), PASSWORD, actor=actor).verified_at


def test_only_the_owner_of_the_mailbox_learns_that_there_is_an_account(app, actor, mailbox):
    make_account(email=EMAIL)

    sign_up(actor, password="camellia-in-winter")

    assert "您已經有帳號了" in mailbox.last().subject
    assert mailbox.last().links == ["http://localhost/national/login"]
    with pytest.raises(services.LoginRefused):
        services.authenticate(Realm.NATIONAL, EMAIL, "camellia-in-winter", actor=actor)


def test_one_mailbox_in_two_spellings_is_one_account(app, actor, mailbox):
    make_account(email=EMAIL)

    sign_up(actor, email="Lin.MeiHua@Example.tw")

    assert "您已經有帳號了" in mailbox.last().subject


@pytest.mark.requirement("R192")
def test_each_track_has_its_own_account_with_its_own_password(app, actor):
    national = make_account(email=EMAIL, realm=Realm.NATIONAL)
    multi = services.create_verified_account(Realm.MULTI, EMAIL, "camellia-in-winter")

    assert national.id != multi.id
    with pytest.raises(services.LoginRefused):
        services.authenticate(Realm.MULTI, EMAIL, PASSWORD, actor=actor)


def test_the_mailed_token_itself_is_not_kept(app, actor, mailbox):
    sign_up(actor)

    (kept,) = db.session.scalars(sa.select(MailedToken)).all()

    assert len(kept.digest) == 32
    assert kept.digest != token_in(mailbox.last()).encode()


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [("lin.meihua", PASSWORD, "email"), (EMAIL, "short", "password"), (EMAIL, "password123", "password")],
)
def test_an_account_needs_a_real_address_and_a_password_of_its_own(
    app, actor, mailbox, email, password, field
):
    with pytest.raises(InvalidValue) as refusal:
        sign_up(actor, email=email, password=password)

    assert refusal.value.field == field
    assert mailbox.all() == []


# ---- sign in (R197) ----


@pytest.mark.parametrize("email", [EMAIL, "LIN.MEIHUA@EXAMPLE.TW", " lin.meihua@example.tw "])
def test_the_address_may_be_typed_in_any_spelling(app, actor, email):
    account = make_account(email=EMAIL)

    assert services.authenticate(Realm.NATIONAL, email, PASSWORD, actor=actor).id == account.id


@pytest.mark.requirement("R197")
@pytest.mark.parametrize(
    ("realm", "email", "password"),
    [
        (Realm.NATIONAL, EMAIL, "not-the-password"),
        (Realm.NATIONAL, "nobody@example.tw", PASSWORD),
        (Realm.NATIONAL, "not an address", PASSWORD),
        (Realm.MULTI, EMAIL, PASSWORD),
        (Realm.STAFF, EMAIL, PASSWORD),
    ],
)
def test_every_refusal_says_the_same_and_is_on_record(app, actor, realm, email, password):
    make_account(email=EMAIL)

    with pytest.raises(services.LoginRefused) as refusal:
        services.authenticate(realm, email, password, actor=actor)

    assert str(refusal.value) == "電子信箱或密碼不對，請檢查後再輸入一次"
    assert actions()[-1] == "accounts.login_refused"


def test_an_unverified_account_is_refused_like_any_other_with_a_wrong_password(app, actor):
    sign_up(actor)

    with pytest.raises(services.LoginRefused) as refusal:
        services.authenticate(Realm.NATIONAL, EMAIL, "not-the-password", actor=actor)

    assert str(refusal.value) == "電子信箱或密碼不對，請檢查後再輸入一次"


def test_a_hash_of_former_parameters_is_renewed_at_sign_in(app, actor):
    account = make_account(email=EMAIL)
    former = account.password_hash

    services.authenticate(Realm.NATIONAL, EMAIL, PASSWORD, actor=actor)

    assert "m=47104,t=1,p=1" in account.password_hash != former
    assert services.authenticate(Realm.NATIONAL, EMAIL, PASSWORD, actor=actor).id == account.id


def test_the_log_names_no_address_and_no_password(app, actor):
    with pytest.raises(services.LoginRefused):
        services.authenticate(Realm.NATIONAL, EMAIL, PASSWORD, actor=actor)

    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()

    assert (entry.subject_type, entry.subject_id) == ("accounts", "unknown")
    assert entry.details == {"realm": "national"}


# ---- the kind (R195, R202, R203) ----


@pytest.mark.requirement("R202", "R203")
def test_choosing_a_kind_keeps_what_was_agreed_to(app, actor):
    account = make_account(kind=None)

    services.choose_kind(account.id, AccountKind.GROUP, actor=actor)

    consents = queries.list_consents(account.id)
    assert account.kind == AccountKind.GROUP
    assert [(c.text, c.version, c.address) for c in consents] == [
        ("registration_consent", "112-1", "192.0.2.1"),
        ("exam_room_rules", "112-1", "192.0.2.1"),
        ("registration_notes", "112-1", "192.0.2.1"),
    ]


def test_choosing_the_same_kind_again_changes_nothing(app, actor):
    account = make_account(kind=None)
    services.choose_kind(account.id, AccountKind.GROUP, actor=actor)

    services.choose_kind(account.id, AccountKind.GROUP, actor=actor)

    assert len(queries.list_consents(account.id)) == 3


@pytest.mark.requirement("R195")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (AccountKind.INDIVIDUAL, AccountKind.GROUP),
        (AccountKind.GROUP, AccountKind.INDIVIDUAL),
    ],
)
def test_a_chosen_kind_cannot_be_changed(app, actor, first, second):
    account = make_account(kind=first)

    with pytest.raises(services.KindAlreadyChosen, match="無法變更"):
        services.choose_kind(account.id, second, actor=actor)

    assert account.kind == first


def test_staff_register_nobody_with_their_account(app, actor):
    with pytest.raises(Refused):
        services.choose_kind(make_staff().id, AccountKind.INDIVIDUAL, actor=actor)


# ---- accounts made by the office ----


def test_a_staff_password_is_longer_than_an_applicants(app):
    with pytest.raises(InvalidValue, match="12"):
        staff.create_staff("desk@example.tw", "tung-bloss1")

    assert staff.create_staff("desk@example.tw", "tung-blossom").is_staff


def test_an_address_is_given_out_once_in_a_realm(app):
    staff.create_staff("desk@example.tw", PASSWORD)

    with pytest.raises(services.EmailTaken):
        staff.create_staff("Desk@example.tw", PASSWORD)


def test_an_account_made_with_its_kind_has_agreed_to_the_texts(app, actor):
    account = services.create_verified_account(Realm.MULTI, EMAIL, PASSWORD, AccountKind.INDIVIDUAL)

    assert services.authenticate(Realm.MULTI, EMAIL, PASSWORD, actor=actor).id == account.id
    assert len(queries.list_consents(account.id)) == 3
