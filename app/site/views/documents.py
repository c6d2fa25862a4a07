from flask import render_template

from app.accounts.policy import open_to_all
from app.site.views.room import bp


@bp.get("/downloads")
@open_to_all
def downloads() -> str:
    return render_template("site/downloads.html", files=[])
