"""What the public pages show, worked out from the rounds of the year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from flask import url_for

from app.core.messages import N_, Listing, Message, Wording
from app.core.money import format_twd
from app.core.roc_dates import day_message, format_instant, format_month, format_roc, format_roc_long
from app.exams.age_line import first_free_birth_date
from app.exams.choices import Track
from app.exams.models import Round
from app.exams.rules import check_registration_open
from app.exams.words import TRACK_NAMES, level_words, name_wording

# By the brochure's names of the parts (柒、四).
_HOW_TO_ANSWER = {
    N_("聽力"): Message("看圖或聽音檔三選一，用滑鼠作答"),
    N_("口語"): Message("用報名的腔調對麥克風錄音"),
    N_("閱讀"): Message("三選一，用滑鼠作答"),
}
_WHOLE = Message("全程")


@dataclass(frozen=True, slots=True)
class Opening:
    """A track on the front page: what can be done there today."""

    track: str
    title: Message
    state_kind: str
    state_label: Message
    answer: Message
    note: Message | None
    primary: tuple[Message, str]
    secondary: tuple[Message, str] | None


@dataclass(frozen=True, slots=True)
class DateEntry:
    """A day, or days, of the year's calendar; `last_day` is inclusive, None for a single day."""

    day: date
    title: Message
    round_name: str
    url: str
    track: str
    past: bool
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round in the list.

    :ivar site: of a round in one area; None: announced with the ticket, or several areas (R037, R038)
    :ivar places_left: in all its areas together; None where there is no limit
    :ivar over: registration has closed, so that free places no longer matter
    """

    name: str
    url: str
    test_on: date
    opens_on: date
    closes_on: date
    levels: Message
    areas: str | Message
    site: str | None
    state_kind: str
    state_label: Message
    places_left: int | None
    over: bool


def opening(track: Track, rounds: list[Round], today: date) -> Opening:
    """Return what the front page says of a track on a day; `rounds` are the track's, in order."""
    name = TRACK_NAMES[track]
    facts = (Message("看各梯次與名額"), url_for("site.rounds") + f"#{track.value}")
    open_now = [r for r in rounds if is_open(r, today)]
    if open_now:
        return _open_track(track, open_now, today)
    coming = [r for r in rounds if today < r.registration_opens_on]
    if coming:
        following = min(coming, key=lambda r: r.registration_opens_on)
        values = {"round": following.name, "day": day_message(following.registration_opens_on)}
        answer = Message("%(round)s從 %(day)s開始報名。", values)
        return Opening(track.value, name, "neutral", Message("尚未開放"), answer, None, facts, None)
    answer = Message("今年的報名都已截止。已報名的人可以登入查看進度。")
    login = (Message("登入查看"), url_for("accounts.login", track=track.value))
    return Opening(track.value, name, "neutral", Message("已截止"), answer, None, login, facts)


def _open_track(track: Track, open_now: list[Round], today: date) -> Opening:
    name = TRACK_NAMES[track]
    closes = min(r.registration_closes_on for r in open_now)
    first = [r.name for r in open_now if r.registration_closes_on == closes]
    others = [r.name for r in open_now if r.registration_closes_on > closes]
    days_left = (closes - today).days
    answer = Message(
        "%(rounds)s開放報名，到 %(day)s23:59 截止。",
        {"rounds": Listing(first), "day": day_message(closes)},
    )
    note = Message("還有 %(days)s 天。", {"days": days_left}) if days_left else Message("今天是最後一天。")
    if others:
        note = Message("%(note)s%(rounds)s也開放中。", {"note": note, "rounds": Listing(others)})
    start = (Message("報名%(track)s", {"track": name}), url_for("accounts.signup", track=track.value))
    login = (Message("已有帳號，登入"), url_for("accounts.login", track=track.value))
    return Opening(track.value, name, "done", Message("報名中"), answer, note, start, login)


def year_numbers(rounds: list[Round], facts: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers that public texts mention: fee, days to pay, minimums; `facts` are the year's."""
    national = next(r for r in rounds if r.track == Track.NATIONAL)
    multi = next(r for r in rounds if r.track == Track.MULTI)
    exam = facts["exam"]
    return {
        "fee_twd": national.fee_twd,
        "fee": format_twd(national.fee_twd),
        "free_up_to_age": national.free_up_to_age,
        "born": format_roc(first_free_birth_date(national.fee_reference_on, national.free_up_to_age)),
        "national_days": national.payment_days,
        "multi_days": multi.payment_days,
        "deduction": format_twd(facts["refund"]["deduction"]),
        "family_minimum": facts["group_minimum"]["family"],
        "group_minimum": facts["group_minimum"]["group"],
        "pass_total": exam["elementary_pass_total"],
        "full_score": exam["full_score"],
        "test_minutes": exam["test_minutes"],
        "session_minutes": exam["session_minutes"],
        "parts": Listing(name_wording(part["part"]) for part in exam["parts"]),
        "organiser": name_wording(facts["organiser"]["name"]),
    }


def exam_parts(each: Round) -> list[tuple[Message | str, Message]]:
    """Return the form of the exam for the page of a round: each part, and how long all takes (R047-R052)."""
    exam = each.exam_year.facts["exam"]
    text = N_("%(minutes)s 分鐘：%(items)s。%(how)s")
    parts = [
        (
            name_wording(part["part"]),
            Message(
                text,
                {
                    "minutes": part["minutes"],
                    "items": Listing(name_wording(item) for item in part["items"]),
                    "how": _HOW_TO_ANSWER.get(part["part"], Message("")),
                },
            ),
        )
        for part in exam["parts"]
    ]
    whole = Message(
        "測驗 %(test)s 分鐘，連同進場、檢測設備與問卷約 %(session)s 分鐘；三項在同一個場次考完",
        {"test": exam["test_minutes"], "session": exam["session_minutes"]},
    )
    return [*parts, (_WHOLE, whole)]


def calendar_entries(rounds: list[Round], today: date) -> list[DateEntry]:
    """Return every date of the year in order of time."""
    entries = [entry for each in rounds for entry in _round_dates(each, today)]
    return sorted(entries, key=lambda entry: (entry.day, entry.last_day or entry.day, entry.round_name))


def by_month(entries: list[DateEntry]) -> list[tuple[Wording, list[DateEntry]]]:
    """Return the entries under a heading per month."""
    months = groupby(entries, key=lambda entry: (entry.day.year, entry.day.month))
    return [(format_month(year, month), list(group)) for (year, month), group in months]


def _round_dates(each: Round, today: date) -> list[DateEntry]:
    url, track = url_for("site.round_facts", code=each.code), each.track.value

    def entry(title: str, day: date, last_day: date | None = None) -> DateEntry:
        return DateEntry(day, Message(title), each.name, url, track, (last_day or day) < today, last_day)

    return [
        entry(N_("報名"), each.registration_opens_on, each.registration_closes_on),
        entry(N_("教材開始寄發"), each.materials_from),
        entry(N_("准考證開放下載"), each.ticket_from),
        entry(N_("認證"), each.test_on),
        entry(N_("公布成績"), each.score_from),
        entry(N_("成績複查"), each.recheck_from, each.recheck_until),
        entry(N_("合格證書開始寄發"), each.certificate_from),
    ]


def track_note(track: Track, rounds: list[Round]) -> Message:
    """Return what sets a track apart (R254-R260), with the days to pay of its rounds."""
    days = {"days": rounds[0].payment_days if rounds else 0}
    if track == Track.NATIONAL:
        return Message("兩個梯次限擇一報名；送出當天算起 %(days)s 天內繳費", days)
    return Message("可以報名不只一個梯次；選好梯次當天要送出，%(days)s 天內繳費", days)


def round_rows(rounds: list[Round], left: dict[int, int | None], today: date) -> list[RoundRow]:
    """Return the list's rows, the open rounds first; `left` has the free places per offering id."""
    by_use = sorted(rounds, key=lambda each: (_turn(each, today), each.position))
    return [_round_row(each, left, today) for each in by_use]


def _turn(each: Round, today: date) -> int:
    # Open ones first, then those to come, and at the end those that are over.
    if is_open(each, today):
        return 0
    return 1 if today < each.registration_opens_on else 2


def _round_row(each: Round, left: dict[int, int | None], today: date) -> RoundRow:
    kind, label = round_state(each, today)
    per_area = [left[offering.id] for offering in each.offerings_for(None)]
    limited = [places for places in per_area if places is not None]
    areas = [offering.area for offering in each.offerings_for(None)]
    return RoundRow(
        name=each.name,
        url=url_for("site.round_facts", code=each.code),
        test_on=each.test_on,
        opens_on=each.registration_opens_on,
        closes_on=each.registration_closes_on,
        levels=level_words(each.levels),
        areas=areas[0] if len(areas) == 1 else Message("%(count)s 個縣市", {"count": len(areas)}),
        site=each.offerings_for(None)[0].site if len(areas) == 1 else None,
        state_kind=kind,
        state_label=label,
        places_left=sum(max(places, 0) for places in limited) if len(limited) == len(per_area) else None,
        over=today > each.registration_closes_on,
    )


def round_state(each: Round, today: date) -> tuple[str, Message]:
    """Return the status tag of a round on a day: kind and word."""
    if is_open(each, today):
        return "done", Message("報名中")
    return "neutral", Message("尚未開放") if today < each.registration_opens_on else Message("已截止")


def is_open(each: Round, today: date) -> bool:
    return bool(check_registration_open(each.registration_opens_on, each.registration_closes_on, today))


def round_dates(each: Round) -> list[tuple[Message, str | Message]]:
    """Return the dates table of one round: title and ready text, in order of time."""

    def until(first: date, last: date) -> Message:
        return Message(
            "%(first)s – %(last)s", {"first": format_roc_long(first), "last": format_roc_long(last)}
        )

    return [
        (Message("報名"), until(each.registration_opens_on, each.registration_closes_on)),
        (Message("教材開始寄發"), format_roc_long(each.materials_from)),
        (Message("准考證開放下載"), format_instant(each.ticket_opens_at)),
        (Message("認證"), format_roc_long(each.test_on)),
        (Message("公布成績"), format_instant(each.score_opens_at)),
        (Message("成績複查"), until(each.recheck_from, each.recheck_until)),
        (Message("合格證書開始寄發"), format_roc_long(each.certificate_from)),
    ]


def upcoming(entries: list[DateEntry], today: date, count: int) -> list[DateEntry]:
    """Return the next days that matter: of a period that is running, the day it ends."""
    running = [
        replace(entry, day=entry.last_day, title=Message("%(what)s截止", {"what": entry.title}))
        for entry in entries
        if entry.last_day and entry.day < today <= entry.last_day
    ]
    coming = [entry for entry in entries if entry.day >= today]
    return sorted(running + coming, key=lambda entry: (entry.day, entry.round_name))[:count]
