import pytest
import sqlalchemy as sa

from app.accounts import queries, services
from app.accounts.models import Account, AccountKind, Realm
from app.core.db import db
from tests.factories.accounts import PASSWORD, make_account, make_leader, make_staff

EMAIL = "lin.meihua@example.tw"
SIGN_UP = {"email": EMAIL, "password": PASSWORD, "password_again": PASSWORD}
LOGIN = {"email": EMAIL, "password": PASSWORD}


def text_of(page, selector):
    return [" ".join(element.get_text().split()) for element in page.select(selector)]


def path_in(mail):
    (link,) = mail.links
    return link.removeprefix("http://localhost")


# ---- choosing the track (R191) ----


@pytest.mark.requirement("R191")
@pytest.mark.parametrize(("path", "heading"), [("/login", "登入"), ("/signup", "建立帳號")])
def test_one_chooses_the_track_first(client, path, heading):
    page = client.page(path)

    assert text_of(page, "h1") == [heading]
    assert text_of(page, "main h2") == ["全國認證", "多梯次認證"]


def test_the_page_one_came_from_goes_along(client):
    page = client.page("/login?next=/registrations")

    links = [a["href"] for a in page.select("main .btn-primary")]
    assert links == ["/national/login?next=/registrations", "/multi/login?next=/registrations"]


# ---- sign up and verify (R196, R199, R200) ----


@pytest.mark.requirement("R193", "R196")
def test_from_the_form_through_the_mail_to_the_first_page(client, mailbox):
    sent = client.send("/multi/signup", SIGN_UP)
    verify = client.page(path_in(mailbox.last()))
    arrived = client.send("/verify", {"password": PASSWORD})

    assert text_of(sent, "h1") == ["請到信箱開啟認證信"]
    assert EMAIL in sent.select_one(".answer").get_text()
    assert "密碼" in text_of(verify, ".field-label")
    assert text_of(arrived, "h1") == ["選擇報名類型"]


@pytest.mark.requirement("R199")
def test_the_form_says_that_the_password_is_for_this_site_only(client):
    page = client.page("/national/signup")

    assert "只用於本網站" in page.select_one("#password-hint").get_text()


@pytest.mark.requirement("R200")
@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"email": ""}, "email", "請輸入電子信箱"),
        ({"email": "lin.meihua"}, "email", "電子信箱寫法不對"),
        ({"password": ""}, "password", "請設定密碼"),
        ({"password": "short"}, "password", "請至少輸入 10 個字元"),
        ({"password": "lin.meihua1"}, "password", "太容易被猜到"),
        ({"password_again": "tung-blossom-in-june"}, "password_again", "兩次輸入的密碼不一樣"),
    ],
)
def test_each_mistake_is_said_beside_its_field(client, mailbox, changes, field, sentence):
    page = client.send("/national/signup", {**SIGN_UP, **changes}, status=422)

    assert sentence in page.select_one(f"#{field}-error").get_text()
    assert page.select_one(f'.error-summary a[href="#{field}"]')
    assert mailbox.all() == []


def test_the_address_typed_comes_back_after_a_mistake_and_the_password_does_not(client):
    page = client.send("/national/signup", {**SIGN_UP, "password_again": ""}, status=422)

    assert page.select_one("#email")["value"] == EMAIL
    assert not page.select_one("#password").get("value")


def test_the_answer_is_the_same_with_and_without_an_account(client):
    make_account(email="owner@example.tw")

    known = client.send("/national/signup", {**SIGN_UP, "email": "owner@example.tw"})
    unknown = client.send("/national/signup", {**SIGN_UP, "email": "other@example.tw"})

    shown = known.select_one("main").get_text().replace("owner@", "other@")
    assert shown == unknown.select_one("main").get_text()


def test_opening_the_link_changes_nothing_and_leaves_the_token_in_no_address(client, mailbox):
    client.send("/national/signup", SIGN_UP)

    response = client.get(path_in(mailbox.last()))
    client.page("/verify")

    account = queries.find_account(Realm.NATIONAL, EMAIL)
    assert response.location == "/verify"
    assert account.verified_at is None


def test_a_link_opened_in_another_browser_works_too(app, client, mailbox):
    client.send("/national/signup", SIGN_UP)
    phone = app.test_client()

    phone.page(path_in(mailbox.last()))
    arrived = phone.send("/verify", {"password": PASSWORD})

    assert text_of(arrived, "h1") == ["選擇報名類型"]


def test_a_wrong_password_after_the_link_is_said_beside_the_field(client, mailbox):
    client.send("/national/signup", SIGN_UP)
    client.page(path_in(mailbox.last()))

    page = client.send("/verify", {"password": "not-the-password"}, status=422)

    assert "密碼不對" in page.select_one("#password-error").get_text()


def test_a_used_link_shows_the_way_to_sign_in(app, client, mailbox):
    client.send("/national/signup", SIGN_UP)
    client.page(path_in(mailbox.last()))
    client.send("/verify", {"password": PASSWORD})

    page = app.test_client().page(path_in(mailbox.last()), status=410)

    assert text_of(page, "h1") == ["這個連結已經用過或過期了"]
    assert page.select_one('main a[href="/login"]')


def test_the_page_after_signing_up_belongs_to_who_signed_up(client):
    assert client.get("/national/signup/sent").location == "/national/signup"


# ---- sign in and out (R197) ----


@pytest.mark.requirement("R197")
@pytest.mark.parametrize(
    ("make", "path", "arrives"),
    [
        (lambda: make_account(email=EMAIL), "/national/login", "/registrations"),
        (lambda: make_leader(email=EMAIL, realm=Realm.MULTI), "/multi/login", "/groups"),
        (lambda: make_account(email=EMAIL, kind=None), "/national/login", "/account/kind"),
        (lambda: make_staff(email=EMAIL), "/admin/login", "/admin/"),
    ],
)
def test_signing_in_leads_to_ones_own_first_page(client, make, path, arrives):
    make()

    assert client.post(path, data=LOGIN).location == arrives
    assert client.get(path).location == arrives


@pytest.mark.parametrize(
    ("wanted", "arrives"),
    [
        ("/registrations/abc", "/registrations/abc"),
        ("//evil.example", "/registrations"),
        ("https://evil.example/", "/registrations"),
    ],
)
def test_after_signing_in_one_returns_to_a_page_of_this_site_only(client, wanted, arrives):
    make_account(email=EMAIL)

    response = client.post("/national/login", data=LOGIN, query_string={"next": wanted})

    assert response.location == arrives


def test_who_has_no_kind_yet_chooses_it_first(client):
    make_account(email=EMAIL, kind=None)

    response = client.post("/national/login?next=/registrations", data=LOGIN)

    assert response.location == "/account/kind"


@pytest.mark.parametrize("path", ["/national/login", "/multi/login", "/admin/login"])
def test_a_refused_sign_in_keeps_the_address_and_says_why(client, path):
    page = client.send(path, LOGIN, status=422)

    assert "電子信箱或密碼不對" in page.select_one(".error-summary").get_text()
    assert page.select_one("#email")["value"] == EMAIL


@pytest.mark.requirement("R192")
def test_an_account_of_one_track_opens_nothing_on_the_other(client, sign_in):
    sign_in(make_account(realm=Realm.NATIONAL))

    assert text_of(client.page("/multi/login"), "h1") == ["登入多梯次認證"]


def test_signing_in_begins_a_new_session_that_keeps_only_language_and_text_size(client):
    make_account(email=EMAIL)
    client.get("/national/login?lang=zh&text=large")
    with client.session_transaction() as session:
        session["verify_token"] = session["csrf_token"] = "from-before"

    client.post("/national/login", data=LOGIN)

    with client.session_transaction() as session:
        assert {key for key in session if not key.startswith("_")} == {"lang", "text"}


def test_after_signing_out_nothing_of_the_account_is_left(client, sign_in):
    sign_in(make_account())

    response = client.post("/logout")

    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/account").location == "/login?next=/account"


def test_a_link_alone_signs_nobody_out(client, sign_in):
    sign_in(make_account())

    assert client.get("/logout").status_code in (404, 405)
    assert client.get("/account").status_code == 200


# ---- the kind (R195, R202, R203, R205) ----


@pytest.mark.requirement("R202")
def test_the_three_texts_stand_before_the_choice_in_full(client, sign_in):
    sign_in(make_account(kind=None))

    page = client.page("/account/kind")

    assert text_of(page, "main h2") == ["報名同意書", "試場規則", "報名注意事項", "選擇個人或團體報名"]
    assert "將保留應試資格至下一年度認證" in page.select_one("#exam_room_rules").get_text()
    assert text_of(page, "main form button") == ["同意並選擇個人報名", "同意並選擇團體報名"]


@pytest.mark.requirement("R070", "R205")
@pytest.mark.parametrize(("kind", "arrives"), [("individual", "/registrations"), ("group", "/groups")])
def test_pressing_a_button_chooses_and_leads_on(client, sign_in, kind, arrives):
    account = make_account(kind=None)
    sign_in(account)

    response = client.post("/account/kind", data={"kind": kind})

    assert response.location == arrives
    assert db.session.scalar(sa.select(Account.kind).where(Account.id == account.id)) == AccountKind(kind)


@pytest.mark.requirement("R195")
def test_a_second_choice_is_refused_also_by_a_direct_request(client, sign_in):
    sign_in(make_account(kind=AccountKind.INDIVIDUAL))

    page = client.send("/account/kind", {"kind": "group"}, status=409)

    assert "選定後無法變更" in page.get_text()


def test_there_is_no_third_kind(client, sign_in):
    sign_in(make_account(kind=None))

    assert client.post("/account/kind", data={"kind": "staff"}).status_code == 400


# ---- the account's own page ----


def test_an_account_shows_what_its_owner_agreed_to_and_when(client, sign_in, actor):
    account = make_account(kind=None, email=EMAIL)
    services.choose_kind(account.id, AccountKind.INDIVIDUAL, actor=actor)
    sign_in(account)

    page = client.page("/account")

    assert text_of(page, ".summary dd") == [EMAIL, "全國認證", "個人報名", "112 年 5 月 1 日（一）09:00"]
    assert text_of(page, "tbody th")[-3:] == ["報名同意書", "試場規則", "報名注意事項"]


def test_staff_see_their_account_too(client, sign_in):
    sign_in(make_staff(email=EMAIL))

    assert text_of(client.page("/account"), ".summary dd")[:2] == [EMAIL, "試務人員"]


# ---- the command ----


def test_the_command_makes_a_staff_account(app):
    run = app.test_cli_runner().invoke

    made = run(args=["accounts", "create-staff", EMAIL], input=f"{PASSWORD}\n{PASSWORD}\n")
    again = run(args=["accounts", "create-staff", EMAIL], input=f"{PASSWORD}\n{PASSWORD}\n")

    assert made.exit_code == 0
    assert queries.find_account(Realm.STAFF, EMAIL).is_staff
    assert (again.exit_code, "已經有帳號" in again.output) == (1, True)


@pytest.mark.requirement("W002")
@pytest.mark.parametrize("path", ["/national/login", "/multi/login", "/admin/login"])
def test_help_with_a_forgotten_password_stands_in_the_form(client, path):
    form = client.page(path).select_one("main form[method=post]")

    assert form.find("a", href="/password/forgot")
