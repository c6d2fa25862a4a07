"""What stands for long: questions, search, the comparison, about, privacy, the site's map."""

from __future__ import annotations

from flask import render_template, request, url_for

from app.accounts.policy import open_to_all
from app.core import clock
from app.exams import queries
from app.exams.models import Round
from app.site import pages
from app.site.comparison import compare
from app.site.privacy import PERSONAL_DATA as personal_data
from app.site.privacy import VERSIONS, cookies, processors
from app.site.questions import Topic, topics
from app.site.search import KINDS, LONGEST_QUERY, read_query
from app.site.search import search as search_all
from app.site.views.room import bp
from app.site.words import EVERYTHING


@bp.get("/help")
@open_to_all
def help_page() -> str:
    rounds = queries.list_rounds()
    if not rounds:
        return render_template("site/empty.html")
    return render_template("site/help.html", topics=_topics(rounds))


@bp.get("/search")
@open_to_all
def search() -> str:
    query, rounds = read_query(request.args.get("q", "")), queries.list_rounds()
    hits = search_all(query, _topics(rounds), rounds, clock.now())
    counts = {kind: sum(hit.kind == kind for hit in hits) for kind in KINDS}
    chosen = request.args.get("kind") if request.args.get("kind") in KINDS else None
    chips = [(EVERYTHING, url_for("site.search", q=query), len(hits), chosen is None)] + [
        (label, url_for("site.search", q=query, kind=kind), counts[kind], kind == chosen)
        for kind, label in KINDS.items()
        if counts[kind] or kind == chosen
    ]
    return render_template(
        "site/search.html",
        query=query,
        longest=LONGEST_QUERY,
        hits=[hit for hit in hits if chosen in (None, hit.kind)],
        chips=chips,
        kinds=KINDS,
    )


def _topics(rounds: list[Round]) -> list[Topic]:
    return topics(pages.year_numbers(rounds, rounds[0].exam_year.facts)) if rounds else []


@bp.get("/compare")
@open_to_all
def comparison() -> str:
    rounds = queries.list_rounds()
    if not rounds:
        return render_template("site/empty.html")
    return render_template("site/comparison.html", lines=compare(rounds))


@bp.get("/about")
@open_to_all
def about() -> str:
    return render_template("site/about.html")


@bp.get("/privacy")
@open_to_all
def privacy() -> str:
    return render_template(
        "site/privacy.html",
        versions=VERSIONS,
        personal_data=personal_data,
        processors=processors(),
        cookies=cookies(),
    )


@bp.get("/sitemap")
@open_to_all
def sitemap() -> str:
    return render_template("site/sitemap.html", rounds=queries.list_rounds())
