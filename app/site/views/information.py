from flask import render_template

from app.accounts.policy import open_to_all
from app.exams import queries
from app.site import pages
from app.site.views.room import bp


@bp.get("/help")
@open_to_all
def help_page() -> str:
    rounds = queries.list_rounds()
    if not rounds:
        return render_template("site/empty.html")
    return render_template("site/help.html", **pages.year_numbers(rounds, rounds[0].exam_year.facts))


@bp.get("/privacy")
@open_to_all
def privacy() -> str:
    return render_template("site/privacy.html")
