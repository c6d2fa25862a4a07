"""The year: the front page, the rounds with their dates and places, the calendar."""

from __future__ import annotations

from flask import Response, render_template, request, url_for

from app.accounts.policy import open_to_all
from app.core import clock
from app.core.downloads import attachment
from app.core.ics import MIMETYPE, write_calendar
from app.core.messages import Listing, Message
from app.core.money import format_twd
from app.core.roc_dates import date_message
from app.exams import queries
from app.exams.age_line import first_free_birth_date, last_paying_birth_date
from app.exams.calendar import merged, round_events
from app.exams.choices import Track
from app.exams.models import Round
from app.exams.notices import list_notices
from app.exams.rules import check_registration_open
from app.exams.words import TRACK_NAMES, exam_wording, level_words
from app.site import news_pages, pages
from app.site.views.room import bp
from app.site.words import METHOD_NAMES
from app.web import translate


@bp.get("/")
@open_to_all
def home() -> str:
    rounds, today = queries.list_rounds(), clock.today()
    if not rounds:
        return render_template("site/empty.html")
    openings = [pages.opening(track, [r for r in rounds if r.track == track], today) for track in Track]
    dates = pages.upcoming(pages.calendar_entries(rounds, today), today, 6)
    return render_template(
        "site/home.html",
        year_title=exam_wording(rounds[0].exam_year.title),
        openings=openings,
        key_dates=[
            (
                each.day,
                Message("%(round)s %(what)s", {"round": each.round_name, "what": each.title}),
                each.url,
            )
            for each in dates
        ],
        news=news_pages.running(limit=3),
        **pages.year_numbers(rounds, rounds[0].exam_year.facts),
    )


@bp.get("/rounds")
@open_to_all
def rounds() -> str:
    listed, today = queries.list_rounds(), clock.today()
    left = queries.places_left(
        [offering for each in listed for offering in each.offerings_for(None)], clock.now()
    )
    open_now = [r.name for r in listed if pages.is_open(r, today)]
    answer = (
        Message("今天可以報名：%(rounds)s。", {"rounds": Listing(open_now)})
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
@open_to_all
def round_facts(code: str) -> str:
    each, today = queries.get_round(code), clock.today()
    decision = check_registration_open(each.registration_opens_on, each.registration_closes_on, today)
    left = queries.places_left(each.offerings_for(None), clock.now())
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
        dates=pages.round_dates(each),
        parts=pages.exam_parts(each),
        notices=list_notices(each.id),
        news=news_pages.running(round_id=each.id),
        areas=[{"name": o.area, "site": o.site, "places_left": left[o.id]} for o in each.offerings_for(None)],
        fees=_fee_lines(each),
        methods=_method_lines(each),
        payment_deadline=Message("送出報名當天算第 1 天，%(days)s 天內繳清。", {"days": each.payment_days}),
    )


def _method_lines(each: Round) -> list[tuple[Message, object]]:
    """Return what the round is paid by, with the cards that are taken (R081-R084, R097)."""
    brands = Listing(each.exam_year.facts["payment"]["methods"]["credit_card"]["brands"])
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
@open_to_all
def calendar() -> str:
    entries = pages.calendar_entries(queries.list_rounds(), clock.today())
    return render_template("site/calendar.html", months=pages.by_month(entries))


@bp.get("/calendar.ics")
@open_to_all
def calendar_file() -> Response:
    """Hand out every date of the year for a calendar program (R211)."""
    rounds = queries.list_rounds()
    return _calendar_file(rounds[0].exam_year.title if rounds else "", rounds)


@bp.get("/rounds/<code>/calendar.ics")
@open_to_all
def round_calendar(code: str) -> Response:
    each = queries.get_round(code)
    return _calendar_file(each.name, [each])


def _calendar_file(name: str, rounds: list[Round]) -> Response:
    host = request.host
    events = merged(*(round_events(each, host=host, translate=translate) for each in rounds))
    content = write_calendar(name, events, written_at=clock.now())
    return attachment(content, mimetype=MIMETYPE, name="重要日程.ics", plain_name="dates.ics")


@bp.get("/healthz")
@open_to_all
def healthz() -> tuple[str, int, dict[str, str]]:
    """Say that the process is alive; asks nothing of the database."""
    return "ok", 200, {"Content-Type": "text/plain"}
