"""Checking in, correcting and closing, against a real database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.core.actors import SYSTEM
from app.core.db import db
from app.core.errors import InvalidValue, Refused
from app.examday import queries, services
from app.examday.documents import IdDocument
from app.examday.models import Attendance, FollowUp
from app.examday.states import AttendanceState, TaskKind
from app.registration.models import Absence, Registration
from tests.factories.examday import (
    AFTER_SESSION,
    BELL,
    LAST_ENTRY,
    TOO_LATE,
    check_in,
    close_room_of,
    seat_of,
)
from tests.factories.results import make_seated, number_of

At = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("app")


def state_of(registration: Registration) -> AttendanceState | None:
    found = queries.find_attendance(seat_of(registration))
    return found.state if found else None


def absences() -> list[int | None]:
    return list(db.session.scalars(sa.select(Absence.registration_id).order_by(Absence.registration_id)))


def count(model: type) -> int:
    return db.session.scalars(sa.select(sa.func.count()).select_from(model)).one()


@pytest.mark.requirement("R180")
def test_ten_minutes_after_the_bell_somebody_is_let_in_and_a_second_later_not(at: At) -> None:
    first, second = make_seated("徐玉蘭", "黃信雄")

    at(LAST_ENTRY)
    assert check_in(first).state == AttendanceState.PRESENT
    at(TOO_LATE)
    assert check_in(second).state == AttendanceState.LATE


@pytest.mark.requirement("R180")
def test_nobody_is_let_in_before_the_bell(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at("2023-09-02 08:59:59")

    with pytest.raises(Refused, match="09:00 才開始入場"):
        check_in(candidate)


def test_pressing_twice_changes_nothing(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)

    check_in(candidate, None, has_ticket=False)
    again = check_in(candidate, IdDocument.PASSPORT)

    assert (again.state, again.document) == (AttendanceState.PRESENT, None)
    assert (count(Attendance), count(FollowUp)) == (1, 2)


@pytest.mark.requirement("R182")
def test_who_has_no_papers_sits_first_and_has_two_things_to_do(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)

    attendance = check_in(candidate, None, has_ticket=False)

    assert attendance.state == AttendanceState.PRESENT
    assert [task.kind for task in attendance.tasks] == [TaskKind.AFFIDAVIT, TaskKind.TICKET]


@pytest.mark.requirement("R179")
def test_a_student_card_of_somebody_who_is_no_pupil_is_not_accepted(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)

    with pytest.raises(InvalidValue, match="學生證只有"):
        check_in(candidate, IdDocument.STUDENT_CARD)


@pytest.mark.requirement("R043")
def test_closing_a_room_makes_everybody_who_did_not_come_absent(at: At) -> None:
    came, missing, late = make_seated("徐玉蘭", "黃信雄", "鍾美珍")
    at(BELL)
    check_in(came)
    with pytest.raises(Refused, match="09:10 以前都還可以入場"):
        close_room_of(came)
    at(TOO_LATE)
    check_in(late)

    assert close_room_of(came) == 2
    assert close_room_of(came) == 2

    assert [state_of(each) for each in (came, missing, late)] == ["present", "absent", "late"]
    assert absences() == [missing.id, late.id]


def test_a_closed_room_takes_nobody_any_more(at: At) -> None:
    came, missing = make_seated("徐玉蘭", "黃信雄")
    at(TOO_LATE)
    close_room_of(came)

    with pytest.raises(Refused, match="已經結束點名"):
        check_in(missing)


def test_a_mistake_is_corrected_with_a_reason_and_the_absence_follows(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(TOO_LATE)
    close_room_of(candidate)
    number = number_of(candidate)

    services.correct_attendance(
        number, present=True, document=IdDocument.PASSPORT, reason="漏點", actor=SYSTEM
    )
    assert (state_of(candidate), absences()) == (AttendanceState.PRESENT, [])

    services.correct_attendance(number, present=False, reason="點錯人", actor=SYSTEM)
    assert (state_of(candidate), absences()) == (AttendanceState.ABSENT, [candidate.id])


@pytest.mark.requirement("R043", "R180")
def test_at_the_end_of_the_session_a_room_that_used_the_screen_closes_by_itself(at: At) -> None:
    came, missing = make_seated("徐玉蘭", "黃信雄")
    at(BELL)
    check_in(came)

    at("2023-09-02 09:39:59")  # the test goes from 09:10 to 09:40
    assert services.close_ended_rooms() == 0
    at("2023-09-02 09:40:00")
    assert services.close_ended_rooms() == 1
    assert services.close_ended_rooms() == 0

    assert state_of(missing) == AttendanceState.ABSENT


def test_a_room_in_which_nobody_was_checked_in_makes_nobody_absent(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at("2023-09-03 09:00")

    assert services.close_ended_rooms() == 0
    assert (state_of(candidate), absences()) == (None, [])


@pytest.mark.requirement("R182")
def test_the_affidavit_is_ticked_off_on_the_day_only(at: At) -> None:
    first, second = make_seated("徐玉蘭", "黃信雄")
    at(BELL)
    [task], [other] = check_in(first, None).tasks, check_in(second, None).tasks

    at("2023-09-02 23:59:59")
    services.finish_task(task.public_id, actor=SYSTEM)
    at("2023-09-03 00:00:00")
    with pytest.raises(Refused, match="零分"):
        services.finish_task(other.public_id, actor=SYSTEM)

    assert (task.done_at is not None, other.done_at) == (True, None)


@pytest.mark.requirement("R139", "R182")
def test_a_ticket_that_was_missing_is_issued_after_the_session_and_that_is_done(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    [task] = check_in(candidate, has_ticket=False).tasks
    with pytest.raises(Refused, match="補發准考證"):
        services.finish_task(task.public_id, actor=SYSTEM)

    at(AFTER_SESSION)
    services.reissue_ticket(number_of(candidate), IdDocument.NATIONAL_ID, actor=SYSTEM)

    assert task.done_at is not None
    assert seat_of(candidate).ticket.version == 1


@pytest.mark.requirement("R139")
def test_a_ticket_is_not_issued_again_without_an_identity_document(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at("2023-09-02 08:30")

    with pytest.raises(InvalidValue, match="核對身分證件"):
        services.reissue_ticket(number_of(candidate), None, actor=SYSTEM)


@pytest.mark.requirement("R182")
def test_who_has_neither_paper_gets_the_ticket_once_the_affidavit_is_signed(at: At) -> None:
    [candidate] = make_seated("徐玉蘭")
    at(BELL)
    affidavit, ticket = check_in(candidate, None, has_ticket=False).tasks

    services.finish_task(affidavit.public_id, actor=SYSTEM)
    services.reissue_ticket(number_of(candidate), None, actor=SYSTEM)

    assert ticket.done_at is not None
