"""Open data: the year, the places left, counts of people; nothing about anybody (S017, S018)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.core.messages import Listing, Message
from app.exams.commands import round_as_printed
from app.exams.models import Offering
from app.exams.queries import list_rounds, places_left
from app.registration.models import Registration
from app.registration.open_statistics import publishable
from app.registration.queries import is_complete

Row = dict[str, Any]
LICENCE = "政府資料開放授權條款－第1版"
LICENCE_URL = "https://data.gov.tw/license"


@dataclass(frozen=True, slots=True)
class Dataset:
    """:ivar fields: each column with what it means
    :ivar updated: how often it changes
    """

    name: str
    title: Message
    description: Message
    updated: Message
    fields: tuple[tuple[str, Message], ...]
    rows: Callable[[], Sequence[Row]]


def _rounds() -> list[Row]:
    return [_flat(round_as_printed(each)) for each in list_rounds()]


def _flat(printed: Row) -> Row:
    """Return a round's record without groups in it, for JSON and CSV alike."""
    return {
        "round": printed["id"],
        "name": printed["name"],
        "track": printed["kind"],
        "levels": str(Listing(printed["levels"])),
        "areas": str(Listing(printed["areas"])),
        "registration_opens": printed["registration"]["opens"],
        "registration_closes": printed["registration"]["closes"],
        "test_date": printed["test_date"],
        "ticket_from": printed["ticket"]["download_from_at"],
        "score_from": printed["score"]["query_from_at"],
        "recheck_from": printed["recheck"]["from"],
        "recheck_until": printed["recheck"]["until"],
        "certificate_from": printed["certificate_from"],
        "fee_twd": printed["fee_amount"],
        "free_if_born_from": printed["fee_free_if_born_on_or_after"],
        "payment_days": printed["payment_days"],
    }


def _places() -> list[Row]:
    rounds, now = list_rounds(), clock.now()
    left = places_left([offering for each in rounds for offering in each.offerings], now)
    return [
        {
            "round": each.code,
            "area": offering.area,
            "capacity": offering.capacity,
            "places_left": None if (places := left[offering.id]) is None else max(places, 0),
            "at": now.astimezone(clock.TAIPEI).isoformat(timespec="seconds"),
        }
        for each in rounds
        for offering in each.offerings
    ]


def _statistics() -> list[Row]:
    """Count complete registrations of the rounds that have closed, by area and by dialect."""
    closed = {r.id: r.code for r in list_rounds() if r.registration_closes_on < clock.today()}
    rows: list[Row] = []
    for dimension, column in (("area", Offering.area), ("dialect", Registration.dialect)):
        query = (
            sa.select(Registration.round_id, column, sa.func.count(Registration.id))
            .join(Registration.offering)
            .outerjoin(Registration.order)
            .where(is_complete(), Registration.round_id.in_(closed))
            .group_by(Registration.round_id, column)
            .order_by(Registration.round_id, column)
        )
        tables: dict[str, dict[str, int]] = {code: {} for code in closed.values()}
        for round_id, value, count in db.session.execute(query):
            tables[closed[round_id]][str(value)] = count
        rows += [
            {"round": code, "by": dimension, "value": value, "people": people}
            for code, counts in tables.items()
            for value, people in publishable(counts).items()
        ]
    return rows


DATASETS = (
    Dataset(
        "rounds",
        Message("各梯次日程與費用"),
        Message("全國認證與多梯次認證每個梯次的級別、考區、日期與報名費。"),
        Message("日期調整時立刻更新"),
        (
            ("round", Message("梯次代碼")),
            ("name", Message("梯次名稱")),
            ("track", Message("national：全國認證；multi：多梯次認證")),
            ("levels", Message("級別")),
            ("areas", Message("考區")),
            ("registration_opens", Message("開始報名，當天 00:00 起")),
            ("registration_closes", Message("報名截止，當天 23:59 止")),
            ("test_date", Message("認證日期")),
            ("ticket_from", Message("准考證開放下載的時刻")),
            ("score_from", Message("公布成績的時刻")),
            ("recheck_from", Message("成績複查開始")),
            ("recheck_until", Message("成績複查截止")),
            ("certificate_from", Message("合格證書開始寄發")),
            ("fee_twd", Message("報名費，新臺幣元")),
            ("free_if_born_from", Message("這天（含）以後出生免繳")),
            ("payment_days", Message("繳費天數，送出當天算第 1 天")),
        ),
        _rounds,
    ),
    Dataset(
        "places",
        Message("各考區可報名人數"),
        Message("每個梯次每個考區的名額與剩餘名額；空白表示不限。"),
        Message("即時"),
        (
            ("round", Message("梯次代碼")),
            ("area", Message("考區")),
            ("capacity", Message("名額")),
            ("places_left", Message("剩餘名額")),
            ("at", Message("查詢的時刻")),
        ),
        _places,
    ),
    Dataset(
        "statistics",
        Message("報名人數統計"),
        Message(
            "報名已截止的梯次，完成報名的人數，分別按考區與腔調計算。人數太少而可能認出個人的不公布，留空白。"
        ),
        Message("各梯次報名截止後"),
        (
            ("round", Message("梯次代碼")),
            ("by", Message("area：按考區；dialect：按腔調")),
            ("value", Message("考區或腔調")),
            ("people", Message("人數；空白：不公布")),
        ),
        _statistics,
    ),
)


def find_dataset(name: str) -> Dataset | None:
    return next((each for each in DATASETS if each.name == name), None)


def as_json(dataset: Dataset, *, provider: str) -> bytes:
    """Return a data set with what has to be known about it."""
    document = {
        "title": str(dataset.title),
        "description": str(dataset.description),
        "provider": provider,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "updated": str(dataset.updated),
        "fields": {name: str(meaning) for name, meaning in dataset.fields},
        "records": dataset.rows(),
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def as_csv(dataset: Dataset) -> bytes:
    """Return a data set as CSV in UTF-8, with the mark by which Excel knows it."""
    sheet = io.StringIO(newline="")
    table = csv.DictWriter(sheet, [name for name, _meaning in dataset.fields])
    table.writeheader()
    table.writerows(dataset.rows())
    return sheet.getvalue().encode("utf-8-sig")
