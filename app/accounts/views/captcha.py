"""The captcha's image and sound."""

from __future__ import annotations

from flask import Response, abort, jsonify

from app.accounts import captcha, throttle
from app.accounts.policy import open_to_all
from app.accounts.views.room import bp


@bp.get("/captcha/new")
@open_to_all
def new_captcha() -> Response:
    return jsonify(challenge=captcha.new_challenge())


@bp.get("/captcha/<challenge>.png")
@open_to_all
def captcha_image(challenge: str) -> Response:
    digits = captcha.answer_to(challenge) or abort(404)
    throttle.CAPTCHA_IMAGES_PER_CLIENT.count(throttle.client_network())
    return _fresh(captcha.draw(digits), "image/png")


@bp.get("/captcha/<challenge>.wav")
@open_to_all
def captcha_sound(challenge: str) -> Response:
    digits = captcha.answer_to(challenge) or abort(404)
    throttle.CAPTCHA_SOUNDS_PER_CLIENT.count(throttle.client_network())
    return _fresh(captcha.speak(digits), "audio/wav")


def _fresh(content: bytes, mimetype: str) -> Response:
    return Response(content, mimetype=mimetype, headers={"Cache-Control": "no-store"})
