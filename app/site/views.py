"""The public pages: everybody's, without signing in."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for

from app.core import clock
from app.core.downloads import attachment
from app.core.ics import MIMETYPE, write_calendar
from app.core.messages import Message
from app.core.money import format_twd
from app.core.roc_dates import date_message
from app.exams import queries
from app.exams.age_line import first_free_birth_date, last_paying_birth_date
from app.exams.calendar import merged, round_events
from app.exams.choices import Track
from app.exams.models import Round
from app.exams.notices import list_notices
from app.exams.rules import check_registration_open
from app.exams.words import TRACK_NAMES, level_words
from app.site import pages
from app.web import translate

bp = Blueprint("site", __name__)

METHOD_NAMES = {
    "store_barcode": (Message("便利商店"), Message("7-11、全家、萊爾富、OK；印出或出示手機上的條碼")),
    "atm": (Message("ATM 或銀行轉帳"), Message("系統給您一組專用帳號")),
    "card": (Message("信用卡"), None),
    "line_pay": (Message("LINE Pay"), Message("用手機確認付款")),
}


@bp.get("/")
def home() -> str:
    rounds, today = queries.list_rounds(), clock.today()
    if not rounds:
        return render_template("site/empty.html")
    openings = [pages.opening(track, [r for r in rounds if r.track == track], today) for track in Track]
    dates = pages.upcoming(pages.calendar_entries(rounds, today), today, 6)
    return render_template(
        "site/home.html",
        year_title=rounds[0].exam_year.title.removesuffix("簡章"),
        openings=openings,
        key_dates=[
            (
                each.day,
                Message("%(round)s %(what)s", {"round": each.round_name, "what": each.title}),
                each.url,
            )
            for each in dates
        ],
        news=[],
        **pages.year_numbers(rounds, rounds[0].exam_year.facts),
    )


@bp.get("/rounds")
def rounds() -> str:
    listed, today = queries.list_rounds(), clock.today()
    left = queries.places_left([offering for each in listed for offering in each.offerings], clock.now())
    open_now = [r.name for r in listed if pages.is_open(r, today)]
    answer = (
        Message("今天可以報名：%(rounds)s。", {"rounds": "、".join(open_now)})
        if open_now
        else Message("今天沒有開放報名的梯次。")
    )
    groups = [
        {
            "track": track.value,
            "label": TRACK_NAMES[track],
            "note": pages.track_note(track, [r for r in listed if r.track == track]),
            "rounds": pages.round_rows([r for r in listed if r.track == track], left, today),
        }
        for track in Track
    ]
    return render_template("site/rounds.html", answer=answer, groups=groups)


@bp.get("/rounds/<code>")
def round_facts(code: str) -> str:
    each, today = queries.get_round(code), clock.today()
    decision = check_registration_open(each.registration_opens_on, each.registration_closes_on, today)
    left = queries.places_left(each.offerings, clock.now())
    kind, label = pages.round_state(each, today)
    return render_template(
        "site/round.html",
        track=each.track.value,
        name=each.name,
        levels=level_words(each.levels),
        state_kind=kind,
        state_label=label,
        answer=decision.reason,
        action=(Message("報名這個梯次"), url_for("registration.new", round=each.code)) if decision else None,
        refusal=decision.reason,
        dates=pages.round_dates(each),
        notices=list_notices(each.id),
        areas=[{"name": o.area, "site": o.site, "places_left": left[o.id]} for o in each.offerings],
        fees=_fee_lines(each),
        methods=_method_lines(each),
        payment_deadline=Message("送出報名當天算第 1 天，%(days)s 天內繳清。", {"days": each.payment_days}),
    )


def _method_lines(each: Round) -> list[tuple[Message, object]]:
    """Return what the round is paid by, with the cards that are taken (R081-R084, R097)."""
    brands = "、".join(each.exam_year.facts["payment"]["methods"]["credit_card"]["brands"])
    return [
        (name, note or brands) for name, note in (METHOD_NAMES[method] for method in each.payment_methods)
    ]


def _fee_lines(each: Round) -> list[tuple[Message, object]]:
    free_from = first_free_birth_date(each.fee_reference_on, each.free_up_to_age)
    pays_until = last_paying_birth_date(each.fee_reference_on, each.free_up_to_age)
    return [
        (Message("%(day)s（含）以前出生", {"day": date_message(pays_until)}), format_twd(each.fee_twd)),
        (Message("%(day)s（含）以後出生", {"day": date_message(free_from)}), Message("免繳費")),
    ]


@bp.get("/calendar")
def calendar() -> str:
    entries = pages.calendar_entries(queries.list_rounds(), clock.today())
    return render_template("site/calendar.html", months=pages.by_month(entries))


@bp.get("/calendar.ics")
def calendar_file() -> Response:
    """Hand out every date of the year for a calendar program (R211)."""
    rounds = queries.list_rounds()
    return _calendar_file(rounds[0].exam_year.title if rounds else "", rounds)


@bp.get("/rounds/<code>/calendar.ics")
def round_calendar(code: str) -> Response:
    each = queries.get_round(code)
    return _calendar_file(each.name, [each])


def _calendar_file(name: str, rounds: list[Round]) -> Response:
    host = request.host
    events = merged(*(round_events(each, host=host, translate=translate) for each in rounds))
    content = write_calendar(name, events, written_at=clock.now())
    return attachment(content, mimetype=MIMETYPE, name="重要日程.ics", plain_name="dates.ics")


@bp.get("/downloads")
def downloads() -> str:
    return render_template("site/downloads.html", files=[])


@bp.get("/help")
def help_page() -> str:
    rounds = queries.list_rounds()
    if not rounds:
        return render_template("site/empty.html")
    return render_template("site/help.html", **pages.year_numbers(rounds, rounds[0].exam_year.facts))


@bp.get("/privacy")
def privacy() -> str:
    return render_template("site/privacy.html")


@bp.get("/healthz")
def healthz() -> tuple[str, int, dict[str, str]]:
    """Say that the process is alive; asks nothing of the database."""
    return "ok", 200, {"Content-Type": "text/plain"}
