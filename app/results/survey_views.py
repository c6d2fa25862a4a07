"""The survey: five points and a word, freely given; and what came of it, for everybody (S026, P016)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import applicant_required, current_account, open_to_all
from app.core import clock
from app.core.errors import InvalidValue
from app.core.fields import PickField, ReadAreaField, choices_of
from app.core.forms import RefusableForm
from app.core.messages import Message
from app.core.text import strip_invisible
from app.results.services.surveys import answer_survey, check_can_answer
from app.site import surveys, words
from app.site.models import SurveyOccasion
from app.web import current_actor

bp = Blueprint("surveys", __name__, url_prefix="/satisfaction")

LONGEST_COMMENT = 500
OCCASION = "<any(registration, results):occasion>"


def _read_comment(text: str) -> str:
    comment = "\n".join(strip_invisible(line).strip() for line in text.strip().splitlines())
    if len(comment) > LONGEST_COMMENT:
        raise InvalidValue(Message("最多 %(longest)s 個字，請精簡一些", {"longest": LONGEST_COMMENT}))
    return comment


class SurveyForm(RefusableForm):
    points = PickField(
        _l("這次使用順利嗎"),
        choices=choices_of(
            [
                ("5", _l("非常順利")),
                ("4", _l("順利")),
                ("3", _l("普通")),
                ("2", _l("不順利")),
                ("1", _l("非常不順利")),
            ]
        ),
        missing=Message("請選擇一項"),
    )
    comment = ReadAreaField(_l("想告訴我們的話"), _read_comment)


@bp.get("")
@open_to_all
def averages() -> str:
    return render_template(
        "results/averages.html",
        averages=surveys.published_averages(),
        occasions=words.OCCASIONS,
        fewest=surveys.FEWEST_TO_PUBLISH,
    )


@bp.route(f"/{OCCASION}", methods=["GET", "POST"])
@applicant_required
def survey(occasion: str) -> ResponseReturnValue:
    about, account_id, form = SurveyOccasion(occasion), current_account().id, SurveyForm()
    if surveys.has_answered(account_id, about):
        return render_template("results/survey.html", form=None, about=words.OCCASIONS[about])
    check_can_answer(account_id, about, clock.now())
    if form.validate_on_submit():
        answer_survey(account_id, about, int(form.points.data), form.comment.value, actor=current_actor())
        flash(_l("謝謝您告訴我們。"), "done")
        return redirect(url_for(".survey", occasion=occasion), 303)
    page = render_template("results/survey.html", form=form, about=words.OCCASIONS[about])
    return page, form.status_code
