"""The owner takes along what the portal knows (個資法 3: 查詢、製給複製本)."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from app.accounts import own_data
from app.accounts.policy import applicant_required, current_account
from app.core import audit
from app.core.db import transaction
from app.core.downloads import attachment
from app.web import current_actor

bp = Blueprint("own_data", __name__, url_prefix="/account/data")


@bp.get("")
@applicant_required
def index() -> str:
    return render_template("accounts/own_data.html", account=current_account())


@bp.get("/my-data.json")
@applicant_required
def as_json() -> Response:
    content = own_data.as_json(_gather("json"))
    return attachment(content, mimetype="application/json", name="我的資料.json", plain_name="my-data.json")


@bp.get("/my-data.csv")
@applicant_required
def as_csv() -> Response:
    content = own_data.as_csv(_gather("csv"))
    return attachment(content, mimetype="text/csv", name="我的資料.csv", plain_name="my-data.csv")


def _gather(form: str) -> list[own_data.OwnRecords]:
    account = current_account()
    with transaction():
        audit.record("account.download_data", account, current_actor(), form=form)
    return own_data.gather(account)
