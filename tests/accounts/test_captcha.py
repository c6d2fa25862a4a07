"""The captcha: read or heard, good for one answer, and not in the way of other mistakes (R200)."""

import io
import wave
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest
from PIL import Image

from app.accounts import captcha
from tests.factories.accounts import PASSWORD

SIGN_UP = {"email": "lin.meihua@example.tw", "password": PASSWORD, "password_again": PASSWORD}


@pytest.fixture
def use(app):
    """Switch the captcha on: ``use(captcha="image")``."""
    before = app.extensions["settings"]

    def switch(**changes):
        app.extensions["settings"] = replace(before, **changes)

    yield switch
    app.extensions["settings"] = before


def challenge_on(page):
    return page.select_one('input[name="captcha-challenge"]')["value"]


def wrong(answer):
    return f"{(int(answer) + 1) % 1_000_000:06d}"


def test_without_the_setting_the_form_shows_none(client):
    assert not client.page("/national/signup").select(".captcha")


def test_the_right_digits_let_the_form_through(client, use):
    use(captcha="image")
    challenge = challenge_on(client.page("/national/signup"))
    fields = {**SIGN_UP, "captcha-challenge": challenge, "captcha": captcha.answer_to(challenge)}

    assert client.post("/national/signup", data=fields).status_code == 303


@pytest.mark.requirement("R200")
@pytest.mark.parametrize("path", ["/national/signup", "/password/forgot"])
@pytest.mark.parametrize(
    ("typed", "sentence"), [(wrong, "驗證碼不對"), (lambda _a: "", "請輸入圖中或聲音裡的")]
)
def test_wrong_or_missing_digits_are_said_beside_the_field(client, use, mailbox, path, typed, sentence):
    use(captcha="image")
    challenge = challenge_on(client.page(path))
    answer = typed(captcha.answer_to(challenge))

    page = client.send(path, {**SIGN_UP, "captcha-challenge": challenge, "captcha": answer}, status=422)

    assert sentence in page.select_one("#captcha-error").get_text()
    assert mailbox.all() == []


def test_after_a_wrong_answer_there_is_a_new_challenge(client, use):
    use(captcha="image")
    challenge = challenge_on(client.page("/national/signup"))
    fields = {**SIGN_UP, "captcha-challenge": challenge, "captcha": wrong(captcha.answer_to(challenge))}

    page = client.send("/national/signup", fields, status=422)

    assert challenge_on(page) != challenge
    assert not page.select_one("#captcha")["value"]


def test_a_mistake_elsewhere_keeps_the_challenge_and_what_was_typed(client, use):
    use(captcha="image")
    challenge = challenge_on(client.page("/national/signup"))
    answer = captcha.answer_to(challenge)
    fields = {**SIGN_UP, "captcha-challenge": challenge, "captcha": answer}

    page = client.send("/national/signup", {**fields, "password_again": ""}, status=422)

    assert (challenge_on(page), page.select_one("#captcha")["value"]) == (challenge, answer)
    assert client.post("/national/signup", data=fields).status_code == 303


@pytest.mark.requirement("R200", "W011")
def test_a_challenge_is_good_for_one_answer(app):
    challenge = captcha.new_challenge()
    answer = captcha.answer_to(challenge)

    assert captcha.is_right(challenge, answer)
    assert not captcha.is_right(challenge, answer)


def test_a_wrong_answer_spends_it_too(app):
    challenge = captcha.new_challenge()
    answer = captcha.answer_to(challenge)

    assert not captcha.is_right(challenge, wrong(answer))
    assert not captcha.is_right(challenge, answer)


def test_digits_typed_with_spaces_or_in_full_width_are_as_good(app):
    challenge = captcha.new_challenge()
    digits = captcha.answer_to(challenge)
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in digits)

    assert captcha.is_right(challenge, f" {full_width[:3]} {full_width[3:]}")


def test_a_made_up_or_expired_challenge_has_no_answer(app, monkeypatch):
    old = captcha.new_challenge()
    monkeypatch.setattr(captcha.URLSafeTimedSerializer, "loads", _too_old)

    assert captcha.answer_to(old) is None


def _too_old(*_arguments, **_options):
    raise captcha.BadSignature("too old")


@pytest.mark.requirement("R200", "W011")
def test_image_and_sound_are_served_for_our_challenges_only(client, use):
    use(captcha="image")
    page = client.page("/national/signup")

    image = client.get(page.select_one(".captcha img")["src"])
    sound = client.get(page.select_one(".captcha audio")["src"])

    assert Image.open(io.BytesIO(image.data)).size == (220, 80)
    with wave.open(io.BytesIO(sound.data)) as spoken:
        assert spoken.getnframes() > 8000
    assert image.headers["Cache-Control"] == "no-store"
    assert client.get("/captcha/made-up.png").status_code == 404
    assert captcha.answer_to(client.get("/captcha/new").json["challenge"])


# ---- hCaptcha, by setting ----


@pytest.fixture
def hcaptcha_server():
    """A server that finds the answer «person» good, as hCaptcha's siteverify would."""

    class Verify(BaseHTTPRequestHandler):
        def do_POST(self):
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            good = sent["response"] == ["person"] and sent["secret"] == ["a-secret"]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"success": true}' if good else b'{"success": false}')

        def log_message(self, *_arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Verify)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/siteverify"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("response", "status", "sentence"),
    [("person", 303, ""), ("robot", 422, "驗證沒有通過"), ("", 422, "請勾選")],
)
def test_hcaptcha_decides_when_it_is_set(client, use, hcaptcha_server, response, status, sentence):
    use(
        captcha="hcaptcha",
        hcaptcha_site_key="a-site",
        hcaptcha_secret="a-secret",
        hcaptcha_url=hcaptcha_server,
    )
    page = client.get("/national/signup")

    answer = client.post("/national/signup", data={**SIGN_UP, "h-captcha-response": response})

    assert 'data-sitekey="a-site"' in page.get_data(as_text=True)
    assert "script-src 'self' https://hcaptcha.com" in page.headers["Content-Security-Policy"]
    assert answer.status_code == status
    assert sentence in answer.get_data(as_text=True)


def test_hcaptcha_out_of_reach_is_said_and_lets_nobody_through(client, use):
    use(captcha="hcaptcha", hcaptcha_secret="a-secret", hcaptcha_url="http://127.0.0.1:9/")

    page = client.send("/national/signup", {**SIGN_UP, "h-captcha-response": "person"}, status=422)

    assert "驗證服務暫時沒有回應" in page.get_text()
