"""Announcements for everybody (R007, W004)."""

from __future__ import annotations

from flask import Response, render_template, request

from app.accounts.policy import open_to_all
from app.core import clock
from app.site import news_pages, queries
from app.site.models import NewsCategory
from app.site.views.room import bp

PAGE_SIZE = 20
_LAST_PAGE = 1000


@bp.get("/news")
@open_to_all
def news() -> str:
    now, chosen = clock.now(), request.args.get("category")
    category = NewsCategory(chosen) if chosen in set(NewsCategory) else None
    page = min(max(1, request.args.get("page", 1, type=int)), _LAST_PAGE)
    listed = queries.list_public_news(
        now, category=category, limit=PAGE_SIZE + 1, offset=(page - 1) * PAGE_SIZE
    )
    return render_template(
        "site/news.html",
        entries=[news_pages.entry(each, now) for each in listed[:PAGE_SIZE]],
        chips=news_pages.chips(queries.count_public_news(now), category),
        category=category,
        page=page,
        more=len(listed) > PAGE_SIZE,
    )


@bp.get("/news/<public_id>")
@open_to_all
def announcement(public_id: str) -> str:
    now = clock.now()
    found = queries.get_public_news(public_id, now)
    return render_template("site/announcement.html", entry=news_pages.entry(found, now))


@bp.get("/news.atom")
@open_to_all
def news_feed() -> Response:
    """Hand out the newest announcements as an Atom feed."""
    now = clock.now()
    listed = queries.list_public_news(now, limit=PAGE_SIZE)
    changed_at = max((each.corrected_at or each.published_at for each in listed), default=now)
    page = render_template("site/news_feed.xml", announcements=listed, changed_at=changed_at)
    return Response(page, mimetype="application/atom+xml")
