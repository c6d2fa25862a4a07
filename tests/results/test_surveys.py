"""The survey and what is published of it (S026, P016)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.accounts import own_data
from app.accounts.models import Account, Realm
from app.core import clock
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.results.services.surveys import answer_survey
from app.site.models import SurveyAnswer, SurveyOccasion
from tests.client import CheckingClient
from tests.factories.accounts import make_account, make_staff
from tests.factories.registrations import FREE, make_candidate, make_draft, make_submitted
from tests.factories.results import PASSES, PUBLIC, make_published

SignIn = Callable[[Account], None]


def make_answers(points: list[int], occasion: SurveyOccasion = SurveyOccasion.REGISTRATION) -> None:
    for given in points:
        account = make_account()
        with transaction() as session:
            session.add(
                SurveyAnswer(
                    account_id=account.id,
                    occasion=occasion,
                    points=given,
                    comment="很清楚" if given == 5 else None,
                    answered_at=clock.now(),
                )
            )


def complete(account: Account) -> None:
    make_submitted(account, make_candidate(birth_on=FREE))


@pytest.mark.requirement("S026")
def test_after_a_complete_registration_one_can_say_how_it_went_once(
    client: CheckingClient, sign_in: SignIn
) -> None:
    account = make_account()
    complete(account)
    sign_in(account)

    page = client.send("/satisfaction/registration", {"points": "4", "comment": "很清楚"})
    assert "您已經填過了" in page.main.get_text()
    client.send("/satisfaction/registration", {"points": "1", "comment": "again"})

    answer = db.session.scalars(sa.select(SurveyAnswer)).one()
    assert (answer.points, answer.comment) == (4, "很清楚")
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "survey.answer")).one()
    assert entry.details == {}


def test_the_service_too_keeps_the_first_answer_only(app: object) -> None:
    account = make_account()
    complete(account)
    occasion = SurveyOccasion.REGISTRATION

    assert answer_survey(account.id, occasion, 5, None, actor=SYSTEM)
    assert not answer_survey(account.id, occasion, 1, None, actor=SYSTEM)


def test_before_the_registration_is_complete_there_is_nothing_to_say(
    client: CheckingClient, sign_in: SignIn
) -> None:
    account = make_account()
    make_draft(account)
    sign_in(account)

    page = client.send("/satisfaction/registration", {"points": "4"}, status=409)

    assert "報名完成後才能填寫" in page.get_text()


@pytest.mark.requirement("S026")
def test_about_results_only_after_they_are_public(
    client: CheckingClient, sign_in: SignIn, at: Callable[[str], None]
) -> None:
    [registration] = make_published({"徐玉蘭": PASSES})
    account = db.session.get(Account, registration.account_id)

    at("2023-11-17 08:59:59")
    sign_in(account)
    client.page("/satisfaction/results", status=409)
    at(PUBLIC)
    page = client.page(f"/registrations/{registration.public_id}/result")
    assert client.page(page.main.find("a", href="/satisfaction/results")["href"]).main.form is not None


@pytest.mark.parametrize(
    ("typed", "field"),
    [({}, "points"), ({"points": "6"}, "points"), ({"points": "0"}, "points"),
     ({"points": "3", "comment": "長" * 501}, "comment")],
)  # fmt: skip
def test_what_is_no_answer_is_said_so(
    client: CheckingClient, sign_in: SignIn, typed: dict[str, str], field: str
) -> None:
    account = make_account()
    complete(account)
    sign_in(account)

    page = client.send("/satisfaction/registration", typed, status=422)

    assert page.find(id=f"{field}-error") is not None
    if field == "comment":
        assert len(page.find(id="comment").get_text(strip=True)) == 501


@pytest.mark.requirement("S026", "P016")
def test_averages_are_public_from_five_answers_on(client: CheckingClient) -> None:
    make_answers([5, 4, 3, 2])
    assert "未滿 5 人" in client.page("/satisfaction").select("tbody tr")[0].get_text()

    make_answers([5])

    rows = [row.get_text(" ", strip=True) for row in client.page("/satisfaction").select("tbody tr")]
    assert rows[0] == "報名 3.8 5"
    assert "未滿 5 人" in rows[1]


@pytest.mark.requirement("S026")
def test_the_desk_shows_the_trend_by_month_and_the_words_without_names(
    client: CheckingClient, sign_in: SignIn, at: Callable[[str], None], count_queries: Callable[[], object]
) -> None:
    make_answers([5, 4])
    at("2023-05-31 23:59")
    make_answers([1])
    at("2023-06-01 00:00")
    make_answers([2])
    sign_in(make_staff())

    with count_queries() as queries:
        page = client.page("/admin/satisfaction/")

    assert len(queries) <= 8, queries
    rows = [row.get_text(" ", strip=True) for row in page.select("tbody tr")]
    assert rows[:2] == ["112 年 6 月 報名 2.0 1", "112 年 5 月 報名 3.3 3"]
    assert "很清楚" in rows[2]
    assert "@" not in page.main.get_text()


def test_staff_and_strangers_do_not_answer(client: CheckingClient, sign_in: SignIn) -> None:
    assert client.get("/satisfaction/registration").status_code == 303
    sign_in(make_staff())
    client.page("/satisfaction/registration", status=403)


@pytest.mark.requirement("P002")
def test_ones_answers_are_among_ones_own_data(app: object) -> None:
    account = make_account(realm=Realm.NATIONAL)
    complete(account)
    answer_survey(account.id, SurveyOccasion.REGISTRATION, 5, "好", actor=SYSTEM)

    kinds = {kind.name: kind.records for kind in own_data.gather(account)}

    assert [record["comment"] for record in kinds["survey_answers"]] == ["好"]
