"""The open data page and its files (S018)."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.accounts.policy import open_to_all
from app.core.errors import NotFound
from app.core.messages import Message
from app.exams.queries import site_facts
from app.registration import open_data

bp = Blueprint("open_data", __name__, url_prefix="/open-data")


@bp.get("")
@open_to_all
def index() -> str:
    return render_template(
        "registration/open_data.html",
        datasets=open_data.DATASETS,
        licence=open_data.LICENCE,
        licence_url=open_data.LICENCE_URL,
    )


@bp.get("/<name>.<any(json, csv):form>")
@open_to_all
def file(name: str, form: str) -> Response:
    dataset = open_data.find_dataset(name)
    if dataset is None:
        raise NotFound(Message("沒有這份資料，請從開放資料頁面重新選擇"))
    if form == "json":
        provider = site_facts().get("implementer", "")
        return Response(open_data.as_json(dataset, provider=provider), mimetype="application/json")
    return Response(open_data.as_csv(dataset), mimetype="text/csv")
