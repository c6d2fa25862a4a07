"""The verbs of the case desk against a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from app.cases import services
from app.cases.models import Case, Channel
from app.cases.queries import list_mailboxes
from app.cases.services import Result
from app.cases.states import CaseState
from app.core.actors import SYSTEM
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import DomainError, IllegalTransition, InvalidValue, NotFound, Refused
from app.registration.models import Registration
from app.tickets.models import Ticket
from app.tickets.services import assign_round
from tests.factories.accounts import make_account
from tests.factories.cases import make_application, make_case, make_officer, make_underway
from tests.factories.seating import load_example_venues, make_approved
from tests.mailbox import Mailbox

pytestmark = pytest.mark.usefixtures("app")
FOUNDED = Result("decided", "founded", {"transfer": "調離原單位"})


def actions_on(case: Case) -> list[str]:
    query = sa.select(AuditEntry.action).where(AuditEntry.subject_id == case.public_id)
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


# ---- filing ----


@pytest.mark.requirement("W012")
def test_numbers_count_up_and_restart_each_day_at_midnight_in_taipei(at: Callable[[str], None]) -> None:
    at("2024-12-09 23:59")
    before = [make_case().number, make_case("complaint").number]
    at("2024-12-10 00:00")
    after = make_case().number

    assert before == ["11312090001", "11312090002"]
    assert after == "11312100001"


@pytest.mark.requirement("S016", "P006")
def test_an_applicant_is_told_the_number_and_not_what_was_written(mailbox: Mailbox) -> None:
    case = make_case()

    mail = mailbox.last()
    assert mail.to == "meiling@example.tw"
    assert case.number in mail.subject
    assert f"http://localhost/cases/lookup?number={case.number}" in mail.links
    for written in ("辱罵", "洪美玲", "霸凌", "行政院"):
        assert written not in mail.text + mail.subject


@pytest.mark.requirement("P006")
def test_what_was_written_is_sealed() -> None:
    case = make_case()

    row = db.session.execute(sa.text("SELECT * FROM cases")).one()
    assert not [value for value in row if "洪美玲" in str(value) or "meiling" in str(value)]
    assert case.content["name"] == "洪美玲"


def test_the_same_form_sent_twice_makes_one_case_and_one_mail(mailbox: Mailbox) -> None:
    application = make_application()

    first = services.file_case(application, actor=SYSTEM)
    second = services.file_case(application, actor=SYSTEM)

    assert first.number == second.number
    assert len(mailbox.all()) == 1


@pytest.mark.requirement("R156", "R159", "R161")
@pytest.mark.parametrize(
    ("kind", "moment", "outcome"),
    [
        # The first national round: results on 17 November, re-check 18 to 28 November (R156).
        ("recheck", "2023-11-17 23:59", "起才開始受理"),
        ("recheck", "2023-11-18 00:00", None),
        ("recheck", "2023-11-28 23:59", None),
        ("recheck", "2023-11-29 00:00", "逾期不予受理"),
        # Questions of 2 September until the end of the month (R161).
        ("question_dispute", "2023-09-01 23:59", "起才開始受理"),
        ("question_dispute", "2023-09-02 00:00", None),
        ("question_dispute", "2023-09-30 23:59", None),
        ("question_dispute", "2023-10-01 00:00", "逾期不予受理"),
        # An event of 28 April, within ten days (R159).
        ("appeal", "2023-05-08 23:59", None),
        ("appeal", "2023-05-09 00:00", "逾期不予受理"),
    ],
)
def test_each_kind_keeps_its_own_clock(
    kind: str, moment: str, outcome: str | None, at: Callable[[str], None]
) -> None:
    at(moment)

    if outcome is None:
        assert make_case(kind).state == CaseState.ASSIGNED
    else:
        with pytest.raises(Refused, match=outcome):
            make_case(kind)


@pytest.mark.requirement("R156")
def test_the_printed_example_of_the_fourth_round_ends_on_23_may(at: Callable[[str], None]) -> None:
    """R156: results of 12 May can be rechecked until 23 May."""
    written = {"round": "multi-112-04"}
    at("2023-05-23 23:59")

    make_case("recheck", content=written)

    at("2023-05-24 00:00")
    with pytest.raises(Refused):
        make_case("recheck", content=written)


@pytest.mark.requirement("R005")
def test_a_paper_application_is_judged_by_its_postmark(at: Callable[[str], None]) -> None:
    at("2023-12-04 10:00")

    case = make_case("recheck", postmark_on=date(2023, 11, 28))

    assert case.channel == Channel.PAPER
    assert case.filed_on == date(2023, 11, 28)
    with pytest.raises(Refused, match="逾期"):
        make_case("recheck", postmark_on=date(2023, 11, 29))
    with pytest.raises(InvalidValue, match="郵戳"):
        make_case("recheck", postmark_on=date(2023, 12, 5))


def test_an_event_that_is_still_to_come_cannot_be_appealed() -> None:
    with pytest.raises(InvalidValue) as caught:
        make_case("appeal", content={"event_on": "2023-05-02"})

    assert caught.value.field == "event_on"


def test_a_refused_application_leaves_no_trace(mailbox: Mailbox) -> None:
    with pytest.raises(Refused):
        make_case("recheck")

    assert db.session.scalar(sa.select(sa.func.count(Case.id))) == 0
    assert mailbox.all() == []
    assert make_case().number.endswith("0001")


def test_paper_without_an_address_for_mail_is_answered_by_post(mailbox: Mailbox) -> None:
    application = make_application(postmark_on=date(2023, 4, 30))
    content = {key: value for key, value in application.content.items() if key != "email"}

    services.file_case(replace(application, content=content), actor=SYSTEM)

    assert mailbox.all() == []


def seated() -> tuple[Registration, str]:
    load_example_venues()
    registration = make_approved()
    assign_round(registration.exam_round.code, registration.offering.area, actor=SYSTEM)
    return registration, db.session.scalars(sa.select(Ticket.number)).one()


def test_a_case_finds_its_registration_by_ticket_and_identity_together(at: Callable[[str], None]) -> None:
    registration, ticket = seated()
    at("2023-11-20 09:00")

    both = make_case("recheck", content={"ticket": ticket, "identity": registration.id_number})
    one = make_case("recheck", content={"ticket": ticket})

    assert both.registration_id == registration.id
    assert one.registration_id is None


# ---- the unit ----


@pytest.mark.requirement("W016")
def test_a_kind_that_goes_straight_to_its_unit_is_assigned_in_the_same_minute(
    at: Callable[[str], None],
) -> None:
    at("2023-11-20 09:00")

    case = make_case("recheck")

    assert (case.state, case.unit) == (CaseState.ASSIGNED, "exam_office")
    assert case.assigned_at == case.reported_at


@pytest.mark.requirement("W013", "W016", "W019", "W026", "W027", "S001")
def test_assignment_starts_the_clocks_and_is_told(at: Callable[[str], None], mailbox: Mailbox) -> None:
    """W013, W016, W019, W026, W027: reported on the 10th at 14:36, assigned on the 11th at 09:30."""
    officer = make_officer()
    services.set_mailbox("personnel", "grievance@example.tw", actor=officer)
    at("2024-12-10 14:36")
    case = make_case()
    at("2024-12-11 09:30")

    services.assign_case(case.public_id, "personnel", actor=officer)

    assert (case.preliminary_due_on, case.result_due_on) == (date(2024, 12, 13), date(2025, 1, 10))
    unit, _officer, told = mailbox.all()[-3:]
    assert (told.to, unit.to) == ("meiling@example.tw", "grievance@example.tw")
    assert case.number in told.subject
    assert f"http://localhost/cases/lookup?number={case.number}" in told.links
    assert "114 年 1 月 10 日" in told.text
    assert case.number in unit.text
    assert "洪美玲" not in unit.text


def test_there_is_no_assigning_to_nobody() -> None:
    with pytest.raises(NotFound):
        services.assign_case(make_case().public_id, "janitor", actor=SYSTEM)


@pytest.mark.requirement("W025")
def test_accepting_twice_is_accepting_once_but_not_for_another_officer() -> None:
    first, second = make_officer(), make_officer()
    case = make_case()
    services.assign_case(case.public_id, "personnel", actor=first)

    services.accept_case(case.public_id, actor=first)
    services.accept_case(case.public_id, actor=first)

    with pytest.raises(IllegalTransition, match="另一位"):
        services.accept_case(case.public_id, actor=second)
    assert actions_on(case).count("case.accept") == 1


@pytest.mark.requirement("W032")
def test_the_result_waits_for_the_preliminary_report() -> None:
    officer = make_officer()
    case = make_case()
    services.assign_case(case.public_id, "personnel", actor=officer)
    services.accept_case(case.public_id, actor=officer)

    with pytest.raises(IllegalTransition, match="初步受理"):
        services.report_result(case.public_id, FOUNDED, actor=officer)


@pytest.mark.requirement("W029", "W030")
def test_a_preliminary_report_is_one_of_the_kinds_own() -> None:
    with pytest.raises(InvalidValue):
        services.report_preliminary(make_case().public_id, "as_petition", actor=SYSTEM)


@pytest.mark.requirement("W033", "W034", "W035")
@pytest.mark.parametrize(
    ("kind", "result", "field"),
    [
        ("workplace_bullying", Result("nonsense"), "result"),
        ("workplace_bullying", Result("decided"), "finding"),
        ("workplace_bullying", Result("decided", "extended"), "finding"),
        ("workplace_bullying", Result("decided", "founded"), "measures"),
        ("complaint", Result("resolved"), "reply"),
        ("complaint", Result("extended", reply="再等等"), "result"),
    ],
)
def test_a_result_is_whole(kind: str, result: Result, field: str) -> None:
    case = make_underway(kind)

    with pytest.raises(InvalidValue) as caught:
        services.report_result(case.public_id, result, actor=SYSTEM)

    assert caught.value.field == field


@pytest.mark.requirement("S028")
def test_an_answer_is_announced_without_its_words(mailbox: Mailbox) -> None:
    account = make_account()
    case = make_underway("complaint", account_id=account.id)

    services.report_result(case.public_id, Result("resolved", reply="已請考區改善動線"), actor=SYSTEM)

    mail = mailbox.last()
    assert "已有處理結果" in mail.subject
    assert f"http://localhost/cases/mine/{case.public_id}" in mail.links
    assert "動線" not in mail.text
    assert case.reply == "已請考區改善動線"


@pytest.mark.requirement("W036")
def test_an_extension_keeps_the_first_deadline_in_sight(at: Callable[[str], None]) -> None:
    at("2024-12-10 09:00")
    officer = make_officer()
    case = make_underway(officer=officer)

    services.extend_case(case.public_id, until_on=date(2025, 2, 10), reason="需再訪談三人", actor=officer)

    assert case.state == CaseState.UNDERWAY
    assert (case.result_due_on, case.answer_due_on) == (date(2025, 1, 10), date(2025, 2, 10))
    with pytest.raises(Refused):
        services.extend_case(case.public_id, until_on=date(2025, 2, 10), reason="再延", actor=officer)


@pytest.mark.requirement("W038", "W040", "S027")
def test_a_case_is_closed_after_its_result_and_then_only_read() -> None:
    officer = make_officer()
    case = make_underway(officer=officer)
    with pytest.raises(IllegalTransition):
        services.close_case(case.public_id, actor=officer)
    services.report_result(case.public_id, FOUNDED, actor=officer)

    services.close_case(case.public_id, actor=officer)

    attempts: list[Callable[[], object]] = [
        lambda: services.assign_case(case.public_id, "service", actor=officer),
        lambda: services.report_result(case.public_id, FOUNDED, actor=officer),
        lambda: services.add_note(case.public_id, "補充", actor=officer),
        lambda: services.close_case(case.public_id, actor=officer),
    ]
    for attempt in attempts:
        with pytest.raises(DomainError, match="已結案"):
            attempt()
    assert actions_on(case) == [
        "case.file",
        "case.assign",
        "case.accept",
        "case.report_preliminary",
        "case.report_result",
        "case.close",
    ]


def test_a_mailbox_can_be_changed_and_taken_away() -> None:
    for address, expected in (
        ("a@example.tw", {"service": "a@example.tw"}),
        ("b@example.tw", {"service": "b@example.tw"}),
        (None, {}),
    ):
        services.set_mailbox("service", address, actor=SYSTEM)

        assert list_mailboxes() == expected
